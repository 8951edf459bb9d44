// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actor} from "./Actor.sol";

/// @title RevertingReceiver
/// @notice Refuses to be paid.
contract RevertingReceiver is Actor {
    error RevertingReceiver_Refused();

    receive() external payable {
        revert RevertingReceiver_Refused();
    }
}
