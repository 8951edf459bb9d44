// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Arrays of words in memory without the check of each index
/// @dev An index check costs 70 gas, and settling one order takes thirty. Callers stay below the length by the bounds
/// of their loops.
library WordsLib {
    function get(uint256[] memory words, uint256 index) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(words, 0x20), shl(5, index)))
        }
    }

    function set(uint256[] memory words, uint256 index, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(words, 0x20), shl(5, index)), word)
        }
    }

    /// @dev Makes the array shorter, in place.
    function shorten(uint256[] memory words, uint256 length) internal pure {
        assembly ("memory-safe") {
            mstore(words, length)
        }
    }

    /// @dev keccak256(abi.encodePacked(words)), without a copy.
    function hash(uint256[] memory words) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(add(words, 0x20), shl(5, mload(words)))
        }
    }
}
