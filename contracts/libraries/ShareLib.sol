// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Shares that sum exactly
/// @dev Cumulative rounding: the first n parties together get floor(total × their summed rates), so each party's part
/// is within one unit of its rate and all parts with the rest add up to the total.
library ShareLib {
    uint256 internal constant BPS_DENOMINATOR = 10_000;

    /// @notice What all parties up to a summed rate get together, rounded down.
    function cumulativeRoundedDown(uint128 total, uint256 cumulativeBps) internal pure returns (uint256) {
        return uint256(total) * cumulativeBps / BPS_DENOMINATOR;
    }
}
