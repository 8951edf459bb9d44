// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IItemRegistry} from "../interfaces/IItemRegistry.sol";
import {IProvenanceLens} from "../interfaces/IProvenanceLens.sol";
import {IProvenanceRegistry} from "../interfaces/IProvenanceRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {
    Item,
    ItemReport,
    REASON_CLAIMED_BY_OTHER,
    REASON_CLAIMED_BY_VIEWER,
    Verdict
} from "../types/ProvenanceTypes.sol";

/// @title ProvenanceLens
contract ProvenanceLens is IProvenanceLens {
    /* IMMUTABLES */

    /// @notice Batches, traces and recalls.
    IProvenanceRegistry public immutable PROVENANCE;

    /// @notice Claims and owners.
    IItemRegistry public immutable ITEMS;

    /* CONSTRUCTOR */

    constructor(IProvenanceRegistry provenance, IItemRegistry items) {
        PROVENANCE = provenance;
        ITEMS = items;
    }

    /* EXTERNAL READS */

    /// @inheritdoc IProvenanceLens
    function inspect(Item calldata item, bytes32[] calldata proof, address viewer)
        external
        view
        returns (ItemReport memory report)
    {
        report.blockNumber = block.number;
        report.blockTime = block.timestamp;
        (report.verdict, report.reasons) = PROVENANCE.verdictOf(item, proof);
        if (report.verdict == Verdict.UNKNOWN) return report;

        report.issuer = ItemLib.issuerOf(item.batchId);
        report.batch = PROVENANCE.batchOf(item.batchId);
        report.trace = PROVENANCE.traceOf(item.batchId);
        report.item = ITEMS.itemOf(ItemLib.itemId(item.batchId, item.index));
        if (report.item.owner == address(0)) return report;

        bool isViewers = report.item.owner == viewer;
        report.reasons |= isViewers ? REASON_CLAIMED_BY_VIEWER : REASON_CLAIMED_BY_OTHER;
        if (report.verdict == Verdict.REGISTERED) {
            report.verdict = isViewers ? Verdict.CLAIMED_BY_YOU : Verdict.ALREADY_CLAIMED;
        }
    }
}
