// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "./HostileToken.sol";

/// @title OddPermitToken
/// @notice Takes any permit and does nothing about it; while hostile, reverts.
contract OddPermitToken is HostileToken {
    error OddPermitToken_Refused();

    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external view {
        if (isHostile) revert OddPermitToken_Refused();
    }
}
