// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {BatchState, BatchStateLib} from "../types/BatchState.sol";
import {NoticeState, NoticeStateLib} from "../types/NoticeState.sol";
import {PERMISSION_ACTIVATE, PERMISSION_BATCH, PERMISSION_RECALL} from "../types/Permissions.sol";
import {
    Batch,
    BatchRegistration,
    GtinNotice,
    Item,
    Notice,
    NoticeKind,
    REASON_BATCH_UNKNOWN,
    REASON_EXPIRED,
    REASON_GTIN_NOTICE,
    REASON_INDEX_OUT_OF_RANGE,
    REASON_ISSUER_DEACTIVATED,
    REASON_KEY_REVOKED,
    REASON_NOT_ACTIVATED,
    REASON_RECALLED,
    REASON_SUSPENDED,
    Verdict
} from "../types/ProvenanceTypes.sol";
import {IssuerRegistry} from "./IssuerRegistry.sol";
import {TraceLog} from "./TraceLog.sol";

/// @title ProvenanceRegistry
contract ProvenanceRegistry is TraceLog, IProvenanceRegistry {
    /// @dev Two slots a batch.
    struct StoredBatch {
        bytes32 root;
        BatchState state;
    }

    /* CONSTANTS */

    uint64 internal constant GTIN_LIMIT = 99_999_999_999_999;
    uint256 internal constant NOTICE_LIMIT = 32;

    /* STORAGE */

    mapping(bytes32 batchId => StoredBatch) private _batches;
    mapping(bytes32 batchId => mapping(uint256 word => uint256 cartons)) private _activations;
    mapping(bytes32 batchId => mapping(uint256 number => NoticeState)) private _notices;
    mapping(address issuer => mapping(uint64 gtin => GtinNotice)) private _gtinNotices;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities) IssuerRegistry(identities) {}

    /* EXTERNAL WRITES */

    /// @inheritdoc IProvenanceRegistry
    function registerBatch(BatchRegistration calldata registration) external returns (bytes32 batchId) {
        // Check:
        _checkAuthorized(registration.issuer, PERMISSION_BATCH);
        _checkRegistration(registration);
        batchId = ItemLib.batchId(registration.issuer, registration.gtin, registration.lot);
        StoredBatch storage batch = _batches[batchId];
        uint48 registeredAt = batch.state.registeredAt();
        if (registeredAt != 0) revert ProvenanceRegistry_BatchExists(batchId, registeredAt);

        // Effect: safe cast, the time fits 48 bits for ages.
        _useAllowance(registration.issuer, registration.itemCount);
        batch.root = registration.root;
        batch.state = BatchStateLib.pack(
            registration.itemCount,
            registration.gtin,
            uint48(block.timestamp),
            registration.expiresAt,
            registration.cartonSize,
            _tagOf(msg.sender)
        );

        _emitRegistered(batchId, registration);
    }

    /// @inheritdoc IProvenanceRegistry
    function activate(bytes32 batchId, uint256 first, uint256 last) external {
        // Check:
        _checkAuthorized(ItemLib.issuerOf(batchId), PERMISSION_ACTIVATE);
        BatchState batch = _registered(batchId);
        uint256 cartonSize = batch.cartonSize();
        if (cartonSize == 0) revert ProvenanceRegistry_NothingToActivate(batchId);
        _checkRange(batchId, first, last, (batch.itemCount() + cartonSize - 1) / cartonSize);

        // Effect: 256 cartons a slot.
        for (uint256 word = first >> 8; word <= last >> 8; ++word) {
            uint256 from = word == first >> 8 ? first & 0xff : 0;
            uint256 to = word == last >> 8 ? last & 0xff : 0xff;
            _activations[batchId][word] |= (type(uint256).max >> (255 - to)) & (type(uint256).max << from);
        }

        emit CartonsActivated(batchId, first, last, msg.sender);
    }

    /// @inheritdoc IProvenanceRegistry
    function recall(bytes32 batchId, uint32 first, uint32 last, NoticeKind kind, bytes32 noticeHash)
        external
        returns (uint256 number)
    {
        // Check:
        _checkAuthorized(ItemLib.issuerOf(batchId), PERMISSION_RECALL);
        BatchState batch = _registered(batchId);
        uint32 itemCount = batch.itemCount();
        _checkRange(batchId, first, last, itemCount);
        number = batch.noticeCount();
        if (number >= NOTICE_LIMIT) {
            if (first != 0 || last != itemCount - 1) {
                revert ProvenanceRegistry_TooManyNotices(batchId, NOTICE_LIMIT);
            }
            // One more place for the whole batch, so that no key that once was good can use up the recalls.
            number = NOTICE_LIMIT;
            NoticeState before = _notices[batchId][number];
            if (before.stands()) kind = _graver(kind, before.kindOf());
        }

        // Effect: safe cast, the time fits 48 bits for ages.
        if (number == batch.noticeCount()) _batches[batchId].state = batch.withNotice();
        _notices[batchId][number] = NoticeStateLib.pack(first, last, uint48(block.timestamp), kind);

        emit NoticeIssued(batchId, number, kind, first, last, noticeHash, msg.sender);
    }

    /// @inheritdoc IProvenanceRegistry
    function reinstate(bytes32 batchId, uint256 number, bytes32 noticeHash) external {
        // Check:
        _checkAuthorized(ItemLib.issuerOf(batchId), PERMISSION_RECALL);
        NoticeState notice = _notices[batchId][number];
        if (!notice.stands()) revert ProvenanceRegistry_NoticeNotStanding(batchId, number);

        // Effect: safe cast, see recall.
        _notices[batchId][number] = notice.lifted(uint48(block.timestamp));

        emit NoticeLifted(batchId, number, noticeHash, msg.sender);
    }

    /// @inheritdoc IProvenanceRegistry
    function recallGtin(address issuer, uint64 gtin, NoticeKind kind, bytes32 noticeHash) external {
        // Check:
        _checkAuthorized(issuer, PERMISSION_RECALL);
        _checkGtin(gtin);
        GtinNotice storage before = _gtinNotices[issuer][gtin];
        if (before.issuedAt != 0 && before.liftedAt == 0) kind = _graver(kind, before.kind);

        // Effect: safe cast, see recall.
        _gtinNotices[issuer][gtin] = GtinNotice({issuedAt: uint48(block.timestamp), liftedAt: 0, kind: kind});

        emit GtinNoticeIssued(issuer, gtin, kind, noticeHash, msg.sender);
    }

    /// @inheritdoc IProvenanceRegistry
    function reinstateGtin(address issuer, uint64 gtin, bytes32 noticeHash) external {
        // Check:
        _checkAuthorized(issuer, PERMISSION_RECALL);
        GtinNotice storage notice = _gtinNotices[issuer][gtin];
        if (notice.issuedAt == 0 || notice.liftedAt != 0) {
            revert ProvenanceRegistry_GtinNoticeNotStanding(issuer, gtin);
        }

        // Effect: safe cast, see recall.
        notice.liftedAt = uint48(block.timestamp);

        emit GtinNoticeLifted(issuer, gtin, noticeHash, msg.sender);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IProvenanceRegistry
    function verdictOf(Item calldata item, bytes32[] calldata proof)
        external
        view
        returns (Verdict verdict, uint256 reasons)
    {
        (bytes32 root, uint32 itemCount, uint256 standing) = standingOf(item.batchId, item.index);
        return ItemLib.grade(root, itemCount, standing, address(this), item, proof);
    }

    /// @inheritdoc IProvenanceRegistry
    function standingOf(bytes32 batchId, uint32 index)
        public
        view
        returns (bytes32 root, uint32 itemCount, uint256 reasons)
    {
        BatchState batch = _batches[batchId].state;
        (root, itemCount) = (_batches[batchId].root, batch.itemCount());
        if (itemCount == 0) return (root, itemCount, reasons);

        reasons = _condition(batch, batchId, index, index, type(uint48).max);
        address issuer = ItemLib.issuerOf(batchId);
        if (IDENTITIES.identityOwner(issuer) == address(0)) reasons |= REASON_ISSUER_DEACTIVATED;
        uint48 revokedFrom = _revokedFrom(issuer, batch.operatorTag());
        if (revokedFrom != 0 && batch.registeredAt() >= revokedFrom) reasons |= REASON_KEY_REVOKED;
        if (!_isActive(batchId, batch.cartonSize(), index)) reasons |= REASON_NOT_ACTIVATED;
    }

    /// @inheritdoc IProvenanceRegistry
    function conditionOf(bytes32 batchId, uint32 first, uint32 last, uint48 since)
        external
        view
        returns (uint256 reasons)
    {
        BatchState batch = _batches[batchId].state;
        if (batch.itemCount() == 0) return REASON_BATCH_UNKNOWN;
        if (first > last || last >= batch.itemCount()) return REASON_INDEX_OUT_OF_RANGE;
        return _condition(batch, batchId, first, last, since);
    }

    /// @inheritdoc IProvenanceRegistry
    function batchOf(bytes32 batchId) external view returns (Batch memory) {
        return _batches[batchId].state.unpack(_batches[batchId].root);
    }

    /// @inheritdoc IProvenanceRegistry
    function noticeOf(bytes32 batchId, uint256 number) external view returns (Notice memory) {
        return _notices[batchId][number].unpack();
    }

    /// @inheritdoc IProvenanceRegistry
    function gtinNoticeOf(address issuer, uint64 gtin) external view returns (GtinNotice memory) {
        return _gtinNotices[issuer][gtin];
    }

    /// @inheritdoc IProvenanceRegistry
    function isActive(bytes32 batchId, uint32 index) external view returns (bool) {
        BatchState batch = _batches[batchId].state;
        return index < batch.itemCount() && _isActive(batchId, batch.cartonSize(), index);
    }

    /// @inheritdoc IProvenanceRegistry
    function batchIdOf(address issuer, uint64 gtin, bytes20 lot) external pure returns (bytes32) {
        return ItemLib.batchId(issuer, gtin, lot);
    }

    /* INTERNAL */

    function _emitRegistered(bytes32 batchId, BatchRegistration calldata registration) internal {
        emit BatchRegistered(
            batchId,
            registration.issuer,
            registration.gtin,
            registration.lot,
            registration.itemCount,
            registration.cartonSize,
            registration.root,
            registration.producedAt,
            registration.expiresAt,
            registration.documentHash,
            msg.sender
        );
    }

    /// @dev Whether the range may be traded: expiry, notices on the range and on the GTIN, those issued from `since` on
    /// even if they are lifted.
    function _condition(BatchState batch, bytes32 batchId, uint32 first, uint32 last, uint48 since)
        internal
        view
        returns (uint256 reasons)
    {
        uint48 expiresAt = batch.expiresAt();
        if (expiresAt != 0 && block.timestamp >= expiresAt) reasons = REASON_EXPIRED;
        GtinNotice storage onGtin = _gtinNotices[ItemLib.issuerOf(batchId)][batch.gtin()];
        uint48 issuedAt = onGtin.issuedAt;
        if (batch.registeredAt() <= issuedAt && (onGtin.liftedAt == 0 || issuedAt >= since)) {
            reasons |= REASON_GTIN_NOTICE | _reasonOf(onGtin.kind);
        }
        uint256 count = batch.noticeCount();
        for (uint256 number = 0; number < count; ++number) {
            NoticeState notice = _notices[batchId][number];
            if (notice.touches(first, last, since)) reasons |= _reasonOf(notice.kindOf());
        }
    }

    function _isActive(bytes32 batchId, uint16 cartonSize, uint32 index) internal view returns (bool) {
        if (cartonSize == 0) return true;
        uint256 carton = index / cartonSize;
        return _activations[batchId][carton >> 8] >> (carton & 0xff) & 1 == 1;
    }

    function _checkRegistered(bytes32 batchId) internal view override {
        _registered(batchId);
    }

    function _registered(bytes32 batchId) internal view returns (BatchState batch) {
        batch = _batches[batchId].state;
        if (batch.itemCount() == 0) revert ProvenanceRegistry_BatchUnknown(batchId);
    }

    function _checkRegistration(BatchRegistration calldata registration) internal view {
        _checkGtin(registration.gtin);
        if (registration.lot == 0) revert ProvenanceRegistry_LotEmpty();
        if (registration.itemCount == 0 || registration.root == 0) {
            revert ProvenanceRegistry_BatchEmpty(registration.itemCount, registration.root);
        }
        uint48 expiresAt = registration.expiresAt;
        if (expiresAt == 0) return;
        uint256 earliest = 1 + (registration.producedAt > block.timestamp ? registration.producedAt : block.timestamp);
        if (expiresAt < earliest) revert ProvenanceRegistry_ExpiryTooEarly(expiresAt, earliest);
    }

    function _checkGtin(uint64 gtin) internal pure {
        if (gtin == 0 || gtin > GTIN_LIMIT) revert ProvenanceRegistry_GtinOutOfRange(gtin, GTIN_LIMIT);
    }

    function _checkRange(bytes32 batchId, uint256 first, uint256 last, uint256 count) internal pure {
        if (first > last || last >= count) revert ProvenanceRegistry_RangeWrong(batchId, first, last, count);
    }

    function _graver(NoticeKind kind, NoticeKind other) internal pure returns (NoticeKind) {
        return kind == NoticeKind.RECALL ? kind : other;
    }

    function _reasonOf(NoticeKind kind) internal pure returns (uint256) {
        return kind == NoticeKind.RECALL ? REASON_RECALLED : REASON_SUSPENDED;
    }
}
