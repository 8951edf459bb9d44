// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {LotRef, Pallet} from "../types/ProvenanceTypes.sol";

/// @title Pallets: lots that move together (GS1 SSCC)
/// @notice A pallet moves with all it holds by one change of one slot, however many items that is.
/// @dev A pallet is named by the last 20 bytes of keccak256(abi.encode(holder, sscc)) of who packed it, and stands by
/// that name as the holder of its lots. The manifest is keccak256(abi.encode(lots)); whoever receives or unpacks a
/// pallet shows the list.
interface IPalletLedger {
    /// @notice Lots were packed.
    event PalletPacked(address indexed pallet, address indexed holder, uint64 indexed sscc, LotRef[] lots);

    /// @notice A pallet was unpacked: its lots are the holder's again.
    event PalletUnpacked(address indexed pallet, address indexed holder, uint32 version);

    /// @notice A pallet is on its way.
    event PalletShipped(address indexed pallet, address indexed from, address indexed to, uint32 version);

    /// @notice A pallet has a new holder.
    event PalletReceived(address indexed pallet, address indexed from, address indexed to, uint32 version);

    /// @notice A pallet's offer was taken back by its holder or refused by its receiver.
    event PalletOfferCancelled(address indexed pallet, address actor);

    /// @notice The pallet holds no lots.
    error PalletLedger_PalletUnknown(address pallet);

    /// @notice The pallet is packed already.
    error PalletLedger_AlreadyPacked(address pallet, uint32 lotCount);

    /// @notice A pallet has 1 to 64 lots.
    error PalletLedger_LotCountWrong(uint256 count, uint256 limit);

    /// @notice The list of lots is not the pallet's.
    error PalletLedger_ManifestWrong(address pallet, bytes32 given, bytes32 manifest);

    /// @notice An SSCC is a number of 18 digits.
    error PalletLedger_SsccOutOfRange(uint64 sscc, uint64 limit);

    /// @notice Packs lots of one holder. They can only move with the pallet until it is unpacked.
    /// @dev Emits {PalletPacked}.
    ///
    /// Requirements:
    /// - `sscc` must have at most 18 digits and not be zero.
    /// - There must be 1 to 64 lots, none packed or listed twice, all with the same holder; what the holder packed
    ///   under this SSCC before must be unpacked, wherever it is.
    /// - The caller must be authorised by the holder for `PERMISSION_CUSTODY`.
    function packPallet(uint64 sscc, LotRef[] calldata lots) external returns (address pallet);

    /// @notice Makes the lots of a pallet single again. An offer of the pallet dies.
    /// @dev Emits {PalletUnpacked}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the holder for `PERMISSION_CUSTODY`; the list must be the pallet's.
    function unpackPallet(address pallet, LotRef[] calldata lots) external;

    /// @notice Offers a pallet to a receiver.
    /// @dev Emits {PalletShipped}. Requirements as for {ICustodyLedger.shipLot}.
    function shipPallet(address pallet, address to) external;

    /// @notice Receives a pallet that was offered.
    /// @dev Emits {PalletReceived}. Requirements as for {ICustodyLedger.receiveLot}, of every lot; the list must be
    /// the pallet's. One recalled lot holds up all: its pallet is unpacked and packed anew without it.
    function receivePallet(address pallet, LotRef[] calldata lots) external;

    /// @notice Takes an offer of a pallet back, or refuses it.
    /// @dev Emits {PalletOfferCancelled}. Requirements as for {ICustodyLedger.cancelOffer}.
    function cancelPalletOffer(address pallet) external;

    /// @notice What is kept of a pallet.
    function palletOf(address pallet) external view returns (Pallet memory);

    /// @notice The name of a pallet that `holder` packs.
    function palletAddressOf(address holder, uint64 sscc) external pure returns (address);
}
