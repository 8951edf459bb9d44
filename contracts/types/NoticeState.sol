// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Notice, NoticeKind} from "./ProvenanceTypes.sol";

/// @notice A notice in one word: from the lowest bits on first (32), last (32), issuedAt (48), liftedAt (48), kind (1).
type NoticeState is uint256;

using NoticeStateLib for NoticeState global;

/// @title The word of a notice
library NoticeStateLib {
    uint256 private constant LIFTED_AT = 112;

    /// @dev A notice that stands.
    function pack(uint32 first, uint32 last, uint48 issuedAt, NoticeKind kind) internal pure returns (NoticeState) {
        return NoticeState.wrap(uint256(first) | uint256(last) << 32 | uint256(issuedAt) << 64 | uint256(kind) << 160);
    }

    /// @dev The same notice, lifted.
    function lifted(NoticeState notice, uint48 liftedAt) internal pure returns (NoticeState) {
        return NoticeState.wrap(NoticeState.unwrap(notice) | uint256(liftedAt) << LIFTED_AT);
    }

    function stands(NoticeState notice) internal pure returns (bool) {
        uint256 word = NoticeState.unwrap(notice);
        return uint48(word >> 64) != 0 && uint48(word >> LIFTED_AT) == 0;
    }

    /// @dev Whether the notice touches any of the items `first` to `last`, and stands or was issued from `since` on.
    function touches(NoticeState notice, uint32 first, uint32 last, uint48 since) internal pure returns (bool) {
        uint256 word = NoticeState.unwrap(notice);
        bool counts = uint48(word >> LIFTED_AT) == 0 || uint48(word >> 64) >= since;
        return counts && first <= uint32(word >> 32) && uint32(word) <= last;
    }

    function kindOf(NoticeState notice) internal pure returns (NoticeKind) {
        return NoticeKind(NoticeState.unwrap(notice) >> 160);
    }

    /// @dev What a reader outside is shown.
    function unpack(NoticeState notice) internal pure returns (Notice memory) {
        uint256 word = NoticeState.unwrap(notice);
        return Notice({
            first: uint32(word),
            last: uint32(word >> 32),
            issuedAt: uint48(word >> 64),
            liftedAt: uint48(word >> LIFTED_AT),
            kind: kindOf(notice)
        });
    }
}
