// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICustodyLedger} from "../interfaces/ICustodyLedger.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IPalletLedger} from "../interfaces/IPalletLedger.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {LotState} from "../types/LotState.sol";
import {Custody, LOT_PACKED, LotRef, Pallet} from "../types/ProvenanceTypes.sol";
import {LotLedger} from "./LotLedger.sol";

/// @title CustodyLedger
contract CustodyLedger is LotLedger {
    /* CONSTANTS */

    uint64 internal constant SSCC_LIMIT = 999_999_999_999_999_999;
    uint256 internal constant PALLET_LIMIT = 64;

    /* STORAGE */

    /// @dev Like a lot's, a pallet's version goes on for ever.
    mapping(address pallet => Pallet) private _pallets;

    /* CONSTRUCTOR */

    constructor(IProvenanceRegistry provenance, IIdentityRegistry identities) LotLedger(provenance, identities) {}

    /* EXTERNAL WRITES */

    /// @inheritdoc IPalletLedger
    function packPallet(uint64 sscc, LotRef[] calldata lots) external returns (address pallet) {
        // Check:
        if (sscc == 0 || sscc > SSCC_LIMIT) revert PalletLedger_SsccOutOfRange(sscc, SSCC_LIMIT);
        uint256 count = lots.length;
        if (count == 0 || count > PALLET_LIMIT) revert PalletLedger_LotCountWrong(count, PALLET_LIMIT);
        address holder = _looseAt(lots[0]).holder();
        _checkActor(holder);
        pallet = palletAddressOf(holder, sscc);
        Pallet memory kept = _pallets[pallet];
        if (kept.lotCount != 0) revert PalletLedger_AlreadyPacked(pallet, kept.lotCount);

        // Effect: a lot that is listed twice is packed already at its second place. Safe cast, there are at most 64.
        for (uint256 i = 0; i < count; ++i) {
            LotState lot = _looseAt(lots[i]);
            _checkHolder(lots[i].batchId, lots[i].first, lot.holder(), holder);
            _write(_idOf(lots[i]), pallet, lot.size(), lot.version(), lot.flags() | LOT_PACKED);
        }
        _pallets[pallet] = Pallet({
            holder: holder, version: kept.version + 1, lotCount: uint32(count), manifest: keccak256(abi.encode(lots))
        });

        emit PalletPacked(pallet, holder, sscc, lots);
    }

    /// @inheritdoc IPalletLedger
    function unpackPallet(address pallet, LotRef[] calldata lots) external {
        // Check:
        Pallet memory kept = _palletWith(pallet, lots);
        _checkActor(kept.holder);

        // Effect: the slots stay, for the version and for the next time.
        for (uint256 i = 0; i < lots.length; ++i) {
            bytes32 lotId = _idOf(lots[i]);
            LotState lot = _lots[lotId];
            _write(lotId, kept.holder, lot.size(), lot.version(), lot.flags() & ~LOT_PACKED);
        }
        (_pallets[pallet].lotCount, _pallets[pallet].version) = (0, kept.version + 1);

        emit PalletUnpacked(pallet, kept.holder, kept.version + 1);
    }

    /// @inheritdoc IPalletLedger
    function shipPallet(address pallet, address to) external {
        // Check:
        Pallet memory kept = _knownPallet(pallet);
        _checkActor(kept.holder);
        _checkReceiver(kept.holder, to);

        // Effect:
        _offer(_unitIdOf(pallet), kept.version, to);

        emit PalletShipped(pallet, kept.holder, to, kept.version);
    }

    /// @inheritdoc IPalletLedger
    function receivePallet(address pallet, LotRef[] calldata lots) external {
        // Check:
        Pallet memory kept = _palletWith(pallet, lots);
        (address to, uint48 offeredAt) = _offerOf(_unitIdOf(pallet), kept.version);
        _checkActor(to);
        for (uint256 i = 0; i < lots.length; ++i) {
            _checkTradable(lots[i].batchId, lots[i].first, _lots[_idOf(lots[i])].size(), to, offeredAt);
        }

        // Effect: one slot, whatever is on the pallet.
        (_pallets[pallet].holder, _pallets[pallet].version) = (to, kept.version + 1);

        emit PalletReceived(pallet, kept.holder, to, kept.version + 1);
    }

    /// @inheritdoc IPalletLedger
    function cancelPalletOffer(address pallet) external {
        // Check:
        Pallet storage kept = _pallets[pallet];
        (address to,) = _offerOf(_unitIdOf(pallet), kept.version);
        _checkParty(kept.holder, to);

        // Effect:
        kept.version += 1;

        emit PalletOfferCancelled(pallet, msg.sender);
    }

    /* EXTERNAL READS */

    /// @inheritdoc ICustodyLedger
    function custodyOf(bytes32 batchId, uint32 first) external view returns (Custody memory custody) {
        bytes32 unitId = lotIdOf(batchId, first);
        LotState lot = _lotAt(unitId, batchId, first);
        if (lot.size() == 0) return custody;

        (address holder, uint32 version) = (lot.holder(), lot.version());
        if (lot.flags() & LOT_PACKED != 0) {
            custody.pallet = holder;
            unitId = _unitIdOf(holder);
            (holder, version) = (_pallets[custody.pallet].holder, _pallets[custody.pallet].version);
        }
        custody.offeredTo = _offers[unitId].standingFor(version);
        if (custody.offeredTo != address(0)) custody.offeredAt = _offers[unitId].offeredAt();
        (custody.holder, custody.first, custody.size) = (holder, first, lot.size());
        (custody.version, custody.flags) = (lot.version(), lot.flags());
    }

    /// @inheritdoc IPalletLedger
    function palletOf(address pallet) external view returns (Pallet memory) {
        return _pallets[pallet];
    }

    /// @inheritdoc IPalletLedger
    function palletAddressOf(address holder, uint64 sscc) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(holder, sscc)))));
    }

    /* INTERNAL */

    function _knownPallet(address pallet) internal view returns (Pallet memory kept) {
        kept = _pallets[pallet];
        if (kept.lotCount == 0) revert PalletLedger_PalletUnknown(pallet);
    }

    /// @dev The pallet, if these are its lots.
    function _palletWith(address pallet, LotRef[] calldata lots) internal view returns (Pallet memory kept) {
        kept = _knownPallet(pallet);
        bytes32 given = keccak256(abi.encode(lots));
        if (given != kept.manifest) revert PalletLedger_ManifestWrong(pallet, given, kept.manifest);
    }

    function _looseAt(LotRef calldata lot) internal view returns (LotState) {
        return _loose(_idOf(lot), lot.batchId, lot.first);
    }

    function _idOf(LotRef calldata lot) internal pure returns (bytes32) {
        return lotIdOf(lot.batchId, lot.first);
    }

    function _unitIdOf(address pallet) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(pallet)));
    }
}
