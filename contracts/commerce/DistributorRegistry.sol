// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDistributorRegistry} from "../interfaces/IDistributorRegistry.sol";
import {Distributor} from "../types/CommerceTypes.sol";

/// @title DistributorRegistry
abstract contract DistributorRegistry is IDistributorRegistry {
    /* STORAGE */

    mapping(address brand => mapping(address account => Distributor)) private _distributors;

    /* EXTERNAL WRITES */

    /// @inheritdoc IDistributorRegistry
    function join(address brand, address sponsor) external {
        // Check:
        if (msg.sender == brand) revert DistributorRegistry_BrandCannotJoin(brand);
        address current = _sponsorOf(brand, msg.sender);
        if (current != address(0)) revert DistributorRegistry_AlreadyJoined(brand, msg.sender, current);
        if (sponsor == address(0) || (sponsor != brand && _sponsorOf(brand, sponsor) == address(0))) {
            revert DistributorRegistry_SponsorUnknown(brand, sponsor);
        }

        // Effect: a sponsor joined before, so following sponsors always ends at the brand.
        uint48 depth = _distributors[brand][sponsor].depth + 1;
        _distributors[brand][msg.sender] =
            Distributor({sponsor: sponsor, joinedAt: uint48(block.timestamp), depth: depth});

        emit DistributorJoined(brand, msg.sender, sponsor, depth);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IDistributorRegistry
    function distributorOf(address brand, address account) external view returns (Distributor memory) {
        return _distributors[brand][account];
    }

    /* INTERNAL */

    /// @dev Zero for an account that has not joined.
    function _sponsorOf(address brand, address account) internal view returns (address) {
        return _distributors[brand][account].sponsor;
    }
}
