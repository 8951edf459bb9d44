// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Claim, Item, ItemState, Verdict} from "../types/ProvenanceTypes.sol";

/// @title Items in the hands of their owners
/// @notice The first who shows the hidden key of an item owns it, once and for all copies of its label.
/// @dev Cannot be paused and has no administrator. EIP-712 domain: name "Weilian ItemRegistry", version "1"
/// (ERC-5267).
interface IItemRegistry {
    /// @notice An item has its first owner.
    event ItemClaimed(bytes32 indexed itemId, bytes32 indexed batchId, address indexed owner, uint32 index);

    /// @notice The item was claimed before.
    error ItemRegistry_AlreadyClaimed(bytes32 itemId, address owner, uint48 claimedAt);

    /// @notice The claim came after its deadline.
    error ItemRegistry_DeadlinePassed(uint48 deadline, uint256 time);

    /// @notice The claim names no claimer.
    error ItemRegistry_ClaimerZero();

    /// @notice The signature is not the hidden key's over this item, claimer and deadline.
    error ItemRegistry_WrongSigner(address signer, address claimKey);

    /// @notice The provenance registry's verdict forbids a claim.
    error ItemRegistry_NotClaimable(bytes32 itemId, Verdict verdict, uint256 reasons);

    /// @notice Makes the signed claimer the owner of an item. Anyone may send it.
    /// @dev Emits {ItemClaimed}.
    ///
    /// Notes:
    /// - The signature binds item, claimer, deadline, chain and contract: a copy from the mempool helps nobody else.
    ///
    /// Requirements:
    /// - The item must not be claimed, the deadline not past, the claimer not zero.
    /// - `signature` must be the item's hidden key's EIP-712 signature of
    ///   `Claim(bytes32 batchId,uint32 index,address claimer,uint48 deadline)`, low-s.
    /// - The provenance registry's verdict must be REGISTERED.
    function claim(Item calldata item, bytes32[] calldata proof, Claim calldata request, bytes calldata signature)
        external;

    /// @notice What is kept of an item; all zero if it is not claimed.
    function itemOf(bytes32 itemId) external view returns (ItemState memory);

    /// @notice The id of an item.
    function itemIdOf(bytes32 batchId, uint32 index) external pure returns (bytes32);
}
