// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Actor} from "./Actor.sol";

/// @title Wallet1271
/// @notice A wallet that takes its owner's signatures for its own, unless it refuses all.
/// @dev The owner is part of the code, so that an account can stand under it, too (EIP-7702).
contract Wallet1271 is Actor, IERC1271 {
    bytes4 internal constant REFUSAL = 0xffffffff;

    address public immutable OWNER;

    bool public isRefusing;

    constructor(address owner) {
        OWNER = owner;
    }

    function setRefusing(bool refusing) external {
        isRefusing = refusing;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        bool isOwners = failure == ECDSA.RecoverError.NoError && signer == OWNER;
        return isOwners && !isRefusing ? IERC1271.isValidSignature.selector : REFUSAL;
    }
}
