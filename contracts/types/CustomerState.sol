// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What a brand's programme keeps of an account, in one word. From the lowest bits on: its own number as a
/// distributor (32), the number of the distributor it is bound to as a buyer (32), the second the bond ends (48), 16
/// unused, a bit for each of the salts 0 to 127 that it used for final sales (128).
type CustomerState is uint256;

using CustomerStateLib for CustomerState global;

/// @title The word of an account in a programme
library CustomerStateLib {
    uint48 internal constant FOR_EVER = type(uint48).max;

    /// @dev How many salts the word has bits for.
    uint256 internal constant SALTS = 128;

    uint256 private constant BOND_MASK = ((1 << 80) - 1) << 32;

    /// @dev Zero for an account that is no distributor.
    function number(CustomerState customer) internal pure returns (uint32) {
        return uint32(CustomerState.unwrap(customer));
    }

    function withNumber(CustomerState customer, uint32 number_) internal pure returns (CustomerState) {
        return CustomerState.wrap(CustomerState.unwrap(customer) >> 32 << 32 | number_);
    }

    /// @dev Zero if no bond is in force at `time`.
    function boundTo(CustomerState customer, uint256 time) internal pure returns (uint32) {
        return time < uint48(CustomerState.unwrap(customer) >> 64) ? uint32(CustomerState.unwrap(customer) >> 32) : 0;
    }

    /// @dev A bond that lasts longer already is not shortened.
    function withBond(CustomerState customer, uint32 seller, uint48 until) internal pure returns (CustomerState) {
        uint48 before = uint48(CustomerState.unwrap(customer) >> 64);
        if (uint32(CustomerState.unwrap(customer) >> 32) == seller && before > until) until = before;
        uint256 rest = CustomerState.unwrap(customer) & ~BOND_MASK;
        return CustomerState.wrap(rest | uint256(until) << 64 | uint256(seller) << 32);
    }

    /// @dev `salt` must be below SALTS.
    function hasUsed(CustomerState customer, uint256 salt) internal pure returns (bool) {
        return CustomerState.unwrap(customer) >> (SALTS | salt) & 1 != 0;
    }

    /// @dev `salt` must be below SALTS.
    function withUsed(CustomerState customer, uint256 salt) internal pure returns (CustomerState) {
        return CustomerState.wrap(CustomerState.unwrap(customer) | 1 << (SALTS | salt));
    }
}
