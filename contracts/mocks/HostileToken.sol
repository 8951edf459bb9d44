// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestStablecoin} from "../demo/TestStablecoin.sol";

/// @title HostileToken
/// @notice Behaves until it is told to turn hostile.
abstract contract HostileToken is TestStablecoin {
    bool public isHostile;

    function setHostile(bool isHostile_) external {
        isHostile = isHostile_;
    }
}
