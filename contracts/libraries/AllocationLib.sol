// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PlanState} from "../types/PlanState.sol";
import {MAX_LEVELS} from "../types/PlanTypes.sol";

/// @notice One distributor of an order's line, the seller first.
struct Upline {
    uint32 number;
    uint256 rank;
    bool isActive;
}

/// @title Who gets which rate of an order, and what that is
/// @dev An allocation is a word of five entries from the lowest bits on: number (32) and basis points (14). Number 0 is
/// breakage: a level that nobody earns, which stays with the brand. Amounts come from cumulative rounding: the platform
/// and the first n entries together get floor(net × their summed rates / 10,000), the brand all that is left.
library AllocationLib {
    uint256 internal constant BPS_DENOMINATOR = 10_000;
    uint256 internal constant ENTRY_BITS = 46;
    uint256 internal constant RATE_BITS = 14;
    uint256 internal constant RATE_MASK = (1 << RATE_BITS) - 1;

    /// @notice Decides who of a line gets which rate.
    /// @param higherRates rates of rank 1 to 3, 70 bits each
    /// @param ownRates the product's own rates, for every rank; 0: the plan's
    /// @param excluded number that earns nothing on this order, as it paid it; its level is breakage
    function allocate(PlanState plan, uint256 higherRates, uint256 ownRates, Upline[] memory line, uint32 excluded)
        internal
        pure
        returns (uint256 allocation)
    {
        uint256 highest; // of a differential plan: what those below are entitled to already
        uint256 level;
        uint256 depth = plan.depth();
        for (uint256 i = 0; level < depth; ++i) {
            bool isMissing = i >= line.length;
            if (isMissing && plan.isDifferential()) break;
            uint32 number;
            uint256 rank;
            if (!isMissing) {
                Upline memory upline = line[i];
                bool isIdle = plan.isGated() && !upline.isActive;
                if (isIdle && plan.compresses()) continue;
                rank = upline.rank;
                if (!isIdle && upline.number != excluded) number = upline.number;
            }
            uint256 rate = _rate(plan, higherRates, ownRates, rank, plan.isDifferential() ? 0 : level);
            if (plan.isDifferential()) {
                uint256 below = highest;
                if (rate > highest) highest = rate;
                rate = highest - below;
            }
            allocation |= (uint256(number) | rate << 32) << ENTRY_BITS * level;
            ++level;
        }
    }

    /// @notice Shares `net`: the platform's fee, what each entry gets, how much of it is breakage.
    /// @return fee the platform's part
    /// @return amounts by entry; that of a breakage entry is 0
    /// @return breakage what entries without a number would have got
    /// @return shared fee and amounts together, never above `net`
    function split(uint128 net, uint256 feeBps, uint256 allocation)
        internal
        pure
        returns (uint256 fee, uint256[MAX_LEVELS] memory amounts, uint256 breakage, uint256 shared)
    {
        // Nothing overflows: 128 bits times 14 bits, and the parts never exceed `net`.
        unchecked {
            uint256 cumulativeBps = feeBps;
            fee = uint256(net) * cumulativeBps / BPS_DENOMINATOR;
            uint256 allotted = fee;
            for (uint256 i = 0; allocation != 0; ++i) {
                cumulativeBps += allocation >> 32 & RATE_MASK;
                uint256 upTo = uint256(net) * cumulativeBps / BPS_DENOMINATOR;
                if (uint32(allocation) == 0) breakage += upTo - allotted;
                else amounts[i] = upTo - allotted;
                allotted = upTo;
                allocation >>= ENTRY_BITS;
            }
            shared = allotted - breakage;
        }
    }

    /// @notice The number of an entry, 0 for breakage.
    function numberAt(uint256 allocation, uint256 entry) internal pure returns (uint32) {
        return uint32(allocation >> ENTRY_BITS * entry);
    }

    /// @notice The sum of five packed rates.
    function sumOf(uint256 rates) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < MAX_LEVELS; ++i) {
            sum += rates >> RATE_BITS * i & RATE_MASK;
        }
    }

    function _rate(PlanState plan, uint256 higherRates, uint256 ownRates, uint256 rank, uint256 level)
        private
        pure
        returns (uint256)
    {
        uint256 rates = ownRates != 0 ? ownRates : rank == 0 ? plan.rates() : higherRates >> 70 * (rank - 1);
        return rates >> RATE_BITS * level & RATE_MASK;
    }
}
