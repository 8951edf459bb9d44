// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Operator} from "../types/ProvenanceTypes.sol";

/// @title What an issuer decides about its own name space: operators and domains
/// @notice An issuer bounds what its operators can do, says from when on a key is not to be trusted, and binds its
/// domains. Nobody else can.
/// @dev Cannot be paused and has no administrator. Domains follow ERC-7529, with an issuer beside each.
interface IIssuerRegistry {
    /// @notice An operator may register at most `dailyLimit` items a day, 0 for any number.
    event DailyLimitSet(address indexed issuer, address indexed operator, uint48 dailyLimit);

    /// @notice What a key recorded for an issuer from `revokedFrom` on is not to be trusted.
    event KeyRevoked(address indexed issuer, address indexed operator, uint48 revokedFrom);

    /// @notice A domain was bound by its first issuer (ERC-7529).
    event AddDomain(string domain);

    /// @notice A domain was released by its last issuer (ERC-7529).
    event RemoveDomain(string domain);

    /// @notice An issuer bound a domain, or released it.
    event IssuerDomainSet(address indexed issuer, bytes32 indexed domainHash, string domain, bool isBound);

    /// @notice The caller may not act for the issuer in this matter.
    error IssuerRegistry_NotAuthorized(address issuer, bytes32 permission, address actor);

    /// @notice Only the issuer's owner may do this, no delegate.
    error IssuerRegistry_NotOwner(address issuer, address actor, address owner);

    /// @notice The operator's key is revoked.
    error IssuerRegistry_KeyRevoked(address issuer, address operator, uint48 revokedFrom);

    /// @notice A key can only be revoked from a time that is past, and from an earlier one than before.
    error IssuerRegistry_RevocationTooLate(address issuer, address operator, uint48 revokedFrom, uint256 latest);

    /// @notice A revocation needs a time after 1970.
    error IssuerRegistry_RevocationZero(address issuer, address operator);

    /// @notice The operator would register more items today than its issuer lets it.
    error IssuerRegistry_DailyLimitExceeded(address issuer, address operator, uint256 used, uint48 dailyLimit);

    /// @notice A domain has 1 to 253 characters.
    error IssuerRegistry_DomainLength(uint256 length, uint256 limit);

    /// @notice The issuer has bound the domain already, or has not bound it.
    error IssuerRegistry_DomainUnchanged(address issuer, string domain, bool isBound);

    /// @notice Bounds the items that an operator registers in a day (UTC). Takes effect at once.
    /// @dev Emits {DailyLimitSet}.
    ///
    /// Notes:
    /// - Operators are kept by the last 7 bytes of their accounts; two with the same share limit and revocation. An
    ///   owner whose delegate took the trouble to have the same changes its own key before it revokes that one.
    ///
    /// Requirements:
    /// - The caller must be the issuer's owner.
    function setDailyLimit(address issuer, address operator, uint48 dailyLimit) external;

    /// @notice Declares a key of the issuer untrustworthy from a time on: a batch that it registered from that second
    /// on is marked for ever, what it registered before stays good, and it registers nothing any more.
    /// @dev Emits {KeyRevoked}. Only batches carry the mark on chain. Trace events name their actor, so that readers
    /// mark them; whatever else the key may do ends with its delegation, see {IIdentityRegistry.revokeDelegate}.
    ///
    /// Requirements:
    /// - The caller must be the issuer's owner.
    /// - `revokedFrom` must not be 0, nor later than now, nor later than an earlier revocation of the same key.
    function revokeKey(address issuer, address operator, uint48 revokedFrom) external;

    /// @notice Binds a domain to the issuer. Anyone can bind any domain: the bond is complete only if the domain's TXT
    /// record names this contract and the issuer.
    /// @dev Emits {IssuerDomainSet}, and {AddDomain} if no other issuer has bound it.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_DOMAIN`.
    /// - The domain must have 1 to 253 characters and not be bound by the issuer.
    function addDomain(address issuer, string calldata domain) external;

    /// @notice Releases a domain.
    /// @dev Emits {IssuerDomainSet}, and {RemoveDomain} if no other issuer has bound it.
    ///
    /// Requirements:
    /// - The caller must be authorised by the issuer for `PERMISSION_DOMAIN`.
    /// - The domain must be bound by the issuer.
    function removeDomain(address issuer, string calldata domain) external;

    /// @notice Whether any issuer has bound a domain (ERC-7529).
    function checkDomain(string calldata domain) external view returns (bool);

    /// @notice Whether this issuer has bound a domain.
    function isIssuerDomain(address issuer, string calldata domain) external view returns (bool);

    /// @notice What is kept of an operator; all zero if its issuer never said anything of it.
    function operatorOf(address issuer, address operator) external view returns (Operator memory);
}
