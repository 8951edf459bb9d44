// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20, ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title PermitToken
/// @notice A token that anyone can mint and whose allowances can be signed (EIP-2612).
contract PermitToken is ERC20Permit {
    constructor() ERC20("Test Stablecoin", "tUSD") ERC20Permit("Test Stablecoin") {}

    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}
