// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {PERMISSION_BATCH, PERMISSION_RECALL, PERMISSION_TRACE} from "../types/Permissions.sol";
import {
    Batch,
    BatchRegistration,
    Item,
    REASON_EXPIRED,
    REASON_ISSUER_DEACTIVATED,
    REASON_RECALLED,
    Trace,
    Verdict
} from "../types/ProvenanceTypes.sol";

/// @title ProvenanceRegistry
contract ProvenanceRegistry is IProvenanceRegistry {
    /* CONSTANTS */

    uint64 internal constant GTIN_LIMIT = 99_999_999_999_999;

    /* IMMUTABLES */

    /// @notice Answers who may act for an issuer.
    IIdentityRegistry public immutable IDENTITIES;

    /* STORAGE */

    mapping(bytes32 batchId => Batch) private _batches;
    mapping(bytes32 batchId => Trace) private _traces;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities) {
        IDENTITIES = identities;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IProvenanceRegistry
    function registerBatch(BatchRegistration calldata registration) external returns (bytes32 batchId) {
        // Check:
        _checkAuthorized(registration.issuer, PERMISSION_BATCH);
        _checkRegistration(registration);
        batchId = ItemLib.batchId(registration.issuer, registration.gtin, registration.lot);
        Batch storage batch = _batches[batchId];
        if (batch.itemCount != 0) revert ProvenanceRegistry_BatchExists(batchId, batch.registeredAt);

        // Effect: written as one, so that the second slot is touched once. Safe cast: the time fits 48 bits for ages.
        _batches[batchId] = Batch({
            root: registration.root,
            itemCount: registration.itemCount,
            registeredAt: uint48(block.timestamp),
            expiresAt: registration.expiresAt,
            recalledAt: 0
        });

        emit BatchRegistered(
            batchId,
            registration.issuer,
            registration.gtin,
            registration.lot,
            registration.itemCount,
            registration.root,
            registration.producedAt,
            registration.expiresAt,
            registration.documentHash
        );
    }

    /// @inheritdoc IProvenanceRegistry
    function appendTrace(bytes32 batchId, uint256 sequence, bytes32[] calldata eventHashes) external {
        // Check: a batch with a trace is registered, so only the first event needs to look.
        _checkAuthorized(ItemLib.issuerOf(batchId), PERMISSION_TRACE);
        Trace memory trace = _traces[batchId];
        if (trace.count == 0) _checkRegistered(batchId);
        if (sequence != trace.count) revert ProvenanceRegistry_SequenceWrong(batchId, sequence, trace.count);
        if (eventHashes.length == 0) revert ProvenanceRegistry_NoEvents(batchId);

        // Effect: the chain is folded in memory and written once.
        for (uint256 i = 0; i < eventHashes.length; ++i) {
            bytes32 eventHash = eventHashes[i];
            if (eventHash == 0) revert ProvenanceRegistry_EventHashZero(batchId, i);
            emit TraceAppended(batchId, trace.count, eventHash, msg.sender);
            trace.head = bytes26(keccak256(abi.encode(batchId, trace.count, trace.head, eventHash)));
            trace.count += 1;
        }
        _traces[batchId] = trace;
    }

    /// @inheritdoc IProvenanceRegistry
    function recallBatch(bytes32 batchId, bytes32 noticeHash) external {
        // Check:
        _checkAuthorized(ItemLib.issuerOf(batchId), PERMISSION_RECALL);
        _checkRegistered(batchId);
        Batch storage batch = _batches[batchId];
        if (batch.recalledAt != 0) revert ProvenanceRegistry_AlreadyRecalled(batchId, batch.recalledAt);

        // Effect: safe cast, see registerBatch.
        batch.recalledAt = uint48(block.timestamp);

        emit BatchRecalled(batchId, noticeHash, msg.sender);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IProvenanceRegistry
    function verdictOf(Item calldata item, bytes32[] calldata proof)
        external
        view
        returns (Verdict verdict, uint256 reasons)
    {
        Batch memory batch = _batches[item.batchId];
        reasons = ItemLib.nonMembership(batch, address(this), item, proof);
        if (reasons != 0) return (Verdict.UNKNOWN, reasons);

        // From the mildest to the gravest: the last that holds is the verdict.
        verdict = Verdict.REGISTERED;
        if (batch.expiresAt != 0 && block.timestamp >= batch.expiresAt) {
            (verdict, reasons) = (Verdict.EXPIRED, reasons | REASON_EXPIRED);
        }
        if (IDENTITIES.identityOwner(ItemLib.issuerOf(item.batchId)) == address(0)) {
            (verdict, reasons) = (Verdict.ISSUER_REVOKED, reasons | REASON_ISSUER_DEACTIVATED);
        }
        if (batch.recalledAt != 0) {
            (verdict, reasons) = (Verdict.RECALLED, reasons | REASON_RECALLED);
        }
    }

    /// @inheritdoc IProvenanceRegistry
    function batchOf(bytes32 batchId) external view returns (Batch memory) {
        return _batches[batchId];
    }

    /// @inheritdoc IProvenanceRegistry
    function traceOf(bytes32 batchId) external view returns (Trace memory) {
        return _traces[batchId];
    }

    /// @inheritdoc IProvenanceRegistry
    function batchIdOf(address issuer, uint64 gtin, bytes20 lot) external pure returns (bytes32) {
        return ItemLib.batchId(issuer, gtin, lot);
    }

    /* INTERNAL */

    function _checkAuthorized(address issuer, bytes32 permission) internal view {
        if (!IDENTITIES.isAuthorized(issuer, permission, msg.sender)) {
            revert ProvenanceRegistry_NotAuthorized(issuer, permission, msg.sender);
        }
    }

    function _checkRegistered(bytes32 batchId) internal view {
        if (_batches[batchId].itemCount == 0) revert ProvenanceRegistry_BatchUnknown(batchId);
    }

    function _checkRegistration(BatchRegistration calldata registration) internal view {
        uint64 gtin = registration.gtin;
        if (gtin == 0 || gtin > GTIN_LIMIT) revert ProvenanceRegistry_GtinOutOfRange(gtin, GTIN_LIMIT);
        if (registration.lot == 0) revert ProvenanceRegistry_LotEmpty();
        if (registration.itemCount == 0 || registration.root == 0) {
            revert ProvenanceRegistry_BatchEmpty(registration.itemCount, registration.root);
        }
        uint48 expiresAt = registration.expiresAt;
        if (expiresAt == 0) return;
        uint256 earliest = 1 + (registration.producedAt > block.timestamp ? registration.producedAt : block.timestamp);
        if (expiresAt < earliest) revert ProvenanceRegistry_ExpiryTooEarly(expiresAt, earliest);
    }
}
