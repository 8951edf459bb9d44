// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestStablecoin} from "../demo/TestStablecoin.sol";

/// @title DenylistToken
/// @notice Refuses to move what comes from or goes to a denied account, as USDC does.
contract DenylistToken is TestStablecoin {
    mapping(address account => bool) public isDenied;

    error DenylistToken_Denied(address from, address to);

    function setDenied(address account, bool isDenied_) external {
        isDenied[account] = isDenied_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (isDenied[from] || isDenied[to]) revert DenylistToken_Denied(from, to);
        super._update(from, to, amount);
    }
}
