// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PlanState} from "../types/PlanState.sol";
import {MAX_LEVELS} from "../types/PlanTypes.sol";
import {WordsLib} from "./WordsLib.sol";

/// @title Who gets which rate of an order, and what that is
/// @dev A distributor of a line is a word: number (32), rank (2), isActive (1). An allocation is a word of five entries
/// from the lowest bits on: number (32) and basis points (14). Number 0 is breakage: a level that nobody earns, which
/// stays with the brand. Amounts come from cumulative rounding: the platform and the first n entries together get
/// floor(net × their summed rates / 10,000), the brand all that is left.
library AllocationLib {
    uint256 internal constant BPS_DENOMINATOR = 10_000;
    uint256 internal constant ENTRY_BITS = 46;
    uint256 internal constant RATE_BITS = 14;
    uint256 internal constant RATE_MASK = (1 << RATE_BITS) - 1;
    uint256 internal constant RANK_BITS = 70;
    uint256 private constant IS_ACTIVE = 1 << 34;

    /// @notice Makes the word of a distributor of the line.
    function upline(uint32 number, uint256 rank, bool isActive) internal pure returns (uint256) {
        return number | rank << 32 | (isActive ? IS_ACTIVE : 0);
    }

    /// @notice Decides who of a line gets which rate.
    /// @param higherRates rates of rank 1 to 3, 70 bits each
    /// @param ownRates the product's own rates, for every rank; 0: the plan's
    /// @param line the seller first
    /// @param excluded number that earns nothing on this order, as it paid it; its level is breakage
    function allocate(PlanState plan, uint256 higherRates, uint256 ownRates, uint256[] memory line, uint32 excluded)
        internal
        pure
        returns (uint256 allocation)
    {
        bool isDifferential = plan.isDifferential();
        bool isGated = plan.isGated();
        uint256 depth = plan.depth();
        uint256 highest; // of a differential plan: what those below are entitled to already
        uint256 level;
        // Counters below 16 and rates of 14 bits: nothing overflows.
        unchecked {
            for (uint256 i = 0; level < depth; ++i) {
                uint256 word = i < line.length ? WordsLib.get(line, i) : 0;
                if (word == 0 && isDifferential) break;
                bool isIdle = isGated && word & IS_ACTIVE == 0;
                if (isIdle && word != 0 && plan.compresses()) continue;
                uint256 rates = _ratesOf(plan, higherRates, ownRates, word >> 32 & 3);
                uint256 rate;
                if (isDifferential) {
                    rate = rates & RATE_MASK;
                    if (rate > highest) (rate, highest) = (rate - highest, rate);
                    else rate = 0;
                } else {
                    rate = rates >> RATE_BITS * level & RATE_MASK;
                }
                uint256 number = isIdle || uint32(word) == excluded ? 0 : uint32(word);
                allocation |= (number | rate << 32) << ENTRY_BITS * level;
                ++level;
            }
        }
    }

    /// @notice What all parties up to a summed rate get together, rounded down.
    function cumulativeRoundedDown(uint256 net, uint256 cumulativeBps) internal pure returns (uint256) {
        // Safe: 128 bits times 14 bits.
        unchecked {
            return net * cumulativeBps / BPS_DENOMINATOR;
        }
    }

    /// @notice The sum of five packed rates.
    function sumOf(uint256 rates) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < MAX_LEVELS; ++i) {
            sum += rates >> RATE_BITS * i & RATE_MASK;
        }
    }

    function _ratesOf(PlanState plan, uint256 higherRates, uint256 ownRates, uint256 rank)
        private
        pure
        returns (uint256)
    {
        if (ownRates != 0) return ownRates;
        return rank == 0 ? plan.rates() : higherRates >> RANK_BITS * (rank - 1);
    }
}
