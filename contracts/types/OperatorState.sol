// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Operator} from "./ProvenanceTypes.sol";

/// @notice An operator in one word: from the lowest bits on revokedFrom, dailyLimit, day, used (48 each).
type OperatorState is uint256;

using OperatorStateLib for OperatorState global;

/// @title The word of an operator
library OperatorStateLib {
    uint256 private constant MASK = type(uint48).max;

    function revokedFrom(OperatorState operator) internal pure returns (uint48) {
        return uint48(OperatorState.unwrap(operator));
    }

    function dailyLimit(OperatorState operator) internal pure returns (uint48) {
        return uint48(OperatorState.unwrap(operator) >> 48);
    }

    /// @dev Items registered on a day, in days since 1970.
    function usedOn(OperatorState operator, uint256 day) internal pure returns (uint48) {
        uint256 word = OperatorState.unwrap(operator);
        return uint48(word >> 96) == day ? uint48(word >> 144) : 0;
    }

    function withRevokedFrom(OperatorState operator, uint48 value) internal pure returns (OperatorState) {
        return OperatorState.wrap(OperatorState.unwrap(operator) & ~MASK | value);
    }

    function withDailyLimit(OperatorState operator, uint48 value) internal pure returns (OperatorState) {
        return OperatorState.wrap(OperatorState.unwrap(operator) & ~(MASK << 48) | uint256(value) << 48);
    }

    function withUse(OperatorState operator, uint48 day, uint48 used) internal pure returns (OperatorState) {
        uint256 kept = OperatorState.unwrap(operator) & type(uint96).max;
        return OperatorState.wrap(kept | uint256(day) << 96 | uint256(used) << 144);
    }

    /// @dev What a reader outside is shown.
    function unpack(OperatorState operator) internal pure returns (Operator memory) {
        uint256 word = OperatorState.unwrap(operator);
        return Operator({
            revokedFrom: revokedFrom(operator),
            dailyLimit: dailyLimit(operator),
            day: uint48(word >> 96),
            used: uint48(word >> 144)
        });
    }
}
