// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What was captured (128 lower bits) and refunded (128 upper bits) of a line.
type LineState is uint256;

using LineStateLib for LineState global;

/// @title The word of an order's line
library LineStateLib {
    function pack(uint256 captured_, uint256 refunded_) internal pure returns (LineState) {
        return LineState.wrap(captured_ | refunded_ << 128);
    }

    function isEmpty(LineState state) internal pure returns (bool) {
        return LineState.unwrap(state) == 0;
    }

    function captured(LineState state) internal pure returns (uint128) {
        return uint128(LineState.unwrap(state));
    }

    function refunded(LineState state) internal pure returns (uint128) {
        return uint128(LineState.unwrap(state) >> 128);
    }

    function net(LineState state) internal pure returns (uint128) {
        return captured(state) - refunded(state);
    }
}
