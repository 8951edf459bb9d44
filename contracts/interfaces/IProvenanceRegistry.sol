// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Batch, BatchRegistration, GtinNotice, Item, Notice, NoticeKind, Verdict} from "../types/ProvenanceTypes.sol";
import {IIssuerRegistry} from "./IIssuerRegistry.sol";
import {ITraceLog} from "./ITraceLog.sol";

/// @title Batches, their activation, trace and recalls
/// @notice An issuer writes in a name space of its own, by itself or through delegates; nothing written is ever
/// changed, and what is taken back is taken back by a record of its own.
/// @dev Cannot be paused and has no administrator.
interface IProvenanceRegistry is IIssuerRegistry, ITraceLog {
    /// @notice A batch was registered.
    event BatchRegistered(
        bytes32 indexed batchId,
        address indexed issuer,
        uint64 indexed gtin,
        bytes20 lot,
        uint32 itemCount,
        uint16 cartonSize,
        bytes32 root,
        uint48 producedAt,
        uint48 expiresAt,
        bytes32 documentHash,
        address actor
    );

    /// @notice The cartons `first` to `last` of a batch were activated, itself included.
    event CartonsActivated(bytes32 indexed batchId, uint256 first, uint256 last, address actor);

    /// @notice The items `first` to `last` of a batch were recalled or suspended, itself included.
    event NoticeIssued(
        bytes32 indexed batchId,
        uint256 indexed number,
        NoticeKind kind,
        uint32 first,
        uint32 last,
        bytes32 noticeHash,
        address actor
    );

    /// @notice A notice no longer stands.
    event NoticeLifted(bytes32 indexed batchId, uint256 indexed number, bytes32 noticeHash, address actor);

    /// @notice Every batch of a GTIN that was registered up to now was recalled or suspended.
    event GtinNoticeIssued(
        address indexed issuer, uint64 indexed gtin, NoticeKind kind, bytes32 noticeHash, address actor
    );

    /// @notice The notice on a GTIN no longer stands.
    event GtinNoticeLifted(address indexed issuer, uint64 indexed gtin, bytes32 noticeHash, address actor);

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

    /// @notice The range is empty or reaches beyond the last carton or item.
    error ProvenanceRegistry_RangeWrong(bytes32 batchId, uint256 first, uint256 last, uint256 count);

    /// @notice All items of the batch are active from its registration on.
    error ProvenanceRegistry_NothingToActivate(bytes32 batchId);

    /// @notice The batch has as many notices as there can be: recall all of it.
    error ProvenanceRegistry_TooManyNotices(bytes32 batchId, uint256 limit);

    /// @notice There is no such notice, or it was lifted before.
    error ProvenanceRegistry_NoticeNotStanding(bytes32 batchId, uint256 number);

    /// @notice There is no notice on the GTIN, or it was lifted before.
    error ProvenanceRegistry_GtinNoticeNotStanding(address issuer, uint64 gtin);

    /// @notice Registers a batch of any size in one transaction.
    /// @dev Emits {BatchRegistered}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_BATCH`, its key not revoked, and its daily limit
    ///   must cover the items.
    /// - `gtin` must be 1 to 14 digits, and `lot`, `itemCount` and `root` not zero.
    /// - `expiresAt` must be 0, or after `producedAt` and after now.
    /// - The issuer must not have registered the same GTIN and lot before.
    /// @return batchId the batch's id, see {batchIdOf}
    function registerBatch(BatchRegistration calldata registration) external returns (bytes32 batchId);

    /// @notice Activates cartons: their items can be claimed from now on. There is no way back but a recall.
    /// @dev Emits {CartonsActivated}. Carton n holds the items from n × `cartonSize` on. Active cartons stay so.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_ACTIVATE`.
    /// - The batch must be registered with a carton size, and have the cartons `first` ≤ `last`.
    function activate(bytes32 batchId, uint256 first, uint256 last) external;

