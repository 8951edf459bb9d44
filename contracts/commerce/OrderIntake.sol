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
/// @notice How orders come in.
abstract contract OrderIntake is Settlement {
    /* CONSTANTS */

    uint256 private constant MAX_LINES = 32;

    /// @dev Bounds how long a brand that is gone can keep a payer waiting.
    uint256 private constant MAX_AUTHORIZATION = 365 days;

    /* STORAGE */

    /// @dev By brand, whose currencies may forge that a payer paid: none uses up a payer's salts with the others.
    mapping(address brand => mapping(address payer => mapping(uint256 word => uint256 bits))) private _usedSalts;

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
        emit OrderAuthorized(orderId, order.planId, order.payer, order);

        // Interaction:
        _collect(order.currency, amount);
    }

    /// @inheritdoc ICommissionEscrow
    function charge(Order calldata order) external payable nonReentrant returns (bytes32 orderId) {
        // Check:
        orderId = _idOf(order);
        _checkPayer(orderId, order);
        Group memory group;
        _join(group, order);
        if (!group.plan.isFinal()) revert CommissionEscrow_PlanNotFinal(order.planId);
        uint256 amount = _checkTerms(group.planKey, group.plan, order);

        // Effect:
        _useSalt(order.receiver, order.payer, order.salt);
        emit OrderCharged(orderId, order.planId, order.payer, order.seller, order.salt);
        _share(group, orderId, OrderStateLib.pack(OrderStatus.CAPTURED, 0, OrderStateLib.IS_WHOLE), order);
        _flush(group);

        // Interaction:
        _collect(order.currency, amount);
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
            if (order.payer != address(0)) revert CommissionEscrow_PayerInvalid(order.payer);
            bool isOfFirst = order.receiver == brand && order.currency == currency;
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

    function _checkPayer(bytes32 orderId, Order calldata order) private view {
        if (msg.sender != order.payer && msg.sender != CHECKOUT) {
            revert CommissionEscrow_NotAuthorized(orderId, msg.sender);
        }
        if (order.payer == address(0)) revert CommissionEscrow_PayerInvalid(order.payer);
    }

    /// @dev Checks the order against its plan and seller, and binds the payer where the plan says so.
    /// @return amount of all lines
    function _checkTerms(bytes32 planKey, PlanState plan, Order calldata order) private returns (uint256 amount) {
        (uint256 from, uint256 until) = (plan.activeFrom(), plan.activeUntil());
        if (block.timestamp < from || (until != 0 && block.timestamp >= until)) {
            if (
                block.timestamp < from
                    || block.timestamp >= IPlanTerms(PLAN_BOOK).termsLockedUntil(planKey, order.seller)
            ) {
                revert CommissionEscrow_PlanNotActive(order.planId, from, until, block.timestamp);
            }
        }
        if (order.seller != 0) _checkSeller(plan, order);
        return _checkLines(planKey, plan, order);
    }

    function _checkSeller(PlanState plan, Order calldata order) private {
        MemberState member = _members[PartyLib.ofMember(order.receiver, order.seller)];
        if (!member.exists()) revert CommissionEscrow_SellerUnknown(order.receiver, order.seller);
        if (member.isSuspended()) revert CommissionEscrow_SellerSuspended(order.receiver, order.seller);
        if (order.payer == address(0)) return;
        if (plan.selfPurchase() == SelfPurchase.DENY && order.payer == member.account()) {
            revert CommissionEscrow_SelfPurchase(order.payer, order.seller);
        }
        Bond bond = plan.bond();
        if (bond == Bond.LAST_TOUCH) return;

        CustomerState customer = _customers[order.receiver][order.payer];
        uint32 boundTo = customer.boundTo(block.timestamp);
        if (boundTo != 0 && boundTo != order.seller) {
            revert CommissionEscrow_PayerBound(order.payer, boundTo, order.seller);
        }
        // Safe cast: twelve bits of days fit.
        uint48 end =
            bond == Bond.PERMANENT ? CustomerStateLib.FOR_EVER : uint48(block.timestamp + plan.bondDays() * 1 days);
        _customers[order.receiver][order.payer] = customer.withBond(order.seller, end);
    }

    function _checkLines(bytes32 planKey, PlanState plan, Order calldata order) private view returns (uint256 amount) {
        Line[] calldata lines = order.lines;
        uint256 count = lines.length;
        if (count == 0 || count > MAX_LINES) revert CommissionEscrow_LinesInvalid(count, MAX_LINES);
        for (uint256 i = 0; i < count; ++i) {
            Line calldata line = lines[i];
            if (line.amount == 0) revert CommissionEscrow_AmountZero(i);
            amount += line.amount;
            if (line.rates == 0) continue;
            if (
                !plan.hasCatalogue() || AllocationLib.sumOf(line.rates) > plan.ceilingBps()
                    || !IPlanTerms(PLAN_BOOK).isListed(planKey, line.gtin, line.rates)
            ) revert CommissionEscrow_RatesNotListed(order.planId, line.gtin, line.rates);
        }
        if (amount > type(uint128).max) revert CommissionEscrow_AmountTooHigh(amount, type(uint128).max);
    }

    function _useSalt(address brand, address payer, uint256 salt) private {
        mapping(uint256 word => uint256 bits) storage used = _usedSalts[brand][payer];
        uint256 bits = used[salt >> 8];
        uint256 bit = 1 << (salt & 0xff);
        if (bits & bit != 0) revert CommissionEscrow_SaltUsed(payer, salt);
        used[salt >> 8] = bits | bit;
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
