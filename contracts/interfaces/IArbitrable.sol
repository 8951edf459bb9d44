// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IArbitrator} from "./IArbitrator.sol";

/// @title What an arbitrator needs of a contract it rules on (ERC-792)
interface IArbitrable {
    /// @notice The arbitrator has ruled.
    event Ruling(IArbitrator indexed arbitrator, uint256 indexed disputeId, uint256 ruling);

    /// @notice Gives a ruling; the arbitrator alone may, once.
    function rule(uint256 disputeId, uint256 ruling) external;
}
