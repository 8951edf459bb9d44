// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A lot in one word: from the lowest bits on holder (160), size (32), version (32), flags (8).
/// @dev `holder` is an identity, or the pallet that the lot is packed on; `size` counts items, 0 for no lot; `version`
/// counts changes, and offers and receipts name the one they are for; `flags` are `LOT_` bits.
type LotState is uint256;

using LotStateLib for LotState global;

/// @title The word of a lot
library LotStateLib {
    function pack(address holder_, uint32 size_, uint32 version_, uint8 flags_) internal pure returns (LotState) {
        return LotState.wrap(
            uint256(uint160(holder_)) | uint256(size_) << 160 | uint256(version_) << 192 | uint256(flags_) << 224
        );
    }

    function holder(LotState lot) internal pure returns (address) {
        return address(uint160(LotState.unwrap(lot)));
    }

    function size(LotState lot) internal pure returns (uint32) {
        return uint32(LotState.unwrap(lot) >> 160);
    }

    function version(LotState lot) internal pure returns (uint32) {
        return uint32(LotState.unwrap(lot) >> 192);
    }

    function flags(LotState lot) internal pure returns (uint8) {
        return uint8(LotState.unwrap(lot) >> 224);
    }
}
