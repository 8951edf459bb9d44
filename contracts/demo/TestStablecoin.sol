// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestStablecoin
/// @notice A stablecoin of 6 decimals that anyone can mint: for the demo, for tests, for test networks.
contract TestStablecoin is ERC20 {
    constructor() ERC20("Test Stablecoin", "tUSD") {}

    /// @notice Mints any amount to anyone.
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    /// @notice As most stablecoins.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
