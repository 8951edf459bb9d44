// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title MockStablecoin
/// @notice A well-behaved ERC-20 of 6 decimals that anyone can mint.
contract MockStablecoin is ERC20 {
    constructor() ERC20("Mock Stablecoin", "mUSD") {}

    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
