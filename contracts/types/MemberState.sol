// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What orders and withdrawals need of a distributor, in one word: account (160), sponsor's
/// number (32), isSuspended (1), isMember (1), hasPayout (1: withdrawals go to another address).
type MemberState is uint256;

using MemberStateLib for MemberState global;

/// @title The word of a distributor
library MemberStateLib {
    uint256 internal constant IS_SUSPENDED = 1 << 192;
    uint256 internal constant IS_MEMBER = 1 << 193;

    uint256 internal constant HAS_PAYOUT = 1 << 194;

    function pack(address account_, uint32 sponsor_, bool isSuspended_, bool hasPayout_)
        internal
        pure
        returns (MemberState)
    {
        return MemberState.wrap(
            uint256(uint160(account_)) | uint256(sponsor_) << 160 | (isSuspended_ ? IS_SUSPENDED : 0) | IS_MEMBER
                | (hasPayout_ ? HAS_PAYOUT : 0)
        );
    }

    function exists(MemberState member) internal pure returns (bool) {
        return MemberState.unwrap(member) & IS_MEMBER != 0;
    }

    /// @dev Exists and is not suspended.
    function maySell(MemberState member) internal pure returns (bool) {
        return MemberState.unwrap(member) & (IS_MEMBER | IS_SUSPENDED) == IS_MEMBER;
    }

    function hasPayout(MemberState member) internal pure returns (bool) {
        return MemberState.unwrap(member) & HAS_PAYOUT != 0;
    }

    function account(MemberState member) internal pure returns (address) {
        return address(uint160(MemberState.unwrap(member)));
    }

    /// @dev Zero where the brand itself invited.
    function sponsor(MemberState member) internal pure returns (uint32) {
        return uint32(MemberState.unwrap(member) >> 160);
    }
}
