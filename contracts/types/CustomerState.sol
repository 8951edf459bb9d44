// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What a brand's programme keeps of an account, in one word: its own number as a distributor (32), the number
/// of the distributor it is bound to as a buyer (32), the second the bond ends (48).
type CustomerState is uint256;

using CustomerStateLib for CustomerState global;

/// @title The word of an account in a programme
library CustomerStateLib {
    uint48 internal constant FOR_EVER = type(uint48).max;

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
        return CustomerState.wrap(uint256(until) << 64 | uint256(seller) << 32 | uint256(number(customer)));
    }
}
