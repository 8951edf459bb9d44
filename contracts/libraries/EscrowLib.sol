// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Line, Order, SettledLine} from "../types/EscrowTypes.sol";

/// @title Hashes of orders and plans
library EscrowLib {
    bytes32 internal constant LINE_TYPEHASH = keccak256("Line(uint128 amount,uint64 gtin,uint256 rates)");
    bytes32 internal constant ORDER_TYPEHASH = keccak256(
        "Order(bytes32 planId,address payer,address receiver,address operator,address currency,uint32 seller,"
        "uint48 authorizationExpiry,uint48 receiptExpiry,uint256 salt,Line[] lines)"
        "Line(uint128 amount,uint64 gtin,uint256 rates)"
    );

    /// @notice hashStruct of an order (EIP-712).
    /// @dev Reverts without data, as Solidity does, if a word has bits beyond its type: so no two orders differ only in
    /// bits that do not count, and OrderLib need not look at them again.
    function structHash(Order calldata order) internal pure returns (bytes32 result) {
        Line[] calldata lines = order.lines;
        bytes32 lineTypehash = LINE_TYPEHASH;
        bytes32 orderTypehash = ORDER_TYPEHASH;
        // Works in free memory and leaves it free: one line is 3 words, the order 9 before its lines.
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            let unclean := 0
            mstore(buffer, lineTypehash)
            let hashes := add(buffer, 0x80)
            let length := shl(5, lines.length)
            for { let i := 0 } lt(i, length) { i := add(i, 0x20) } {
                calldatacopy(add(buffer, 0x20), add(lines.offset, mul(i, 3)), 0x60)
                // An amount of 128 bits, a GTIN of 64.
                unclean := or(unclean, or(shr(128, mload(add(buffer, 0x20))), shr(64, mload(add(buffer, 0x40)))))
                mstore(add(hashes, i), keccak256(buffer, 0x80))
            }
            let linesHash := keccak256(hashes, length)
            mstore(buffer, orderTypehash)
            calldatacopy(add(buffer, 0x20), order, 0x120)
            // Four addresses, a number of 32 bits, two times of 48.
            unclean := or(unclean, or(shr(160, mload(add(buffer, 0x40))), shr(160, mload(add(buffer, 0x60)))))
            unclean := or(unclean, or(shr(160, mload(add(buffer, 0x80))), shr(160, mload(add(buffer, 0xa0)))))
            unclean := or(unclean, shr(32, mload(add(buffer, 0xc0))))
            unclean := or(unclean, or(shr(48, mload(add(buffer, 0xe0))), shr(48, mload(add(buffer, 0x100)))))
            if unclean { revert(0, 0) }
            mstore(add(buffer, 0x140), linesHash)
            result := keccak256(buffer, 0x160)
        }
    }

    /// @notice Net and allocation of each line in turn.
    function wordsOf(SettledLine[] calldata lines) internal pure returns (uint256[] memory words) {
        words = new uint256[](2 * lines.length);
        for (uint256 i = 0; i < lines.length; ++i) {
            (words[2 * i], words[2 * i + 1]) = (lines[i].net, lines[i].allocation);
        }
    }

    /// @notice Under what the escrow keeps a plan: an order that names another brand or currency finds none.
    /// @dev keccak256(abi.encode(planId, brand, currency)), in memory that stays free.
    function planKey(bytes32 planId, address brand, address currency) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, planId)
            mstore(add(buffer, 0x20), shr(96, shl(96, brand)))
            mstore(add(buffer, 0x40), shr(96, shl(96, currency)))
            result := keccak256(buffer, 0x60)
        }
    }
}
