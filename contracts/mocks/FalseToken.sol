// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "./HostileToken.sol";

/// @title FalseToken
/// @notice While hostile, returns false and moves nothing.
contract FalseToken is HostileToken {
    function transfer(address to, uint256 amount) public override returns (bool) {
        return !isHostile && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !isHostile && super.transferFrom(from, to, amount);
    }
}
