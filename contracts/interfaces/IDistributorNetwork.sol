// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Distributor, Invitation} from "../types/NetworkTypes.sol";
import {IEscrowBound} from "./IEscrowBound.sol";

/// @title Distributors and who invited them
/// @notice Joining a brand's programme is free, pays nobody, and needs an invitation that the sponsor signed. A
/// distributor is a number that stays; the account behind it can change. Its sponsor joined before and never changes,
/// so following sponsors always ends at the brand.
/// @dev Cannot be paused and has no administrator. Nothing here moves money.
interface IDistributorNetwork is IEscrowBound {
    /// @notice An account joined a programme.
    event DistributorJoined(
        address indexed brand,
        uint32 indexed number,
        address indexed account,
        uint32 sponsor,
        uint24 depth,
        bytes32 campaign
    );

    /// @notice A sponsor withdrew an invitation.
    event InvitationRevoked(bytes32 indexed invitation, address indexed brand, uint32 indexed sponsor);

    /// @notice A distributor offered its number to another account, which can accept it from `activeFrom` on; both are
    /// zero where the offer is withdrawn.
    event AccountOffered(address indexed brand, uint32 indexed number, address indexed account, uint256 activeFrom);

    /// @notice Another account acts for the number now.
    event AccountChanged(address indexed brand, uint32 indexed number, address indexed account, address before);

    /// @notice A distributor announced another payout address; it can be put in force from `activeFrom` on.
    event PayoutAnnounced(address indexed brand, uint32 indexed number, address indexed payout, uint256 activeFrom);

    /// @notice Withdrawals are paid to another address now; an announcement that still waited is gone.
    event PayoutChanged(address indexed brand, uint32 indexed number, address indexed payout);

    /// @notice The brand suspended a distributor for new orders; what is earned stays.
    event DistributorSuspended(address indexed brand, uint32 indexed number, bytes32 reason);

    /// @notice The brand lets the distributor sell again.
    event DistributorReinstated(address indexed brand, uint32 indexed number);

    /// @notice The brand said where the distributor may sell.
    event TerritorySet(address indexed brand, uint32 indexed number, bytes32 territory);

    /// @notice The invitation is not signed by the owner of the sponsor's account.
    error DistributorNetwork_SignatureInvalid(address signer);

    /// @notice The invitation is over.
    error DistributorNetwork_InvitationExpired(uint256 expiry, uint256 time);

    /// @notice The sponsor withdrew the invitation.
    error DistributorNetwork_InvitationRevoked(bytes32 invitation);

    /// @notice The invitation is for another account.
    error DistributorNetwork_NotInvitee(address account, address invitee);

    /// @notice The programme has no distributor of this number.
    error DistributorNetwork_Unknown(address brand, uint32 number);

    /// @notice The account is a distributor of the programme already.
    error DistributorNetwork_AlreadyJoined(address brand, address account, uint32 number);

    /// @notice The account gave a number of the programme away: only its own transaction brings it back.
    error DistributorNetwork_HasLeft(address brand, address account);

    /// @notice A brand cannot be its own distributor; nor can the zero address.
    error DistributorNetwork_AccountInvalid(address brand, address account);

    /// @notice The caller may not act for this account or brand.
    error DistributorNetwork_NotAuthorized(address account, address actor);

    /// @notice The number is not offered to the caller.
    error DistributorNetwork_NotOffered(address brand, uint32 number, address account);

    /// @notice The number is offered to the caller, but the time to accept has not come.
    error DistributorNetwork_OfferNotDue(uint256 activeFrom, uint256 time);

    /// @notice No payout address is announced, or its time has not come.
    error DistributorNetwork_PayoutNotDue(uint256 activeFrom, uint256 time);

    /// @notice Money cannot be paid to the zero address or to the escrow.
    error DistributorNetwork_PayoutInvalid(address payout);

    /// @notice The distributor is in that state already.
    error DistributorNetwork_SuspensionUnchanged(address brand, uint32 number, bool isSuspended);

    /// @notice Makes an account a distributor under the sponsor that invited it.
    /// @dev Emits {DistributorJoined}. Free: takes no payment, stakes nothing, pays nobody.
    ///
    /// Requirements:
    /// - The caller must be `account`, or `acceptance` its signature over {acceptanceDigestOf}.
    /// - An account that gave a number of the programme away must be the caller.
    /// - The invitation must be signed by the owner of the sponsor's account (of the brand for sponsor 0).
    /// - It must not be over, not revoked, and for this account or for anyone.
    /// - The account must not be in the programme, and not be the brand.
    /// @return number of the new distributor, from 2 on
    function join(Invitation calldata invitation, bytes calldata signature, address account, bytes calldata acceptance)
        external
        returns (uint32 number);

    /// @notice Withdraws an invitation.
    /// @dev Emits {InvitationRevoked}. The caller must be authorised by the sponsor's account, or by the brand for
    /// sponsor 0, for `PERMISSION_INVITE`.
    function revokeInvitation(Invitation calldata invitation) external;

    /// @notice Offers a number to another account, which can accept after two days; zero withdraws the offer.
    /// @dev Emits {AccountOffered}.
    ///
    /// Notes:
    /// - A new offer takes the place of the one before, and its two days begin anew.
    ///
    /// Requirements:
    /// - The caller must own the number's account.
    /// - The other account must not be in the programme, and not be the brand.
    function offerAccount(address brand, uint32 number, address account) external;

    /// @notice Takes over a number that was offered to the caller. The payout address becomes the caller's own.
    /// @dev Emits {AccountChanged} and {PayoutChanged}.
    ///
    /// Requirements:
    /// - The number must be offered to the caller, for two days at least.
    /// - The caller must not have joined the programme meanwhile.
    function acceptAccount(address brand, uint32 number) external;

    /// @notice Announces another payout address; it can be put in force after two days.
    /// @dev Emits {PayoutAnnounced}. The caller must own the number's account.
    function announcePayout(address brand, uint32 number, address payout) external;

    /// @notice Puts an announced payout address in force; anyone may.
    /// @dev Emits {PayoutChanged}.
    function activatePayout(address brand, uint32 number) external;

    /// @notice Suspends a distributor for new orders, or reinstates it. What is earned is never touched.
    /// @dev Emits {DistributorSuspended} or {DistributorReinstated}. The caller must be authorised by the brand for
    /// `PERMISSION_PLAN`.
    /// @param reason hash or short code of why; read with {DistributorSuspended} alone
    function setSuspended(address brand, uint32 number, bool isSuspended, bytes32 reason) external;

    /// @notice Says where a distributor may sell, e.g. an ISO 3166-2 code or a hash of a list.
    /// @dev Emits {TerritorySet}. The caller must be authorised by the brand for `PERMISSION_PLAN`.
    function setTerritory(address brand, uint32 number, bytes32 territory) external;

    /// @notice A distributor by its number.
    function distributorOf(address brand, uint32 number) external view returns (Distributor memory);

    /// @notice Whether an account is an authorised distributor of a brand, since when, and where.
    function authorizationOf(address brand, address account)
        external
        view
        returns (bool isAuthorized, uint32 number, uint40 since, bytes32 territory);

    /// @notice What a regulator asks of a programme: how many distributors it has, and how deep its line goes.
    function programmeOf(address brand) external view returns (uint256 members, uint256 deepest);

    /// @notice EIP-712 digest of an invitation, what the sponsor signs.
    function digestOf(Invitation calldata invitation) external view returns (bytes32);

    /// @notice EIP-712 digest of an acceptance, what the joining account signs if another sends it.
    function acceptanceDigestOf(Invitation calldata invitation, address account) external view returns (bytes32);
}
