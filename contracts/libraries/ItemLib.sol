// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {
    Batch,
    Item,
    REASON_BATCH_UNKNOWN,
    REASON_INDEX_OUT_OF_RANGE,
    REASON_PROOF_INVALID,
    REASON_PROOF_LENGTH
} from "../types/ProvenanceTypes.sol";

/// @title Identifiers, leaves and membership of items
library ItemLib {
    /// @notice The id of a batch: the issuer's address, then 12 bytes of the hash of GTIN and lot.
    /// @dev The name space is part of the id, so nobody but the issuer can ever write under it.
    function batchId(address issuer, uint64 gtin, bytes20 lot) internal pure returns (bytes32) {
        return bytes32(bytes20(issuer)) | (keccak256(abi.encode(gtin, lot)) >> 160);
    }

    /// @notice The issuer whose name space a batch id lies in.
    function issuerOf(bytes32 id) internal pure returns (address) {
        return address(bytes20(id));
    }

    /// @notice The id of an item.
    function itemId(bytes32 id, uint32 index) internal pure returns (bytes32) {
        return keccak256(abi.encode(id, index));
    }

    /// @notice The leaf of an item, in OpenZeppelin's `standard-v1` form.
    /// @dev Hashed twice, so that no inner node can pass for a leaf; bound to chain, registry, batch and position.
    function leaf(address registry, Item calldata item) internal view returns (bytes32) {
        bytes32 inner = keccak256(
            abi.encode(block.chainid, registry, item.batchId, item.index, item.serialCommitment, item.claimKey)
        );
        return keccak256(bytes.concat(inner));
    }

    /// @notice Depth of the tree over `itemCount` items padded to a power of two.
    function depth(uint32 itemCount) internal pure returns (uint256) {
        return Math.log2(itemCount, Math.Rounding.Ceil);
    }

    /// @notice Why an item is not a member of a batch.
    /// @return reason 0 if it is one, else one of the `REASON_` bits
    function nonMembership(Batch memory batch, address registry, Item calldata item, bytes32[] calldata proof)
        internal
        view
        returns (uint256 reason)
    {
        if (batch.itemCount == 0) return REASON_BATCH_UNKNOWN;
        if (item.index >= batch.itemCount) return REASON_INDEX_OUT_OF_RANGE;
        if (proof.length != depth(batch.itemCount)) return REASON_PROOF_LENGTH;
        if (!MerkleProof.verifyCalldata(proof, batch.root, leaf(registry, item))) return REASON_PROOF_INVALID;
    }
}
