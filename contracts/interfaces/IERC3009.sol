// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title What the checkout needs of ERC-3009 (transfer with authorization)
/// @dev The standard has the signature as v, r and s. Tokens that also serve accounts with code (USDC since its version
/// 2.2) take it as bytes.
interface IERC3009 {
    /// @notice Moves tokens to the caller, who must be `to`, by the signature of the key of `from`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

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
