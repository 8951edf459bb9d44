// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICommissionEscrow} from "./ICommissionEscrow.sol";

/// @title A contract that works for one escrow
/// @dev The escrow names it at its own deployment, so the other direction is bound afterwards, once.
interface IEscrowBound {
    /// @notice The escrow it works for is known now, for ever.
    event EscrowBound(address indexed escrow);

    /// @notice Only who deployed the contract binds it.
    error EscrowBound_NotDeployer(address actor, address deployer);

    /// @notice It is bound already.
    error EscrowBound_AlreadyBound(address escrow);

    /// @notice The escrow names another contract in this place.
    error EscrowBound_NotNamed(address escrow, address named);

    /// @notice Binds the contract to the escrow that names it, once.
    /// @dev Emits {EscrowBound}. The deployer alone may; it can do nothing else.
    function bindEscrow(ICommissionEscrow escrow) external;

    /// @notice The escrow; zero before it is bound.
    function ESCROW() external view returns (ICommissionEscrow);
}
