// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Order, OrderState, Share} from "../types/CommerceTypes.sol";

/// @title The life of an order
/// @notice An order's money stays here until it is settled by the rule of its plan or goes back to the payer. Every
/// state has an exit by time: the payer reclaims what was not captured, anyone settles what was.
/// @dev Trust: the brand decides on refunds within the window; it can delay nobody beyond it. Cannot be paused.
interface IOrderEscrow {
    /// @notice An order was paid into escrow.
    event OrderAuthorized(bytes32 indexed orderId, bytes32 indexed planId, address indexed payer, Order order);

    /// @notice An order was captured; it can be refunded until just before `refundExpiry` and settled from then on.
    event OrderCaptured(bytes32 indexed orderId, address actor, uint256 refundExpiry);

    /// @notice The brand gave up an order before capture; the payer is credited with the whole amount.
    event OrderVoided(bytes32 indexed orderId, address actor, uint256 amount);

    /// @notice An order that was not captured in time went back to the payer, as credit.
    event OrderReclaimed(bytes32 indexed orderId, uint256 amount);

    /// @notice The brand refunded a part or all of a captured order, as credit of the payer.
    event OrderRefunded(bytes32 indexed orderId, address actor, uint256 amount, uint256 totalRefunded);

    /// @notice A captured order was split: platform, distributor, its uplines, brand last. The shares sum to `net`.
    /// @dev `breakage` is the part of levels with nobody, or with the payer, on them; the brand's share contains it.
    event OrderSettled(bytes32 indexed orderId, bytes32 indexed planId, uint256 net, uint256 breakage, Share[] shares);

    /// @notice The caller is not the payer.
    error OrderEscrow_NotPayer(bytes32 orderId, address actor, address payer);

    /// @notice The caller may not do this for the brand.
    error OrderEscrow_NotAuthorized(bytes32 orderId, address brand, address actor);

    /// @notice The order is not in the state that this needs.
    error OrderEscrow_WrongStatus(bytes32 orderId, uint8 actual, uint8 expected);

    /// @notice The amount is zero.
    error OrderEscrow_AmountZero(bytes32 orderId);

    /// @notice The authorization ends in the past.
    error OrderEscrow_AuthorizationExpired(bytes32 orderId, uint256 authorizationExpiry, uint256 time);

    /// @notice The authorization ends too far in the future.
    error OrderEscrow_AuthorizationTooLong(bytes32 orderId, uint256 authorizationExpiry, uint256 limit);

    /// @notice The plan takes no more orders.
    error OrderEscrow_PlanRetired(bytes32 orderId, bytes32 planId);

    /// @notice The authorization still runs.
    error OrderEscrow_AuthorizationNotExpired(bytes32 orderId, uint256 authorizationExpiry, uint256 time);

    /// @notice The distributor has not joined the plan's brand.
    error OrderEscrow_DistributorUnknown(bytes32 orderId, address brand, address distributor);

    /// @notice A distributor cannot earn on a purchase of its own.
    error OrderEscrow_SelfPurchase(bytes32 orderId, address payer);

    /// @notice The refund is more than what is left of the order.
    error OrderEscrow_RefundTooHigh(bytes32 orderId, uint256 amount, uint256 refundable);

    /// @notice The refund window is over.
    error OrderEscrow_RefundWindowOver(bytes32 orderId, uint256 refundExpiry, uint256 time);

    /// @notice The refund window is still open.
    error OrderEscrow_RefundWindowOpen(bytes32 orderId, uint256 refundExpiry, uint256 time);

    /// @notice Pays an order into escrow, in the plan's currency.
    /// @dev Emits {OrderAuthorized}.
    ///
    /// Notes:
    /// - Tokens come by allowance and must deliver the exact amount; a token that takes a fee is refused.
    ///
    /// Requirements:
    /// - The caller must be the payer, the amount not zero, the authorization's expiry in the future.
    /// - The plan must be published and not retired, the order new.
    /// - The authorization must end within 365 days.
    /// - The distributor must be zero, or have joined the plan's brand and not be the payer.
    /// - The coin sent must be the amount, or zero if the currency is a token.
    function authorize(Order calldata order) external payable returns (bytes32 orderId);

    /// @notice Confirms an order: the payer on receipt, or the brand on delivery.
    /// @dev Emits {OrderCaptured}.
    ///
    /// Requirements:
    /// - The order must be AUTHORIZED and its authorization not expired.
    /// - The caller must be authorised by the payer or by the brand for `PERMISSION_ORDER`.
    function capture(Order calldata order) external;

    /// @notice Gives up an order before capture.
    /// @dev Emits {OrderVoided}.
    ///
    /// Requirements:
    /// - The order must be AUTHORIZED.
    /// - The caller must be authorised by the brand for `PERMISSION_ORDER`.
    function void(Order calldata order) external;

    /// @notice Gives an order that was not captured in time back to its payer. Anyone may.
    /// @dev Emits {OrderReclaimed}.
    ///
    /// Requirements:
    /// - The order must be AUTHORIZED and its authorization expired.
    function reclaim(Order calldata order) external;

    /// @notice Refunds `amount` of a captured order. Repeatable until the whole is refunded.
    /// @dev Emits {OrderRefunded}.
    ///
    /// Notes:
    /// - Shares exist from settlement on, of what was captured and not refunded; so a refund reverses each exactly.
    ///
    /// Requirements:
    /// - The order must be CAPTURED and its refund window open.
    /// - The caller must be authorised by the brand for `PERMISSION_ORDER`.
    /// - `amount` must be between 1 and what is not refunded yet.
    function refund(Order calldata order, uint128 amount) external;

    /// @notice Splits a captured order by its plan. Anyone may.
    /// @dev Emits {OrderSettled}.
    ///
    /// Requirements:
    /// - The order must be CAPTURED and its refund window over.
    function settle(Order calldata order) external;

    /// @notice Settles many orders; those that are settled already are passed over.
    /// @dev Emits {OrderSettled} for each that it settles.
    ///
    /// Requirements:
    /// - As for {settle}, for each of the others.
    /// @return settled how many it settled
    function settleBatch(Order[] calldata orders) external returns (uint256 settled);

    /// @notice What is kept of an order; all zero if there is none.
    function orderOf(bytes32 orderId) external view returns (OrderState memory);

    /// @notice The id an order has or would have.
    function orderIdOf(Order calldata order) external view returns (bytes32);
}
