// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {Order, OrderStatus, OrderView, Part} from "../types/EscrowTypes.sol";
import {LineState, LineStateLib} from "../types/LineState.sol";
import {OrderState, OrderStateLib} from "../types/OrderState.sol";
import {PERMISSION_ORDER} from "../types/Permissions.sol";
import {PlanState} from "../types/PlanState.sol";
import {Programme} from "./Programme.sol";

/// @title OrderStore
abstract contract OrderStore is Programme, EIP712, ICommissionEscrow {
    /* IMMUTABLES */

    /// @notice Acts for payers who signed; it may authorise, charge and capture for them.
    address public immutable CHECKOUT;

    /// @notice Decides disputes; it alone may hold and rule.
    address public immutable DISPUTES;

    /* STORAGE */

    mapping(bytes32 orderId => OrderState) internal _orders;

    mapping(bytes32 orderId => mapping(uint256 line => LineState)) private _lines;

    /* CONSTRUCTOR */

    constructor(address checkout, address disputes) EIP712("Weilian CommissionEscrow", "1") {
        CHECKOUT = checkout;
        DISPUTES = disputes;
    }

    /* EXTERNAL READS */

    /// @inheritdoc ICommissionEscrow
    function orderIdOf(Order calldata order) external view returns (bytes32) {
        return _idOf(order);
    }

    /// @inheritdoc ICommissionEscrow
    function orderOf(Order calldata order) external view returns (OrderView memory result) {
        bytes32 orderId = _idOf(order);
        OrderState state = _orders[orderId];
        uint256 count = order.linesOf().length;
        result.status = state.status();
        result.isHeld = state.has(OrderStateLib.IS_HELD);
        result.changedAt = state.changedAt();
        result.digest = state.digest();
        result.captured = new uint128[](count);
        result.refunded = new uint128[](count);
        for (uint256 i = 0; i < count; ++i) {
            LineState line = _lineOf(orderId, state, order, i);
            (result.captured[i], result.refunded[i]) = (line.captured(), line.refunded());
        }
    }

    /* INTERNAL */

    function _idOf(Order calldata order) internal view returns (bytes32) {
        return _hashTypedDataV4(EscrowLib.structHash(order));
    }

    /// @dev A line without a word of its own was captured whole, or not at all.
    function _lineOf(bytes32 orderId, OrderState state, Order calldata order, uint256 line)
        internal
        view
        returns (LineState result)
    {
        if (state.has(OrderStateLib.HAS_LINES)) result = _lines[orderId][line];
        if (result.isEmpty() && state.has(OrderStateLib.IS_WHOLE)) {
            result = LineStateLib.pack(order.linesOf()[line].amountOf(), 0);
        }
    }

    function _setLine(bytes32 orderId, uint256 line, LineState state) internal {
        _lines[orderId][line] = state;
    }

    function _checkStatus(bytes32 orderId, OrderStatus needed) internal view returns (OrderState state) {
        state = _orders[orderId];
        if (state.status() != needed) revert CommissionEscrow_WrongStatus(orderId, state.status(), needed);
    }

    /// @dev Not the operator: the payer alone named it, and what was captured is the brand's.
    function _checkBrand(bytes32 orderId, Order calldata order) internal view {
        if (!IDENTITIES.isAuthorized(order.brandOf(), PERMISSION_ORDER, msg.sender)) {
            revert CommissionEscrow_NotAuthorized(orderId, msg.sender);
        }
    }

    function _checkDisputes(bytes32 orderId) internal view {
        if (msg.sender != DISPUTES) revert CommissionEscrow_NotAuthorized(orderId, msg.sender);
    }

    function _checkPart(bytes32 orderId, Order calldata order, Part calldata part) internal pure {
        if (part.line >= order.linesOf().length) {
            revert CommissionEscrow_LineUnknown(orderId, part.line, order.linesOf().length);
        }
        if (part.amount == 0) revert CommissionEscrow_AmountZero(part.line);
    }

    function _planOf(Order calldata order) internal view returns (bytes32 planKey, PlanState plan) {
        planKey = EscrowLib.planKey(order.planId, order.brandOf(), order.currencyOf());
        plan = _plans[planKey];
        if (!plan.exists()) revert CommissionEscrow_PlanUnknown(order.planId, order.brandOf(), order.currencyOf());
    }
}
