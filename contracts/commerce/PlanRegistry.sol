// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPlanRegistry} from "../interfaces/IPlanRegistry.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {ShareLib} from "../libraries/ShareLib.sol";
import {Limits, NATIVE_CURRENCY, Plan, PlanRecord} from "../types/CommerceTypes.sol";
import {PERMISSION_PLAN} from "../types/Permissions.sol";
import {Ledger} from "./Ledger.sol";

/// @title PlanRegistry
abstract contract PlanRegistry is Ledger, IPlanRegistry {
    /* CONSTANTS */

    /// @dev The record has room for five rates.
    uint256 internal constant DEPTH_CEILING = 5;
    uint256 internal constant LEVEL_BITS = 16;

    /// @dev Bounds how long captured money can wait for its settlement.
    uint256 internal constant MAX_REFUND_WINDOW = 365 days;

    /* IMMUTABLES */

    /// @notice Most levels a plan may pay.
    uint8 public immutable MAX_DEPTH;

    /// @notice Most that all levels together may get, in basis points.
    uint16 public immutable MAX_COMMISSION_BPS;

    /// @notice Least platform share, in basis points.
    uint16 public immutable MIN_PLATFORM_FEE_BPS;

    /// @notice Shortest refund window, in seconds.
    uint48 public immutable MIN_REFUND_WINDOW;

    /* STORAGE */

    mapping(bytes32 planId => PlanRecord) private _plans;

    /* CONSTRUCTOR */

    constructor(Limits memory limits) {
        if (limits.minRefundWindow > MAX_REFUND_WINDOW) {
            revert PlanRegistry_LimitOutOfRange(limits.minRefundWindow, MAX_REFUND_WINDOW);
        }
        if (limits.maxDepth > DEPTH_CEILING) revert PlanRegistry_LimitOutOfRange(limits.maxDepth, DEPTH_CEILING);
        uint256 total = uint256(limits.maxCommissionBps) + limits.minPlatformFeeBps;
        if (total > ShareLib.BPS_DENOMINATOR) revert PlanRegistry_LimitOutOfRange(total, ShareLib.BPS_DENOMINATOR);
        MAX_DEPTH = limits.maxDepth;
        MAX_COMMISSION_BPS = limits.maxCommissionBps;
        MIN_PLATFORM_FEE_BPS = limits.minPlatformFeeBps;
        MIN_REFUND_WINDOW = limits.minRefundWindow;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IPlanRegistry
    function publishPlan(Plan calldata plan) external returns (bytes32 planId) {
        // Check:
        _checkPlanAuthority(plan.brand);
        uint80 levels = _checkTerms(plan);
        planId = OrderLib.id(plan);
        if (_plans[planId].brand != address(0)) revert PlanRegistry_PlanExists(planId);

        // Effect: safe cast, the depth is at most five.
        _plans[planId] = PlanRecord({
            brand: plan.brand,
            platformFeeBps: plan.platformFeeBps,
            refundWindow: plan.refundWindow,
            depth: uint8(plan.levelBps.length),
            isRetired: false,
            currency: plan.currency,
            levels: levels
        });

        emit PlanPublished(planId, plan.brand, plan.currency, plan);
    }

    /// @inheritdoc IPlanRegistry
    function retirePlan(bytes32 planId) external {
        // Check:
        PlanRecord memory plan = _plan(planId);
        _checkPlanAuthority(plan.brand);
        if (plan.isRetired) revert PlanRegistry_PlanRetired(planId);

        // Effect:
        _plans[planId].isRetired = true;

        emit PlanRetired(planId, msg.sender);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IPlanRegistry
    function isRetired(bytes32 planId) external view returns (bool) {
        return _plan(planId).isRetired;
    }

    /// @inheritdoc IPlanRegistry
    function planOf(bytes32 planId)
        external
        view
        returns (address brand, address currency, uint16 platformFeeBps, uint48 refundWindow, uint16[] memory levelBps)
    {
        PlanRecord memory plan = _plan(planId);
        levelBps = new uint16[](plan.depth);
        for (uint256 level = 0; level < plan.depth; ++level) {
            levelBps[level] = _levelBps(plan, level);
        }
        return (plan.brand, plan.currency, plan.platformFeeBps, plan.refundWindow, levelBps);
    }

    /// @inheritdoc IPlanRegistry
    function planIdOf(Plan calldata plan) external view returns (bytes32) {
        return OrderLib.id(plan);
    }

    /* INTERNAL */

    function _plan(bytes32 planId) internal view returns (PlanRecord memory plan) {
        plan = _plans[planId];
        if (plan.brand == address(0)) revert PlanRegistry_PlanUnknown(planId);
    }

    /// @dev Rate of a level, counted from 0.
    function _levelBps(PlanRecord memory plan, uint256 level) internal pure returns (uint16) {
        // Safe cast: the mask of the type is what is wanted.
        return uint16(plan.levels >> (level * LEVEL_BITS));
    }

    function _checkPlanAuthority(address brand) internal view {
        if (!IDENTITIES.isAuthorized(brand, PERMISSION_PLAN, msg.sender)) {
            revert PlanRegistry_NotAuthorized(brand, msg.sender);
        }
    }

    /// @return levels the rates, packed
    function _checkTerms(Plan calldata plan) internal view returns (uint80 levels) {
        uint256 depth = plan.levelBps.length;
        if (depth > MAX_DEPTH) revert PlanRegistry_TooDeep(depth, MAX_DEPTH);
        uint256 commissionBps;
        for (uint256 level = 0; level < depth; ++level) {
            commissionBps += plan.levelBps[level];
            levels |= uint80(plan.levelBps[level]) << uint80(level * LEVEL_BITS);
        }
        if (commissionBps > MAX_COMMISSION_BPS) {
            revert PlanRegistry_CommissionTooHigh(commissionBps, MAX_COMMISSION_BPS);
        }
        if (plan.platformFeeBps < MIN_PLATFORM_FEE_BPS) {
            revert PlanRegistry_PlatformFeeTooLow(plan.platformFeeBps, MIN_PLATFORM_FEE_BPS);
        }
        uint256 totalBps = commissionBps + plan.platformFeeBps;
        if (totalBps > ShareLib.BPS_DENOMINATOR) {
            revert PlanRegistry_TotalTooHigh(totalBps, ShareLib.BPS_DENOMINATOR);
        }
        if (plan.refundWindow < MIN_REFUND_WINDOW) {
            revert PlanRegistry_RefundWindowTooShort(plan.refundWindow, MIN_REFUND_WINDOW);
        }
        if (plan.refundWindow > MAX_REFUND_WINDOW) {
            revert PlanRegistry_RefundWindowTooLong(plan.refundWindow, MAX_REFUND_WINDOW);
        }
        if (plan.currency != NATIVE_CURRENCY && plan.currency.code.length == 0) {
            revert PlanRegistry_CurrencyNotContract(plan.currency);
        }
    }
}
