// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Batch, BatchRegistration, Item, Trace, Verdict} from "../types/ProvenanceTypes.sol";

/// @title Batches, their trace and their recalls
/// @notice An issuer writes in a name space of its own, by itself or through delegates; nothing written is ever
/// changed.
/// @dev Cannot be paused and has no administrator.
interface IProvenanceRegistry {
    /// @notice A batch was registered.
    event BatchRegistered(
        bytes32 indexed batchId,
        address indexed issuer,
        uint64 indexed gtin,
        bytes20 lot,
        uint32 itemCount,
        bytes32 root,
        uint48 producedAt,
        uint48 expiresAt,
        bytes32 documentHash
    );

    /// @notice A trace event was appended. Sequence numbers of a batch are dense, from 0.
    event TraceAppended(bytes32 indexed batchId, uint256 indexed sequence, bytes32 eventHash, address actor);

    /// @notice A batch was recalled. There is no way back.
    event BatchRecalled(bytes32 indexed batchId, bytes32 noticeHash, address actor);

    /// @notice The caller may not act for the issuer in this matter.
    error ProvenanceRegistry_NotAuthorized(address issuer, bytes32 permission, address actor);

    /// @notice The GTIN is not a number of 1 to 14 digits.
    error ProvenanceRegistry_GtinOutOfRange(uint64 gtin, uint64 limit);

    /// @notice The lot is empty.
    error ProvenanceRegistry_LotEmpty();

    /// @notice A batch needs at least one item and a root.
    error ProvenanceRegistry_BatchEmpty(uint32 itemCount, bytes32 root);

    /// @notice The expiry is not after the production, or already past.
    error ProvenanceRegistry_ExpiryTooEarly(uint48 expiresAt, uint256 earliest);

    /// @notice The issuer registered this GTIN and lot before.
    error ProvenanceRegistry_BatchExists(bytes32 batchId, uint48 registeredAt);

    /// @notice There is no such batch.
    error ProvenanceRegistry_BatchUnknown(bytes32 batchId);

    /// @notice The events are meant for another place in the trace: some were appended since.
    error ProvenanceRegistry_SequenceWrong(bytes32 batchId, uint256 sequence, uint256 next);

    /// @notice The list of events is empty.
    error ProvenanceRegistry_NoEvents(bytes32 batchId);

    /// @notice An event hash is zero.
    error ProvenanceRegistry_EventHashZero(bytes32 batchId, uint256 position);

    /// @notice The batch is recalled already.
    error ProvenanceRegistry_AlreadyRecalled(bytes32 batchId, uint48 recalledAt);

    /// @notice Registers a batch of any size in one transaction.
    /// @dev Emits {BatchRegistered}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_BATCH`.
    /// - `gtin` must be 1 to 14 digits, and `lot`, `itemCount` and `root` not zero.
    /// - `expiresAt` must be 0, or after `producedAt` and after now.
    /// - The issuer must not have registered the same GTIN and lot before.
    /// @return batchId the batch's id, see {batchIdOf}
    function registerBatch(BatchRegistration calldata registration) external returns (bytes32 batchId);

    /// @notice Appends trace events in order. The hash is the CBV 2.0 event hash of an EPCIS event.
    /// @dev Emits {TraceAppended} for each.
    ///
    /// Notes:
    /// - Recalled and expired batches go on being traced: returns and destruction are events too.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_TRACE`.
    /// - The batch must be registered, the list not empty, no hash zero.
    /// - `sequence` must be the number of events so far: a list that was sent twice is appended once.
    function appendTrace(bytes32 batchId, uint256 sequence, bytes32[] calldata eventHashes) external;

    /// @notice Recalls a batch of any size.
    /// @dev Emits {BatchRecalled}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_RECALL`.
    /// - The batch must be registered and not recalled.
    function recallBatch(bytes32 batchId, bytes32 noticeHash) external;

    /// @notice What the registry alone says of an item: UNKNOWN, RECALLED, ISSUER_REVOKED, EXPIRED or REGISTERED.
    /// @dev Says nothing of who the issuer is: whoever asks must know which identity is the brand's.
    /// @return verdict the gravest of what holds
    /// @return reasons all that holds, a `REASON_` bit each
    function verdictOf(Item calldata item, bytes32[] calldata proof)
        external
        view
        returns (Verdict verdict, uint256 reasons);

    /// @notice What is kept of a batch; all zero if there is none.
    function batchOf(bytes32 batchId) external view returns (Batch memory);

    /// @notice Number of trace events and the head of their hash chain.
    /// @dev head = bytes26(keccak256(abi.encode(batchId, sequence, previous head, eventHash))), from head 0.
    function traceOf(bytes32 batchId) external view returns (Trace memory);

    /// @notice The id a batch has or would have.
    function batchIdOf(address issuer, uint64 gtin, bytes20 lot) external pure returns (bytes32);
}
