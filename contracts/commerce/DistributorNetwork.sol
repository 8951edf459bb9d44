// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {IDistributorNetwork} from "../interfaces/IDistributorNetwork.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Distributor, Invitation} from "../types/NetworkTypes.sol";
import {PERMISSION_INVITE, PERMISSION_PLAN} from "../types/Permissions.sol";
import {EscrowBound} from "./EscrowBound.sol";

/// @title DistributorNetwork
contract DistributorNetwork is IDistributorNetwork, EscrowBound, EIP712 {
    /* TYPES */

    struct PendingAccount {
        address account;
        uint48 activeFrom;
    }

    struct PendingPayout {
        address payout;
        uint48 activeFrom;
    }

    struct Programme {
        uint32 members;
        uint24 deepest;
    }

    /* CONSTANTS */

    bytes32 private constant INVITATION_TYPEHASH =
        keccak256("Invitation(address brand,uint32 sponsor,address invitee,bytes32 campaign,uint48 expiry)");
    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256("Acceptance(bytes32 invitation,address account)");

    /// @dev Time for the owner of a stolen key to see what was done with it and to act. The same for account and payout
    /// address: whoever takes over the account is paid, so the shorter of two delays would be the only one.
    uint256 private constant OWNER_DELAY = 2 days;

    /* IMMUTABLES */

    /// @notice Answers who may act for an account.
    IIdentityRegistry public immutable IDENTITIES;

    /* STORAGE */

    mapping(address brand => Programme) private _programmes;

    mapping(address brand => mapping(uint32 number => Distributor)) private _distributors;

    mapping(address brand => mapping(uint32 number => PendingAccount)) private _pendingAccounts;

    mapping(address brand => mapping(uint32 number => PendingPayout)) private _pendingPayouts;

    mapping(bytes32 invitation => bool) private _isRevoked;

    mapping(address brand => mapping(address account => bool)) private _hasLeft;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities) EIP712("Weilian DistributorNetwork", "1") {
        IDENTITIES = identities;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IDistributorNetwork
    function join(Invitation calldata invitation, bytes calldata signature, address account, bytes calldata acceptance)
        external
        returns (uint32 number)
    {
        // Check:
        _checkInvitation(invitation, signature, account);
        if (msg.sender != account) _checkAcceptance(invitation, account, acceptance);
        _checkJoinable(invitation.brand, account);

        // Effect: a sponsor joined before, so following sponsors always ends at the brand.
        address brand = invitation.brand;
        Programme memory programme = _programmes[brand];
        number = PartyLib.PLATFORM_NUMBER + ++programme.members;
        uint24 depth = invitation.sponsor == 0 ? 1 : _distributors[brand][invitation.sponsor].depth + 1;
        if (depth > programme.deepest) programme.deepest = depth;
        _programmes[brand] = programme;
        Distributor storage distributor = _distributors[brand][number];
        distributor.account = account;
        distributor.sponsor = invitation.sponsor;
        distributor.joinedAt = uint40(block.timestamp);
        distributor.depth = depth;
        emit DistributorJoined(brand, number, account, invitation.sponsor, depth, invitation.campaign);
        ESCROW.setMember(brand, number, account, account, invitation.sponsor, false);
        ESCROW.setNumber(brand, account, number);
    }

    /// @inheritdoc IDistributorNetwork
    function revokeInvitation(Invitation calldata invitation) external {
        address account =
            invitation.sponsor == 0 ? invitation.brand : _checkKnown(invitation.brand, invitation.sponsor).account;
        if (!IDENTITIES.isAuthorized(account, PERMISSION_INVITE, msg.sender)) {
            revert DistributorNetwork_NotAuthorized(account, msg.sender);
        }
        bytes32 digest = digestOf(invitation);
        _isRevoked[digest] = true;
        emit InvitationRevoked(digest, invitation.brand, invitation.sponsor);
    }

    /// @inheritdoc IDistributorNetwork
    function offerAccount(address brand, uint32 number, address account) external {
        _checkOwner(brand, number);
        uint256 activeFrom;
        if (account != address(0)) {
            _checkJoinable(brand, account);
            activeFrom = block.timestamp + OWNER_DELAY;
        }
        _pendingAccounts[brand][number] = PendingAccount({account: account, activeFrom: uint48(activeFrom)});
        emit AccountOffered(brand, number, account, activeFrom);
    }

    /// @inheritdoc IDistributorNetwork
    function acceptAccount(address brand, uint32 number) external {
        // Check:
        PendingAccount memory pending = _pendingAccounts[brand][number];
        if (pending.account != msg.sender) revert DistributorNetwork_NotOffered(brand, number, msg.sender);
        if (block.timestamp < pending.activeFrom) {
            revert DistributorNetwork_OfferNotDue(pending.activeFrom, block.timestamp);
        }
        _checkJoinable(brand, msg.sender);

        // Effect:
        Distributor storage distributor = _distributors[brand][number];
        address before = distributor.account;
        distributor.account = msg.sender;
        delete _pendingAccounts[brand][number];
        _hasLeft[brand][before] = true;
        emit AccountChanged(brand, number, msg.sender, before);
        _setPayout(brand, number, msg.sender);
        ESCROW.setNumber(brand, before, 0);
        ESCROW.setNumber(brand, msg.sender, number);
    }

    /// @inheritdoc IDistributorNetwork
    function announcePayout(address brand, uint32 number, address payout) external {
        _checkOwner(brand, number);
        if (payout == address(0) || payout == address(ESCROW)) revert DistributorNetwork_PayoutInvalid(payout);
        uint256 activeFrom = block.timestamp + OWNER_DELAY;
        _pendingPayouts[brand][number] = PendingPayout({payout: payout, activeFrom: uint48(activeFrom)});
        emit PayoutAnnounced(brand, number, payout, activeFrom);
    }

    /// @inheritdoc IDistributorNetwork
    function activatePayout(address brand, uint32 number) external {
        PendingPayout memory pending = _pendingPayouts[brand][number];
        if (pending.activeFrom == 0 || block.timestamp < pending.activeFrom) {
            revert DistributorNetwork_PayoutNotDue(pending.activeFrom, block.timestamp);
        }
        _setPayout(brand, number, pending.payout);
    }

    /// @inheritdoc IDistributorNetwork
    function setSuspended(address brand, uint32 number, bool isSuspended, bytes32 reason) external {
        _checkBrand(brand);
        Distributor storage distributor = _checkKnown(brand, number);
        if (distributor.isSuspended == isSuspended) {
            revert DistributorNetwork_SuspensionUnchanged(brand, number, isSuspended);
        }
        distributor.isSuspended = isSuspended;
        if (isSuspended) emit DistributorSuspended(brand, number, reason);
        else emit DistributorReinstated(brand, number);
        _write(brand, number, distributor);
    }

    /// @inheritdoc IDistributorNetwork
    function setTerritory(address brand, uint32 number, bytes32 territory) external {
        _checkBrand(brand);
        _checkKnown(brand, number).territory = territory;
        emit TerritorySet(brand, number, territory);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IDistributorNetwork
    function distributorOf(address brand, uint32 number) external view returns (Distributor memory distributor) {
        distributor = _distributors[brand][number];
        distributor.payout = _payoutOf(_distributors[brand][number]);
    }

    /// @inheritdoc IDistributorNetwork
    function authorizationOf(address brand, address account)
        external
        view
        returns (bool isAuthorized, uint32 number, uint40 since, bytes32 territory)
    {
        (number,) = ESCROW.customerOf(brand, account);
        if (number == 0) return (false, 0, 0, 0);
        Distributor memory distributor = _distributors[brand][number];
        return (!distributor.isSuspended, number, distributor.joinedAt, distributor.territory);
    }

    /// @inheritdoc IDistributorNetwork
    function programmeOf(address brand) external view returns (uint256 members, uint256 deepest) {
        return (_programmes[brand].members, _programmes[brand].deepest);
    }

    /// @inheritdoc IDistributorNetwork
    function digestOf(Invitation calldata invitation) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(INVITATION_TYPEHASH, invitation)));
    }

    /// @inheritdoc IDistributorNetwork
    function acceptanceDigestOf(Invitation calldata invitation, address account) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ACCEPTANCE_TYPEHASH, digestOf(invitation), account)));
    }

    /* INTERNAL */

    function _setPayout(address brand, uint32 number, address payout) private {
        Distributor storage distributor = _distributors[brand][number];
        distributor.payout = payout == distributor.account ? address(0) : payout;
        delete _pendingPayouts[brand][number];
        emit PayoutChanged(brand, number, payout);
        _write(brand, number, distributor);
    }

    /// @dev Tells the escrow what orders and withdrawals need of the distributor.
    function _write(address brand, uint32 number, Distributor storage distributor) private {
        ESCROW.setMember(
            brand, number, distributor.account, _payoutOf(distributor), distributor.sponsor, distributor.isSuspended
        );
    }

    /// @dev Kept only where it is not the account itself.
    function _payoutOf(Distributor storage distributor) private view returns (address) {
        return distributor.payout == address(0) ? distributor.account : distributor.payout;
    }

    function _checkInvitation(Invitation calldata invitation, bytes calldata signature, address account) private view {
        if (block.timestamp >= invitation.expiry) {
            revert DistributorNetwork_InvitationExpired(invitation.expiry, block.timestamp);
        }
        if (invitation.invitee != address(0) && invitation.invitee != account) {
            revert DistributorNetwork_NotInvitee(account, invitation.invitee);
        }
        address signer = _inviterOf(invitation);
        bytes32 digest = digestOf(invitation);
        if (!SignatureLib.isValid(signer, digest, signature)) revert DistributorNetwork_SignatureInvalid(signer);
        if (_isRevoked[digest]) revert DistributorNetwork_InvitationRevoked(digest);
    }

    /// @dev An acceptance lasts as long as its invitation: it must not bring back an account that left since.
    function _checkAcceptance(Invitation calldata invitation, address account, bytes calldata acceptance) private view {
        if (!SignatureLib.isValid(account, acceptanceDigestOf(invitation, account), acceptance)) {
            revert DistributorNetwork_SignatureInvalid(account);
        }
        if (_hasLeft[invitation.brand][account]) revert DistributorNetwork_HasLeft(invitation.brand, account);
    }

    /// @dev Whose signature makes the invitation: the owner of the sponsor's account, or of the brand.
    function _inviterOf(Invitation calldata invitation) private view returns (address) {
        bool isBrand = invitation.sponsor == 0;
        return IDENTITIES.identityOwner(
            isBrand ? invitation.brand : _checkKnown(invitation.brand, invitation.sponsor).account
        );
    }

    function _checkJoinable(address brand, address account) private view {
        if (account == brand || account == address(0)) revert DistributorNetwork_AccountInvalid(brand, account);
        (uint32 number,) = ESCROW.customerOf(brand, account);
        if (number != 0) revert DistributorNetwork_AlreadyJoined(brand, account, number);
    }

    function _checkKnown(address brand, uint32 number) private view returns (Distributor storage distributor) {
        distributor = _distributors[brand][number];
        if (distributor.account == address(0)) revert DistributorNetwork_Unknown(brand, number);
    }

    function _checkBrand(address brand) private view {
        if (!IDENTITIES.isAuthorized(brand, PERMISSION_PLAN, msg.sender)) {
            revert DistributorNetwork_NotAuthorized(brand, msg.sender);
        }
    }

    /// @dev No delegate: these acts decide where money goes.
    function _checkOwner(address brand, uint32 number) private view {
        address account = _checkKnown(brand, number).account;
        if (IDENTITIES.identityOwner(account) != msg.sender) {
            revert DistributorNetwork_NotAuthorized(account, msg.sender);
        }
    }

    function _namedBy(ICommissionEscrow escrow) internal view override returns (address) {
        return escrow.NETWORK();
    }
}
