// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICustodyLedger} from "../interfaces/ICustodyLedger.sol";
import {IItemRegistry} from "../interfaces/IItemRegistry.sol";
import {IProvenanceLens} from "../interfaces/IProvenanceLens.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {
    Custody,
    ITEM_DESTROYED,
    ITEM_FLAGGED,
    ITEM_LOST,
    ITEM_STOLEN,
    ItemReport,
    ItemState,
    LOT_DISCREPANCY,
    Query,
    REASON_CLAIMED_BY_OTHER,
    REASON_CLAIMED_BY_VIEWER,
    REASON_DESTROYED,
    REASON_DISCREPANCY,
    REASON_IN_TRANSIT,
    REASON_LEFT_ISSUER,
    REASON_LOST,
    REASON_LOT_WRONG,
    REASON_SELLER_AUTHORIZED,
    REASON_SELLER_LAPSED,
    REASON_SELLER_UNKNOWN,
    REASON_STOLEN,
    Seller,
    Verdict
} from "../types/ProvenanceTypes.sol";

/// @title ProvenanceLens
contract ProvenanceLens is IProvenanceLens {
    /* IMMUTABLES */

    /// @notice Batches, traces and recalls.
    IProvenanceRegistry public immutable PROVENANCE;

    /// @notice Claims and owners.
    IItemRegistry public immutable ITEMS;

    /// @notice Lots and sellers.
    ICustodyLedger public immutable CUSTODY;

    /* CONSTRUCTOR */

    constructor(IProvenanceRegistry provenance, IItemRegistry items, ICustodyLedger custody) {
        PROVENANCE = provenance;
        ITEMS = items;
        CUSTODY = custody;
    }

    /* EXTERNAL READS */

    /// @inheritdoc IProvenanceLens
    function inspectMany(Query[] calldata queries) external view returns (ItemReport[] memory reports) {
        reports = new ItemReport[](queries.length);
        for (uint256 i = 0; i < queries.length; ++i) {
            reports[i] = inspect(queries[i]);
        }
    }

    /// @inheritdoc IProvenanceLens
    function inspect(Query calldata query) public view returns (ItemReport memory report) {
        report.blockNumber = block.number;
        report.blockTime = block.timestamp;
        bytes32 batchId = query.item.batchId;
        (bytes32 root, uint32 itemCount, uint256 standing) = PROVENANCE.standingOf(batchId, query.item.index);
        (report.verdict, report.reasons) =
            ItemLib.grade(root, itemCount, standing, address(PROVENANCE), query.item, query.proof);
        if (report.verdict == Verdict.UNKNOWN) return report;

        report.issuer = ItemLib.issuerOf(batchId);
        report.batch = PROVENANCE.batchOf(batchId);
        report.trace = PROVENANCE.traceOf(batchId);
        _lookAtCustody(report, query);
        _lookAtSeller(report, query.seller);
        _lookAtOwner(report, ITEMS.itemOf(ItemLib.itemId(batchId, query.item.index)), query.viewer);
    }

    /* INTERNAL */

    function _lookAtCustody(ItemReport memory report, Query calldata query) internal view {
        Custody memory custody = CUSTODY.custodyOf(query.item.batchId, query.lotFirst);
        uint32 index = query.item.index;
        if (index < query.lotFirst || index - query.lotFirst >= custody.size) {
            report.reasons |= REASON_LOT_WRONG;
            return;
        }
        report.custody = custody;
        if (custody.flags & LOT_DISCREPANCY != 0) report.reasons |= REASON_DISCREPANCY;
        if (custody.offeredTo != address(0)) report.reasons |= REASON_IN_TRANSIT;
        if (custody.holder != report.issuer) report.reasons |= REASON_LEFT_ISSUER;
        if (report.reasons & (REASON_IN_TRANSIT | REASON_LEFT_ISSUER) != 0) _soften(report, Verdict.IN_TRADE);
    }

    function _lookAtSeller(ItemReport memory report, address seller) internal view {
        if (seller == address(0)) seller = report.custody.holder;
        if (seller == address(0) || seller == report.issuer) return;
        Seller memory kept = CUSTODY.sellerOf(report.issuer, seller);
        report.seller = kept;
        if (kept.since == 0) report.reasons |= REASON_SELLER_UNKNOWN;
        else if (block.timestamp < kept.validTo) report.reasons |= REASON_SELLER_AUTHORIZED;
        else report.reasons |= REASON_SELLER_LAPSED;
    }

    function _lookAtOwner(ItemReport memory report, ItemState memory state, address viewer) internal pure {
        if (state.claimedAt == 0) return;
        report.item = state;
        bool isViewers = state.owner == viewer;
        report.reasons |= isViewers ? REASON_CLAIMED_BY_VIEWER : REASON_CLAIMED_BY_OTHER;
        if (state.flags & ITEM_LOST != 0) report.reasons |= REASON_LOST;
        if (state.flags & (ITEM_STOLEN | ITEM_FLAGGED) != 0) report.reasons |= REASON_STOLEN;
        if (state.flags & ITEM_DESTROYED != 0) report.reasons |= REASON_DESTROYED;

        bool isGone = report.reasons & (REASON_LOST | REASON_STOLEN) != 0;
        bool isYours = isViewers && state.flags & ITEM_DESTROYED == 0;
        _soften(report, isGone ? Verdict.LOST_OR_STOLEN : isYours ? Verdict.CLAIMED_BY_YOU : Verdict.ALREADY_CLAIMED);
    }

    /// @dev What the registry holds against an item outweighs what trade and owners did with it.
    function _soften(ItemReport memory report, Verdict verdict) internal pure {
        if (report.verdict == Verdict.REGISTERED || report.verdict == Verdict.IN_TRADE) report.verdict = verdict;
    }
}
