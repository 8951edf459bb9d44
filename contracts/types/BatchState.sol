// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Batch} from "./ProvenanceTypes.sol";

/// @notice All that is kept of a batch but its root, in one word: from the lowest bits on itemCount (32), gtin (48),
/// registeredAt (48), expiresAt (48), cartonSize (16), noticeCount (8), operatorTag (56).
/// @dev Read and written as a word, since a struct in storage costs a load and a store for each field.
type BatchState is uint256;

using BatchStateLib for BatchState global;

/// @title The word of a batch
library BatchStateLib {
    uint256 internal constant NOTICE_UNIT = 1 << 192;

    /// @dev A batch without notices.
    function pack(
        uint32 itemCount_,
        uint64 gtin_,
        uint48 registeredAt_,
        uint48 expiresAt_,
        uint16 cartonSize_,
        uint56 tag_
    ) internal pure returns (BatchState) {
        return BatchState.wrap(
            uint256(itemCount_) | uint256(gtin_) << 32 | uint256(registeredAt_) << 80 | uint256(expiresAt_) << 128
                | uint256(cartonSize_) << 176 | uint256(tag_) << 200
        );
    }

    /// @dev The same batch with one more notice; there are at most 33.
    function withNotice(BatchState state) internal pure returns (BatchState) {
        return BatchState.wrap(BatchState.unwrap(state) + NOTICE_UNIT);
    }

    function itemCount(BatchState state) internal pure returns (uint32) {
        return uint32(BatchState.unwrap(state));
    }

    function gtin(BatchState state) internal pure returns (uint48) {
        return uint48(BatchState.unwrap(state) >> 32);
    }

    function registeredAt(BatchState state) internal pure returns (uint48) {
        return uint48(BatchState.unwrap(state) >> 80);
    }

    function expiresAt(BatchState state) internal pure returns (uint48) {
        return uint48(BatchState.unwrap(state) >> 128);
    }

    function cartonSize(BatchState state) internal pure returns (uint16) {
        return uint16(BatchState.unwrap(state) >> 176);
    }

    function noticeCount(BatchState state) internal pure returns (uint8) {
        return uint8(BatchState.unwrap(state) >> 192);
    }

    function operatorTag(BatchState state) internal pure returns (uint56) {
        return uint56(BatchState.unwrap(state) >> 200);
    }

    /// @dev What a reader outside is shown.
    function unpack(BatchState state, bytes32 root) internal pure returns (Batch memory) {
        return Batch({
            root: root,
            itemCount: itemCount(state),
            gtin: gtin(state),
            registeredAt: registeredAt(state),
            expiresAt: expiresAt(state),
            cartonSize: cartonSize(state),
            noticeCount: noticeCount(state),
            operatorTag: operatorTag(state)
        });
    }
}
