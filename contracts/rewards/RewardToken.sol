// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {IRewardToken} from "../interfaces/IRewardToken.sol";

/// @title RewardToken
contract RewardToken is IRewardToken, ERC20Capped, ERC20Permit {
    /* IMMUTABLES */

    /// @notice Who may set the minter, once.
    address public immutable DEPLOYER;

    /* STORAGE */

    /// @notice The only account that can mint.
    address public minter;

    /* CONSTRUCTOR */

    constructor(string memory name_, string memory symbol_, uint256 cap_)
        ERC20(name_, symbol_)
        ERC20Capped(cap_)
        ERC20Permit(name_)
    {
        DEPLOYER = msg.sender;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IRewardToken
    function setMinter(address minter_) external {
        // Check:
        if (msg.sender != DEPLOYER) revert RewardToken_NotDeployer(msg.sender, DEPLOYER);
        if (minter != address(0)) revert RewardToken_MinterAlreadySet(minter);
        if (minter_ == address(0)) revert RewardToken_MinterZero();

        // Effect:
        minter = minter_;

        emit MinterSet(minter_);
    }

    /// @inheritdoc IRewardToken
    function mint(address account, uint256 amount) external {
        if (msg.sender != minter) revert RewardToken_NotMinter(msg.sender, minter);
        _mint(account, amount);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IRewardToken
    function cap() public view override(IRewardToken, ERC20Capped) returns (uint256) {
        return super.cap();
    }

    /* INTERNAL */

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Capped) {
        super._update(from, to, value);
    }
}
