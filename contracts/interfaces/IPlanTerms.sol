// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title What an order asks beyond the words that the escrow keeps
interface IPlanTerms {
    /// @notice Whether a product's own rates were shown to be in the plan's catalogue.
    function isListed(bytes32 planKey, uint64 gtin, uint256 rates) external view returns (bool);

    /// @notice The second until which the brand locked a plan's terms for a distributor; 0 if never.
    function termsLockedUntil(bytes32 planKey, uint32 number) external view returns (uint48);
}
