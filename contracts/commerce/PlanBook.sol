// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IPlanBook} from "../interfaces/IPlanBook.sol";
import {IPlanTerms} from "../interfaces/IPlanTerms.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {PlanLib} from "../libraries/PlanLib.sol";
import {LadderState, LadderStateLib} from "../types/LadderState.sol";
import {PERMISSION_PLAN} from "../types/Permissions.sol";
import {PlanState} from "../types/PlanState.sol";
import {Ladder, Plan, PlanLimits} from "../types/PlanTypes.sol";
import {EscrowBound} from "./EscrowBound.sol";

/// @title PlanBook
contract PlanBook is IPlanBook, EscrowBound {
    /* TYPES */

    struct PlanRecord {
        address brand;
        address currency;
        bytes32 catalogueRoot;
    }

    struct PendingLadder {
        LadderState ladder;
        uint48 activeFrom;
    }

    /* IMMUTABLES */

    /// @notice Answers who may act for a brand.
    IIdentityRegistry public immutable IDENTITIES;

    /* STORAGE */

    /// @dev Written once, in the constructor: a struct cannot be immutable.
    PlanLimits private _limits;

    mapping(bytes32 planId => PlanRecord) private _records;

    mapping(address brand => mapping(address currency => bool)) private _hasPlan;

    mapping(address brand => mapping(address currency => LadderState)) private _ladders;

    mapping(address brand => mapping(address currency => PendingLadder)) private _pendingLadders;

    mapping(bytes32 planKey => mapping(bytes32 leaf => bool)) private _listed;

    mapping(bytes32 planKey => mapping(uint32 number => uint48 until)) private _locks;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities, PlanLimits memory limits_) {
        PlanLib.checkLimits(limits_);
        IDENTITIES = identities;
        _limits = limits_;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IPlanBook
    function publish(Plan calldata plan) external returns (bytes32 planId) {
        // Check:
        _checkAuthorized(plan.brand);
        if (plan.brand == ESCROW.PLATFORM()) revert PlanBook_BrandIsPlatform(plan.brand);
        planId = planIdOf(plan);
        if (_records[planId].brand != address(0)) revert PlanBook_PlanExists(planId);
        PlanLib.check(plan, _limits);
        bool needsLadder = plan.rates.length > 1 || plan.isGated || plan.countsSales;
        if (needsLadder && _ladders[plan.brand][plan.currency].periodDays() == 0) {
            revert PlanBook_LadderMissing(plan.brand, plan.currency);
        }

        // Effect:
        uint256 activeFrom = block.timestamp;
        if (_hasPlan[plan.brand][plan.currency]) activeFrom += _limits.noticePeriod;
        _hasPlan[plan.brand][plan.currency] = true;
        _records[planId] = PlanRecord({brand: plan.brand, currency: plan.currency, catalogueRoot: plan.catalogueRoot});
        bytes32 planKey = EscrowLib.planKey(planId, plan.brand, plan.currency);
        (PlanState state, uint256 higherRates) = PlanLib.pack(plan, activeFrom);
        emit PlanPublished(planId, plan.brand, plan.currency, plan, activeFrom);
        ESCROW.setPlan(planKey, state, higherRates, plan.dailyReportLimit);
    }

    /// @inheritdoc IPlanBook
    function retire(bytes32 planId) external {
        // Check:
        PlanRecord memory record = _checkBrandOf(planId);
        PlanState state = ESCROW.planStateOf(planId, record.brand, record.currency);
        if (state.activeUntil() != 0) revert PlanBook_AlreadyRetired(planId, state.activeUntil());

        // Effect:
        uint256 end = block.timestamp + _limits.noticePeriod;
        emit PlanRetired(planId, record.brand, end);
        ESCROW.setActiveUntil(EscrowLib.planKey(planId, record.brand, record.currency), end);
    }

    /// @inheritdoc IPlanBook
    function listProduct(bytes32 planId, uint64 gtin, uint256 rates, bytes32[] calldata proof) external {
        // Check:
        PlanRecord memory record = _recordOf(planId);
        bytes32 leaf = _leaf(gtin, rates);
        if (record.catalogueRoot == 0 || !MerkleProof.verifyCalldata(proof, record.catalogueRoot, leaf)) {
            revert PlanBook_NotInCatalogue(planId, gtin, rates);
        }

        // Effect:
        _listed[EscrowLib.planKey(planId, record.brand, record.currency)][leaf] = true;
        emit ProductListed(planId, gtin, rates);
    }

    /// @inheritdoc IPlanBook
    function lockTerms(bytes32 planId, uint32 number, uint48 until) external {
        // Check:
        if (number <= PartyLib.PLATFORM_NUMBER) revert PlanBook_NumberInvalid(number);
        PlanRecord memory record = _checkBrandOf(planId);
        bytes32 planKey = EscrowLib.planKey(planId, record.brand, record.currency);
        uint48 before = _locks[planKey][number];
        if (until <= before) revert PlanBook_LockShortened(until, before);
        uint256 end = ESCROW.planStateOf(planId, record.brand, record.currency).activeUntil();
        // A plan that ended comes back as any plan comes: with notice, as a new one.
        if (end != 0 && block.timestamp >= end && block.timestamp >= before) revert PlanBook_PlanEnded(planId, end);

        // Effect:
        _locks[planKey][number] = until;
        emit TermsLocked(planId, number, until);
    }

    /// @inheritdoc IPlanBook
    function announceLadder(address brand, address currency, Ladder calldata ladder) external {
        // Check:
        _checkAuthorized(brand);
        LadderState current = _ladders[brand][currency];
        PlanLib.checkLadder(ladder, current.periodDays());

        // Effect:
        bool isFirst = current.periodDays() == 0;
        uint256 activeFrom = block.timestamp + (isFirst ? 0 : _limits.noticePeriod);
        emit LadderAnnounced(brand, currency, ladder, activeFrom);
        LadderState packed = LadderStateLib.pack(ladder);
        if (isFirst) _activate(brand, currency, packed);
        else _pendingLadders[brand][currency] = PendingLadder({ladder: packed, activeFrom: uint48(activeFrom)});
    }

    /// @inheritdoc IPlanBook
    function activateLadder(address brand, address currency) external {
        // Check:
        PendingLadder memory pending = _pendingLadders[brand][currency];
        if (pending.activeFrom == 0 || block.timestamp < pending.activeFrom) {
            revert PlanBook_LadderNotDue(pending.activeFrom, block.timestamp);
        }

        // Effect:
        delete _pendingLadders[brand][currency];
        _activate(brand, currency, pending.ladder);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IPlanTerms
    function isListed(bytes32 planKey, uint64 gtin, uint256 rates) external view returns (bool) {
        return _listed[planKey][_leaf(gtin, rates)];
    }

    /// @inheritdoc IPlanTerms
    function termsLockedUntil(bytes32 planKey, uint32 number) external view returns (uint48) {
        return _locks[planKey][number];
    }

    /// @inheritdoc IPlanBook
    function planIdOf(Plan calldata plan) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), plan));
    }

    /// @inheritdoc IPlanBook
    function planOf(bytes32 planId) external view returns (address brand, address currency, bytes32 catalogueRoot) {
        PlanRecord memory record = _records[planId];
        return (record.brand, record.currency, record.catalogueRoot);
    }

    /// @inheritdoc IPlanBook
    function limits() external view returns (PlanLimits memory) {
        return _limits;
    }

    /* INTERNAL */

    function _activate(address brand, address currency, LadderState ladder) private {
        _ladders[brand][currency] = ladder;
        emit LadderActivated(brand, currency);
        ESCROW.setLadder(brand, currency, ladder);
    }

    function _checkAuthorized(address brand) private view {
        if (!IDENTITIES.isAuthorized(brand, PERMISSION_PLAN, msg.sender)) {
            revert PlanBook_NotAuthorized(brand, msg.sender);
        }
    }

    function _recordOf(bytes32 planId) private view returns (PlanRecord memory record) {
        record = _records[planId];
        if (record.brand == address(0)) revert PlanBook_PlanUnknown(planId);
    }

    function _checkBrandOf(bytes32 planId) private view returns (PlanRecord memory record) {
        record = _recordOf(planId);
        _checkAuthorized(record.brand);
    }

    /// @dev Hashed twice, so that no inner node is ever a leaf.
    function _leaf(uint64 gtin, uint256 rates) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(gtin, rates))));
    }

    function _namedBy(ICommissionEscrow escrow) internal view override returns (address) {
        return escrow.PLAN_BOOK();
    }
}
