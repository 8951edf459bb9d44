// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IArbitrable} from "../interfaces/IArbitrable.sol";
import {IArbitrator} from "../interfaces/IArbitrator.sol";
import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IOrderDisputes} from "../interfaces/IOrderDisputes.sol";
import {AllocationLib} from "../libraries/AllocationLib.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Dispute, DisputeStatus} from "../types/DisputeTypes.sol";
import {Order} from "../types/EscrowTypes.sol";
import {PERMISSION_ORDER} from "../types/Permissions.sol";
import {EscrowBound} from "./EscrowBound.sol";

/// @title OrderDisputes
contract OrderDisputes is IOrderDisputes, EscrowBound, EIP712, ReentrancyGuardTransient {
    /* CONSTANTS */

    bytes32 private constant OPEN_TYPEHASH = keccak256("Open(bytes32 orderId,bytes32 evidence)");
    bytes32 private constant AGREEMENT_TYPEHASH =
        keccak256("Agreement(bytes32 orderId,uint16 payerBps,uint48 deadline)");

    /// @dev Time for the parties to agree or to ask the arbitrator.
    uint256 private constant PARTIES_PERIOD = 7 days;

    /// @dev Time for the arbitrator.
    uint256 private constant ARBITRATION_PERIOD = 60 days;

    /// @dev Ruling r from 1 to 101 gives r − 1 per cent to the payer; 0, a refusal to rule, gives half.
    uint256 private constant CHOICES = 101;
    uint256 private constant HALF_BPS = 5_000;

    /* IMMUTABLES */

    /// @notice Answers who may act for a brand.
    IIdentityRegistry public immutable IDENTITIES;

    /// @inheritdoc IOrderDisputes
    IArbitrator public immutable ARBITRATOR;

    /* STORAGE */

    /// @dev What the arbitrator is told, e.g. its court and number of jurors.
    bytes public arbitratorExtraData;

    mapping(bytes32 orderId => Dispute) private _disputes;

    mapping(uint256 arbitrationId => bytes32 orderId) private _escalated;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities, IArbitrator arbitrator, bytes memory extraData)
        EIP712("Weilian OrderDisputes", "1")
    {
        IDENTITIES = identities;
        ARBITRATOR = arbitrator;
        arbitratorExtraData = extraData;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IOrderDisputes
    function open(Order calldata order, bytes32 evidence, bytes calldata signature) external {
        // Check:
        bytes32 orderId = ESCROW.orderIdOf(order);
        bool isClaimant = _isClaimant(order, msg.sender);
        bool isBrand = !isClaimant && _isBrand(order, msg.sender);
        if (!isClaimant && !isBrand) {
            if (!SignatureLib.isValid(_claimantOf(order), openDigestOf(orderId, evidence), signature)) {
                revert OrderDisputes_NotParty(orderId, msg.sender);
            }
        }
        uint256 windowEnd = ESCROW.orderOf(order).changedAt
            + ESCROW.planStateOf(order.planId, order.receiver, order.currency).refundWindow();
        if (block.timestamp >= windowEnd) revert OrderDisputes_WindowOver(orderId, windowEnd, block.timestamp);

        // Effect: the escrow refuses what is not captured or held already. As there is no second dispute, a brand that
        // is first takes none of the claimant's time.
        uint256 until = (isBrand ? windowEnd : block.timestamp) + PARTIES_PERIOD;
        _disputes[orderId] = Dispute({status: DisputeStatus.OPEN, until: uint48(until), payerBps: 0, arbitrationId: 0});
        emit DisputeOpened(orderId, msg.sender, evidence, until);
        ESCROW.hold(order);
    }

    /// @inheritdoc IOrderDisputes
    function concede(Order calldata order) external {
        bytes32 orderId = _checkUnruled(order);
        if (_isClaimant(order, msg.sender)) _end(orderId, order, 0);
        else if (_isBrand(order, msg.sender)) _end(orderId, order, AllocationLib.BPS_DENOMINATOR);
        else revert OrderDisputes_NotParty(orderId, msg.sender);
    }

    /// @inheritdoc IOrderDisputes
    function agree(Order calldata order, uint16 payerBps, uint48 deadline, bytes calldata signature) external {
        bytes32 orderId = _checkUnruled(order);
        if (block.timestamp >= deadline) revert OrderDisputes_SignatureExpired(deadline, block.timestamp);
        address other;
        if (_isClaimant(order, msg.sender)) other = IDENTITIES.identityOwner(order.receiver);
        else if (_isBrand(order, msg.sender)) other = _claimantOf(order);
        else revert OrderDisputes_NotParty(orderId, msg.sender);
        if (!SignatureLib.isValid(other, agreementDigestOf(orderId, payerBps, deadline), signature)) {
            revert OrderDisputes_SignatureInvalid(orderId, other);
        }
        _end(orderId, order, payerBps);
    }

    /// @inheritdoc IOrderDisputes
    function escalate(Order calldata order) external payable nonReentrant {
        // Check:
        bytes32 orderId = ESCROW.orderIdOf(order);
        Dispute storage dispute = _disputes[orderId];
        if (dispute.status != DisputeStatus.OPEN) revert OrderDisputes_NotOpen(orderId);
        if (!_isClaimant(order, msg.sender) && !_isBrand(order, msg.sender)) {
            revert OrderDisputes_NotParty(orderId, msg.sender);
        }
        if (block.timestamp >= dispute.until) {
            revert OrderDisputes_TooLate(orderId, dispute.until, block.timestamp);
        }
        bytes memory extraData = arbitratorExtraData;
        uint256 cost = ARBITRATOR.arbitrationCost(extraData);
        if (msg.value != cost) revert OrderDisputes_WrongFee(msg.value, cost);

        // Effect:
        uint256 until = block.timestamp + ARBITRATION_PERIOD;
        dispute.status = DisputeStatus.ESCALATED;
        dispute.until = uint48(until);

        // Interaction: the arbitrator is trusted, and names the dispute only now.
        uint256 arbitrationId = ARBITRATOR.createDispute{value: cost}(CHOICES, extraData);
        dispute.arbitrationId = arbitrationId;
        _escalated[arbitrationId] = orderId;
        emit DisputeEscalated(orderId, msg.sender, arbitrationId, until);
    }

    /// @inheritdoc IArbitrable
    function rule(uint256 disputeId, uint256 ruling) external {
        // Check:
        bytes32 orderId = _escalated[disputeId];
        if (msg.sender != address(ARBITRATOR) || orderId == 0) {
            revert OrderDisputes_NotArbitrator(msg.sender, disputeId);
        }
        if (ruling > CHOICES) revert OrderDisputes_RulingInvalid(ruling, CHOICES);

        // Effect: a ruling that comes after the dispute ended otherwise changes nothing.
        delete _escalated[disputeId];
        Dispute storage dispute = _disputes[orderId];
        if (dispute.status == DisputeStatus.ESCALATED) {
            dispute.status = DisputeStatus.RULED;
            // Safe cast: at most 10,000.
            dispute.payerBps = uint16(ruling == 0 ? HALF_BPS : (ruling - 1) * 100);
        }
        emit Ruling(ARBITRATOR, disputeId, ruling);
    }

    /// @inheritdoc IOrderDisputes
    function execute(Order calldata order) external {
        bytes32 orderId = _checkStanding(order);
        Dispute memory dispute = _disputes[orderId];
        if (dispute.status != DisputeStatus.RULED) revert OrderDisputes_NotRuled(orderId);
        _end(orderId, order, dispute.payerBps);
    }

    /// @inheritdoc IOrderDisputes
    function lapse(Order calldata order) external {
        bytes32 orderId = _checkUnruled(order);
        Dispute memory dispute = _disputes[orderId];
        if (block.timestamp < dispute.until) {
            revert OrderDisputes_NotOver(orderId, dispute.until, block.timestamp);
        }
        // Of a reported order the claimant is the platform: an arbitrator's silence gives it no power over the line.
        bool isHalf = dispute.status == DisputeStatus.ESCALATED && order.payer != address(0);
        _end(orderId, order, isHalf ? HALF_BPS : 0);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IOrderDisputes
    function disputeOf(bytes32 orderId) external view returns (Dispute memory) {
        return _disputes[orderId];
    }

    /// @inheritdoc IOrderDisputes
    function openDigestOf(bytes32 orderId, bytes32 evidence) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(OPEN_TYPEHASH, orderId, evidence)));
    }

    /// @inheritdoc IOrderDisputes
    function agreementDigestOf(bytes32 orderId, uint16 payerBps, uint48 deadline) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(AGREEMENT_TYPEHASH, orderId, payerBps, deadline)));
    }

    /* INTERNAL */

    function _end(bytes32 orderId, Order calldata order, uint256 payerBps) private {
        delete _disputes[orderId];
        emit DisputeEnded(orderId, msg.sender, payerBps);
        ESCROW.rule(order, payerBps);
    }

    function _checkStanding(Order calldata order) private view returns (bytes32 orderId) {
        orderId = ESCROW.orderIdOf(order);
        if (_disputes[orderId].status == DisputeStatus.NONE) revert OrderDisputes_NotOpen(orderId);
    }

    /// @dev Once ruled, the ruling alone ends it.
    function _checkUnruled(Order calldata order) private view returns (bytes32 orderId) {
        orderId = _checkStanding(order);
        Dispute memory dispute = _disputes[orderId];
        if (dispute.status == DisputeStatus.RULED) revert OrderDisputes_AlreadyRuled(orderId, dispute.payerBps);
    }

    /// @dev The payer, or the platform where the money never was on chain.
    function _claimantOf(Order calldata order) private view returns (address) {
        return order.payer == address(0) ? ESCROW.PLATFORM() : order.payer;
    }

    function _isClaimant(Order calldata order, address actor) private view returns (bool) {
        return actor == _claimantOf(order);
    }

    function _isBrand(Order calldata order, address actor) private view returns (bool) {
        return IDENTITIES.isAuthorized(order.receiver, PERMISSION_ORDER, actor);
    }

    function _namedBy(ICommissionEscrow escrow) internal view override returns (address) {
        return escrow.DISPUTES();
    }
}
