// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actor} from "./Actor.sol";

/// @title RevertBombReceiver
/// @notice Refuses a payment with a reason of 256 KiB.
contract RevertBombReceiver is Actor {
    receive() external payable {
        assembly {
            revert(0, 0x40000)
        }
    }
}
