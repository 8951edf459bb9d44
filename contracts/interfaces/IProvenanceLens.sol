// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ItemReport, Query} from "../types/ProvenanceTypes.sol";

/// @title All about an item in one call
/// @dev Stateless; reads the registries only.
interface IProvenanceLens {
    /// @notice The graded verdict on an item as `viewer` sees it, with reasons and all that stands behind them.
    /// @dev Claims and custody change a verdict of REGISTERED only: a recalled or expired item stays that, with the
    /// claim as a further reason. GENUINE_FIRST_CLAIM is never answered here: it needs the hidden key, which never
    /// leaves the shopper's device. Of a lot that does not hold the item nothing is told but REASON_LOT_WRONG.
    function inspect(Query calldata query) external view returns (ItemReport memory report);

    /// @notice The same for many items, true at the same block.
    function inspectMany(Query[] calldata queries) external view returns (ItemReport[] memory reports);
}
