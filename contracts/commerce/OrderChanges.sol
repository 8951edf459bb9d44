// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {AllocationLib} from "../libraries/AllocationLib.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {Order, OrderStatus, Part} from "../types/EscrowTypes.sol";
import {LineState, LineStateLib} from "../types/LineState.sol";
import {OrderState, OrderStateLib} from "../types/OrderState.sol";
import {OrderStore} from "./OrderStore.sol";

/// @title OrderChanges
/// @notice What happens to an order between payment and settlement.
abstract contract OrderChanges is OrderStore {
    /* EXTERNAL WRITES */

    /// @inheritdoc ICommissionEscrow
    function capture(Order calldata order, Part[] calldata parts) external {
        // Check:
        bytes32 orderId = _idOf(order);
        OrderState state = _checkStatus(orderId, OrderStatus.AUTHORIZED);
        if (block.timestamp >= order.authorizationExpiry) {
            revert CommissionEscrow_AuthorizationExpired(orderId, order.authorizationExpiry, block.timestamp);
        }
        _checkMayCapture(orderId, order, parts.length == 0);

        // Effect:
        if (parts.length == 0) {
            state = _captureAll(orderId, state, order);
        } else {
            state = _captureParts(orderId, state, order, parts);
            emit PartsCaptured(orderId, msg.sender, parts);
        }
        _orders[orderId] = state;
        if (state.status() == OrderStatus.CAPTURED) emit OrderCaptured(orderId, msg.sender);
    }

    /// @inheritdoc ICommissionEscrow
    function void(Order calldata order) external {
        // Check:
        bytes32 orderId = _idOf(order);
        OrderState state = _checkStatus(orderId, OrderStatus.AUTHORIZED);
        if (msg.sender != order.operator) _checkBrand(orderId, order);

        // Effect:
        emit OrderVoided(orderId, msg.sender, _release(orderId, state, order, OrderStatus.VOIDED));
    }

    /// @inheritdoc ICommissionEscrow
    function reclaim(Order calldata order) external {
        // Check:
        bytes32 orderId = _idOf(order);
        OrderState state = _checkStatus(orderId, OrderStatus.AUTHORIZED);
        if (block.timestamp < order.authorizationExpiry) {
            revert CommissionEscrow_AuthorizationNotExpired(orderId, order.authorizationExpiry, block.timestamp);
        }

        // Effect:
        emit OrderReclaimed(orderId, _release(orderId, state, order, OrderStatus.RECLAIMED));
    }

    /// @inheritdoc ICommissionEscrow
    function refund(Order calldata order, Part[] calldata parts) external {
        // Check:
        bytes32 orderId = _idOf(order);
        OrderState state = _orders[orderId];
        // Parts that were captured can be refunded while the rest is still authorised.
        if (!(state.status() == OrderStatus.AUTHORIZED && state.has(OrderStateLib.HAS_LINES))) {
            _checkStatus(orderId, OrderStatus.CAPTURED);
        }
        _checkBrand(orderId, order);

        // Effect:
        uint256 total;
        for (uint256 i = 0; i < parts.length; ++i) {
            (uint256 line, uint128 amount) = (parts[i].line, parts[i].amount);
            _checkPart(orderId, order, parts[i]);
            LineState before = _lineOf(orderId, state, order, line);
            if (amount > before.net()) revert CommissionEscrow_PartTooHigh(orderId, line, amount, before.net());
            _setLine(orderId, line, LineStateLib.pack(before.captured(), before.refunded() + amount));
            // The flag belongs to lines written above, so that a line named twice is read anew.
            state = state.with(OrderStateLib.HAS_LINES);
            total += amount;
        }
        _orders[orderId] = state;
        _refundTo(order, total);
        emit OrderRefunded(orderId, msg.sender, parts);
    }

    /// @inheritdoc ICommissionEscrow
    function hold(Order calldata order) external {
        // Check:
        bytes32 orderId = _idOf(order);
        _checkDisputes(orderId);
        OrderState state = _checkStatus(orderId, OrderStatus.CAPTURED);
        if (state.has(OrderStateLib.IS_HELD)) revert CommissionEscrow_Held(orderId);
        if (state.has(OrderStateLib.WAS_RULED)) revert CommissionEscrow_AlreadyRuled(orderId);

        // Effect:
        _orders[orderId] = state.with(OrderStateLib.IS_HELD);
        emit OrderHeld(orderId);
    }

    /// @inheritdoc ICommissionEscrow
    function rule(Order calldata order, uint256 payerBps) external {
        // Check:
        bytes32 orderId = _idOf(order);
        _checkDisputes(orderId);
        OrderState state = _checkStatus(orderId, OrderStatus.CAPTURED);
        if (!state.has(OrderStateLib.IS_HELD)) revert CommissionEscrow_NotHeld(orderId);
        if (payerBps > AllocationLib.BPS_DENOMINATOR) revert CommissionEscrow_BpsInvalid(payerBps);

        // Effect:
        uint256 total;
        if (payerBps != 0) {
            for (uint256 i = 0; i < order.linesOf().length; ++i) {
                LineState line = _lineOf(orderId, state, order, i);
                uint256 amount = AllocationLib.cumulativeRoundedDown(line.net(), payerBps);
                _setLine(orderId, i, LineStateLib.pack(line.captured(), line.refunded() + amount));
                total += amount;
            }
            state = state.with(OrderStateLib.HAS_LINES);
        }
        _orders[orderId] = state.without(OrderStateLib.IS_HELD).with(OrderStateLib.WAS_RULED);
        _refundTo(order, total);
        emit OrderRuled(orderId, payerBps);
    }

    /* INTERNAL */

    function _checkMayCapture(bytes32 orderId, Order calldata order, bool isWhole) private view {
        if (msg.sender == order.operator || msg.sender == order.payerOf() || msg.sender == CHECKOUT) return;
        if (isWhole && order.receiptExpiry != 0 && block.timestamp >= order.receiptExpiry) return;
        _checkBrand(orderId, order);
    }

    function _captureAll(bytes32 orderId, OrderState state, Order calldata order) private returns (OrderState) {
        bool hasLines = state.has(OrderStateLib.HAS_LINES);
        if (hasLines) {
            for (uint256 i = 0; i < order.linesOf().length; ++i) {
                uint128 refunded = _lineOf(orderId, state, order, i).refunded();
                _setLine(orderId, i, LineStateLib.pack(order.linesOf()[i].amountOf(), refunded));
            }
        }
        return OrderStateLib.pack(
            OrderStatus.CAPTURED, block.timestamp, OrderStateLib.IS_WHOLE | (hasLines ? OrderStateLib.HAS_LINES : 0)
        );
    }

    function _captureParts(bytes32 orderId, OrderState state, Order calldata order, Part[] calldata parts)
        private
        returns (OrderState)
    {
        state = state.with(OrderStateLib.HAS_LINES);
        for (uint256 i = 0; i < parts.length; ++i) {
            (uint256 line, uint128 amount) = (parts[i].line, parts[i].amount);
            _checkPart(orderId, order, parts[i]);
            LineState before = _lineOf(orderId, state, order, line);
            uint128 left = order.linesOf()[line].amountOf() - before.captured();
            if (amount > left) revert CommissionEscrow_PartTooHigh(orderId, line, amount, left);
            _setLine(orderId, line, LineStateLib.pack(before.captured() + amount, before.refunded()));
        }
        bool isAll = _uncaptured(orderId, state, order) == 0;
        return OrderStateLib.pack(
            isAll ? OrderStatus.CAPTURED : OrderStatus.AUTHORIZED, block.timestamp, OrderStateLib.HAS_LINES
        );
    }

    /// @dev What is captured goes its way, the rest goes back. The window then starts anew: until now it was not clear
    /// what of the order would stand.
    function _release(bytes32 orderId, OrderState state, Order calldata order, OrderStatus ifNothing)
        private
        returns (uint256 amount)
    {
        amount = _uncaptured(orderId, state, order);
        bool hasLines = state.has(OrderStateLib.HAS_LINES);
        _orders[orderId] = OrderStateLib.pack(
            hasLines ? OrderStatus.CAPTURED : ifNothing, block.timestamp, hasLines ? OrderStateLib.HAS_LINES : 0
        );
        _refundTo(order, amount);
    }

    function _uncaptured(bytes32 orderId, OrderState state, Order calldata order)
        private
        view
        returns (uint256 amount)
    {
        for (uint256 i = 0; i < order.linesOf().length; ++i) {
            amount += order.linesOf()[i].amountOf() - _lineOf(orderId, state, order, i).captured();
        }
    }

    /// @dev What was paid outside the chain is refunded outside the chain.
    function _refundTo(Order calldata order, uint256 amount) private {
        if (order.payerOf() != address(0)) _credit(order.currencyOf(), PartyLib.ofAccount(order.payerOf()), amount);
    }
}
