// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice An offer of a lot or pallet in one word: from the lowest bits on to (160), version (32), offeredAt (48).
/// @dev `version` is that of the lot or pallet as offered: the offer stands as long as it has not changed.
type OfferState is uint256;

using OfferStateLib for OfferState global;

/// @title The word of an offer
library OfferStateLib {
    function pack(address to_, uint32 version_, uint48 offeredAt_) internal pure returns (OfferState) {
        return OfferState.wrap(uint256(uint160(to_)) | uint256(version_) << 160 | uint256(offeredAt_) << 192);
    }

    /// @dev Who may receive what has this version now, zero if nobody.
    function standingFor(OfferState offer, uint32 version_) internal pure returns (address) {
        uint256 word = OfferState.unwrap(offer);
        return uint32(word >> 160) == version_ ? address(uint160(word)) : address(0);
    }

    function offeredAt(OfferState offer) internal pure returns (uint48) {
        return uint48(OfferState.unwrap(offer) >> 192);
    }
}
