// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

enum DisputeStatus {
    NONE,
    OPEN,
    ESCALATED,
    RULED
}

/// @notice Where the dispute of an order stands. `until` is the second from which anyone may end it,
/// `payerBps` what was ruled.
struct Dispute {
    DisputeStatus status;
    uint48 until;
    uint16 payerBps;
    uint256 arbitrationId;
}
