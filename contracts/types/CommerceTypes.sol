// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @dev The currency that stands for the chain's own coin; every other value is an ERC-20.
address constant NATIVE_CURRENCY = address(0);

/// @notice A distribution agreement. Its id is its hash, so a published plan never changes.
/// @param brand identity that sells and gets what remains
/// @param currency ERC-20 that orders are paid in, zero for the chain's coin
/// @param platformFeeBps the platform's share, in basis points
/// @param refundWindow seconds from capture in which an order can be refunded and not yet settled
/// @param levelBps commission of the distributor who sold, of the sponsor, of the sponsor's sponsor …, in basis
/// points
/// @param documentHash hash of the agreement's text
struct Plan {
    address brand;
    address currency;
    uint16 platformFeeBps;
    uint48 refundWindow;
    uint16[] levelBps;
    bytes32 documentHash;
}

/// @notice What the chain keeps of a plan, in two slots.
/// @dev `levels` holds up to five rates of 16 bits, the first in the lowest bits.
struct PlanRecord {
    address brand;
    uint16 platformFeeBps;
    uint48 refundWindow;
    uint8 depth;
    bool isRetired;
    address currency;
    uint80 levels;
}

/// @notice A distributor's place in a brand's tree, in one slot. Depth 1 stands directly under the brand.
struct Distributor {
    address sponsor;
    uint48 joinedAt;
    uint48 depth;
}

/// @notice The terms of an order. They travel in calldata; the chain keeps their hash and one slot of state.
/// @param planId plan the money will be split by
/// @param payer account that pays and that refunds go to
/// @param distributor account that made the sale, zero for a direct sale
/// @param amount price in the plan's currency, in its smallest unit
/// @param authorizationExpiry second from which the order can no longer be captured but be reclaimed
/// @param salt makes two equal orders differ
struct Order {
    bytes32 planId;
    address payer;
    address distributor;
    uint128 amount;
    uint48 authorizationExpiry;
    uint256 salt;
}

/// @notice NONE → AUTHORIZED → CAPTURED → SETTLED; from AUTHORIZED also VOIDED or RECLAIMED, from CAPTURED also
/// REFUNDED.
enum OrderStatus {
    NONE,
    AUTHORIZED,
    CAPTURED,
    VOIDED,
    RECLAIMED,
    REFUNDED,
    SETTLED
}

/// @notice What the chain keeps of an order, in one slot.
struct OrderState {
    OrderStatus status;
    uint48 capturedAt;
    uint128 refunded;
}

/// @notice One party's part of a settled order.
struct Share {
    address account;
    uint256 amount;
}

/// @notice The limits a deployment is bound to for ever; a compliance profile chooses them.
/// @param maxDepth most levels a plan may pay, at most 5
/// @param maxCommissionBps most that all levels together may get, in basis points
/// @param minPlatformFeeBps least platform share, in basis points
/// @param minRefundWindow shortest refund window, in seconds
struct Limits {
    uint8 maxDepth;
    uint16 maxCommissionBps;
    uint16 minPlatformFeeBps;
    uint48 minRefundWindow;
}
