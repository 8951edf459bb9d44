// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrator} from "../interfaces/IArbitrator.sol";
import {Reenterer} from "./Reenterer.sol";

/// @title HostileArbitrator
/// @notice Answers whatever cost and id it is told, refuses disputes, and calls back while it opens one.
contract HostileArbitrator is IArbitrator, Reenterer {
    uint256 public cost;
    uint256 public nextId;
    bool public isRefusing;

    error HostileArbitrator_Refused();

    function setCost(uint256 cost_) external {
        cost = cost_;
    }

    function setNextId(uint256 nextId_) external {
        nextId = nextId_;
    }

    function setRefusing(bool isRefusing_) external {
        isRefusing = isRefusing_;
    }

    function createDispute(uint256, bytes calldata) external payable returns (uint256 disputeId) {
        if (isRefusing) revert HostileArbitrator_Refused();
        _reenter();
        return nextId;
    }

    function arbitrationCost(bytes calldata) external view returns (uint256) {
        return cost;
    }
}
