// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestStablecoin} from "../demo/TestStablecoin.sol";

/// @title PhantomToken
/// @notice Takes every call that it does not know and does nothing, as wrapped ether does.
contract PhantomToken is TestStablecoin {
    fallback() external {}
}
