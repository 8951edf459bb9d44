// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A distributor of a brand's programme. Zero `account`: there is none.
/// @param account who acts for it
/// @param sponsor number of who invited it, 0 if the brand did; never changes
/// @param joinedAt second of joining
/// @param depth 1 under the brand
struct Distributor {
    address account;
    uint32 sponsor;
    uint40 joinedAt;
    uint24 depth;
    address payout;
    bool isSuspended;
    bytes32 territory;
}

/// @notice An invitation, signed by the owner of the sponsor's account (EIP-712).
/// @param brand whose programme it is
/// @param sponsor number of who invites; 0: the brand
/// @param invitee who may use it; zero: anyone
/// @param campaign what it is counted under; free
/// @param expiry the second from which it no longer holds
struct Invitation {
    address brand;
    uint32 sponsor;
    address invitee;
    bytes32 campaign;
    uint48 expiry;
}
