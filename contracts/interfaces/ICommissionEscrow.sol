// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Order, OrderStatus, OrderView, Part, SettledLine} from "../types/EscrowTypes.sol";
import {IPartyLedger} from "./IPartyLedger.sol";
import {IProgramme} from "./IProgramme.sol";

/// @title Orders in escrow, shared by rule, reversed exactly
/// @notice An order's money is authorised into escrow, captured on receipt or time-out, refunded in part or whole, and
/// settled to platform, distributors and brand by the plan it was made under. What a distributor gets is a function of
/// what was captured and not refunded, whatever the path. Terms travel in calldata; the chain keeps a word under their
/// EIP-712 digest, which is the order's id, so no term can change afterwards.
/// @dev Cannot be paused and has no administrator. Every state has an exit by time that one interested party can take
/// alone: `reclaim` from `authorizationExpiry` on, `settle` after window and maturity, and a dispute's own time-outs.
/// The line of uplines and its ranks are read at settlement; sponsors never change.
interface ICommissionEscrow is IProgramme, IPartyLedger {
    /// @notice An order was paid into escrow.
    event OrderAuthorized(bytes32 indexed orderId, bytes32 indexed planId, address indexed payer, Order order);

    /// @notice A final sale was paid and shared at once; {OrderSettled} follows for each line.
    event OrderCharged(
        bytes32 indexed orderId, bytes32 indexed planId, address indexed payer, uint32 seller, uint256 salt
    );

    /// @notice A brand reported an order that was paid outside the chain and set its commissions aside.
    event OrderReported(bytes32 indexed orderId, bytes32 indexed planId, address indexed brand, Order order);

    /// @notice All that was authorised is captured; refund window and maturity run.
    event OrderCaptured(bytes32 indexed orderId, address indexed actor);

    /// @notice Parts of the order's lines were captured.
    event PartsCaptured(bytes32 indexed orderId, address indexed actor, Part[] parts);

    /// @notice The brand gave up what was not captured; it is credited to the payer.
    event OrderVoided(bytes32 indexed orderId, address indexed actor, uint256 amount);

    /// @notice What was not captured in time is credited to the payer.
    event OrderReclaimed(bytes32 indexed orderId, uint256 amount);

    /// @notice Parts of captured lines were refunded to the payer before settlement.
    event OrderRefunded(bytes32 indexed orderId, address indexed actor, Part[] parts);

    /// @notice A dispute keeps the order from settling.
    event OrderHeld(bytes32 indexed orderId);

    /// @notice A dispute ended; `payerBps` of what each line still held went back to the payer.
    event OrderRuled(bytes32 indexed orderId, uint256 payerBps);

    /// @notice A line of an order was shared. Amounts follow from `net` and `allocation` as in AllocationLib.
    /// @param net what was captured and not refunded
    /// @param breakage what no distributor earned of the levels, left with the brand
    /// @param allocation who got which rate
    event OrderSettled(
        bytes32 indexed orderId, uint256 indexed line, uint128 net, uint256 breakage, uint256 allocation
    );

    /// @notice The brand refunded parts of a settled order; every share of them was taken back.
    event SettledOrderRefunded(bytes32 indexed orderId, address indexed actor, Part[] parts);

    /// @notice The platform may not be a brand, and neither may be zero.
    error CommissionEscrow_PlatformZero();

    /// @notice The order is not in the state that the act needs.
    error CommissionEscrow_WrongStatus(bytes32 orderId, OrderStatus status, OrderStatus needed);

    /// @notice The caller may not do this with the order.
    error CommissionEscrow_NotAuthorized(bytes32 orderId, address actor);

    /// @notice No plan of this id, brand and currency exists.
    error CommissionEscrow_PlanUnknown(bytes32 planId, address brand, address currency);

    /// @notice The plan does not take new orders now; `until` is 0 while no end is announced.
    error CommissionEscrow_PlanNotActive(bytes32 planId, uint256 from, uint256 until, uint256 time);

    /// @notice Only a plan of final sales can be charged.
    error CommissionEscrow_PlanNotFinal(bytes32 planId);

