// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {
    Item,
    REASON_BATCH_UNKNOWN,
    REASON_EXPIRED,
    REASON_INDEX_OUT_OF_RANGE,
    REASON_ISSUER_DEACTIVATED,
    REASON_KEY_REVOKED,
    REASON_PROOF_INVALID,
    REASON_PROOF_LENGTH,
    REASON_RECALLED,
    REASON_SUSPENDED,
    Verdict
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
    /// @dev Hashed twice, so that no inner node can pass for a leaf; bound to chain, registry, batch and position. The
    /// last word is the key's address with its kind above it.
    function leaf(address registry, Item calldata item) internal view returns (bytes32) {
        uint256 key = uint256(item.keyKind) << 160 | uint160(item.claimKey);
        bytes32 inner =
            keccak256(abi.encode(block.chainid, registry, item.batchId, item.index, item.serialCommitment, key));
        return keccak256(bytes.concat(inner));
    }

    /// @notice Whether a proof has the length that the tree over `itemCount` items, padded to a power of two, needs.
    function isDepth(uint256 length, uint32 itemCount) internal pure returns (bool) {
        return length <= 32 && 1 << length >= itemCount && 1 << length < 2 * uint256(itemCount);
    }

    /// @notice Verdict and reasons of an item from what its registry says of its batch and index.
    /// @param standing reasons that hold of the item if it is a member of the batch
    function grade(
        bytes32 root,
        uint32 itemCount,
        uint256 standing,
        address registry,
        Item calldata item,
        bytes32[] calldata proof
    ) internal view returns (Verdict, uint256 reasons) {
        if (itemCount == 0) return (Verdict.UNKNOWN, REASON_BATCH_UNKNOWN);
        if (item.index >= itemCount) return (Verdict.UNKNOWN, REASON_INDEX_OUT_OF_RANGE);
        if (!isDepth(proof.length, itemCount)) return (Verdict.UNKNOWN, REASON_PROOF_LENGTH);
        if (!MerkleProof.verifyCalldata(proof, root, leaf(registry, item))) {
            return (Verdict.UNKNOWN, REASON_PROOF_INVALID);
        }
        return (gravest(standing), standing);
    }

    /// @notice The verdict that the gravest of a registry's reasons makes.
    function gravest(uint256 reasons) internal pure returns (Verdict) {
        if (reasons & REASON_RECALLED != 0) return Verdict.RECALLED;
        if (reasons & (REASON_ISSUER_DEACTIVATED | REASON_KEY_REVOKED) != 0) return Verdict.ISSUER_REVOKED;
        if (reasons & REASON_SUSPENDED != 0) return Verdict.SUSPENDED;
        if (reasons & REASON_EXPIRED != 0) return Verdict.EXPIRED;
        return Verdict.REGISTERED;
    }
}
