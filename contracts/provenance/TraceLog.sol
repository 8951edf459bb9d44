// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITraceLog} from "../interfaces/ITraceLog.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {PERMISSION_TRACE} from "../types/Permissions.sol";
import {Trace, TraceEntry} from "../types/ProvenanceTypes.sol";
import {IssuerRegistry} from "./IssuerRegistry.sol";

/// @title TraceLog
abstract contract TraceLog is IssuerRegistry, ITraceLog {
    /* STORAGE */

    mapping(bytes32 batchId => Trace) private _traces;
    mapping(bytes32 batchId => mapping(uint256 sequence => uint256 correction)) private _corrections;

    /* EXTERNAL WRITES */

    /// @inheritdoc ITraceLog
    function appendTrace(bytes32 batchId, uint256 sequence, bytes32[] calldata eventHashes) external {
        // Check:
        _checkAuthorized(ItemLib.issuerOf(batchId), PERMISSION_TRACE);
        Trace memory trace = _traceFor(batchId, sequence);
        if (eventHashes.length == 0) revert TraceLog_NoEvents();

        // Effect: the chain is folded in memory and written once.
        for (uint256 i = 0; i < eventHashes.length; ++i) {
            _append(batchId, trace, eventHashes[i], eventHashes[i]);
        }
        _traces[batchId] = trace;
    }

    /// @inheritdoc ITraceLog
    function appendTraces(TraceEntry[] calldata entries) external {
        if (entries.length == 0) revert TraceLog_NoEvents();
        address issuer;
        for (uint256 i = 0; i < entries.length; ++i) {
            TraceEntry calldata entry = entries[i];
            // Check: neighbours of one issuer ask once; no identity is the zero address.
            address owner = ItemLib.issuerOf(entry.batchId);
            if (owner != issuer || i == 0) _checkAuthorized(issuer = owner, PERMISSION_TRACE);
            Trace memory trace = _traceFor(entry.batchId, entry.sequence);

            // Effect:
            _append(entry.batchId, trace, entry.eventHash, entry.eventHash);
            _traces[entry.batchId] = trace;
        }
    }

    /// @inheritdoc ITraceLog
    function correctTrace(bytes32 batchId, uint256 sequence, uint256 corrected, bytes32 eventHash) external {
        // Check:
        _checkAuthorized(ItemLib.issuerOf(batchId), PERMISSION_TRACE);
        Trace memory trace = _traceFor(batchId, sequence);
        if (corrected >= trace.count) revert TraceLog_EventUnknown(batchId, corrected, trace.count);
        uint256 correction = _corrections[batchId][corrected];
        if (correction != 0) revert TraceLog_AlreadyCorrected(batchId, corrected, correction);

        // Effect: a correction is never event 0, so 0 is "none".
        _corrections[batchId][corrected] = trace.count;
        emit TraceCorrected(batchId, corrected, trace.count);
        _append(batchId, trace, eventHash, keccak256(abi.encode(eventHash, corrected)));
        _traces[batchId] = trace;
    }

    /* EXTERNAL READS */

    /// @inheritdoc ITraceLog
    function traceOf(bytes32 batchId) external view returns (Trace memory) {
        return _traces[batchId];
    }

    /// @inheritdoc ITraceLog
    function latestOf(bytes32 batchId, uint256 sequence) external view returns (uint256) {
        uint256 count = _traces[batchId].count;
        if (sequence >= count) revert TraceLog_EventUnknown(batchId, sequence, count);
        uint256 correction = _corrections[batchId][sequence];
        while (correction != 0) {
            sequence = correction;
            correction = _corrections[batchId][sequence];
        }
        return sequence;
    }

    /* INTERNAL */

    /// @dev Reverts unless there is such a batch.
    function _checkRegistered(bytes32 batchId) internal view virtual;

    /// @dev The trace as it stands, if `sequence` is the place that is meant. A batch with a trace is registered, so
    /// only the first event needs to look.
    function _traceFor(bytes32 batchId, uint256 sequence) internal view returns (Trace memory trace) {
        trace = _traces[batchId];
        if (trace.count == 0) _checkRegistered(batchId);
        if (sequence != trace.count) revert TraceLog_SequenceWrong(batchId, sequence, trace.count);
    }

    /// @dev Folds an entry into a trace in memory.
    function _append(bytes32 batchId, Trace memory trace, bytes32 eventHash, bytes32 entry) internal {
        if (eventHash == 0) revert TraceLog_EventHashZero(batchId, trace.count);
        emit TraceAppended(batchId, trace.count, eventHash, msg.sender);
        trace.head = bytes26(keccak256(abi.encode(batchId, trace.count, trace.head, entry)));
        trace.count += 1;
    }
}