    /// @notice Orders of a plan of final sales can only be charged.
    error CommissionEscrow_PlanFinal(bytes32 planId);

    /// @notice The brand's programme has no distributor of this number.
    error CommissionEscrow_SellerUnknown(address brand, uint32 seller);

    /// @notice The brand suspended the distributor for new orders.
    error CommissionEscrow_SellerSuspended(address brand, uint32 seller);

    /// @notice The plan does not let a distributor buy through its own number.
    error CommissionEscrow_SelfPurchase(address payer, uint32 seller);

    /// @notice The payer is bound to another distributor.
    error CommissionEscrow_PayerBound(address payer, uint32 boundTo, uint32 seller);

    /// @notice An order has 1 to 32 lines.
    error CommissionEscrow_LinesInvalid(uint256 lines, uint256 limit);

    /// @notice A line or part has no amount.
    error CommissionEscrow_AmountZero(uint256 line);

    /// @notice The sum of the lines is above what an order can carry.
    error CommissionEscrow_AmountTooHigh(uint256 amount, uint256 limit);

    /// @notice The product's own rates are not listed in the plan's catalogue, or sum to more than it allows.
    error CommissionEscrow_RatesNotListed(bytes32 planId, uint64 gtin, uint256 rates);

    /// @notice The expiry is past, or too far ahead.
    error CommissionEscrow_ExpiryInvalid(uint256 expiry, uint256 time, uint256 limit);

    /// @notice The authorisation is over; the payer can reclaim.
    error CommissionEscrow_AuthorizationExpired(bytes32 orderId, uint256 expiry, uint256 time);

    /// @notice The authorisation still stands.
    error CommissionEscrow_AuthorizationNotExpired(bytes32 orderId, uint256 expiry, uint256 time);

    /// @notice A charge of this payer by this brand used the salt before.
    error CommissionEscrow_SaltUsed(address payer, uint256 salt);

    /// @notice The order has no such line.
    error CommissionEscrow_LineUnknown(bytes32 orderId, uint256 line, uint256 lines);

    /// @notice The part is larger than what the line has left.
    error CommissionEscrow_PartTooHigh(bytes32 orderId, uint256 line, uint256 amount, uint256 limit);

    /// @notice The order cannot settle yet.
    error CommissionEscrow_NotMature(bytes32 orderId, uint256 maturesAt, uint256 time);

    /// @notice A dispute keeps the order.
    error CommissionEscrow_Held(bytes32 orderId);

    /// @notice No dispute keeps the order.
    error CommissionEscrow_NotHeld(bytes32 orderId);

    /// @notice A dispute of the order ended before; there is no second one.
    error CommissionEscrow_AlreadyRuled(bytes32 orderId);

    /// @notice Only orders that were paid outside the chain are reported, and only those have no payer.
    error CommissionEscrow_PayerInvalid(address payer);

    /// @notice The brand's reports of the day would exceed the plan's limit.
    error CommissionEscrow_ReportLimit(bytes32 planId, uint256 reported, uint256 limit);

    /// @notice The lines given are not how the order was shared.
    error CommissionEscrow_SettlementUnknown(bytes32 orderId);

    /// @notice It is too late to refund the settled order here.
    error CommissionEscrow_RefundOver(bytes32 orderId, uint256 until, uint256 time);

    /// @notice A share of basis points is above 10,000.
    error CommissionEscrow_BpsInvalid(uint256 bps);

    /// @notice Pays an order into escrow.
    /// @dev Emits {OrderAuthorized}.
    ///
    /// Requirements:
    /// - The caller must be the payer, or the checkout, which asked the payer.
    /// - The order must be new, with 1 to 32 lines above zero and an expiry ahead, at most 365 days.
    /// - The plan must be active, or its terms locked for the seller, and not final.
    /// - The seller must be a distributor that is not suspended; the plan's rules on self-purchase and bonds must allow
    ///   the order; own rates must be listed.
    /// - The payment must arrive exactly; in the chain's coin it is the value sent.
    function authorize(Order calldata order) external payable returns (bytes32 orderId);

