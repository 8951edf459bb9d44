// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestStablecoin} from "../demo/TestStablecoin.sol";

/// @title ForgingToken
/// @notice Pays for everybody out of nothing and asks nobody, as the currency of a hostile brand can.
contract ForgingToken is TestStablecoin {
    function receiveWithAuthorization(address, address to, uint256 value, uint256, uint256, bytes32, bytes calldata)
        external
    {
        _mint(to, value);
    }
}
