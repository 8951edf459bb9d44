// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ForceFeeder
/// @notice Forces the chain's coin on a contract that takes none, which works at creation even after Cancun.
contract ForceFeeder {
    constructor(address payable target) payable {
        // solhint-disable-next-line avoid-suicide
        selfdestruct(target);
    }
}
