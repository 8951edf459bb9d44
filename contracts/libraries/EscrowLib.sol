// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Line, Order} from "../types/EscrowTypes.sol";

/// @title Hashes of orders and plans
library EscrowLib {
    bytes32 internal constant LINE_TYPEHASH = keccak256("Line(uint128 amount,uint64 gtin,uint256 rates)");
    bytes32 internal constant ORDER_TYPEHASH = keccak256(
        "Order(bytes32 planId,address payer,address receiver,address operator,address currency,uint32 seller,"
        "uint48 authorizationExpiry,uint48 receiptExpiry,uint256 salt,Line[] lines)"
        "Line(uint128 amount,uint64 gtin,uint256 rates)"
    );

    /// @notice hashStruct of an order (EIP-712).
    function structHash(Order calldata order) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](order.lines.length);
        for (uint256 i = 0; i < hashes.length; ++i) {
            Line calldata line = order.lines[i];
            hashes[i] = keccak256(abi.encode(LINE_TYPEHASH, line.amount, line.gtin, line.rates));
        }
        return keccak256(
            abi.encode(
                ORDER_TYPEHASH,
                order.planId,
                order.payer,
                order.receiver,
                order.operator,
                order.currency,
                order.seller,
                order.authorizationExpiry,
                order.receiptExpiry,
                order.salt,
                keccak256(abi.encodePacked(hashes))
            )
        );
    }

    /// @notice Under what the escrow keeps a plan: an order that names another brand or currency finds none.
    function planKey(bytes32 planId, address brand, address currency) internal pure returns (bytes32) {
        return keccak256(abi.encode(planId, brand, currency));
    }
}