    /// @notice Recalls or suspends an item, a range of items, or a whole batch: the items `first` to `last`, itself
    /// included.
    /// @dev Emits {NoticeIssued}. `noticeHash` is that of the public notice, which gives the reason.
    ///
    /// Notes:
    /// - An item is recalled while any recall of it stands. Custody, claims and expiry hinder no recall.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_RECALL`.
    /// - The batch must be registered and have the items `first` ≤ `last`.
    /// - The batch must have fewer than 32 notices, lifted ones included, unless the whole batch is recalled: then the
    ///   33rd is written anew each time, a recall that stands never being weakened to a suspension.
    /// @return number the notice's number, by which it is lifted
    function recall(bytes32 batchId, uint32 first, uint32 last, NoticeKind kind, bytes32 noticeHash)
        external
        returns (uint256 number);

    /// @notice Lifts a notice. `noticeHash` is that of the public notice that says why.
    /// @dev Emits {NoticeLifted}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_RECALL`.
    /// - The notice must stand.
    function reinstate(bytes32 batchId, uint256 number, bytes32 noticeHash) external;

    /// @notice Recalls or suspends every batch of a GTIN that was registered up to this second.
    /// @dev Emits {GtinNoticeIssued}. A notice that stands is replaced, and reaches the batches registered since; a
    /// recall that stands is never weakened to a suspension.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_RECALL`.
    /// - `gtin` must be 1 to 14 digits.
    function recallGtin(address issuer, uint64 gtin, NoticeKind kind, bytes32 noticeHash) external;

    /// @notice Lifts the notice on a GTIN.
    /// @dev Emits {GtinNoticeLifted}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_RECALL`.
    /// - The notice must stand.
    function reinstateGtin(address issuer, uint64 gtin, bytes32 noticeHash) external;

    /// @notice What the registry alone says of an item: UNKNOWN, RECALLED, ISSUER_REVOKED, SUSPENDED, EXPIRED or
    /// REGISTERED.
    /// @dev Says nothing of who the issuer is: whoever asks must know which identity is the brand's. An item can be
    /// claimed if and only if there are no reasons.
    /// @return verdict the gravest of what holds
    /// @return reasons all that holds, a `REASON_` bit each
    function verdictOf(Item calldata item, bytes32[] calldata proof)
        external
        view
        returns (Verdict verdict, uint256 reasons);

    /// @notice What {verdictOf} needs of the chain, for whoever holds item and proof: see {ItemLib.grade}.
    /// @return root the batch's root
    /// @return itemCount the batch's number of items, 0 if there is no such batch
    /// @return reasons what holds of an item at this index if there is one, a `REASON_` bit each
    function standingOf(bytes32 batchId, uint32 index)
        external
        view
        returns (bytes32 root, uint32 itemCount, uint256 reasons);

    /// @notice What forbids the items `first` to `last` of a batch to be traded, itself included: expiry, and recalls
    /// and suspensions that touch any of them.
    /// @param since notices that were issued at this second or later count even if they are lifted by now, so that
    /// what was agreed before a recall does not come to life again
    /// @return reasons a `REASON_` bit each, BATCH_UNKNOWN or INDEX_OUT_OF_RANGE alone where there are no such items
    function conditionOf(bytes32 batchId, uint32 first, uint32 last, uint48 since)
        external
        view
        returns (uint256 reasons);

    /// @notice What is kept of a batch; all zero if there is none.
    function batchOf(bytes32 batchId) external view returns (Batch memory);

    /// @notice What is kept of a notice; all zero if there is none.
    function noticeOf(bytes32 batchId, uint256 number) external view returns (Notice memory);

    /// @notice What is kept of the notice on a GTIN; all zero if there never was one.
    function gtinNoticeOf(address issuer, uint64 gtin) external view returns (GtinNotice memory);

    /// @notice Whether an item can be claimed as far as activation goes.
    function isActive(bytes32 batchId, uint32 index) external view returns (bool);

    /// @notice The id a batch has or would have.
    function batchIdOf(address issuer, uint64 gtin, bytes20 lot) external pure returns (bytes32);
}
