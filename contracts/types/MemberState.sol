// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What orders and withdrawals need of a distributor, in one word: payout (160), sponsor's number (32),
/// isSuspended (1), isMember (1).
type MemberState is uint256;

using MemberStateLib for MemberState global;

/// @title The word of a distributor
library MemberStateLib {
    uint256 internal constant IS_SUSPENDED = 1 << 192;
    uint256 internal constant IS_MEMBER = 1 << 193;

    function pack(address payout_, uint32 sponsor_, bool isSuspended_) internal pure returns (MemberState) {
        return MemberState.wrap(
            uint256(uint160(payout_)) | uint256(sponsor_) << 160 | (isSuspended_ ? IS_SUSPENDED : 0) | IS_MEMBER
        );
    }

    function exists(MemberState member) internal pure returns (bool) {
        return MemberState.unwrap(member) & IS_MEMBER != 0;
    }

    function isSuspended(MemberState member) internal pure returns (bool) {
        return MemberState.unwrap(member) & IS_SUSPENDED != 0;
    }

    function payout(MemberState member) internal pure returns (address) {
        return address(uint160(MemberState.unwrap(member)));
    }

    /// @dev Zero where the brand itself invited.
    function sponsor(MemberState member) internal pure returns (uint32) {
        return uint32(MemberState.unwrap(member) >> 160);
    }
}
