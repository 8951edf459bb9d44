// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Bond, SelfPurchase} from "./PlanTypes.sol";

/// @notice What settlement needs of a plan, in one word. From the lowest bits on: five rates of rank 0 (14 each),
/// platformFeeBps (14), refundWindow (24), maturity (24), activeFrom (32), activeUntil (32), depth (3), topRank (2),
/// selfPurchase (2), bond (2), bondDays (12), ceilingBps (14), isFinal, isDifferential, compresses, isGated,
/// countsSales, hasCatalogue (1 each). A published plan is never zero, as its activeFrom is not.
type PlanState is uint256;

using PlanStateLib for PlanState global;

/// @title The word of a plan
library PlanStateLib {
    uint256 internal constant RATES_MASK = (1 << 70) - 1;
    uint256 private constant TOP_RANK_MASK = 3 << 199;
    uint256 private constant IS_DIFFERENTIAL = 1 << 232;
    uint256 private constant IS_GATED = 1 << 234;
    uint256 private constant COUNTS_SALES = 1 << 235;
    uint256 private constant STANDING_MASK = TOP_RANK_MASK | IS_GATED | COUNTS_SALES;
    uint256 internal constant ACTIVE_UNTIL_MASK = uint256(type(uint32).max) << 164;

    function exists(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) != 0;
    }

    /// @dev The rates of rank 0, five of 14 bits.
    function rates(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) & RATES_MASK;
    }

    function platformFeeBps(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) >> 70 & 0x3fff;
    }

    function refundWindow(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) >> 84 & 0xffffff;
    }

    function maturity(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) >> 108 & 0xffffff;
    }

    function activeFrom(PlanState plan) internal pure returns (uint256) {
        return uint32(PlanState.unwrap(plan) >> 132);
    }

    /// @dev Zero while no end is announced.
    function activeUntil(PlanState plan) internal pure returns (uint256) {
        return uint32(PlanState.unwrap(plan) >> 164);
    }

    function isActiveAt(PlanState plan, uint256 time) internal pure returns (bool) {
        uint256 end = activeUntil(plan);
        return time >= activeFrom(plan) && (time < end || end == 0);
    }

    function withActiveUntil(PlanState plan, uint256 end) internal pure returns (PlanState) {
        return PlanState.wrap(PlanState.unwrap(plan) & ~ACTIVE_UNTIL_MASK | end << 164);
    }

    function depth(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) >> 196 & 7;
    }

    function topRank(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) >> 199 & 3;
    }

    function treatsSelfPurchase(PlanState plan, SelfPurchase how) internal pure returns (bool) {
        return PlanState.unwrap(plan) >> 201 & 3 == uint256(how);
    }

    function bindsBy(PlanState plan, Bond bond) internal pure returns (bool) {
        return PlanState.unwrap(plan) >> 203 & 3 == uint256(bond);
    }

    function bondDays(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) >> 205 & 0xfff;
    }

    /// @dev Most that all levels of any order under the plan can get together.
    function ceilingBps(PlanState plan) internal pure returns (uint256) {
        return PlanState.unwrap(plan) >> 217 & 0x3fff;
    }

    function isFinal(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) >> 231 & 1 != 0;
    }

    function isDifferential(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) & IS_DIFFERENTIAL != 0;
    }

    function compresses(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) >> 233 & 1 != 0;
    }

    function isGated(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) & IS_GATED != 0;
    }

    function countsSales(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) & COUNTS_SALES != 0;
    }

    function hasCatalogue(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) >> 236 & 1 != 0;
    }

    /// @dev Whether each level has one rate, whoever stands there.
    function isFlat(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) & (STANDING_MASK | IS_DIFFERENTIAL) == 0;
    }

    /// @dev Whether ranks or activity of the line matter to who gets what.
    function needsStanding(PlanState plan) internal pure returns (bool) {
        return PlanState.unwrap(plan) & STANDING_MASK != 0;
    }
}
