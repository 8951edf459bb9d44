// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Actor} from "./Actor.sol";

/// @title Wallet1271
/// @notice A wallet that signs as its owner does (ERC-1271), until it is told to refuse.
contract Wallet1271 is Actor, IERC1271 {
    address public immutable OWNER;
    bool public isRefusing;

    constructor(address owner) {
        OWNER = owner;
    }

    function setRefusing(bool isRefusing_) external {
        isRefusing = isRefusing_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == OWNER && !isRefusing ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
