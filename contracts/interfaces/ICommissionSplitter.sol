// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IDistributorRegistry} from "./IDistributorRegistry.sol";
import {ILedger} from "./ILedger.sol";
import {IOrderEscrow} from "./IOrderEscrow.sol";
import {IPlanRegistry} from "./IPlanRegistry.sol";

/// @title Orders, their escrow, their split and what is owed
/// @dev One contract holds all the money, so that settling moves numbers and not tokens.
interface ICommissionSplitter is ILedger, IPlanRegistry, IDistributorRegistry, IOrderEscrow {
    /// @notice The platform's account is the zero address.
    error CommissionSplitter_PlatformZero();
}
