// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {AuthorizationToken} from "./AuthorizationToken.sol";

/// @title BytesAuthorizationToken
/// @notice ERC-3009 with signatures as bytes: of keys, and of accounts with code by their code alone (ERC-1271).
contract BytesAuthorizationToken is AuthorizationToken {
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        bytes32 digest = _use(from, to, value, validAfter, validBefore, nonce);
        if (!SignatureChecker.isValidSignatureNowCalldata(from, digest, signature)) {
            revert AuthorizationToken_SignatureInvalid(from);
        }
        _transfer(from, to, value);
    }
}
