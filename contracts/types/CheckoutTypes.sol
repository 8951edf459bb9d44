// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice How the checkout gets a payer's money.
/// @param ALLOWANCE the payer approved the checkout before; `data` is empty
/// @param PERMIT EIP-2612; `data` is abi.encode(uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
/// @param AUTHORIZATION ERC-3009 receiveWithAuthorization to the checkout with the order's id as nonce; `data` is
/// abi.encode(uint256 validAfter, uint256 validBefore, bytes signature)
/// @param PERMIT2 Permit2 with the order's id as witness; `data` is abi.encode(uint256 nonce, uint256 deadline, bytes
/// signature)
/// @param KEY_AUTHORIZATION as AUTHORIZATION, for tokens that take the signature only as v, r and s of a key; the
/// signature is the same, of 65 bytes
enum FundingKind {
    ALLOWANCE,
    PERMIT,
    AUTHORIZATION,
    PERMIT2,
    KEY_AUTHORIZATION
}

/// @notice How an order is paid.
struct Funding {
    FundingKind kind;
    bytes data;
}
