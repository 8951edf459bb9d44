// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IIssuerRegistry} from "../interfaces/IIssuerRegistry.sol";
import {OperatorState} from "../types/OperatorState.sol";
import {PERMISSION_DOMAIN} from "../types/Permissions.sol";
import {Operator} from "../types/ProvenanceTypes.sol";

/// @title IssuerRegistry
abstract contract IssuerRegistry is IIssuerRegistry {
    /* CONSTANTS */

    uint256 internal constant DOMAIN_LIMIT = 253;

    /* IMMUTABLES */

    /// @notice Answers who may act for an issuer.
    IIdentityRegistry public immutable IDENTITIES;

    /* STORAGE */

    mapping(address issuer => mapping(uint56 operatorTag => OperatorState)) private _operators;
    mapping(address issuer => mapping(bytes32 domainHash => bool)) private _isBound;
    mapping(bytes32 domainHash => uint256 issuers) private _issuersOf;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities) {
        IDENTITIES = identities;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IIssuerRegistry
    function setDailyLimit(address issuer, address operator, uint48 dailyLimit) external {
        _checkOwner(issuer);

        // Effect:
        OperatorState kept = _operators[issuer][_tagOf(operator)];
        _operators[issuer][_tagOf(operator)] = kept.withDailyLimit(dailyLimit);

        emit DailyLimitSet(issuer, operator, dailyLimit);
    }

    /// @inheritdoc IIssuerRegistry
    function revokeKey(address issuer, address operator, uint48 revokedFrom) external {
        // Check:
        _checkOwner(issuer);
        OperatorState kept = _operators[issuer][_tagOf(operator)];
        uint256 latest = kept.revokedFrom() == 0 ? block.timestamp : kept.revokedFrom();
        if (revokedFrom == 0) revert IssuerRegistry_RevocationZero(issuer, operator);
        if (revokedFrom > latest) {
            revert IssuerRegistry_RevocationTooLate(issuer, operator, revokedFrom, latest);
        }

        // Effect:
        _operators[issuer][_tagOf(operator)] = kept.withRevokedFrom(revokedFrom);

        emit KeyRevoked(issuer, operator, revokedFrom);
    }

    /// @inheritdoc IIssuerRegistry
    function addDomain(address issuer, string calldata domain) external {
        // Check:
        _checkAuthorized(issuer, PERMISSION_DOMAIN);
        uint256 length = bytes(domain).length;
        if (length == 0 || length > DOMAIN_LIMIT) revert IssuerRegistry_DomainLength(length, DOMAIN_LIMIT);
        bytes32 domainHash = _checkBinding(issuer, domain, false);

        // Effect:
        _isBound[issuer][domainHash] = true;
        bool isFirst = _issuersOf[domainHash]++ == 0;

        emit IssuerDomainSet(issuer, domainHash, domain, true);
        if (isFirst) emit AddDomain(domain);
    }

    /// @inheritdoc IIssuerRegistry
    function removeDomain(address issuer, string calldata domain) external {
        // Check:
        _checkAuthorized(issuer, PERMISSION_DOMAIN);
        bytes32 domainHash = _checkBinding(issuer, domain, true);

        // Effect:
        _isBound[issuer][domainHash] = false;
        bool isLast = --_issuersOf[domainHash] == 0;

        emit IssuerDomainSet(issuer, domainHash, domain, false);
        if (isLast) emit RemoveDomain(domain);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IIssuerRegistry
    function checkDomain(string calldata domain) external view returns (bool) {
        return _issuersOf[keccak256(bytes(domain))] != 0;
    }

    /// @inheritdoc IIssuerRegistry
    function isIssuerDomain(address issuer, string calldata domain) external view returns (bool) {
        return _isBound[issuer][keccak256(bytes(domain))];
    }

    /// @inheritdoc IIssuerRegistry
    function operatorOf(address issuer, address operator) external view returns (Operator memory) {
        return _operators[issuer][_tagOf(operator)].unpack();
    }

    /* INTERNAL */

    /// @dev Counts items to the caller's day. Only operators with a limit have anything to count.
    function _useAllowance(address issuer, uint32 itemCount) internal {
        // Check:
        OperatorState operator = _operators[issuer][_tagOf(msg.sender)];
        if (operator.revokedFrom() != 0) {
            revert IssuerRegistry_KeyRevoked(issuer, msg.sender, operator.revokedFrom());
        }
        uint48 dailyLimit = operator.dailyLimit();
        if (dailyLimit == 0) return;
        uint256 today = block.timestamp / 1 days;
        uint256 used = uint256(operator.usedOn(today)) + itemCount;
        if (used > dailyLimit) revert IssuerRegistry_DailyLimitExceeded(issuer, msg.sender, used, dailyLimit);

        // Effect: safe casts, days fit 48 bits for ages, the use is at most the limit.
        _operators[issuer][_tagOf(msg.sender)] = operator.withUse(uint48(today), uint48(used));
    }

    /// @dev Second from which what an operator registered is marked, 0 for never.
    function _revokedFrom(address issuer, uint56 operatorTag) internal view returns (uint48) {
        return _operators[issuer][operatorTag].revokedFrom();
    }

    function _checkAuthorized(address issuer, bytes32 permission) internal view {
        if (!IDENTITIES.isAuthorized(issuer, permission, msg.sender)) {
            revert IssuerRegistry_NotAuthorized(issuer, permission, msg.sender);
        }
    }

    function _checkOwner(address issuer) internal view {
        address owner = IDENTITIES.identityOwner(issuer);
        if (msg.sender != owner) revert IssuerRegistry_NotOwner(issuer, msg.sender, owner);
    }

    function _checkBinding(address issuer, string calldata domain, bool isBound)
        internal
        view
        returns (bytes32 domainHash)
    {
        domainHash = keccak256(bytes(domain));
        if (_isBound[issuer][domainHash] != isBound) {
            revert IssuerRegistry_DomainUnchanged(issuer, domain, !isBound);
        }
    }

    /// @dev An equal tag, ground at 2^56 tries, escapes nothing: it shares limit and revocation, see setDailyLimit.
    function _tagOf(address operator) internal pure returns (uint56) {
        return uint56(uint160(operator));
    }
}
