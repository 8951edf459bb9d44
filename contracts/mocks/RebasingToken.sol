// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestStablecoin} from "../demo/TestStablecoin.sol";

/// @title RebasingToken
/// @notice Changes all balances at once, to a percentage of what was minted.
contract RebasingToken is TestStablecoin {
    uint256 private _percent = 100;

    function rebase(uint256 percent) external {
        _percent = percent;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * _percent / 100;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount * 100 / _percent);
    }
}
