// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";

/// @title IdentityRegistry
contract IdentityRegistry is IIdentityRegistry {
    /// @dev One slot an identity: its owner if it ever changed, and the block of its last event.
    struct IdentityState {
        address owner;
        uint48 changedBlock;
        bool isDeactivated;
    }

    /* STORAGE */

    mapping(address identity => IdentityState) private _identities;

    /// @inheritdoc IIdentityRegistry
    mapping(address identity => mapping(bytes32 delegateTypeHash => mapping(address delegate => uint256 validTo)))
        public delegates;

    /* MODIFIERS */

    modifier onlyOwner(address identity) {
        _checkOwner(identity);
        _;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IIdentityRegistry
    function changeOwner(address identity, address newOwner) external onlyOwner(identity) {
        // Effect: a zero owner would read as "never changed", so deactivation has a flag of its own.
        _identities[identity].owner = newOwner;
        if (newOwner == address(0)) _identities[identity].isDeactivated = true;

        emit DIDOwnerChanged(identity, newOwner, _recordChange(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity)
        external
        onlyOwner(identity)
    {
        uint256 validTo = _validTo(validity);

        // Effect:
        delegates[identity][_typeHash(delegateType)][delegate] = validTo;

        emit DIDDelegateChanged(identity, delegateType, delegate, validTo, _recordChange(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external onlyOwner(identity) {
        // Effect:
        delete delegates[identity][_typeHash(delegateType)][delegate];

        emit DIDDelegateChanged(identity, delegateType, delegate, 0, _recordChange(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity)
        external
        onlyOwner(identity)
    {
        emit DIDAttributeChanged(identity, name, value, _validTo(validity), _recordChange(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external onlyOwner(identity) {
        emit DIDAttributeChanged(identity, name, value, 0, _recordChange(identity));
    }

    /* EXTERNAL READS */

    /// @inheritdoc IIdentityRegistry
    function isAuthorized(address identity, bytes32 permission, address actor) external view returns (bool) {
        address owner = identityOwner(identity);
        if (owner == address(0)) return false;
        return actor == owner || _isDelegate(identity, permission, actor);
    }

    /// @inheritdoc IIdentityRegistry
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool) {
        return identityOwner(identity) != address(0) && _isDelegate(identity, delegateType, delegate);
    }

    /// @inheritdoc IIdentityRegistry
    function changed(address identity) external view returns (uint256) {
        return _identities[identity].changedBlock;
    }

    /// @inheritdoc IIdentityRegistry
    function owners(address identity) external view returns (address) {
        return _identities[identity].owner;
    }

    /// @inheritdoc IIdentityRegistry
    function identityOwner(address identity) public view returns (address) {
        IdentityState storage state = _identities[identity];
        if (state.isDeactivated) return address(0);
        return state.owner == address(0) ? identity : state.owner;
    }

    /* INTERNAL */

    /// @dev Links this block's event to the one before it.
    function _recordChange(address identity) internal returns (uint256 previousChange) {
        previousChange = _identities[identity].changedBlock;
        // Safe cast: 2^48 blocks are millions of years.
        _identities[identity].changedBlock = uint48(block.number);
    }

    function _checkOwner(address identity) internal view {
        address owner = identityOwner(identity);
        if (msg.sender != owner) revert IdentityRegistry_NotOwner(identity, msg.sender, owner);
    }

    function _isDelegate(address identity, bytes32 delegateType, address delegate) internal view returns (bool) {
        return block.timestamp < delegates[identity][_typeHash(delegateType)][delegate];
    }

    function _validTo(uint256 validity) internal view returns (uint256) {
        uint256 limit = type(uint48).max - block.timestamp;
        if (validity > limit) revert IdentityRegistry_ValidityTooLong(validity, limit);
        return block.timestamp + validity;
    }

    function _typeHash(bytes32 delegateType) internal pure returns (bytes32) {
        return keccak256(abi.encode(delegateType));
    }
}
