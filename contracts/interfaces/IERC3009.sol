// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title What the checkout needs of ERC-3009 (transfer with authorization)
interface IERC3009 {
    /// @notice Moves tokens to the caller, who must be `to`, by the signature of `from`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
