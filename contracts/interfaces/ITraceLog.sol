// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Trace, TraceEntry} from "../types/ProvenanceTypes.sol";

/// @title The trace of batches: hashes of EPCIS events in an order nobody can rewrite
/// @notice A hash chain over all events of a batch makes every list of them checkable: none can be left out, added,
/// or put elsewhere.
/// @dev Cannot be paused and has no administrator.
interface ITraceLog {
    /// @notice A trace event was appended. Sequence numbers of a batch are dense, from 0.
    event TraceAppended(bytes32 indexed batchId, uint256 indexed sequence, bytes32 eventHash, address actor);

    /// @notice Event `corrected` of a trace is to be read as event `sequence`, which follows in the same transaction.
    event TraceCorrected(bytes32 indexed batchId, uint256 indexed corrected, uint256 sequence);

    /// @notice The events are meant for another place in the trace: some were appended since.
    error TraceLog_SequenceWrong(bytes32 batchId, uint256 sequence, uint256 next);

    /// @notice The list of events is empty.
    error TraceLog_NoEvents();

    /// @notice An event hash is zero.
    error TraceLog_EventHashZero(bytes32 batchId, uint256 sequence);

    /// @notice The event that is to be corrected is not in the trace.
    error TraceLog_EventUnknown(bytes32 batchId, uint256 sequence, uint256 count);

    /// @notice The event was corrected before: correct the correction.
    error TraceLog_AlreadyCorrected(bytes32 batchId, uint256 sequence, uint256 correction);

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

    /// @notice Appends events to the traces of many batches, in the order of the list.
    /// @dev Emits {TraceAppended} for each. Requirements as for {appendTrace}, entry by entry.
    function appendTraces(TraceEntry[] calldata entries) external;

    /// @notice Appends an event that stands for an earlier one from now on. The earlier one stays, with a link forward.
    /// @dev Emits {TraceCorrected} and {TraceAppended}.
    ///
    /// Requirements:
    /// - As for {appendTrace}.
    /// - Event `corrected` must be in the trace, and not be corrected before.
    function correctTrace(bytes32 batchId, uint256 sequence, uint256 corrected, bytes32 eventHash) external;

    /// @notice Number of trace events and the head of their hash chain.
    /// @dev head = bytes26(keccak256(abi.encode(batchId, sequence, previous head, entry))), from head 0; entry is the
    /// event hash, or keccak256(abi.encode(eventHash, corrected)) for a correction.
    function traceOf(bytes32 batchId) external view returns (Trace memory);

    /// @notice The event to be read in place of event `sequence`: the last of its corrections, or itself.
    /// @dev Follows the links one by one; of very long chains events tell the same.
    function latestOf(bytes32 batchId, uint256 sequence) external view returns (uint256);
}
