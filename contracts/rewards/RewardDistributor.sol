// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ICommissionSplitter} from "../interfaces/ICommissionSplitter.sol";
import {IItemRegistry} from "../interfaces/IItemRegistry.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {IRewardToken} from "../interfaces/IRewardToken.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {ShareLib} from "../libraries/ShareLib.sol";
import {Order, OrderState, OrderStatus} from "../types/CommerceTypes.sol";
import {Campaign, CampaignKind} from "../types/RewardTypes.sol";

/// @title RewardDistributor
contract RewardDistributor is IRewardDistributor, AccessManaged {
    /* IMMUTABLES */

    /// @notice What is minted.
    IRewardToken public immutable TOKEN;

    /// @notice Answers who claimed an item.
    IItemRegistry public immutable ITEMS;

    /// @notice Answers which orders are settled.
    ICommissionSplitter public immutable SPLITTER;

    /* STORAGE */

    /// @notice Reward units of all budgets opened and not released: minted, or promised by open campaigns.
    uint256 public allocated;

    mapping(bytes32 campaignId => Campaign) private _campaigns;

    /// @inheritdoc IRewardDistributor
    mapping(bytes32 actId => bool) public isRewarded;

    /* CONSTRUCTOR */

    constructor(address authority, IRewardToken token, IItemRegistry items, ICommissionSplitter splitter)
        AccessManaged(authority)
    {
        TOKEN = token;
        ITEMS = items;
        SPLITTER = splitter;
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
    function rewardOrder(Order calldata order) external returns (uint256 amount) {
        // Check:
        bytes32 orderId = SPLITTER.orderIdOf(order);
        OrderState memory state = SPLITTER.orderOf(orderId);
        if (state.status != OrderStatus.SETTLED) {
            revert RewardDistributor_OrderNotSettled(orderId, uint8(state.status));
        }
        (,, uint16 platformFeeBps,,) = SPLITTER.planOf(order.planId);
        bytes32 campaignId = campaignIdOf(CampaignKind.ORDER, order.planId);
        uint256 fee = ShareLib.cumulativeRoundedDown(order.amount - state.refunded, platformFeeBps);
        amount = fee * _campaigns[campaignId].rate;

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
