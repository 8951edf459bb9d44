// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LadderState} from "../types/LadderState.sol";
import {PlanState} from "../types/PlanState.sol";

/// @title RecordingProgramme
/// @notice Stands in the place of the escrow and shows every word that the plan book writes there.
contract RecordingProgramme {
    event PlanWritten(bytes32 planKey, PlanState plan, uint256 higherRates, uint256 dailyReportLimit);
    event EndWritten(bytes32 planKey, uint256 end);
    event LadderWritten(address brand, address currency, LadderState ladder);

    address public immutable PLATFORM;
    address public immutable PLAN_BOOK;

    constructor(address platform, address planBook) {
        PLATFORM = platform;
        PLAN_BOOK = planBook;
    }

    function setPlan(bytes32 planKey, PlanState plan, uint256 higherRates, uint256 dailyReportLimit) external {
        emit PlanWritten(planKey, plan, higherRates, dailyReportLimit);
    }

    function setActiveUntil(bytes32 planKey, uint256 end) external {
        emit EndWritten(planKey, end);
    }

    function setLadder(address brand, address currency, LadderState ladder) external {
        emit LadderWritten(brand, currency, ladder);
    }

    function planStateOf(bytes32, address, address) external pure returns (PlanState) {
        return PlanState.wrap(0);
    }
}
