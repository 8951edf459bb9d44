// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HostileToken} from "./HostileToken.sol";

/// @title BombToken
/// @notice While hostile, moves what it should and answers with 256 KiB that begin with true.
contract BombToken is HostileToken {
    function transfer(address to, uint256 amount) public override returns (bool isDone) {
        isDone = super.transfer(to, amount);
        if (isHostile) _explode();
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool isDone) {
        isDone = super.transferFrom(from, to, amount);
        if (isHostile) _explode();
    }

    function _explode() private pure {
        assembly {
            mstore(0, 1)
            return(0, 0x40000)
        }
    }
}
