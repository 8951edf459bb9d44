// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Names of parties in one word
/// @dev An account is its address. A distributor is its number in the programme of a brand, so that what is earned
/// stays with the number whatever account holds it: brand (160 higher bits), number (96 lower bits).
library PartyLib {
    /// @dev The platform in every programme: the fees of the brand's orders.
    uint32 internal constant PLATFORM_NUMBER = 1;

    function ofAccount(address account) internal pure returns (uint256) {
        return uint160(account);
    }

    /// @dev `number` must fit 32 bits.
    function ofMember(address brand, uint256 number) internal pure returns (uint256) {
        return uint256(uint160(brand)) << 96 | number;
    }

    function isMember(uint256 party) internal pure returns (bool) {
        return party > type(uint160).max;
    }

    /// @dev Whether it is the platform in the programme of some brand. All 96 bits count: it has one name there.
    function isPlatform(uint256 party) internal pure returns (bool) {
        return uint96(party) == PLATFORM_NUMBER && isMember(party);
    }

    /// @dev Of a member's name.
    function brandOf(uint256 party) internal pure returns (address) {
        return address(uint160(party >> 96));
    }
}
