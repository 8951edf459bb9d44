// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Custody, HandOver} from "../types/ProvenanceTypes.sol";
import {IPalletLedger} from "./IPalletLedger.sol";
import {ISellerRegistry} from "./ISellerRegistry.sol";

/// @title Who has which goods: lots and their hand-overs
/// @notice A lot is a range of items of a batch with one holder. The lots of a batch always cover it without gap or
/// overlap; until something happens it is one lot, held by its issuer. Only the holder ships, only who is named
/// receives.
/// @dev Cannot be paused and has no administrator. A lot is named by its batch and its first index. If an item has an
/// owner ({IItemRegistry}), the owner has it; the lot tells how it came there. EIP-712 domain: name "Weilian
/// CustodyLedger", version "1" (ERC-5267).
interface ICustodyLedger is ISellerRegistry, IPalletLedger {
    /// @notice A lot is on its way. `version` is the lot's as shipped.
    event LotShipped(bytes32 indexed batchId, uint32 indexed first, address indexed to, address from, uint32 version);

    /// @notice A lot has a new holder. `version` is the lot's from now on.
    event LotReceived(bytes32 indexed batchId, uint32 indexed first, address indexed to, address from, uint32 version);

    /// @notice A receiver counted another number of items than the lot has.
    event DiscrepancyRecorded(
        bytes32 indexed batchId, uint32 indexed first, address indexed to, uint32 size, uint32 counted, bytes32 noteHash
    );

    /// @notice An offer was taken back by the holder or refused by the receiver.
    event OfferCancelled(bytes32 indexed batchId, uint32 indexed first, address actor);

    /// @notice A lot was split: a new one begins at `second`.
    event LotSplit(bytes32 indexed batchId, uint32 indexed first, uint32 indexed second, address holder);

    /// @notice The lot that began at `second` is part of the one at `first` now.
    event LotsMerged(bytes32 indexed batchId, uint32 indexed first, uint32 indexed second, address holder);

    /// @notice The caller may not act for who holds the lot, or was offered it.
    error CustodyLedger_NotAuthorized(address identity, bytes32 permission, address actor);

    /// @notice No lot begins at this index.
    error CustodyLedger_LotUnknown(bytes32 batchId, uint32 first);

    /// @notice The lot is packed on a pallet and moves with it.
    error CustodyLedger_LotPacked(bytes32 batchId, uint32 first, address pallet);

    /// @notice The lots do not have the same holder.
    error CustodyLedger_HolderDiffers(bytes32 batchId, uint32 first, address holder, address expected);

    /// @notice The receiver is the zero address or the holder itself.
    error CustodyLedger_ReceiverInvalid(address to);

    /// @notice The lot, or pallet, is offered to somebody already: cancel first.
    error CustodyLedger_OfferPending(bytes32 unitId, address to);

    /// @notice The lot, or pallet, is not offered to anybody now.
    error CustodyLedger_NoOffer(bytes32 unitId);

    /// @notice The goods may not be traded: they go back to their issuer only. `reasons` are `REASON_` bits.
    error CustodyLedger_NotTradable(bytes32 batchId, uint32 first, uint256 reasons);

    /// @notice A lot is split between its first and its last item.
    error CustodyLedger_SplitOutside(bytes32 batchId, uint32 first, uint32 size, uint32 second);

    /// @notice The second lot does not begin where the first ends.
    error CustodyLedger_NotNeighbours(bytes32 batchId, uint32 first, uint32 size, uint32 second);

    /// @notice The receipt came after its deadline.
    error CustodyLedger_DeadlinePassed(uint48 deadline, uint256 time);

    /// @notice `signer` signed no receipt for the lot as it is now: this holder, size and version.
    error CustodyLedger_ReceiptWrong(address signer, address holder, uint32 size, uint32 version);

    /// @notice Offers a lot to a receiver.
    /// @dev Emits {LotShipped}.
    ///
    /// Notes:
    /// - The offer dies with whatever changes the lot: receipt, cancel, split, merge, packing; and with a recall or
    ///   suspension of any part from that second on, lifted or not, and with expiry.
    /// - Recall, suspension and expiry are looked at where goods change hands: what is recalled can be offered, and
    ///   nobody but the issuer can receive it.
    ///
    /// Requirements:
    /// - The caller must be authorised by the lot's holder for `PERMISSION_CUSTODY`.
    /// - The lot must exist, be neither packed nor offered; `to` must not be zero or the holder.
    function shipLot(bytes32 batchId, uint32 first, address to) external;

    /// @notice Receives a lot that was offered, all of it; another count is recorded as a discrepancy.
    /// @dev Emits {LotReceived}, and {DiscrepancyRecorded} if `counted` is not the lot's size.
    ///
    /// Requirements:
    /// - The lot must be offered, and the caller be authorised by whom it is offered to for `PERMISSION_CUSTODY`.
    /// - The goods must not be expired, nor recalled or suspended in any part since they were offered, unless they go
    ///   back to their issuer.
    function receiveLot(bytes32 batchId, uint32 first, uint32 counted, bytes32 noteHash) external;

    /// @notice Hands a lot over in one transaction with the receiver's signed receipt.
    /// @dev Emits {LotReceived}. An offer of the lot dies.
    ///
    /// Notes:
    /// - A receipt cannot be taken back and outlives a recall that is lifted: keep deadlines short.
    ///
    /// Requirements:
    /// - The caller must be authorised by the lot's holder, and `signer` by the receiver, for `PERMISSION_CUSTODY`.
    /// - The lot must exist and not be packed; `to` must not be zero or the holder; the deadline must not be past.
    /// - `signature` must be the signer's, by its key, low-s, or ERC-1271, of the EIP-712 message
    ///   `Receipt(bytes32 batchId,uint32 first,uint32 size,address from,address to,uint32 version,uint48 deadline)`
    ///   with holder, size and version of the lot as it is.
    /// - The goods must not be expired, recalled or suspended in any part, unless they go back to their issuer.
    function handOver(HandOver calldata terms, bytes calldata signature) external;

    /// @notice Takes an offer back, or refuses it.
    /// @dev Emits {OfferCancelled}.
    ///
    /// Requirements:
    /// - The lot must be offered; the caller must be authorised by its holder or by whom it is offered to, for
    ///   `PERMISSION_CUSTODY`.
    function cancelOffer(bytes32 batchId, uint32 first) external;

    /// @notice Splits a lot: the items from index `second` on become a lot of their own. An offer of the lot dies.
    /// @dev Emits {LotSplit}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the lot's holder for `PERMISSION_CUSTODY`; the lot must not be packed.
    /// - `second` must be behind the first and not behind the last item.
    function splitLot(bytes32 batchId, uint32 first, uint32 second) external;

    /// @notice Merges two lots, the second beginning where the first ends. Offers of either die.
    /// @dev Emits {LotsMerged}. A discrepancy of either stays on record.
    ///
    /// Requirements:
    /// - The caller must be authorised by the holder of both for `PERMISSION_CUSTODY`; neither must be packed.
    function mergeLots(bytes32 batchId, uint32 first, uint32 second) external;

    /// @notice Who has the lot that begins at `first`, pallets looked through; all zero if there is none.
    function custodyOf(bytes32 batchId, uint32 first) external view returns (Custody memory);

    /// @notice The id of a lot: keccak256(abi.encode(batchId, first)).
    function lotIdOf(bytes32 batchId, uint32 first) external pure returns (bytes32);
}
