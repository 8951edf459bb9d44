// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Reenterer} from "./Reenterer.sol";

/// @title ReentrantReceiver
/// @notice Calls back while it is paid.
contract ReentrantReceiver is Reenterer {
    receive() external payable {
        _reenter();
    }
}
