// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What an issuer declares when a batch is registered.
/// @param issuer identity in whose name space the batch lives
/// @param gtin GS1 trade item number as a number of at most 14 digits
/// @param lot GS1 batch or lot number, 1 to 20 ASCII characters, the rest zero
/// @param itemCount number of items under the root, at least 1
/// @param cartonSize items that are activated together, 0 if all are active from the registration on
/// @param root Merkle root over the items' leaves, see {ItemLib}
/// @param producedAt production time, in seconds since 1970
/// @param expiresAt first second at which the goods are expired, 0 for goods that do not expire
/// @param documentHash hash of the batch document that lives off chain
struct BatchRegistration {
    address issuer;
    uint64 gtin;
    bytes20 lot;
    uint32 itemCount;
    uint16 cartonSize;
    bytes32 root;
    uint48 producedAt;
    uint48 expiresAt;
    bytes32 documentHash;
}

/// @notice What the chain keeps of a batch: two slots whatever its size. Times in seconds since 1970, 0 for never.
/// @param noticeCount recalls and suspensions of its items so far, lifted ones included
/// @param operatorTag the last 7 bytes of the account that registered it
struct Batch {
    bytes32 root;
    uint32 itemCount;
    uint48 gtin;
    uint48 registeredAt;
    uint48 expiresAt;
    uint16 cartonSize;
    uint8 noticeCount;
    uint56 operatorTag;
}

/// @notice What an issuer keeps of one of its operators, in one slot.
/// @param revokedFrom second from which what the operator recorded is marked, 0 if it is not revoked
/// @param dailyLimit most items that it may register in a day (UTC), 0 for no limit
/// @param day day of its last registration, in days since 1970
/// @param used items registered on that day
struct Operator {
    uint48 revokedFrom;
    uint48 dailyLimit;
    uint48 day;
    uint48 used;
}

/// @notice A suspension holds goods back until more is known; a recall calls them back.
enum NoticeKind {
    SUSPENSION,
    RECALL
}

/// @notice A recall or suspension of the items `first` to `last` of a batch, itself included, in one slot.
/// @param liftedAt second at which the items were reinstated, 0 while the notice stands
struct Notice {
    uint32 first;
    uint32 last;
    uint48 issuedAt;
    uint48 liftedAt;
    NoticeKind kind;
}

/// @notice A recall or suspension of every batch of a GTIN that was registered up to `issuedAt`, in one slot.
struct GtinNotice {
    uint48 issuedAt;
    uint48 liftedAt;
    NoticeKind kind;
}

/// @notice The trace of a batch: how many events, and a hash chain over all of them, in one slot.
struct Trace {
    bytes26 head;
    uint48 count;
}

/// @notice One event for the trace of one batch.
/// @param sequence number of events that the trace has before it
struct TraceEntry {
    bytes32 batchId;
    uint48 sequence;
    bytes32 eventHash;
}

/// @notice What holds the key of an item: a code under a scratch layer, known to whoever saw it, or a chip that
/// stays with the item and signs anew each time.
enum KeyKind {
    HIDDEN_CODE,
    CHIP
}

/// @notice One item as its leaf shows it.
/// @param batchId batch the item belongs to
/// @param index position in the batch, from 0
/// @param serialCommitment salted hash of the GS1 serial number
/// @param keyKind what holds its key
/// @param claimKey address of its key
struct Item {
    bytes32 batchId;
    uint32 index;
    bytes32 serialCommitment;
    KeyKind keyKind;
    address claimKey;
}

/// @notice What a holder of the hidden key signs.
/// @param claimer account that becomes the owner
/// @param deadline last second at which the claim is accepted
struct Claim {
    address claimer;
    uint48 deadline;
}

/// @notice What the chain keeps of a claimed item, in one slot.
/// @param nonce number of acts of its owners and changes of hands so far
/// @param flags `ITEM_` bits
struct ItemState {
    address owner;
    uint48 claimedAt;
    uint32 nonce;
    uint8 flags;
}

/// Flags of an item, a bit each.

/// @dev Its owner reported it lost.
uint8 constant ITEM_LOST = 1 << 0;
/// @dev Its owner reported it stolen.
uint8 constant ITEM_STOLEN = 1 << 1;
/// @dev Its issuer reported it stolen.
uint8 constant ITEM_FLAGGED = 1 << 2;
/// @dev It was destroyed. There is no way back.
uint8 constant ITEM_DESTROYED = 1 << 3;
/// @dev A chip holds its key.
uint8 constant ITEM_CHIP = 1 << 4;

/// @notice What an owner can do with an item.
enum OwnerAct {
    TRANSFER,
    REPORT_LOST,
    REPORT_STOLEN,
    REPORT_FOUND,
    DESTROY
}

/// @notice The graded answer to "is this the real thing?". Never "fake", never "genuine" on public data alone.
enum Verdict {
    UNKNOWN,
    REGISTERED,
    IN_TRADE,
    GENUINE_FIRST_CLAIM,
    CLAIMED_BY_YOU,
    ALREADY_CLAIMED,
    RECALLED,
    EXPIRED,
    SUSPENDED,
    LOST_OR_STOLEN,
    ISSUER_REVOKED
}

