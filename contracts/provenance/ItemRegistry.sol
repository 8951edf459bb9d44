// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IItemRegistry} from "../interfaces/IItemRegistry.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {Claim, Item, ItemState, Verdict} from "../types/ProvenanceTypes.sol";

/// @title ItemRegistry
contract ItemRegistry is IItemRegistry, EIP712 {
    /* CONSTANTS */

    bytes32 internal constant CLAIM_TYPEHASH =
        keccak256("Claim(bytes32 batchId,uint32 index,address claimer,uint48 deadline)");

    /* IMMUTABLES */

    /// @notice Answers whether an item may be claimed.
    IProvenanceRegistry public immutable PROVENANCE;

    /* STORAGE */

    mapping(bytes32 itemId => ItemState) private _items;

    /* CONSTRUCTOR */

    constructor(IProvenanceRegistry provenance) EIP712("Weilian ItemRegistry", "1") {
        PROVENANCE = provenance;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IItemRegistry
    function claim(Item calldata item, bytes32[] calldata proof, Claim calldata request, bytes calldata signature)
        external
    {
        // Check:
        bytes32 itemId = ItemLib.itemId(item.batchId, item.index);
        ItemState memory state = _items[itemId];
        if (state.owner != address(0)) revert ItemRegistry_AlreadyClaimed(itemId, state.owner, state.claimedAt);
        if (block.timestamp > request.deadline) {
            revert ItemRegistry_DeadlinePassed(request.deadline, block.timestamp);
        }
        if (request.claimer == address(0)) revert ItemRegistry_ClaimerZero();
        _checkSigner(item, request, signature);
        (Verdict verdict, uint256 reasons) = PROVENANCE.verdictOf(item, proof);
        if (verdict != Verdict.REGISTERED) revert ItemRegistry_NotClaimable(itemId, verdict, reasons);

        // Effect: safe cast, the time fits 48 bits for ages.
        _items[itemId] = ItemState({owner: request.claimer, claimedAt: uint48(block.timestamp)});

        emit ItemClaimed(itemId, item.batchId, request.claimer, item.index);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IItemRegistry
    function itemOf(bytes32 itemId) external view returns (ItemState memory) {
        return _items[itemId];
    }

    /// @inheritdoc IItemRegistry
    function itemIdOf(bytes32 batchId, uint32 index) external pure returns (bytes32) {
        return ItemLib.itemId(batchId, index);
    }

    /* INTERNAL */

    /// @dev The hidden key is a bare key, never an account, so only ECDSA is asked.
    function _checkSigner(Item calldata item, Claim calldata request, bytes calldata signature) internal view {
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(CLAIM_TYPEHASH, item.batchId, item.index, request.claimer, request.deadline))
        );
        address signer = ECDSA.recoverCalldata(digest, signature);
        if (signer != item.claimKey) revert ItemRegistry_WrongSigner(signer, item.claimKey);
    }
}
