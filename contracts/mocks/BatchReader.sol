// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BatchReader
/// @notice Answers many reads of one contract in one call.
contract BatchReader {
    error BatchReader_CallFailed(uint256 index);

    function read(address target, bytes[] calldata calls) external view returns (bytes[] memory answers) {
        answers = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            bool success;
            (success, answers[i]) = target.staticcall(calls[i]);
            if (!success) revert BatchReader_CallFailed(i);
        }
    }
}
