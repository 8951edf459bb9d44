// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actor} from "./Actor.sol";

/// @title BombReceiver
/// @notice Takes a payment and answers with 256 KiB, which are dear to whoever copies them.
contract BombReceiver is Actor {
    receive() external payable {
        assembly {
            return(0, 0x40000)
        }
    }
}
