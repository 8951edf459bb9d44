// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {TestStablecoin} from "../demo/TestStablecoin.sol";

/// @title AuthorizationToken
/// @notice What all stablecoins with ERC-3009 share: bounds in time and nonces in any order.
abstract contract AuthorizationToken is TestStablecoin, EIP712 {
    bytes32 private constant RECEIVE_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,"
        "bytes32 nonce)"
    );

    mapping(address authorizer => mapping(bytes32 nonce => bool)) public authorizationState;

    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);

    error AuthorizationToken_CallerNotPayee(address caller, address payee);

    error AuthorizationToken_NotYetValid(uint256 validAfter, uint256 time);

    error AuthorizationToken_Expired(uint256 validBefore, uint256 time);

    error AuthorizationToken_Used(address authorizer, bytes32 nonce);

    error AuthorizationToken_SignatureInvalid(address authorizer);

    constructor() EIP712("Test Stablecoin", "2") {}

    /// @dev Checks all but the signature, and uses the nonce.
    /// @return digest what `from` must have signed
    function _use(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce)
        internal
        returns (bytes32 digest)
    {
        if (to != msg.sender) revert AuthorizationToken_CallerNotPayee(msg.sender, to);
        if (block.timestamp <= validAfter) revert AuthorizationToken_NotYetValid(validAfter, block.timestamp);
        if (block.timestamp >= validBefore) revert AuthorizationToken_Expired(validBefore, block.timestamp);
        if (authorizationState[from][nonce]) revert AuthorizationToken_Used(from, nonce);
        authorizationState[from][nonce] = true;
        emit AuthorizationUsed(from, nonce);
        return
            _hashTypedDataV4(keccak256(abi.encode(RECEIVE_TYPEHASH, from, to, value, validAfter, validBefore, nonce)));
    }
}
