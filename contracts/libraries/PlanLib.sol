// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPlanBook} from "../interfaces/IPlanBook.sol";
import {PlanState} from "../types/PlanState.sol";
import {Bond, HIGHER_RANKS, Ladder, MAX_LEVELS, Plan, PlanLimits} from "../types/PlanTypes.sol";
import {AllocationLib} from "./AllocationLib.sol";

/// @title Rules that plans and ladders must keep, and the word of a plan
library PlanLib {
    uint256 private constant MAX_BOND_DAYS = 0xfff;
    uint256 private constant MAX_UNIT_DECIMALS = 30;

    /// @dev A time after the notice must fit the 32 bits that the word of a plan has for it.
    uint256 private constant MAX_NOTICE_PERIOD = 365 days;

    /// @notice Refuses a profile that contradicts itself.
    function checkLimits(PlanLimits memory limits) internal pure {
        bool isWhole = uint256(limits.maxCommissionBps) + limits.minPlatformFeeBps <= AllocationLib.BPS_DENOMINATOR;
        bool isTimely = limits.noticePeriod <= MAX_NOTICE_PERIOD;
        if (limits.maxDepth == 0 || limits.maxDepth > MAX_LEVELS || !isWhole || !isTimely) {
            revert IPlanBook.PlanBook_LimitsInvalid();
        }
    }

    /// @notice Refuses a plan that is not within the profile's limits.
    function check(Plan calldata plan, PlanLimits memory limits) internal pure {
        if (plan.depth == 0 || plan.depth > limits.maxDepth) {
            revert IPlanBook.PlanBook_DepthInvalid(plan.depth, limits.maxDepth);
        }
        _checkRates(plan);
        if (plan.platformFeeBps < limits.minPlatformFeeBps) {
            revert IPlanBook.PlanBook_PlatformFeeTooLow(plan.platformFeeBps, limits.minPlatformFeeBps);
        }
        uint256 ceiling = ceilingBps(plan);
        if (ceiling > limits.maxCommissionBps) {
            revert IPlanBook.PlanBook_CommissionTooHigh(ceiling, limits.maxCommissionBps);
        }
        uint256 whole = AllocationLib.BPS_DENOMINATOR;
        if (ceiling + plan.platformFeeBps > whole) {
            revert IPlanBook.PlanBook_ShareTooHigh(ceiling + plan.platformFeeBps, whole);
        }
        if (plan.discountBps > whole) revert IPlanBook.PlanBook_ShareTooHigh(plan.discountBps, whole);
        _checkTimes(plan, limits);
        if ((plan.catalogueRoot == 0) != (plan.catalogueBps == 0)) {
            revert IPlanBook.PlanBook_CatalogueInvalid(plan.catalogueRoot, plan.catalogueBps);
        }
    }

    /// @notice Refuses a ladder whose period changes or whose thresholds fall with rank.
    /// @param periodDays of the ladder in force, 0 if none is
    function checkLadder(Ladder calldata ladder, uint256 periodDays) internal pure {
        bool isValid = ladder.periodDays != 0 && (periodDays == 0 || ladder.periodDays == periodDays)
            && ladder.unitDecimals <= MAX_UNIT_DECIMALS && (ladder.own[0] | ladder.team[0]) != 0;
        for (uint256 i = 1; i < HIGHER_RANKS; ++i) {
            isValid = isValid && ladder.own[i] >= ladder.own[i - 1] && ladder.team[i] >= ladder.team[i - 1];
        }
        if (!isValid) revert IPlanBook.PlanBook_LadderInvalid(ladder.periodDays, ladder.unitDecimals);
    }

    /// @notice The most that all levels of any order under the plan can get: the best rank at each level, or the
    /// catalogue's bound.
    function ceilingBps(Plan calldata plan) internal pure returns (uint256 ceiling) {
        for (uint256 level = 0; level < plan.rates[0].length; ++level) {
            uint256 best;
            for (uint256 rank = 0; rank < plan.rates.length; ++rank) {
                if (plan.rates[rank][level] > best) best = plan.rates[rank][level];
            }
            ceiling += best;
        }
        if (plan.catalogueBps > ceiling) ceiling = plan.catalogueBps;
    }

    /// @notice The word of a plan that was checked, and the rates of its higher ranks.
    function pack(Plan calldata plan, uint256 activeFrom) internal pure returns (PlanState, uint256 higherRates) {
        uint256 ranks = plan.rates.length;
        for (uint256 rank = 1; rank < ranks; ++rank) {
            higherRates |= _packRates(plan.rates[rank]) << 70 * (rank - 1);
        }
        uint256 word = _packRates(plan.rates[0]) | uint256(plan.platformFeeBps) << 70 | uint256(plan.refundWindow) << 84
            | uint256(plan.maturity) << 108 | activeFrom << 132 | uint256(plan.depth) << 196 | (ranks - 1) << 199
            | uint256(plan.selfPurchase) << 201 | uint256(plan.bond) << 203 | uint256(plan.bondDays) << 205
            | ceilingBps(plan) << 217;
        if (plan.isFinal) word |= 1 << 231;
        if (plan.isDifferential) word |= 1 << 232;
        if (plan.compresses) word |= 1 << 233;
        if (plan.isGated) word |= 1 << 234;
        if (plan.countsSales) word |= 1 << 235;
        if (plan.catalogueRoot != 0) word |= 1 << 236;
        return (PlanState.wrap(word), higherRates);
    }

    function _packRates(uint16[] calldata rates) private pure returns (uint256 packed) {
        for (uint256 i = 0; i < rates.length; ++i) {
            packed |= uint256(rates[i]) << AllocationLib.RATE_BITS * i;
        }
    }

    function _checkRates(Plan calldata plan) private pure {
        uint256 levels = plan.isDifferential ? 1 : plan.depth;
        uint256 ranks = plan.rates.length;
        if (ranks == 0 || ranks > HIGHER_RANKS + 1) revert IPlanBook.PlanBook_RatesInvalid(ranks, 0, levels);
        for (uint256 rank = 0; rank < ranks; ++rank) {
            if (plan.rates[rank].length != levels) {
                revert IPlanBook.PlanBook_RatesInvalid(rank, plan.rates[rank].length, levels);
            }
        }
    }

    function _checkTimes(Plan calldata plan, PlanLimits memory limits) private pure {
        if (plan.isFinal) {
            bool hasTime = plan.refundWindow != 0 || plan.maturity != 0 || plan.dailyReportLimit != 0;
            if (!limits.allowsFinalSales || hasTime) revert IPlanBook.PlanBook_FinalNotAllowed();
        } else if (plan.refundWindow < limits.minRefundWindow) {
            revert IPlanBook.PlanBook_RefundWindowTooShort(plan.refundWindow, limits.minRefundWindow);
        }
        bool isWindowed = plan.bond == Bond.WINDOWED;
        if (isWindowed == (plan.bondDays == 0) || plan.bondDays > MAX_BOND_DAYS) {
            revert IPlanBook.PlanBook_BondInvalid(plan.bondDays);
        }
    }
}
