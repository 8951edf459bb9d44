// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Identities, their owners, delegates and attributes
/// @notice Every address is an identity and owns itself until it says otherwise: nothing to register. Follows
/// ERC-1056, so that `did:ethr` tools resolve it. Two rules are its own: deactivation is enforced, and what is
/// revoked ends at second 0. Owners do not chain: who owns an identity owns it by its own key.
/// @dev Cannot be paused and has no administrator.
interface IIdentityRegistry {
    /// @notice An identity has a new owner; the zero address means it is deactivated for ever.
    event DIDOwnerChanged(address indexed identity, address owner, uint256 previousChange);

    /// @notice A delegate was added, or revoked if `validTo` is 0.
    event DIDDelegateChanged(
        address indexed identity, bytes32 delegateType, address delegate, uint256 validTo, uint256 previousChange
    );

    /// @notice An attribute was set, or revoked if `validTo` is 0.
    event DIDAttributeChanged(
        address indexed identity, bytes32 name, bytes value, uint256 validTo, uint256 previousChange
    );

    /// @notice The caller does not own the identity.
    error IdentityRegistry_NotOwner(address identity, address actor, address owner);

    /// @notice The validity, in seconds, reaches beyond the last time that can be kept.
    error IdentityRegistry_ValidityTooLong(uint256 validity, uint256 limit);

    /// @notice Gives an identity to a new owner, or deactivates it for ever with the zero address.
    /// @dev Emits {DIDOwnerChanged}.
    ///
    /// Notes:
    /// - Delegates stay: revoke those that the new owner should not keep.
    ///
    /// Requirements:
    /// - The caller must own the identity.
    function changeOwner(address identity, address newOwner) external;

    /// @notice Lets `delegate` act for the identity in one matter for `validity` seconds.
    /// @dev Emits {DIDDelegateChanged}.
    ///
    /// Requirements:
    /// - The caller must own the identity.
    /// - `validity` must be at most `type(uint48).max` minus the block time.
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) external;

    /// @notice Ends a delegation in this block.
    /// @dev Emits {DIDDelegateChanged} with `validTo` 0.
    ///
    /// Requirements:
    /// - The caller must own the identity.
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external;

    /// @notice Publishes an attribute for `validity` seconds. It lives in the event alone.
    /// @dev Emits {DIDAttributeChanged}.
    ///
    /// Requirements:
    /// - The caller must own the identity.
    /// - `validity` must be at most `type(uint48).max` minus the block time.
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external;

    /// @notice Withdraws an attribute in this block.
    /// @dev Emits {DIDAttributeChanged} with `validTo` 0.
    ///
    /// Requirements:
    /// - The caller must own the identity.
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external;

    /// @notice Whether `actor` may act for `identity` in the matter `permission`: as owner, or as delegate of that
    /// type.
    /// @dev False for everyone once the identity is deactivated. Every other contract of the suite asks this.
    function isAuthorized(address identity, bytes32 permission, address actor) external view returns (bool);

    /// @notice The current owner; the identity itself by default, zero once deactivated.
    function identityOwner(address identity) external view returns (address);

    /// @notice Whether `delegate` is a delegate of that type now. The last valid second is `validTo` − 1.
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool);

    /// @notice Number of the block with the identity's last event, 0 if there is none.
    function changed(address identity) external view returns (uint256);

    /// @notice The owner as set, zero if never changed.
    function owners(address identity) external view returns (address);

    /// @notice Second from which a delegation no longer holds. `delegateTypeHash` is keccak256 of the type.
    function delegates(address identity, bytes32 delegateTypeHash, address delegate) external view returns (uint256);
}
