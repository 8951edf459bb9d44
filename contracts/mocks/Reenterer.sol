// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Actor} from "./Actor.sol";

/// @title Reenterer
/// @notice Calls back whatever it was armed with, once, and keeps how that ended.
abstract contract Reenterer is Actor {
    address private _target;
    bytes private _data;

    bool public hasReentered;
    bool public succeeded;
    bytes public result;

    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
        hasReentered = false;
    }

    function _reenter() internal {
        if (_target == address(0) || hasReentered) return;
        hasReentered = true;
        (succeeded, result) = _target.call(_data);
    }
}
