// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {OrderLib} from "../libraries/OrderLib.sol";

using OrderLib for Line global;
using OrderLib for Order global;

/// @dev Stands for the chain's coin wherever a currency is named.
address constant NATIVE = address(0);

/// @dev How long a settled order can be refunded.
uint256 constant SETTLED_REFUND_PERIOD = 180 days;

/// @notice One line of an order.
/// @param amount what is paid for the line, in the currency's smallest unit
/// @param gtin the GS1 trade item; may be 0 where the plan's own rates hold
/// @param rates the product's own rates from the plan's catalogue, five of 14 bits from the lowest bits on; 0: the
/// plan's
struct Line {
    uint128 amount;
    uint64 gtin;
    uint256 rates;
}

/// @notice The terms of an order. They travel in calldata; the chain keeps one word under their EIP-712 digest.
/// @param planId the plan it is made under, with all its rates
/// @param payer who pays and is refunded; zero for an order that was paid outside the chain and reported
/// @param receiver the brand
/// @param operator an account that may capture, and void what is not captured; zero for none
/// @param currency the plan's currency
/// @param seller number of the distributor who sold, in the brand's programme; 0 for none
/// @param authorizationExpiry from this second on what is not captured goes back to the payer
/// @param receiptExpiry from this second on anyone may capture; 0: only the parties may
/// @param salt tells orders with equal terms apart
struct Order {
    bytes32 planId;
    address payer;
    address receiver;
    address operator;
    address currency;
    uint32 seller;
    uint48 authorizationExpiry;
    uint48 receiptExpiry;
    uint256 salt;
    Line[] lines;
}

/// @notice An amount of one line, counted from 0.
struct Part {
    uint16 line;
    uint128 amount;
}

/// @notice How one line was shared when its order settled.
/// @param net what was captured and not refunded
/// @param allocation who got which rate, see AllocationLib
struct SettledLine {
    uint128 net;
    uint256 allocation;
}

enum OrderStatus {
    NONE,
    AUTHORIZED,
    CAPTURED,
    SETTLED,
    VOIDED,
    RECLAIMED
}

/// @notice An order as views answer it. `changedAt` is the second of the last capture, or of settlement when settled;
/// `digest` the kept 160 bits of how a settled order was shared, whose lines are in the events alone.
struct OrderView {
    OrderStatus status;
    bool isHeld;
    uint40 changedAt;
    uint128[] captured;
    uint128[] refunded;
    uint160 digest;
}

/// @notice Who withdraws what: an account, or a number in a brand's programme (see PartyLib), in one currency.
struct Payee {
    uint256 party;
    address currency;
}
