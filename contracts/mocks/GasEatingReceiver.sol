// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actor} from "./Actor.sol";

/// @title GasEatingReceiver
/// @notice Burns all the gas it is paid with.
contract GasEatingReceiver is Actor {
    receive() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }
}
