// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Order, Plan} from "../types/CommerceTypes.sol";

/// @title Ids of plans and orders: the hash of all their terms, bound to chain and contract
library OrderLib {
    /// @notice The id of an order at this contract.
    function id(Order calldata order) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), order));
    }

    /// @notice The id of a plan at this contract.
    function id(Plan calldata plan) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), plan));
    }
}
