// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {AuthorizationToken} from "./AuthorizationToken.sol";

/// @title KeyAuthorizationToken
/// @notice ERC-3009 to the letter: signatures of keys alone, as v, r and s.
contract KeyAuthorizationToken is AuthorizationToken {
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
    ) external {
        bytes32 digest = _use(from, to, value, validAfter, validBefore, nonce);
        if (ECDSA.recover(digest, v, r, s) != from) revert AuthorizationToken_SignatureInvalid(from);
        _transfer(from, to, value);
    }
}
