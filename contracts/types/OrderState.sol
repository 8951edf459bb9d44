// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {OrderStatus} from "./EscrowTypes.sol";

/// @notice What the chain keeps of an order, in one word. From the lowest bits on: status (8), changedAt (40: the last
/// capture, or settlement), flags (8), and of a settled order 160 bits of the hash of how it was shared.
type OrderState is uint256;

using OrderStateLib for OrderState global;

/// @title The word of an order
library OrderStateLib {
    uint256 internal constant FLAGS_MASK = 0xff << 48;

    /// @dev Every line was captured in one go: a line without a word of its own is captured whole.
    uint256 internal constant IS_WHOLE = 1 << 48;
    /// @dev Some line has a word of its own.
    uint256 internal constant HAS_LINES = 1 << 49;
    /// @dev A dispute keeps it from settling.
    uint256 internal constant IS_HELD = 1 << 50;

    /// @dev A dispute ended; there is no second one.
    uint256 internal constant WAS_RULED = 1 << 51;

    function pack(OrderStatus status_, uint256 changedAt_, uint256 flags) internal pure returns (OrderState) {
        return OrderState.wrap(uint256(status_) | changedAt_ << 8 | flags);
    }

    /// @dev The flags stay: they say how the lines were captured.
    function settled(OrderState state, uint256 settledAt, bytes32 digest_) internal pure returns (OrderState) {
        uint256 flags = OrderState.unwrap(state) & FLAGS_MASK;
        return OrderState.wrap(uint256(OrderStatus.SETTLED) | settledAt << 8 | flags | uint256(digest_) >> 96 << 96);
    }

    function status(OrderState state) internal pure returns (OrderStatus) {
        return OrderStatus(uint8(OrderState.unwrap(state)));
    }

    function changedAt(OrderState state) internal pure returns (uint40) {
        return uint40(OrderState.unwrap(state) >> 8);
    }

    function has(OrderState state, uint256 flag) internal pure returns (bool) {
        return OrderState.unwrap(state) & flag != 0;
    }

    /// @dev Captured in one go, nothing refunded.
    function isUntouched(OrderState state) internal pure returns (bool) {
        return OrderState.unwrap(state) & (IS_WHOLE | HAS_LINES) == IS_WHOLE;
    }

    function with(OrderState state, uint256 flag) internal pure returns (OrderState) {
        return OrderState.wrap(OrderState.unwrap(state) | flag);
    }

    function without(OrderState state, uint256 flag) internal pure returns (OrderState) {
        return OrderState.wrap(OrderState.unwrap(state) & ~flag);
    }

    /// @dev The kept bits of the hash of how the order was shared; zero before.
    function digest(OrderState state) internal pure returns (uint160) {
        return uint160(OrderState.unwrap(state) >> 96);
    }

    /// @dev Whether `digest_` is the hash kept of how the order was shared.
    function matches(OrderState state, bytes32 digest_) internal pure returns (bool) {
        return digest(state) == uint256(digest_) >> 96;
    }
}
