// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Distributor} from "../types/CommerceTypes.sol";

/// @title Who sells for whom
/// @notice A tree for each brand. Joining is free, pays nobody, and happens once; a sponsor must have joined before,
/// so no cycle can arise.
interface IDistributorRegistry {
    /// @notice An account joined a brand's distributors. The sponsor is the brand itself for those directly under it.
    event DistributorJoined(address indexed brand, address indexed distributor, address indexed sponsor, uint256 depth);

    /// @notice The account joined this brand before.
    error DistributorRegistry_AlreadyJoined(address brand, address distributor, address sponsor);

    /// @notice The sponsor has not joined this brand.
    error DistributorRegistry_SponsorUnknown(address brand, address sponsor);

    /// @notice A brand cannot be its own distributor.
    error DistributorRegistry_BrandCannotJoin(address brand);

    /// @notice Makes the caller a distributor of `brand` under `sponsor`, for ever.
    /// @dev Emits {DistributorJoined}.
    ///
    /// Requirements:
    /// - The caller must not be the brand, and not have joined it.
    /// - `sponsor` must be the brand or have joined it.
    function join(address brand, address sponsor) external;

    /// @notice A distributor's place in a brand's tree; all zero for others.
    function distributorOf(address brand, address account) external view returns (Distributor memory);
}
