// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Order, SettledLine} from "../types/EscrowTypes.sol";
import {Campaign, CampaignKind} from "../types/RewardTypes.sol";

/// @title Rewards for what really happened
/// @notice Mints for items claimed and orders settled, once each, within the budget of a campaign. All budgets ever
/// opened and not closed stay within the token's cap, so a campaign that is open is funded.
/// @dev Order rewards grow with the platform fee that the order paid for good, as they wait until it can no longer be
/// refunded: an order with oneself earns no more than it costs as long as the rate is chosen below the fee's worth.
/// Final sales leave no state and earn nothing. Campaigns are opened and closed by a role of the AccessManager.
interface IRewardDistributor {
    /// @notice A campaign was opened.
    event CampaignOpened(
        bytes32 indexed campaignId, CampaignKind kind, bytes32 indexed subject, uint128 rate, uint128 budget
    );

    /// @notice A campaign was closed; what it had not minted is free for others.
    event CampaignClosed(bytes32 indexed campaignId, uint128 released);

    /// @notice A reward was minted.
    event Rewarded(bytes32 indexed campaignId, bytes32 indexed actId, address indexed account, uint256 amount);

    /// @notice The campaign has a budget left.
    error RewardDistributor_CampaignOpen(bytes32 campaignId, uint128 remaining);

    /// @notice There is nothing left to close.
    error RewardDistributor_CampaignNotOpen(bytes32 campaignId);

    /// @notice A campaign needs a rate and a budget above zero.
    error RewardDistributor_CampaignEmpty(bytes32 campaignId, uint128 rate, uint128 budget);

    /// @notice All budgets together would exceed the token's cap.
    error RewardDistributor_BudgetAboveCap(uint256 budget, uint256 available);

    /// @notice This act was rewarded before.
    error RewardDistributor_AlreadyRewarded(bytes32 actId);

    /// @notice The item is not claimed.
    error RewardDistributor_ItemNotClaimed(bytes32 itemId);

    /// @notice The order is not settled.
    error RewardDistributor_OrderNotSettled(bytes32 orderId, uint8 status);

    /// @notice The settled order can still be refunded, and its platform fee with it.
    error RewardDistributor_OrderRefundable(bytes32 orderId, uint256 until, uint256 time);

    /// @notice The lines given are not how the order was shared.
    error RewardDistributor_SettlementUnknown(bytes32 orderId);

    /// @notice The act earns nothing: no campaign, no payer on chain, or an order too small.
    error RewardDistributor_NothingEarned(bytes32 campaignId, bytes32 actId);

    /// @notice The campaign's budget does not cover the reward.
    error RewardDistributor_BudgetExhausted(bytes32 campaignId, uint256 amount, uint128 remaining);

    /// @notice Opens a campaign, or opens it again when its budget is used up.
    /// @dev Emits {CampaignOpened}.
    ///
    /// Notes:
    /// - Acts of the time before count too, at the rate of the time they are rewarded.
    ///
    /// Requirements:
    /// - The caller must hold the role that the AccessManager asks for.
    /// - The campaign must have no budget left, rate and budget not be zero, all budgets stay within the token's cap.
    /// @param subject for CLAIM the batch's id, for ORDER the plan's id
    /// @param rate reward units per claimed item, or per smallest currency unit of platform fee
    /// @param budget reward units
    function openCampaign(CampaignKind kind, bytes32 subject, uint128 rate, uint128 budget)
        external
        returns (bytes32 campaignId);

    /// @notice Closes a campaign and frees what is left of its budget.
    /// @dev Emits {CampaignClosed}.
    ///
    /// Requirements:
    /// - The caller must hold the role that the AccessManager asks for.
    /// - The campaign must have a budget left.
    function closeCampaign(bytes32 campaignId) external;

    /// @notice Rewards the owner of a claimed item, once. Anyone may send it.
    /// @dev Emits {Rewarded}.
    ///
    /// Requirements:
    /// - The item must be claimed and not rewarded, the batch's campaign open and its budget enough.
    function rewardClaim(bytes32 batchId, uint32 index) external returns (uint256 amount);

    /// @notice Rewards the payer of a settled order, once, for what was not refunded. Anyone may send it.
    /// @dev Emits {Rewarded}.
    ///
    /// Requirements:
    /// - The order must be settled for 180 days, so that it cannot be refunded any more, and not rewarded.
    /// - `lines` must be how the order stands shared, from {ICommissionEscrow.OrderSettled} and the refunds since.
    /// - The plan's campaign must be open and its budget enough; the order must have a payer.
    function rewardOrder(Order calldata order, SettledLine[] calldata lines) external returns (uint256 amount);

    /// @notice A campaign; all zero if there is none.
    function campaignOf(bytes32 campaignId) external view returns (Campaign memory);

    /// @notice Whether an item (by its id) or an order (by its id) was rewarded.
    function isRewarded(bytes32 actId) external view returns (bool);

    /// @notice The id a campaign has or would have.
    function campaignIdOf(CampaignKind kind, bytes32 subject) external pure returns (bytes32);
}
