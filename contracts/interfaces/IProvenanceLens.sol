// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Item, ItemReport} from "../types/ProvenanceTypes.sol";

/// @title All about an item in one call
/// @dev Stateless; reads the registries only.
interface IProvenanceLens {
    /// @notice The graded verdict on an item as `viewer` sees it, with reasons and all that stands behind them.
    /// @dev A claim changes a verdict of REGISTERED only: a recalled or expired item stays that, with the claim as a
    /// further reason. GENUINE_FIRST_CLAIM is never answered here: it needs the hidden key, which never leaves the
    /// shopper's device.
    /// @param viewer account that asks, zero for nobody in particular
    function inspect(Item calldata item, bytes32[] calldata proof, address viewer)
        external
        view
        returns (ItemReport memory report);
}
