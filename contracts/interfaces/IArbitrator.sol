// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title What disputes need of an arbitrator (ERC-792)
interface IArbitrator {
    /// @notice Opens a dispute of the calling contract; must be paid its cost.
    function createDispute(uint256 choices, bytes calldata extraData) external payable returns (uint256 disputeId);

    /// @notice What a dispute costs now, in wei.
    function arbitrationCost(bytes calldata extraData) external view returns (uint256 cost);
}
