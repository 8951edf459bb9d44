// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {LadderState} from "../types/LadderState.sol";
import {PlanState} from "../types/PlanState.sol";

/// @title What the escrow knows of plans and distributors
/// @notice Kept here so that an order reads it without asking another contract; decided in the plan book and the
/// distributor network, which alone may write it.
interface IProgramme {
    /// @notice A distributor has another rank in a programme and currency.
    event RankChanged(address indexed brand, address indexed currency, uint32 indexed number, uint256 rank);

    /// @notice Only the plan book may write plans and ladders.
    error Programme_NotPlanBook(address actor);

    /// @notice Only the distributor network may write distributors.
    error Programme_NotNetwork(address actor);

    /// @notice The programme has no ladder in this currency.
    error Programme_LadderMissing(address brand, address currency);

    /// @notice Writes a plan; the plan book alone may.
    function setPlan(bytes32 planKey, PlanState plan, uint256 higherRates, uint256 dailyReportLimit) external;

    /// @notice Writes the second from which a plan takes no new orders; the plan book alone may.
    function setActiveUntil(bytes32 planKey, uint256 end) external;

    /// @notice Writes a programme's ladder in one currency; the plan book alone may.
    function setLadder(address brand, address currency, LadderState ladder) external;

    /// @notice Writes a distributor's account, payout address, sponsor and suspension; the network alone may.
    function setMember(address brand, uint32 number, address account, address payout, uint32 sponsor, bool isSuspended)
        external;

    /// @notice Writes which number an account has in a programme, 0 for none; the network alone may.
    function setNumber(address brand, address account, uint32 number) external;

    /// @notice Brings a distributor's rank and activity to the current period; anyone may.
    /// @dev Emits {RankChanged} if the rank changes.
    ///
    /// Requirements:
    /// - The programme must have a ladder in this currency.
    function refreshRank(address brand, address currency, uint32 number) external;

    /// @notice A distributor's standing as of now, whether or not it was refreshed.
    /// @return rank 0 to 3
    /// @return isActive whether own sales of this period or the one before reach the minimum
    /// @return ownSales of the current period, in the ladder's units
    /// @return teamSales own and downline, of the current period, in the ladder's units
    function standingOf(address brand, address currency, uint32 number)
        external
        view
        returns (uint256 rank, bool isActive, uint256 ownSales, uint256 teamSales);

    /// @notice The word of a plan, 0 if no such plan of this brand in this currency exists.
    function planStateOf(bytes32 planId, address brand, address currency) external view returns (PlanState);

    /// @notice What a programme keeps of an account.
    /// @return number its own number as a distributor, 0 for none
    /// @return boundTo number of the distributor it is bound to as a buyer now, 0 for none
    function customerOf(address brand, address account) external view returns (uint32 number, uint32 boundTo);

    /// @notice Where plans are published.
    function PLAN_BOOK() external view returns (address);

    /// @notice Where distributors join.
    function NETWORK() external view returns (address);
}
