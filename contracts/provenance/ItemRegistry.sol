// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IItemRegistry} from "../interfaces/IItemRegistry.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {ItemMetadataLib} from "../libraries/ItemMetadataLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {PERMISSION_INSPECT} from "../types/Permissions.sol";
import {
    Claim,
    ITEM_CHIP,
    ITEM_DESTROYED,
    ITEM_FLAGGED,
    ITEM_LOST,
    ITEM_STOLEN,
    Item,
    ItemState,
    KeyKind,
    OwnerAct,
    Verdict
} from "../types/ProvenanceTypes.sol";

/// @title ItemRegistry
contract ItemRegistry is IItemRegistry, ERC721, EIP712 {
    /* CONSTANTS */

    bytes32 internal constant CLAIM_TYPEHASH =
        keccak256("Claim(bytes32 batchId,uint32 index,address claimer,uint48 deadline)");
    bytes32 internal constant ACT_TYPEHASH =
        keccak256("Act(bytes32 itemId,uint8 act,address to,uint32 nonce,uint48 deadline)");
    bytes32 internal constant CHIP_TRANSFER_TYPEHASH =
        keccak256("ChipTransfer(bytes32 itemId,address to,uint32 nonce,bytes32 blockHash)");
    uint8 internal constant ITEM_REPORTED = ITEM_LOST | ITEM_STOLEN | ITEM_FLAGGED;

    /* IMMUTABLES */

    /// @notice Answers whether an item may be claimed.
    IProvenanceRegistry public immutable PROVENANCE;

    /// @notice Answers who may act for an issuer.
    IIdentityRegistry public immutable IDENTITIES;

    /* STORAGE */

    mapping(bytes32 itemId => ItemState) private _items;
    mapping(address owner => uint256) private _balances;

    /// @inheritdoc IItemRegistry
    mapping(bytes32 itemId => address chip) public chipOf;

    /* CONSTRUCTOR */

    constructor(IProvenanceRegistry provenance, IIdentityRegistry identities)
        ERC721("Weilian Items", "WLI")
        EIP712("Weilian ItemRegistry", "1")
    {
        PROVENANCE = provenance;
        IDENTITIES = identities;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IItemRegistry
    function claim(Item calldata item, bytes32[] calldata proof, Claim calldata request, bytes calldata signature)
        external
    {
        // Check:
        bytes32 itemId = ItemLib.itemId(item.batchId, item.index);
        ItemState storage state = _items[itemId];
        if (state.claimedAt != 0) revert ItemRegistry_AlreadyClaimed(itemId, state.owner, state.claimedAt);
        _checkDeadline(request.deadline);
        if (request.claimer == address(0)) revert ItemRegistry_ClaimerZero();
        _checkKey(
            keccak256(abi.encode(CLAIM_TYPEHASH, item.batchId, item.index, request.claimer, request.deadline)),
            item.claimKey,
            signature
        );
        (Verdict verdict, uint256 reasons) = _verdictOf(item, proof);
        if (reasons != 0) revert ItemRegistry_NotClaimable(itemId, verdict, reasons);

        // Effect: safe cast, the time fits 48 bits for ages.
        (state.owner, state.claimedAt) = (request.claimer, uint48(block.timestamp));
        if (item.keyKind == KeyKind.CHIP) (state.flags, chipOf[itemId]) = (ITEM_CHIP, item.claimKey);
        unchecked {
            // Safe: nobody can own 2^256 items.
            _balances[request.claimer] += 1;
        }

        emit Transfer(address(0), request.claimer, uint256(itemId));
        emit ItemClaimed(item.batchId, item.index, item.keyKind);
    }

    /// @inheritdoc IItemRegistry
    function act(bytes32 itemId, OwnerAct what, address to) external {
        // Check:
        address owner = _ownerOf(uint256(itemId));
        if (owner == address(0)) revert ItemRegistry_NotOwned(itemId);
        if (msg.sender != owner) revert ItemRegistry_NotOwner(itemId, msg.sender, owner);

        _act(itemId, what, to, owner);
    }

    /// @inheritdoc IItemRegistry
    function actFor(bytes32 itemId, OwnerAct what, address to, uint48 deadline, bytes calldata signature) external {
        // Check:
        address owner = _ownerOf(uint256(itemId));
        if (owner == address(0)) revert ItemRegistry_NotOwned(itemId);
        _checkDeadline(deadline);
        bytes32 message = keccak256(abi.encode(ACT_TYPEHASH, itemId, what, to, _items[itemId].nonce, deadline));
        if (!SignatureLib.isValid(owner, _hashTypedDataV4(message), signature)) {
            revert ItemRegistry_OwnerSignatureWrong(itemId, owner);
        }

        _act(itemId, what, to, owner);
    }

    /// @inheritdoc IItemRegistry
    function transferWithChip(bytes32 itemId, address to, uint256 blockNumber, bytes calldata signature) external {
        // Check:
        if (_ownerOf(uint256(itemId)) == address(0)) revert ItemRegistry_NotOwned(itemId);
        address chip = chipOf[itemId];
        if (chip == address(0)) revert ItemRegistry_NoChip(itemId);
        bytes32 blockHash = blockhash(blockNumber);
        if (blockHash == 0) revert ItemRegistry_BlockTooOld(blockNumber, block.number);
        ItemState storage state = _items[itemId];
        _checkKey(keccak256(abi.encode(CHIP_TRANSFER_TYPEHASH, itemId, to, state.nonce, blockHash)), chip, signature);

        _hand(itemId, to);
        emit ItemActed(itemId, OwnerAct.TRANSFER, to, state.nonce);
    }

    /// @inheritdoc IItemRegistry
    function flagStolen(bytes32 batchId, uint32 index, bool isStolen, bytes32 caseHash) external {
        // Check:
        address issuer = ItemLib.issuerOf(batchId);
        if (!IDENTITIES.isAuthorized(issuer, PERMISSION_INSPECT, msg.sender)) {
            revert ItemRegistry_NotAuthorized(issuer, PERMISSION_INSPECT, msg.sender);
        }
        bytes32 itemId = ItemLib.itemId(batchId, index);
        if (_ownerOf(uint256(itemId)) == address(0)) revert ItemRegistry_NotOwned(itemId);
        ItemState storage state = _items[itemId];
        uint8 reported = state.flags & (isStolen ? ITEM_FLAGGED : ITEM_REPORTED);
        if ((reported != 0) == isStolen) revert ItemRegistry_FlagUnchanged(itemId, isStolen);

        // Effect:
        state.flags = isStolen ? state.flags | ITEM_FLAGGED : state.flags & ~ITEM_REPORTED;

        emit ItemFlagged(itemId, isStolen, caseHash, msg.sender);
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

    /// @notice Number of items that an account owns.
    function balanceOf(address owner) public view override returns (uint256) {
        if (owner == address(0)) revert ERC721InvalidOwner(address(0));
        return _balances[owner];
    }

    /// @notice What a wallet shows of an item: a `data:` URL with its id and state, nothing to fetch.
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        return ItemMetadataLib.tokenUri(bytes32(tokenId), _items[bytes32(tokenId)]);
    }

    /* INTERNAL */

    /// @dev Does what the owner wants; whoever calls has checked that it is the owner who wants it.
    function _act(bytes32 itemId, OwnerAct what, address to, address owner) internal {
        ItemState storage state = _items[itemId];
        if (what == OwnerAct.TRANSFER) {
            if (state.flags & ITEM_CHIP != 0) revert ItemRegistry_ChipNeeded(itemId);
            _hand(itemId, to);
        } else {
            if (what == OwnerAct.REPORT_FOUND && state.flags & (ITEM_LOST | ITEM_STOLEN) == 0) {
                revert ItemRegistry_NotReported(itemId);
            }
            if (what == OwnerAct.DESTROY) _update(address(0), uint256(itemId), address(0));
            state.flags = _flagsAfter(state.flags, what);
            state.nonce += 1;
        }

        emit ItemActed(itemId, what, what == OwnerAct.TRANSFER ? to : owner, state.nonce);
    }

    function _hand(bytes32 itemId, address to) internal {
        if (to == address(0)) revert ERC721InvalidReceiver(address(0));
        _update(to, uint256(itemId), address(0));
    }

    /// @dev ERC-721's bookkeeping over our slot: every change of hands goes through here, the claim alone does not.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        // Check:
        bytes32 itemId = bytes32(tokenId);
        ItemState storage state = _items[itemId];
        from = _ownerOf(tokenId);
        if (from == address(0)) revert ERC721NonexistentToken(tokenId);
        if (auth != address(0)) {
            _checkAuthorized(from, auth, tokenId);
            if (state.flags & ITEM_CHIP != 0) revert ItemRegistry_ChipNeeded(itemId);
        }
        if (to != address(0) && state.flags & ITEM_REPORTED != 0) {
            revert ItemRegistry_Reported(itemId, state.flags);
        }

        // Effect: a destroyed item keeps its last owner on record.
        _approve(address(0), tokenId, address(0), false);
        unchecked {
            // Safe: `from` owns this item, and nobody can own 2^256 items.
            _balances[from] -= 1;
            if (to != address(0)) _balances[to] += 1;
        }
        if (to != address(0)) {
            state.owner = to;
            state.nonce += 1;
        }
        emit Transfer(from, to, tokenId);
    }

    function _ownerOf(uint256 tokenId) internal view override returns (address) {
        ItemState storage state = _items[bytes32(tokenId)];
        return state.flags & ITEM_DESTROYED == 0 ? state.owner : address(0);
    }

    function _verdictOf(Item calldata item, bytes32[] calldata proof) internal view returns (Verdict, uint256) {
        (bytes32 root, uint32 itemCount, uint256 standing) = PROVENANCE.standingOf(item.batchId, item.index);
        return ItemLib.grade(root, itemCount, standing, address(PROVENANCE), item, proof);
    }

    function _checkDeadline(uint48 deadline) internal view {
        if (block.timestamp > deadline) revert ItemRegistry_DeadlinePassed(deadline, block.timestamp);
    }

    /// @dev An item's key is a bare key, never an account, so only ECDSA is asked.
    function _checkKey(bytes32 message, address claimKey, bytes calldata signature) internal view {
        address signer = ECDSA.recoverCalldata(_hashTypedDataV4(message), signature);
        if (signer != claimKey) revert ItemRegistry_WrongSigner(signer, claimKey);
    }

    function _flagsAfter(uint8 flags, OwnerAct what) internal pure returns (uint8) {
        if (what == OwnerAct.REPORT_LOST) return flags | ITEM_LOST;
        if (what == OwnerAct.REPORT_STOLEN) return flags | ITEM_STOLEN;
        if (what == OwnerAct.REPORT_FOUND) return flags & ~(ITEM_LOST | ITEM_STOLEN);
        return flags | ITEM_DESTROYED;
    }
}
