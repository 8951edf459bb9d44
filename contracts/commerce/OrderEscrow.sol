// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {Order, OrderState, OrderStatus, PlanRecord} from "../types/CommerceTypes.sol";
import {PERMISSION_ORDER} from "../types/Permissions.sol";
import {DistributorRegistry} from "./DistributorRegistry.sol";
import {PlanRegistry} from "./PlanRegistry.sol";

/// @title OrderEscrow
abstract contract OrderEscrow is PlanRegistry, DistributorRegistry, IOrderEscrow {
    /* CONSTANTS */

    /// @dev Bounds how long a brand that is gone can keep a payer waiting.
    uint256 internal constant MAX_AUTHORIZATION = 365 days;

    /* STORAGE */

    mapping(bytes32 orderId => OrderState) private _orders;

    /* EXTERNAL WRITES */

    /// @inheritdoc IOrderEscrow
    function authorize(Order calldata order) external payable nonReentrant returns (bytes32 orderId) {
        // Check:
        orderId = OrderLib.id(order);
        _checkStatus(orderId, OrderStatus.NONE);
        if (msg.sender != order.payer) revert OrderEscrow_NotPayer(orderId, msg.sender, order.payer);
        if (order.amount == 0) revert OrderEscrow_AmountZero(orderId);
        _checkNotExpired(orderId, order);
        uint256 limit = block.timestamp + MAX_AUTHORIZATION;
        if (order.authorizationExpiry > limit) {
            revert OrderEscrow_AuthorizationTooLong(orderId, order.authorizationExpiry, limit);
        }
        PlanRecord memory plan = _plan(order.planId);
        if (plan.isRetired) revert OrderEscrow_PlanRetired(orderId, order.planId);
        _checkDistributor(orderId, order, plan.brand);

        // Effect:
        _orders[orderId].status = OrderStatus.AUTHORIZED;
        emit OrderAuthorized(orderId, order.planId, order.payer, order);

        // Interaction:
        _collect(plan.currency, order.amount);
    }

    /// @inheritdoc IOrderEscrow
    function capture(Order calldata order) external {
        // Check:
        bytes32 orderId = OrderLib.id(order);
        _checkStatus(orderId, OrderStatus.AUTHORIZED);
        _checkNotExpired(orderId, order);
        PlanRecord memory plan = _plan(order.planId);
        // The payer is asked second, as the brand is the one that captures many.
        if (!_isAuthorized(plan.brand) && !_isAuthorized(order.payer)) {
            revert OrderEscrow_NotAuthorized(orderId, plan.brand, msg.sender);
        }

        // Effect: safe cast, the time fits 48 bits for ages.
        _orders[orderId] = OrderState({status: OrderStatus.CAPTURED, capturedAt: uint48(block.timestamp), refunded: 0});

        emit OrderCaptured(orderId, msg.sender, block.timestamp + plan.refundWindow);
    }

    /// @inheritdoc IOrderEscrow
    function void(Order calldata order) external {
        // Check:
        bytes32 orderId = OrderLib.id(order);
        _checkStatus(orderId, OrderStatus.AUTHORIZED);
        PlanRecord memory plan = _plan(order.planId);
        _checkAuthorized(orderId, plan.brand);

        // Effect:
        _orders[orderId].status = OrderStatus.VOIDED;
        _credit(order.payer, plan.currency, order.amount);

        emit OrderVoided(orderId, msg.sender, order.amount);
    }

    /// @inheritdoc IOrderEscrow
    function reclaim(Order calldata order) external {
        // Check:
        bytes32 orderId = OrderLib.id(order);
        _checkStatus(orderId, OrderStatus.AUTHORIZED);
        if (block.timestamp < order.authorizationExpiry) {
            revert OrderEscrow_AuthorizationNotExpired(orderId, order.authorizationExpiry, block.timestamp);
        }

        // Effect:
        _orders[orderId].status = OrderStatus.RECLAIMED;
        _credit(order.payer, _plan(order.planId).currency, order.amount);

        emit OrderReclaimed(orderId, order.amount);
    }

    /// @inheritdoc IOrderEscrow
    function refund(Order calldata order, uint128 amount) external {
        // Check:
        bytes32 orderId = OrderLib.id(order);
        OrderState memory state = _checkStatus(orderId, OrderStatus.CAPTURED);
        PlanRecord memory plan = _plan(order.planId);
        _checkAuthorized(orderId, plan.brand);
        uint256 refundExpiry = uint256(state.capturedAt) + plan.refundWindow;
        if (block.timestamp >= refundExpiry) {
            revert OrderEscrow_RefundWindowOver(orderId, refundExpiry, block.timestamp);
        }
        uint128 refundable = order.amount - state.refunded;
        if (amount == 0) revert OrderEscrow_AmountZero(orderId);
        if (amount > refundable) revert OrderEscrow_RefundTooHigh(orderId, amount, refundable);

        // Effect:
        state.refunded += amount;
        if (amount == refundable) state.status = OrderStatus.REFUNDED;
        _orders[orderId] = state;
        _credit(order.payer, plan.currency, amount);

        emit OrderRefunded(orderId, msg.sender, amount, state.refunded);
    }

    /// @inheritdoc IOrderEscrow
    function settle(Order calldata order) external {
        _settle(OrderLib.id(order), order);
    }

    /// @inheritdoc IOrderEscrow
    function settleBatch(Order[] calldata orders) external returns (uint256 settled) {
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 orderId = OrderLib.id(orders[i]);
            if (_orders[orderId].status == OrderStatus.SETTLED) continue;
            _settle(orderId, orders[i]);
            ++settled;
        }
    }

    /* EXTERNAL READS */

    /// @inheritdoc IOrderEscrow
    function orderOf(bytes32 orderId) external view returns (OrderState memory) {
        return _orders[orderId];
    }

    /// @inheritdoc IOrderEscrow
    function orderIdOf(Order calldata order) external view returns (bytes32) {
        return OrderLib.id(order);
    }

    /* INTERNAL */

    /// @dev Credits everyone's share of what was captured and not refunded.
    function _split(bytes32 orderId, Order calldata order, PlanRecord memory plan, uint128 net) internal virtual;

    function _settle(bytes32 orderId, Order calldata order) internal {
        // Check:
        OrderState memory state = _checkStatus(orderId, OrderStatus.CAPTURED);
        PlanRecord memory plan = _plan(order.planId);
        uint256 refundExpiry = uint256(state.capturedAt) + plan.refundWindow;
        if (block.timestamp < refundExpiry) {
            revert OrderEscrow_RefundWindowOpen(orderId, refundExpiry, block.timestamp);
        }

        // Effect:
        _orders[orderId].status = OrderStatus.SETTLED;
        _split(orderId, order, plan, order.amount - state.refunded);
    }

    function _checkStatus(bytes32 orderId, OrderStatus expected) internal view returns (OrderState memory state) {
        state = _orders[orderId];
        if (state.status != expected) {
            revert OrderEscrow_WrongStatus(orderId, uint8(state.status), uint8(expected));
        }
    }

    function _checkNotExpired(bytes32 orderId, Order calldata order) internal view {
        if (block.timestamp >= order.authorizationExpiry) {
            revert OrderEscrow_AuthorizationExpired(orderId, order.authorizationExpiry, block.timestamp);
        }
    }

    function _checkAuthorized(bytes32 orderId, address brand) internal view {
        if (!_isAuthorized(brand)) revert OrderEscrow_NotAuthorized(orderId, brand, msg.sender);
    }

    function _isAuthorized(address identity) internal view returns (bool) {
        return IDENTITIES.isAuthorized(identity, PERMISSION_ORDER, msg.sender);
    }

    function _checkDistributor(bytes32 orderId, Order calldata order, address brand) internal view {
        if (order.distributor == address(0)) return;
        if (order.distributor == order.payer) revert OrderEscrow_SelfPurchase(orderId, order.payer);
        if (_sponsorOf(brand, order.distributor) == address(0)) {
            revert OrderEscrow_DistributorUnknown(orderId, brand, order.distributor);
        }
    }
}
