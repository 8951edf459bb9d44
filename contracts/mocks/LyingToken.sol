// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "./HostileToken.sol";

/// @title LyingToken
/// @notice While hostile, returns true and moves nothing.
contract LyingToken is HostileToken {
    function _update(address from, address to, uint256 amount) internal override {
        if (!isHostile) super._update(from, to, amount);
    }
}
