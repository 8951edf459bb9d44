// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Plan} from "../types/CommerceTypes.sol";

/// @title Distribution agreements as data
/// @notice A plan's id is the hash of all its terms: it can be published, never changed. Depth and total commission
/// are bounded by limits fixed at deployment.
interface IPlanRegistry {
    /// @notice A plan was published.
    event PlanPublished(bytes32 indexed planId, address indexed brand, address indexed currency, Plan plan);

    /// @notice A plan was retired: no more orders under it, those that are there go their way.
    event PlanRetired(bytes32 indexed planId, address actor);

    /// @notice A limit of the deployment lies outside what the contract can hold.
    error PlanRegistry_LimitOutOfRange(uint256 limit, uint256 most);

    /// @notice The caller may not publish for the brand.
    error PlanRegistry_NotAuthorized(address brand, address actor);

    /// @notice The same plan was published before.
    error PlanRegistry_PlanExists(bytes32 planId);

    /// @notice There is no such plan.
    error PlanRegistry_PlanUnknown(bytes32 planId);

    /// @notice The plan pays more levels than this deployment allows.
    error PlanRegistry_TooDeep(uint256 depth, uint256 limit);

    /// @notice All levels together get more than this deployment allows, in basis points.
    error PlanRegistry_CommissionTooHigh(uint256 commissionBps, uint256 limit);

    /// @notice The platform's share is lower than this deployment demands, in basis points.
    error PlanRegistry_PlatformFeeTooLow(uint256 platformFeeBps, uint256 limit);

    /// @notice Platform and levels together get more than the whole, in basis points.
    error PlanRegistry_TotalTooHigh(uint256 totalBps, uint256 limit);

    /// @notice The refund window is shorter than this deployment demands, in seconds.
    error PlanRegistry_RefundWindowTooShort(uint256 refundWindow, uint256 limit);

    /// @notice The refund window is longer than a year, in seconds.
    error PlanRegistry_RefundWindowTooLong(uint256 refundWindow, uint256 limit);

    /// @notice The plan is retired already.
    error PlanRegistry_PlanRetired(bytes32 planId);

    /// @notice The currency is neither the chain's coin nor a contract.
    error PlanRegistry_CurrencyNotContract(address currency);

    /// @notice Publishes a plan for ever.
    /// @dev Emits {PlanPublished}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_PLAN`.
    /// - Depth, commission, fee and refund window must keep the deployment's limits, the window also 365 days.
    /// - The currency must be zero or have code.
    /// - The plan must be new.
    /// @return planId the hash of the terms, the chain and this contract
    function publishPlan(Plan calldata plan) external returns (bytes32 planId);

    /// @notice Takes no more orders under a plan. There is no way back; orders that are there keep its terms.
    /// @dev Emits {PlanRetired}.
    ///
    /// Requirements:
    /// - The plan must be published and not retired.
    /// - The caller must be authorised by the brand for `PERMISSION_PLAN`.
    function retirePlan(bytes32 planId) external;

    /// @notice Whether a plan takes no more orders.
    /// @dev Reverts with {PlanRegistry_PlanUnknown}.
    function isRetired(bytes32 planId) external view returns (bool);

    /// @notice The terms of a plan that the chain keeps (the document hash is in the event and in the id).
    /// @dev Reverts with {PlanRegistry_PlanUnknown}.
    function planOf(bytes32 planId)
        external
        view
        returns (address brand, address currency, uint16 platformFeeBps, uint48 refundWindow, uint16[] memory levelBps);

    /// @notice The id a plan has or would have.
    function planIdOf(Plan calldata plan) external view returns (bytes32);
}
