// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What a campaign rewards: an item of a batch claimed, or an order of a plan settled.
enum CampaignKind {
    CLAIM,
    ORDER
}

/// @notice A campaign, in one slot.
/// @param rate reward units per claimed item, or per smallest currency unit of platform fee that the order paid
/// @param remaining reward units that may still be minted
struct Campaign {
    uint128 rate;
    uint128 remaining;
}
