// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Seller} from "../types/ProvenanceTypes.sol";

/// @title Who may sell for a brand, and reports of goods sold out of territory (窜货)
/// @dev Cannot be paused and has no administrator. Nothing here hinders a sale: it is what a scan shows.
interface ISellerRegistry {
    /// @notice A brand authorised a seller, or changed the authorisation, up to `validTo`.
    event SellerAuthorized(address indexed brand, address indexed seller, uint48 validTo, bytes20 territory);

    /// @notice A brand ended a seller's authorisation.
    event SellerRevoked(address indexed brand, address indexed seller);

    /// @notice An item was found on sale where it should not be. `evidenceHash` is that of the bundle of signed
    /// evidence.
    event DiversionReported(
        bytes32 indexed batchId, uint32 indexed index, address indexed seller, bytes32 evidenceHash, address actor
    );

    /// @notice The caller may not act for the brand in this matter.
    error SellerRegistry_NotAuthorized(address brand, bytes32 permission, address actor);

    /// @notice A seller is an account, and not the brand itself.
    error SellerRegistry_SellerInvalid(address brand, address seller);

    /// @notice The authorisation would have ended already.
    error SellerRegistry_ValidToPast(uint48 validTo, uint256 time);

    /// @notice The seller is not authorised now.
    error SellerRegistry_NotSeller(address brand, address seller);

    /// @notice The report shows no evidence.
    error SellerRegistry_EvidenceZero(bytes32 batchId, uint32 index);

    /// @notice Authorises a seller up to a time, or changes its time and territory.
    /// @dev Emits {SellerAuthorized}. `territory` is the first 20 bytes of keccak256(abi.encode(bytes32 salt, string
    /// territory)), so that the chain shows no trade secret and the seller can still prove where it may sell.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_SELLER`.
    /// - The seller must not be zero or the brand; `validTo` must be later than now.
    function authorizeSeller(address brand, address seller, uint48 validTo, bytes20 territory) external;

    /// @notice Ends a seller's authorisation in this second. That there was one stays on record.
    /// @dev Emits {SellerRevoked}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_SELLER`.
    /// - The seller must be authorised now.
    function revokeSeller(address brand, address seller) external;

    /// @notice Anchors a bundle of evidence of a diversion. It changes no verdict and no custody.
    /// @dev Emits {DiversionReported}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the batch's issuer for `PERMISSION_INSPECT`.
    /// - `evidenceHash` must not be zero.
    function reportDiversion(bytes32 batchId, uint32 index, address seller, bytes32 evidenceHash) external;

    /// @notice What is kept of a seller; all zero if it was never authorised.
    function sellerOf(address brand, address seller) external view returns (Seller memory);
}
