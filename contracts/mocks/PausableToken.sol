// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "./HostileToken.sol";

/// @title PausableToken
/// @notice While hostile, reverts.
contract PausableToken is HostileToken {
    error PausableToken_Paused();

    function _update(address from, address to, uint256 amount) internal override {
        if (isHostile) revert PausableToken_Paused();
        super._update(from, to, amount);
    }
}
