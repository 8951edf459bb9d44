// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestStablecoin} from "../demo/TestStablecoin.sol";

/// @title FeeToken
/// @notice Keeps one per cent of each transfer.
contract FeeToken is TestStablecoin {
    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) _burn(to, amount / 100);
    }
}
