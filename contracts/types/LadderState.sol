// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {HIGHER_RANKS, Ladder} from "./PlanTypes.sol";

/// @notice A ladder in one word. From the lowest bits on: own sales of rank 1 to 3, team sales of rank 1 to 3 (32
/// each), activityMinimum (32), periodDays (16), unitDecimals (8). Zero: the programme has none.
type LadderState is uint256;

using LadderStateLib for LadderState global;

/// @title The word of a ladder, and the rule by which sales make a rank
library LadderStateLib {
    function pack(Ladder calldata ladder) internal pure returns (LadderState) {
        uint256 word = uint256(ladder.activityMinimum) << 192 | uint256(ladder.periodDays) << 224
            | uint256(ladder.unitDecimals) << 240;
        for (uint256 i = 0; i < HIGHER_RANKS; ++i) {
            word |= uint256(ladder.own[i]) << 32 * i | uint256(ladder.team[i]) << 96 + 32 * i;
        }
        return LadderState.wrap(word);
    }

    function activityMinimum(LadderState ladder) internal pure returns (uint256) {
        return uint32(LadderState.unwrap(ladder) >> 192);
    }

    function periodDays(LadderState ladder) internal pure returns (uint256) {
        return uint16(LadderState.unwrap(ladder) >> 224);
    }

    /// @dev Number of the period that a time in seconds falls into; periods start with 1970.
    function periodAt(LadderState ladder, uint256 time) internal pure returns (uint16) {
        return uint16(time / (periodDays(ladder) * 1 days));
    }

    /// @dev An amount in the ladder's units, rounded down.
    function unitsRoundedDown(LadderState ladder, uint256 amount) internal pure returns (uint256) {
        return amount / 10 ** uint8(LadderState.unwrap(ladder) >> 240);
    }

    /// @dev The highest rank, at most `topRank`, whose own and team sales are both reached.
    function rankOf(LadderState ladder, uint256 own, uint256 team, uint256 topRank)
        internal
        pure
        returns (uint256 rank)
    {
        uint256 word = LadderState.unwrap(ladder);
        for (uint256 i = 0; i < topRank; ++i) {
            if (own >= uint32(word >> 32 * i) && team >= uint32(word >> 96 + 32 * i)) rank = i + 1;
        }
    }
}
