// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {IPlanTerms} from "../interfaces/IPlanTerms.sol";
import {AllocationLib} from "../libraries/AllocationLib.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {CustomerState, CustomerStateLib} from "../types/CustomerState.sol";
import {Line, Order, OrderStatus} from "../types/EscrowTypes.sol";
import {MemberState} from "../types/MemberState.sol";
import {OrderStateLib} from "../types/OrderState.sol";
import {PERMISSION_ORDER} from "../types/Permissions.sol";
import {PlanState} from "../types/PlanState.sol";
import {Bond, SelfPurchase} from "../types/PlanTypes.sol";
import {Settlement} from "./Settlement.sol";

/// @title OrderIntake
/// @notice How orders come in that stay for a while.
abstract contract OrderIntake is Settlement {
    /* CONSTANTS */

    uint256 private constant MAX_LINES = 32;

    /// @dev Bounds how long a brand that is gone can keep a payer waiting.
    uint256 private constant MAX_AUTHORIZATION = 365 days;

    /* STORAGE */

    /// @dev What a brand reported of a plan on a day: day (128 higher bits), amount (128 lower bits).
    mapping(bytes32 planKey => uint256 dayAndAmount) private _reported;

    /* EXTERNAL WRITES */

    /// @inheritdoc ICommissionEscrow
    function authorize(Order calldata order) external payable nonReentrant returns (bytes32 orderId) {
        // Check:
        orderId = _checkNew(order);
        _checkPayer(orderId, order);
        (bytes32 planKey, PlanState plan) = _planOf(order);
        // One signature of a payer must not serve for both ways to pay.
        if (plan.isFinal()) revert CommissionEscrow_PlanFinal(order.planId);
        uint256 amount = _checkTerms(planKey, plan, order);
        uint256 limit = block.timestamp + MAX_AUTHORIZATION;
        if (order.authorizationExpiry <= block.timestamp || order.authorizationExpiry > limit) {
            revert CommissionEscrow_ExpiryInvalid(order.authorizationExpiry, block.timestamp, limit);
        }

        // Effect:
        _orders[orderId] = OrderStateLib.pack(OrderStatus.AUTHORIZED, block.timestamp, 0);
        emit OrderAuthorized(orderId, order.planId, order.payerOf(), order);

        // Interaction:
        _collect(order.currencyOf(), amount);
    }

    /// @inheritdoc ICommissionEscrow
    function report(Order[] calldata orders) external {
        if (orders.length == 0) return;
        (address brand, address currency) = (orders[0].receiver, orders[0].currency);
        uint256 reserve;
        for (uint256 i = 0; i < orders.length; ++i) {
            // Check:
            Order calldata order = orders[i];
            bytes32 orderId = _checkNew(order);
            if (order.payerOf() != address(0)) revert CommissionEscrow_PayerInvalid(order.payerOf());
            bool isOfFirst = order.brandOf() == brand && order.currencyOf() == currency;
            if (!isOfFirst || (i == 0 && !IDENTITIES.isAuthorized(brand, PERMISSION_ORDER, msg.sender))) {
                revert CommissionEscrow_NotAuthorized(orderId, msg.sender);
            }
            (bytes32 planKey, PlanState plan) = _planOf(order);
            uint256 amount = _checkTerms(planKey, plan, order);

            // Effect:
            _countReport(planKey, order.planId, amount);
            reserve += _reserveOf(plan, order);
            _orders[orderId] = OrderStateLib.pack(OrderStatus.CAPTURED, block.timestamp, OrderStateLib.IS_WHOLE);
            emit OrderReported(orderId, order.planId, brand, order);
        }
        _debit(currency, brand, reserve);
    }

    /* INTERNAL */

    function _checkNew(Order calldata order) private view returns (bytes32 orderId) {
        orderId = _idOf(order);
        _checkStatus(orderId, OrderStatus.NONE);
    }

    function _checkPayer(bytes32 orderId, Order calldata order) internal view {
        if (msg.sender == order.payerOf()) return;
        if (msg.sender != CHECKOUT) revert CommissionEscrow_NotAuthorized(orderId, msg.sender);
        if (order.payerOf() == address(0)) revert CommissionEscrow_PayerInvalid(order.payerOf());
    }

    /// @dev Checks the order against its plan and seller, and binds the payer where the plan says so.
    /// @return amount of all lines
    function _checkTerms(bytes32 planKey, PlanState plan, Order calldata order) internal returns (uint256 amount) {
        if (!plan.isActiveAt(block.timestamp)) _checkLocked(planKey, plan, order);
        if (order.sellerOf() != 0) _checkSeller(plan, order);
        return _checkLines(planKey, plan, order);
    }

    /// @dev After its end a plan goes on for sellers whose terms are locked.
    function _checkLocked(bytes32 planKey, PlanState plan, Order calldata order) private view {
        uint256 from = plan.activeFrom();
        if (
            block.timestamp < from
                || block.timestamp >= IPlanTerms(PLAN_BOOK).termsLockedUntil(planKey, order.sellerOf())
        ) revert CommissionEscrow_PlanNotActive(order.planId, from, plan.activeUntil(), block.timestamp);
    }

    function _checkSeller(PlanState plan, Order calldata order) private {
        MemberState member = _members[PartyLib.ofMember(order.brandOf(), order.sellerOf())];
        if (!member.maySell()) {
            if (!member.exists()) revert CommissionEscrow_SellerUnknown(order.brandOf(), order.sellerOf());
            revert CommissionEscrow_SellerSuspended(order.brandOf(), order.sellerOf());
        }
        if (order.payerOf() == address(0)) return;
        if (plan.treatsSelfPurchase(SelfPurchase.DENY) && order.payerOf() == member.account()) {
            revert CommissionEscrow_SelfPurchase(order.payerOf(), order.sellerOf());
        }
        if (plan.bindsBy(Bond.LAST_TOUCH)) return;

        CustomerState customer = _customers[order.brandOf()][order.payerOf()];
        uint32 boundTo = customer.boundTo(block.timestamp);
        if (boundTo != 0 && boundTo != order.sellerOf()) {
            revert CommissionEscrow_PayerBound(order.payerOf(), boundTo, order.sellerOf());
        }
        // Safe cast: twelve bits of days fit.
        uint48 end = plan.bindsBy(Bond.PERMANENT)
            ? CustomerStateLib.FOR_EVER
            : uint48(block.timestamp + plan.bondDays() * 1 days);
        _customers[order.brandOf()][order.payerOf()] = customer.withBond(order.sellerOf(), end);
    }

    function _checkLines(bytes32 planKey, PlanState plan, Order calldata order) private view returns (uint256 amount) {
        Line[] calldata lines = order.linesOf();
        uint256 count = lines.length;
        if (count == 0 || count > MAX_LINES) revert CommissionEscrow_LinesInvalid(count, MAX_LINES);
        for (uint256 i = 0; i < count; ++i) {
            Line calldata line = lines[i];
            if (line.amountOf() == 0) revert CommissionEscrow_AmountZero(i);
            amount += line.amountOf();
            if (line.rates == 0) continue;
            if (
                !plan.hasCatalogue() || AllocationLib.sumOf(line.rates) > plan.ceilingBps()
                    || !IPlanTerms(PLAN_BOOK).isListed(planKey, line.gtin, line.rates)
            ) revert CommissionEscrow_RatesNotListed(order.planId, line.gtin, line.rates);
        }
        if (amount > type(uint128).max) revert CommissionEscrow_AmountTooHigh(amount, type(uint128).max);
    }

    function _countReport(bytes32 planKey, bytes32 planId, uint256 amount) private {
        uint256 day = block.timestamp / 1 days;
        uint256 before = _reported[planKey];
        uint256 sum = amount + (before >> 128 == day ? uint128(before) : 0);
        uint256 limit = _dailyReportLimits[planKey];
        if (sum > limit) revert CommissionEscrow_ReportLimit(planId, sum, limit);
        _reported[planKey] = day << 128 | sum;
    }
}
