// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {IItemRegistry} from "../interfaces/IItemRegistry.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {IRewardToken} from "../interfaces/IRewardToken.sol";
import {AllocationLib} from "../libraries/AllocationLib.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {WordsLib} from "../libraries/WordsLib.sol";
import {Order, OrderStatus, OrderView, SETTLED_REFUND_PERIOD, SettledLine} from "../types/EscrowTypes.sol";
import {Campaign, CampaignKind} from "../types/RewardTypes.sol";

/// @title RewardDistributor
contract RewardDistributor is IRewardDistributor, AccessManaged {
    /* IMMUTABLES */

    /// @notice What is minted.
    IRewardToken public immutable TOKEN;

    /// @notice Answers who claimed an item.
    IItemRegistry public immutable ITEMS;

    /// @notice Answers which orders are settled.
    ICommissionEscrow public immutable ESCROW;

    /* STORAGE */

    /// @notice Reward units of all budgets opened and not released: minted, or promised by open campaigns.
    uint256 public allocated;

    mapping(bytes32 campaignId => Campaign) private _campaigns;

    /// @inheritdoc IRewardDistributor
    mapping(bytes32 actId => bool) public isRewarded;

    /* CONSTRUCTOR */

    constructor(address authority, IRewardToken token, IItemRegistry items, ICommissionEscrow escrow)
        AccessManaged(authority)
    {
        TOKEN = token;
        ITEMS = items;
        ESCROW = escrow;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IRewardDistributor
    function openCampaign(CampaignKind kind, bytes32 subject, uint128 rate, uint128 budget)
        external
        restricted
        returns (bytes32 campaignId)
    {
        // Check:
        campaignId = campaignIdOf(kind, subject);
        uint128 remaining = _campaigns[campaignId].remaining;
        if (remaining != 0) revert RewardDistributor_CampaignOpen(campaignId, remaining);
        if (rate == 0 || budget == 0) revert RewardDistributor_CampaignEmpty(campaignId, rate, budget);
        uint256 available = TOKEN.cap() - allocated;
        if (budget > available) revert RewardDistributor_BudgetAboveCap(budget, available);

        // Effect:
        allocated += budget;
        _campaigns[campaignId] = Campaign({rate: rate, remaining: budget});

        emit CampaignOpened(campaignId, kind, subject, rate, budget);
    }

    /// @inheritdoc IRewardDistributor
    function closeCampaign(bytes32 campaignId) external restricted {
        // Check:
        uint128 released = _campaigns[campaignId].remaining;
        if (released == 0) revert RewardDistributor_CampaignNotOpen(campaignId);

        // Effect:
        allocated -= released;
        delete _campaigns[campaignId];

        emit CampaignClosed(campaignId, released);
    }

    /// @inheritdoc IRewardDistributor
    function rewardClaim(bytes32 batchId, uint32 index) external returns (uint256 amount) {
        // Check:
        bytes32 itemId = ItemLib.itemId(batchId, index);
        address owner = ITEMS.itemOf(itemId).owner;
        if (owner == address(0)) revert RewardDistributor_ItemNotClaimed(itemId);
        bytes32 campaignId = campaignIdOf(CampaignKind.CLAIM, batchId);
        amount = _campaigns[campaignId].rate;

        _reward(campaignId, itemId, owner, amount);
    }

    /// @inheritdoc IRewardDistributor
    function rewardOrder(Order calldata order, SettledLine[] calldata lines) external returns (uint256 amount) {
        // Check:
        bytes32 orderId = ESCROW.orderIdOf(order);
        OrderView memory state = ESCROW.orderOf(order);
        if (state.status != OrderStatus.SETTLED) {
            revert RewardDistributor_OrderNotSettled(orderId, uint8(state.status));
        }
        uint256 until = state.changedAt + SETTLED_REFUND_PERIOD;
        if (block.timestamp < until) revert RewardDistributor_OrderRefundable(orderId, until, block.timestamp);
        if (uint256(WordsLib.hash(EscrowLib.wordsOf(lines))) >> 96 != state.digest) {
            revert RewardDistributor_SettlementUnknown(orderId);
        }
        bytes32 campaignId = campaignIdOf(CampaignKind.ORDER, order.planId);
        // What was paid outside the chain has nobody here to reward.
        if (order.payer != address(0)) amount = _feeOf(order, lines) * _campaigns[campaignId].rate;

        _reward(campaignId, orderId, order.payer, amount);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IRewardDistributor
    function campaignOf(bytes32 campaignId) external view returns (Campaign memory) {
        return _campaigns[campaignId];
    }

    /// @inheritdoc IRewardDistributor
    function campaignIdOf(CampaignKind kind, bytes32 subject) public pure returns (bytes32) {
        return keccak256(abi.encode(kind, subject));
    }

    /* INTERNAL */

    /// @dev What the platform got of a settled order, line by line.
    function _feeOf(Order calldata order, SettledLine[] calldata lines) private view returns (uint256 fee) {
        uint256 feeBps = ESCROW.planStateOf(order.planId, order.receiver, order.currency).platformFeeBps();
        for (uint256 i = 0; i < lines.length; ++i) {
            fee += AllocationLib.cumulativeRoundedDown(lines[i].net, feeBps);
        }
    }

    /// @dev The token is part of the suite and never calls back.
    function _reward(bytes32 campaignId, bytes32 actId, address account, uint256 amount) internal {
        // Check:
        if (isRewarded[actId]) revert RewardDistributor_AlreadyRewarded(actId);
        if (amount == 0) revert RewardDistributor_NothingEarned(campaignId, actId);
        uint128 remaining = _campaigns[campaignId].remaining;
        if (amount > remaining) revert RewardDistributor_BudgetExhausted(campaignId, amount, remaining);

        // Effect: safe cast, the amount is at most what remains.
        isRewarded[actId] = true;
        _campaigns[campaignId].remaining = remaining - uint128(amount);
        emit Rewarded(campaignId, actId, account, amount);

        // Interaction:
        TOKEN.mint(account, amount);
    }
}
