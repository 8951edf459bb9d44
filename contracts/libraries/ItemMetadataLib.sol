// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {ITEM_FLAGGED, ITEM_LOST, ITEM_STOLEN, ItemState} from "../types/ProvenanceTypes.sol";

/// @title What wallets show of an item (ERC-721 metadata)
library ItemMetadataLib {
    /// @notice A `data:` URL of JSON made of numbers only: no text of an issuer gets into it.
    function tokenUri(bytes32 itemId, ItemState memory state) internal pure returns (string memory) {
        bytes memory json = abi.encodePacked(
            "{\"name\":\"\\u5fae\\u94fe Weilian ",
            Strings.toHexString(uint256(itemId), 32),
            "\",\"description\":\"\\u4e00\\u4ef6\\u5df2\\u8ba4\\u9886\\u7684\\u5546\\u54c1 \\u00b7 A claimed item\",",
            "\"attributes\":[{\"trait_type\":\"state\",\"value\":\"",
            _stateName(state.flags),
            "\"},{\"trait_type\":\"claimed\",\"display_type\":\"date\",\"value\":",
            Strings.toString(state.claimedAt),
            "}]}"
        );
        return string.concat("data:application/json;base64,", Base64.encode(json));
    }

    function _stateName(uint8 flags) private pure returns (string memory) {
        if (flags & (ITEM_STOLEN | ITEM_FLAGGED) != 0) return "stolen";
        return flags & ITEM_LOST != 0 ? "lost" : "owned";
    }
}
