// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title PlatformManager
/// @notice OpenZeppelin's AccessManager, named as the platform's: the only roles of the suite live here, each with
/// its delay.
/// @dev Reaches reward campaigns alone. No role touches batches, claims, escrow, credits or identities.
contract PlatformManager is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
