// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "../interfaces/IArbitrable.sol";
import {IArbitrator} from "../interfaces/IArbitrator.sol";

/// @title CheapArbitrator
/// @notice Takes one gwei a dispute and rules what it is told.
contract CheapArbitrator is IArbitrator {
    uint256 public constant COST = 1 gwei;

    uint256 public count;

    mapping(uint256 disputeId => IArbitrable) public arbitrableOf;

    function createDispute(uint256, bytes calldata) external payable returns (uint256 disputeId) {
        assert(msg.value == COST);
        disputeId = ++count;
        arbitrableOf[disputeId] = IArbitrable(msg.sender);
    }

    function giveRuling(uint256 disputeId, uint256 ruling) external {
        arbitrableOf[disputeId].rule(disputeId, ruling);
    }

    function arbitrationCost(bytes calldata) external pure returns (uint256) {
        return COST;
    }
}
