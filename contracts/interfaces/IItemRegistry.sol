// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Claim, Item, ItemState, KeyKind, OwnerAct, Verdict} from "../types/ProvenanceTypes.sol";

/// @title Items in the hands of their owners
/// @notice The first who shows the hidden key of an item owns it, once and for all copies of its label. Owners hand
/// items on, and report them lost, stolen or destroyed. Wallets see items as ERC-721 tokens.
/// @dev Cannot be paused and has no administrator. EIP-712 domain: name "Weilian ItemRegistry", version "1"
/// (ERC-5267). The token id is the item id.
interface IItemRegistry {
    /// @notice An item has its first owner, whom the ERC-721 `Transfer` before names.
    event ItemClaimed(bytes32 indexed batchId, uint32 indexed index, KeyKind keyKind);

    /// @notice An item's owner, or its chip, did something with it.
    event ItemActed(bytes32 indexed itemId, OwnerAct indexed act, address indexed owner, uint32 nonce);

    /// @notice The issuer reported an item stolen, or that the matter is closed. `caseHash` is that of the report.
    event ItemFlagged(bytes32 indexed itemId, bool isStolen, bytes32 caseHash, address actor);

    /// @notice The item was claimed before: it is opened, whatever its label says.
    error ItemRegistry_AlreadyClaimed(bytes32 itemId, address owner, uint48 claimedAt);

    /// @notice The signature came after its deadline.
    error ItemRegistry_DeadlinePassed(uint48 deadline, uint256 time);

    /// @notice The claim names no claimer.
    error ItemRegistry_ClaimerZero();

    /// @notice The signature is not the item's key's over this item, claimer and deadline.
    error ItemRegistry_WrongSigner(address signer, address claimKey);

    /// @notice The provenance registry's verdict forbids a claim.
    error ItemRegistry_NotClaimable(bytes32 itemId, Verdict verdict, uint256 reasons);

    /// @notice Nobody has claimed the item, or it was destroyed.
    error ItemRegistry_NotOwned(bytes32 itemId);

    /// @notice The caller does not own the item.
    error ItemRegistry_NotOwner(bytes32 itemId, address actor, address owner);

    /// @notice The signature is not the owner's over this act.
    error ItemRegistry_OwnerSignatureWrong(bytes32 itemId, address owner);

    /// @notice The item is reported lost or stolen: it cannot change hands. `flags` are `ITEM_` bits.
    error ItemRegistry_Reported(bytes32 itemId, uint8 flags);

    /// @notice The owner reported nothing that could be taken back.
    error ItemRegistry_NotReported(bytes32 itemId);

    /// @notice The item changes hands by its chip only.
    error ItemRegistry_ChipNeeded(bytes32 itemId);

    /// @notice The item's key is a hidden code, which whoever opened it may have seen: only its owner hands it on.
    error ItemRegistry_NoChip(bytes32 itemId);

    /// @notice The chip signed for a block that is not among the last 256.
    error ItemRegistry_BlockTooOld(uint256 blockNumber, uint256 current);

    /// @notice The caller may not report for the issuer.
    error ItemRegistry_NotAuthorized(address issuer, bytes32 permission, address actor);

    /// @notice The issuer has flagged the item already, or there is no report of it to close.
    error ItemRegistry_FlagUnchanged(bytes32 itemId, bool isStolen);

    /// @notice Makes the signed claimer the owner of an item. Anyone may send it.
    /// @dev Emits {ItemClaimed} and ERC-721 `Transfer` from zero.
    ///
    /// Notes:
    /// - The signature binds item, claimer, deadline, chain and contract: a copy from the mempool helps nobody else.
    /// - The claimer may be a contract; nothing is called on it.
    ///
    /// Requirements:
    /// - The item must never have been claimed, the deadline not past, the claimer not zero.
    /// - `signature` must be the item's key's EIP-712 signature of
    ///   `Claim(bytes32 batchId,uint32 index,address claimer,uint48 deadline)`, low-s.
    /// - The provenance registry must have no reason against it: see {IProvenanceRegistry.verdictOf}.
    function claim(Item calldata item, bytes32[] calldata proof, Claim calldata request, bytes calldata signature)
        external;

    /// @notice Does something with an item of the caller's. `to` counts for a transfer only.
    /// @dev Emits {ItemActed}, and ERC-721 `Transfer` where the owner changes or the item is destroyed.
    ///
    /// Requirements:
    /// - The caller must own the item.
    /// - TRANSFER: the item must not be reported, its key not in a chip, and `to` not zero.
    /// - REPORT_FOUND: the owner must have reported the item lost or stolen; an issuer's report stays.
    function act(bytes32 itemId, OwnerAct what, address to) external;

    /// @notice Does what the owner of an item signed, as {act} does. Anyone may send it.
    /// @dev Emits as {act}.
    ///
    /// Requirements:
    /// - As for {act}, and the deadline must not be past.
    /// - `signature` must be the owner's EIP-712 signature of
    ///   `Act(bytes32 itemId,uint8 act,address to,uint32 nonce,uint48 deadline)` with the item's nonce: by its key,
    ///   low-s, or ERC-1271.
    function actFor(bytes32 itemId, OwnerAct what, address to, uint48 deadline, bytes calldata signature) external;

    /// @notice Gives a claimed item with a chip to whoever its chip names: who has the item at hand. Anyone may send.
    /// @dev Emits {ItemActed} and ERC-721 `Transfer`.
    ///
    /// Requirements:
    /// - The item must be owned and not reported, its key in a chip, `to` not zero.
    /// - Block `blockNumber` must be one of the last 256: nobody knows its hash before, so the chip was at hand then.
    /// - `signature` must be the chip's EIP-712 signature of
    ///   `ChipTransfer(bytes32 itemId,address to,uint32 nonce,bytes32 blockHash)` with the item's nonce and that
    ///   block's hash, low-s.
    function transferWithChip(bytes32 itemId, address to, uint256 blockNumber, bytes calldata signature) external;

    /// @notice Reports an owned item stolen in the issuer's name, or closes the matter: every report of it, the owner's
    /// too, so that nobody can lock an item that is not theirs for good.
    /// @dev Emits {ItemFlagged}. The owner keeps the item and cannot hand it on meanwhile.
    ///
    /// Requirements:
    /// - The caller must be authorised by the batch's issuer for `PERMISSION_INSPECT`.
    /// - The item must be owned; not flagged yet, or for closing, reported by anyone.
    function flagStolen(bytes32 batchId, uint32 index, bool isStolen, bytes32 caseHash) external;

    /// @notice What is kept of an item; all zero if it is not claimed.
    function itemOf(bytes32 itemId) external view returns (ItemState memory);

    /// @notice The address of the chip of a claimed item, zero if it has none.
    function chipOf(bytes32 itemId) external view returns (address);

    /// @notice The id of an item.
    function itemIdOf(bytes32 batchId, uint32 index) external pure returns (bytes32);
}
