// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Line, Order} from "../types/EscrowTypes.sol";

/// @title Fields of an order in calldata
/// @dev Solidity looks at the unused bits of a field each time it is read, which costs 50 gas, and at the bounds of the
/// lines for 170; a sale reads fields twenty times. EscrowLib.structHash looks at all of them once, and every entry
/// takes the order's id first: only then may these be used.
library OrderLib {
    function payerOf(Order calldata order) internal pure returns (address payer) {
        assembly ("memory-safe") {
            payer := calldataload(add(order, 0x20))
        }
    }

    function brandOf(Order calldata order) internal pure returns (address brand) {
        assembly ("memory-safe") {
            brand := calldataload(add(order, 0x40))
        }
    }

    function currencyOf(Order calldata order) internal pure returns (address currency) {
        assembly ("memory-safe") {
            currency := calldataload(add(order, 0x80))
        }
    }

    function sellerOf(Order calldata order) internal pure returns (uint32 seller) {
        assembly ("memory-safe") {
            seller := calldataload(add(order, 0xa0))
        }
    }

    function linesOf(Order calldata order) internal pure returns (Line[] calldata lines) {
        assembly ("memory-safe") {
            let start := add(order, calldataload(add(order, 0x120)))
            lines.offset := add(start, 0x20)
            lines.length := calldataload(start)
        }
    }

    function amountOf(Line calldata line) internal pure returns (uint128 amount) {
        assembly ("memory-safe") {
            amount := calldataload(line)
        }
    }
}
