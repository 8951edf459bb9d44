// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What an issuer declares when a batch is registered.
/// @param issuer identity in whose name space the batch lives
/// @param gtin GS1 trade item number as a number of at most 14 digits
/// @param lot GS1 batch or lot number, 1 to 20 ASCII characters, the rest zero
/// @param itemCount number of items under the root, at least 1
/// @param root Merkle root over the items' leaves, see {ItemLib}
/// @param producedAt production time, in seconds since 1970
/// @param expiresAt first second at which the goods are expired, 0 for goods that do not expire
/// @param documentHash hash of the batch document that lives off chain
struct BatchRegistration {
    address issuer;
    uint64 gtin;
    bytes20 lot;
    uint32 itemCount;
    bytes32 root;
    uint48 producedAt;
    uint48 expiresAt;
    bytes32 documentHash;
}

/// @notice What the chain keeps of a batch: two slots whatever its size. Times in seconds since 1970, 0 for never.
struct Batch {
    bytes32 root;
    uint32 itemCount;
    uint48 registeredAt;
    uint48 expiresAt;
    uint48 recalledAt;
}

/// @notice The trace of a batch: how many events, and a hash chain over all of them, in one slot.
struct Trace {
    bytes26 head;
    uint48 count;
}

/// @notice One item as its leaf shows it.
/// @param batchId batch the item belongs to
/// @param index position in the batch, from 0
/// @param serialCommitment salted hash of the GS1 serial number
/// @param claimKey address of the item's hidden key
struct Item {
    bytes32 batchId;
    uint32 index;
    bytes32 serialCommitment;
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
struct ItemState {
    address owner;
    uint48 claimedAt;
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
/// @dev The batch is recalled.
uint256 constant REASON_RECALLED = 1 << 5;
/// @dev The batch is past its expiry.
uint256 constant REASON_EXPIRED = 1 << 6;
/// @dev The item was claimed by the one who asks.
uint256 constant REASON_CLAIMED_BY_VIEWER = 1 << 7;
/// @dev The item was claimed by another account.
uint256 constant REASON_CLAIMED_BY_OTHER = 1 << 8;

/// @notice All that the chain knows of an item, true at one block.
struct ItemReport {
    Verdict verdict;
    uint256 reasons;
    address issuer;
    Batch batch;
    Trace trace;
    ItemState item;
    uint256 blockNumber;
    uint256 blockTime;
}