    /// @notice Pays and shares a final sale at once, without refund. It leaves no state of its own but a used salt.
    /// @dev Emits {OrderCharged} and {OrderSettled} per line.
    ///
    /// Notes:
    /// - A payer's salts 0 to 127 with a brand are bits of one word that is read anyway; each 256 from 128 on share a
    ///   word of their own. Salts in turn are the cheapest.
    ///
    /// Requirements:
    /// - As of {authorize}, but for the expiry, which has no meaning here; the plan must be final.
    /// - The payer's salt must be unused with this brand.
    function charge(Order calldata order) external payable returns (bytes32 orderId);

    /// @notice Reports orders that were paid outside the chain, as by WeChat Pay. The most that their commissions can
    /// be is set aside from the brand's credit.
    /// @dev Emits {OrderReported} for each.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_ORDER`; all orders must be of that brand and
    ///   currency of the first.
    /// - Orders must have no payer; the day's sum must stay within the plan's limit; the credit must cover them.
    function report(Order[] calldata orders) external;

    /// @notice Captures parts of an authorised order, or with no parts all that is left of it.
    /// @dev Emits {PartsCaptured}, and {OrderCaptured} when nothing is left.
    ///
    /// Requirements:
    /// - Before `authorizationExpiry`; the caller must be payer, checkout, operator or authorised by the brand for
    ///   `PERMISSION_ORDER`; from `receiptExpiry` on anyone may capture all that is left.
    function capture(Order calldata order, Part[] calldata parts) external;

    /// @notice Gives what is not captured back to the payer.
    /// @dev Emits {OrderVoided}. The caller must be the operator or authorised by the brand for `PERMISSION_ORDER`.
    function void(Order calldata order) external;

    /// @notice Gives what is not captured back to the payer from `authorizationExpiry` on; anyone may.
    /// @dev Emits {OrderReclaimed}.
    function reclaim(Order calldata order) external;

    /// @notice Refunds parts of captured lines until the order settles.
    /// @dev Emits {OrderRefunded}. The caller must be authorised by the brand for `PERMISSION_ORDER`.
    function refund(Order calldata order, Part[] calldata parts) external;

    /// @notice Shares orders whose refund window and maturity are over; anyone may. Settled ones are passed over.
    /// @dev Emits {OrderSettled} per line. Neighbours with the same plan and seller are credited together: sort them.
    /// The payer's own number is read now: it earns nothing here unless the plan allows it, and what distributors buy
    /// counts for nobody's rank.
    /// @return settled how many were shared now
    function settle(Order[] calldata orders) external returns (uint256 settled);

    /// @notice Refunds parts of a settled order from the caller's funds, for 180 days. Every share of them is taken
    /// back and credited to the brand; what a distributor no longer has becomes its debt.
    /// @dev Emits {SettledOrderRefunded}, and {DebtRecorded} where a share is not there. Collected is the sum of the
    /// parts, for an order paid outside the chain nothing; and units that the smaller sale rounds to somebody, where
    /// they are more than was taken back.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_ORDER`.
    /// - `lines` must be how the order stands shared, from {OrderSettled} and the refunds since.
    function refundSettled(Order calldata order, SettledLine[] calldata lines, Part[] calldata parts) external payable;

    /// @notice Keeps a captured order from settling; the disputes contract alone may.
    /// @dev Emits {OrderHeld}.
    function hold(Order calldata order) external;

    /// @notice Ends a hold: `payerBps` basis points of what each line still holds go to the payer, rounded down.
    /// @dev Emits {OrderRuled}. The disputes contract alone may.
    function rule(Order calldata order, uint256 payerBps) external;

    /// @notice An order's id: its EIP-712 digest.
    function orderIdOf(Order calldata order) external view returns (bytes32);

    /// @notice Where an order stands, line by line.
    function orderOf(Order calldata order) external view returns (OrderView memory);

    /// @notice Acts for payers who signed.
    function CHECKOUT() external view returns (address);

    /// @notice Decides disputes.
    function DISPUTES() external view returns (address);
}
