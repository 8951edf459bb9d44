// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {ISellerRegistry} from "../interfaces/ISellerRegistry.sol";
import {ItemLib} from "../libraries/ItemLib.sol";
import {PERMISSION_INSPECT, PERMISSION_SELLER} from "../types/Permissions.sol";
import {Seller} from "../types/ProvenanceTypes.sol";

/// @title SellerRegistry
abstract contract SellerRegistry is ISellerRegistry {
    /* IMMUTABLES */

    /// @notice Answers who may act for a brand or a holder.
    IIdentityRegistry public immutable IDENTITIES;

    /* STORAGE */

    mapping(address brand => mapping(address seller => Seller)) private _sellers;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities) {
        IDENTITIES = identities;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc ISellerRegistry
    function authorizeSeller(address brand, address seller, uint48 validTo, bytes20 territory) external {
        // Check:
        _checkBrand(brand, PERMISSION_SELLER);
        if (seller == address(0) || seller == brand) revert SellerRegistry_SellerInvalid(brand, seller);
        if (validTo <= block.timestamp) revert SellerRegistry_ValidToPast(validTo, block.timestamp);

        // Effect: safe cast, the time fits 48 bits for ages.
        uint48 since = _sellers[brand][seller].since;
        if (since == 0) since = uint48(block.timestamp);
        _sellers[brand][seller] = Seller({since: since, validTo: validTo, territory: territory});

        emit SellerAuthorized(brand, seller, validTo, territory);
    }

    /// @inheritdoc ISellerRegistry
    function revokeSeller(address brand, address seller) external {
        // Check:
        _checkBrand(brand, PERMISSION_SELLER);
        if (block.timestamp >= _sellers[brand][seller].validTo) revert SellerRegistry_NotSeller(brand, seller);

        // Effect: safe cast, see authorizeSeller.
        _sellers[brand][seller].validTo = uint48(block.timestamp);

        emit SellerRevoked(brand, seller);
    }

    /// @inheritdoc ISellerRegistry
    function reportDiversion(bytes32 batchId, uint32 index, address seller, bytes32 evidenceHash) external {
        // Check:
        _checkBrand(ItemLib.issuerOf(batchId), PERMISSION_INSPECT);
        if (evidenceHash == 0) revert SellerRegistry_EvidenceZero(batchId, index);

        emit DiversionReported(batchId, index, seller, evidenceHash, msg.sender);
    }

    /* EXTERNAL READS */

    /// @inheritdoc ISellerRegistry
    function sellerOf(address brand, address seller) external view returns (Seller memory) {
        return _sellers[brand][seller];
    }

    /* INTERNAL */

    function _checkBrand(address brand, bytes32 permission) internal view {
        if (!IDENTITIES.isAuthorized(brand, permission, msg.sender)) {
            revert SellerRegistry_NotAuthorized(brand, permission, msg.sender);
        }
    }
}
