// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICustodyLedger} from "../interfaces/ICustodyLedger.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {LotState, LotStateLib} from "../types/LotState.sol";
import {OfferState, OfferStateLib} from "../types/OfferState.sol";
import {PERMISSION_CUSTODY} from "../types/Permissions.sol";
import {HandOver, LOT_DISCREPANCY, LOT_PACKED} from "../types/ProvenanceTypes.sol";
import {SellerRegistry} from "./SellerRegistry.sol";

/// @title LotLedger
/// @notice Lots and offers; the part of the custody ledger that knows no pallets.
abstract contract LotLedger is ICustodyLedger, SellerRegistry, EIP712 {
    /* CONSTANTS */

    bytes32 internal constant RECEIPT_TYPEHASH = keccak256(
        "Receipt(bytes32 batchId,uint32 first,uint32 size,address from,address to,uint32 version,uint48 deadline)"
    );

    /* IMMUTABLES */

    /// @notice Answers which batches there are and whether their items may be traded.
    IProvenanceRegistry public immutable PROVENANCE;

    /* STORAGE */

    /// @dev A slot once written is never cleared: its version goes on, so that no receipt can be used again. A lot of
    /// size 0 was merged away.
    mapping(bytes32 lotId => LotState) internal _lots;

    /// @dev Of lots by their ids, and of pallets by their names.
    mapping(bytes32 unitId => OfferState) internal _offers;

    /* CONSTRUCTOR */

    constructor(IProvenanceRegistry provenance, IIdentityRegistry identities)
        SellerRegistry(identities)
        EIP712("Weilian CustodyLedger", "1")
    {
        PROVENANCE = provenance;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc ICustodyLedger
    function shipLot(bytes32 batchId, uint32 first, address to) external {
        // Check:
        bytes32 lotId = lotIdOf(batchId, first);
        LotState lot = _loose(lotId, batchId, first);
        address holder = lot.holder();
        _checkActor(holder);
        _checkReceiver(holder, to);

        // Effect:
        _offer(lotId, lot.version(), to);

        emit LotShipped(batchId, first, to, holder, lot.version());
    }

    /// @inheritdoc ICustodyLedger
    function receiveLot(bytes32 batchId, uint32 first, uint32 counted, bytes32 noteHash) external {
        // Check: packing ended every offer, so the lot is not packed.
        bytes32 lotId = lotIdOf(batchId, first);
        LotState lot = _known(lotId, batchId, first);
        (address to, uint48 offeredAt) = _offerOf(lotId, lot.version());
        _checkActor(to);
        _checkTradable(batchId, first, lot.size(), to, offeredAt);

        // Effect:
        bool isExact = counted == lot.size();
        _move(lotId, batchId, first, lot, to, isExact ? 0 : LOT_DISCREPANCY);
        if (!isExact) emit DiscrepancyRecorded(batchId, first, to, lot.size(), counted, noteHash);
    }

    /// @inheritdoc ICustodyLedger
    function handOver(HandOver calldata terms, bytes calldata signature) external {
        // Check:
        (bytes32 batchId, uint32 first, address to) = (terms.batchId, terms.first, terms.to);
        bytes32 lotId = lotIdOf(batchId, first);
        LotState lot = _loose(lotId, batchId, first);
        _checkActor(lot.holder());
        _checkReceiver(lot.holder(), to);
        _checkReceipt(terms, lot, signature);
        _checkTradable(batchId, first, lot.size(), to, type(uint48).max);

        // Effect:
        _move(lotId, batchId, first, lot, to, 0);
    }

    /// @inheritdoc ICustodyLedger
    function cancelOffer(bytes32 batchId, uint32 first) external {
        // Check:
        bytes32 lotId = lotIdOf(batchId, first);
        LotState lot = _known(lotId, batchId, first);
        (address to,) = _offerOf(lotId, lot.version());
        _checkParty(lot.holder(), to);

        // Effect:
        _write(lotId, lot.holder(), lot.size(), lot.version(), lot.flags());

        emit OfferCancelled(batchId, first, msg.sender);
    }

    /// @inheritdoc ICustodyLedger
    function splitLot(bytes32 batchId, uint32 first, uint32 second) external {
        // Check:
        bytes32 lotId = lotIdOf(batchId, first);
        LotState lot = _loose(lotId, batchId, first);
        (address holder, uint32 size) = (lot.holder(), lot.size());
        _checkActor(holder);
        if (second <= first || second - first >= size) {
            revert CustodyLedger_SplitOutside(batchId, first, size, second);
        }

        // Effect: the second may have been a lot before, whose versions go on.
        bytes32 secondId = lotIdOf(batchId, second);
        _write(lotId, holder, second - first, lot.version(), lot.flags());
        _write(secondId, holder, size - (second - first), _lots[secondId].version(), lot.flags());

        emit LotSplit(batchId, first, second, holder);
    }

    /// @inheritdoc ICustodyLedger
    function mergeLots(bytes32 batchId, uint32 first, uint32 second) external {
        // Check:
        (bytes32 lotId, bytes32 nextId) = (lotIdOf(batchId, first), lotIdOf(batchId, second));
        LotState lot = _loose(lotId, batchId, first);
        LotState next = _loose(nextId, batchId, second);
        (address holder, uint32 size) = (lot.holder(), lot.size());
        _checkActor(holder);
        _checkHolder(batchId, second, next.holder(), holder);
        if (uint256(first) + size != second) revert CustodyLedger_NotNeighbours(batchId, first, size, second);

        // Effect:
        _write(lotId, holder, size + next.size(), lot.version(), lot.flags() | next.flags());
        _write(nextId, holder, 0, next.version(), 0);

        emit LotsMerged(batchId, first, second, holder);
    }

    /* EXTERNAL READS */

    /// @inheritdoc ICustodyLedger
    function lotIdOf(bytes32 batchId, uint32 first) public pure returns (bytes32) {
        return ItemLib.itemId(batchId, first);
    }

    /* INTERNAL */

    /// @dev Gives a lot to its receiver.
    function _move(bytes32 lotId, bytes32 batchId, uint32 first, LotState lot, address to, uint8 flags) internal {
        uint32 version = _write(lotId, to, lot.size(), lot.version(), lot.flags() | flags);
        emit LotReceived(batchId, first, to, lot.holder(), version);
    }

    /// @dev Writes a lot with the version after `version`, which ends every offer and receipt for that one.
    function _write(bytes32 lotId, address holder, uint32 size, uint32 version, uint8 flags)
        internal
        returns (uint32 next)
    {
        next = version + 1;
        _lots[lotId] = LotStateLib.pack(holder, size, next, flags);
    }

    function _offer(bytes32 unitId, uint32 version, address to) internal {
        address pending = _offers[unitId].standingFor(version);
        if (pending != address(0)) revert CustodyLedger_OfferPending(unitId, pending);
        // Safe cast: the time fits 48 bits for ages.
        _offers[unitId] = OfferStateLib.pack(to, version, uint48(block.timestamp));
    }

    /// @dev To whom a lot or pallet of this version is offered, and since when.
    function _offerOf(bytes32 unitId, uint32 version) internal view returns (address to, uint48 offeredAt) {
        OfferState offer = _offers[unitId];
        (to, offeredAt) = (offer.standingFor(version), offer.offeredAt());
        if (to == address(0)) revert CustodyLedger_NoOffer(unitId);
    }

    /// @dev The lot that begins at `first`, of size 0 if there is none. Before anything happened a batch is one lot of
    /// its issuer's.
    function _lotAt(bytes32 lotId, bytes32 batchId, uint32 first) internal view returns (LotState lot) {
        lot = _lots[lotId];
        if (lot.version() == 0 && first == 0) {
            lot = LotStateLib.pack(ItemLib.issuerOf(batchId), PROVENANCE.batchOf(batchId).itemCount, 0, 0);
        }
    }

    /// @dev The lot that begins at `first`, packed or not.
    function _known(bytes32 lotId, bytes32 batchId, uint32 first) internal view returns (LotState lot) {
        lot = _lotAt(lotId, batchId, first);
        if (lot.size() == 0) revert CustodyLedger_LotUnknown(batchId, first);
    }

    /// @dev The lot that begins at `first`, which must not be packed.
    function _loose(bytes32 lotId, bytes32 batchId, uint32 first) internal view returns (LotState lot) {
        lot = _known(lotId, batchId, first);
        if (lot.flags() & LOT_PACKED != 0) revert CustodyLedger_LotPacked(batchId, first, lot.holder());
    }

    /// @dev Nothing may stand against the goods, nor have come up since they were offered, unless they go back.
    function _checkTradable(bytes32 batchId, uint32 first, uint32 size, address to, uint48 since) internal view {
        uint32 last;
        unchecked {
            // Safe: a lot has items, and lies in its batch, whose count fits 32 bits.
            last = first + size - 1;
        }
        uint256 reasons = PROVENANCE.conditionOf(batchId, first, last, since);
        if (reasons != 0 && to != ItemLib.issuerOf(batchId)) {
            revert CustodyLedger_NotTradable(batchId, first, reasons);
        }
    }

    function _checkReceipt(HandOver calldata terms, LotState lot, bytes calldata signature) internal view {
        (address to, address signer, uint48 deadline) = (terms.to, terms.signer, terms.deadline);
        if (block.timestamp > deadline) revert CustodyLedger_DeadlinePassed(deadline, block.timestamp);
        if (!IDENTITIES.isAuthorized(to, PERMISSION_CUSTODY, signer)) {
            revert CustodyLedger_NotAuthorized(to, PERMISSION_CUSTODY, signer);
        }
        (address holder, uint32 size, uint32 version) = (lot.holder(), lot.size(), lot.version());
        bytes32 message =
            keccak256(abi.encode(RECEIPT_TYPEHASH, terms.batchId, terms.first, size, holder, to, version, deadline));
        if (!SignatureLib.isValid(signer, _hashTypedDataV4(message), signature)) {
            revert CustodyLedger_ReceiptWrong(signer, holder, size, version);
        }
    }

    function _checkActor(address identity) internal view {
        if (!_isActor(identity)) revert CustodyLedger_NotAuthorized(identity, PERMISSION_CUSTODY, msg.sender);
    }

    /// @dev Either party of an offer may end it.
    function _checkParty(address holder, address to) internal view {
        if (!_isActor(holder)) _checkActor(to);
    }

    function _isActor(address identity) internal view returns (bool) {
        return IDENTITIES.isAuthorized(identity, PERMISSION_CUSTODY, msg.sender);
    }

    function _checkReceiver(address holder, address to) internal pure {
        if (to == address(0) || to == holder) revert CustodyLedger_ReceiverInvalid(to);
    }

    function _checkHolder(bytes32 batchId, uint32 first, address holder, address expected) internal pure {
        if (holder != expected) revert CustodyLedger_HolderDiffers(batchId, first, holder, expected);
    }
}