/// Reasons behind a verdict, a bit each.

/// @dev No such batch.
uint256 constant REASON_BATCH_UNKNOWN = 1 << 0;
/// @dev The index is not below the batch's item count.
uint256 constant REASON_INDEX_OUT_OF_RANGE = 1 << 1;
/// @dev The proof is not as long as the batch's tree is deep.
uint256 constant REASON_PROOF_LENGTH = 1 << 2;
/// @dev The proof does not lead from the item to the root.
uint256 constant REASON_PROOF_INVALID = 1 << 3;
/// @dev The issuer's identity is deactivated.
uint256 constant REASON_ISSUER_DEACTIVATED = 1 << 4;
/// @dev The item is recalled: it, a range it is in, or its batch.
uint256 constant REASON_RECALLED = 1 << 5;
/// @dev The batch is past its expiry.
uint256 constant REASON_EXPIRED = 1 << 6;
/// @dev The item was claimed by the one who asks.
uint256 constant REASON_CLAIMED_BY_VIEWER = 1 << 7;
/// @dev The item was claimed by another account.
uint256 constant REASON_CLAIMED_BY_OTHER = 1 << 8;
/// @dev The item is suspended: it, a range it is in, or its batch.
uint256 constant REASON_SUSPENDED = 1 << 9;
/// @dev The recall or suspension is of the whole GTIN.
uint256 constant REASON_GTIN_NOTICE = 1 << 10;
/// @dev The key that registered the batch was revoked from a time before.
uint256 constant REASON_KEY_REVOKED = 1 << 11;
/// @dev The item's carton is not activated.
uint256 constant REASON_NOT_ACTIVATED = 1 << 12;
/// @dev The owner reported the item lost.
uint256 constant REASON_LOST = 1 << 13;
/// @dev The owner or the issuer reported the item stolen.
uint256 constant REASON_STOLEN = 1 << 14;
/// @dev The item was destroyed.
uint256 constant REASON_DESTROYED = 1 << 15;
/// @dev The item's lot has left the issuer.
uint256 constant REASON_LEFT_ISSUER = 1 << 16;
/// @dev The item's lot is on its way and not received.
uint256 constant REASON_IN_TRANSIT = 1 << 17;
/// @dev The item's lot was received with a discrepancy.
uint256 constant REASON_DISCREPANCY = 1 << 18;
/// @dev The seller is authorised by the issuer now.
uint256 constant REASON_SELLER_AUTHORIZED = 1 << 19;
/// @dev The seller was authorised by the issuer once and is no longer.
uint256 constant REASON_SELLER_LAPSED = 1 << 20;
/// @dev The seller was never authorised by the issuer.
uint256 constant REASON_SELLER_UNKNOWN = 1 << 21;
/// @dev The lot that was named does not hold the item.
uint256 constant REASON_LOT_WRONG = 1 << 22;

/// @notice What is asked of the lens.
/// @param viewer account that asks, zero for nobody in particular
/// @param lotFirst first index of the item's lot, as {ICustodyLedger} events tell
/// @param seller account that is said to offer the item, zero for the holder of its lot
struct Query {
    Item item;
    bytes32[] proof;
    address viewer;
    uint32 lotFirst;
    address seller;
}

/// @notice All that the chain knows of an item, true at one block. Custody and seller are those of its lot.
struct ItemReport {
    Verdict verdict;
    uint256 reasons;
    address issuer;
    Batch batch;
    Trace trace;
    ItemState item;
    Custody custody;
    Seller seller;
    uint256 blockNumber;
    uint256 blockTime;
}

/// Flags of a lot, a bit each.

/// @dev It is packed on a pallet.
uint8 constant LOT_PACKED = 1 << 0;
/// @dev A receiver counted another number of items than the lot has.
uint8 constant LOT_DISCREPANCY = 1 << 1;

/// @notice Lots that move together.
/// @param manifest hash of the list of its lots, see {IPalletLedger}
struct Pallet {
    address holder;
    uint32 version;
    uint32 lotCount;
    bytes32 manifest;
}

/// @notice A lot by its batch and its first index.
struct LotRef {
    bytes32 batchId;
    uint32 first;
}

/// @notice Who has a lot, pallets looked through.
/// @param holder identity that holds it, zero where there is no such lot
/// @param pallet pallet it is packed on, zero for none
/// @param offeredTo identity that it is offered to, zero for none
struct Custody {
    address holder;
    uint32 first;
    uint32 size;
    uint32 version;
    uint8 flags;
    address pallet;
    address offeredTo;
    uint48 offeredAt;
}

/// @notice A hand-over in one transaction, for which `signer` signed the receiver's receipt.
/// @param to identity that receives
/// @param signer account that may act for it
/// @param deadline last second at which the receipt is accepted
struct HandOver {
    bytes32 batchId;
    uint32 first;
    address to;
    address signer;
    uint48 deadline;
}

/// @notice A seller's authorisation by a brand, in one slot.
/// @param since second of the first authorisation, 0 if there never was one
/// @param validTo first second at which it no longer holds
/// @param territory first 20 bytes of keccak256(abi.encode(bytes32 salt, string territory)), zero for none
struct Seller {
    uint48 since;
    uint48 validTo;
    bytes20 territory;
}
