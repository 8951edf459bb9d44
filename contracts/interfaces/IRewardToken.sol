// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The reward token
/// @notice ERC-20 with permit (EIP-2612), a cap that never moves, and one minter that never changes.
interface IRewardToken is IERC20 {
    /// @notice The minter was set, once and for all.
    event MinterSet(address indexed minter);

    /// @notice The caller is not who may set the minter.
    error RewardToken_NotDeployer(address actor, address deployer);

    /// @notice The minter is set already.
    error RewardToken_MinterAlreadySet(address minter);

    /// @notice The minter cannot be the zero address.
    error RewardToken_MinterZero();

    /// @notice The caller is not the minter.
    error RewardToken_NotMinter(address actor, address minter);

    /// @notice Sets the minter. The deployer can do it once, and nothing else ever.
    /// @dev Emits {MinterSet}.
    ///
    /// Requirements:
    /// - The caller must be the deployer, the minter not set and not zero.
    function setMinter(address minter) external;

    /// @notice Mints within the cap.
    /// @dev Emits {Transfer}.
    ///
    /// Requirements:
    /// - The caller must be the minter.
    /// - The supply must stay within the cap (`ERC20ExceededCap`).
    function mint(address account, uint256 amount) external;

    /// @notice Most that can ever exist.
    function cap() external view returns (uint256);
}
