// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Reenterer} from "./Reenterer.sol";

/// @title ItemReceiver
/// @notice Answers a safe transfer (ERC-721) with what it was made with, after it called back; zero is a revert.
contract ItemReceiver is Reenterer {
    error ItemReceiver_Refused(address operator, address from, uint256 tokenId, bytes data);

    bytes4 private immutable ANSWER;

    bytes public received;

    constructor(bytes4 answer) {
        ANSWER = answer;
    }

    function onERC721Received(address operator, address from, uint256 tokenId, bytes calldata data)
        external
        returns (bytes4)
    {
        if (ANSWER == 0) revert ItemReceiver_Refused(operator, from, tokenId, data);
        received = abi.encode(operator, from, tokenId, data);
        _reenter();
        return ANSWER;
    }
}
