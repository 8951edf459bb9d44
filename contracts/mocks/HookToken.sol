// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestStablecoin} from "../demo/TestStablecoin.sol";
import {Reenterer} from "./Reenterer.sol";

/// @title HookToken
/// @notice Calls back before it moves anything, as an ERC-777 can.
contract HookToken is TestStablecoin, Reenterer {
    function _update(address from, address to, uint256 amount) internal override {
        _reenter();
        super._update(from, to, amount);
    }
}
