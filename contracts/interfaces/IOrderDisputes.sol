// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Dispute} from "../types/DisputeTypes.sol";
import {Order} from "../types/EscrowTypes.sol";
import {IArbitrable} from "./IArbitrable.sol";
import {IArbitrator} from "./IArbitrator.sol";
import {IEscrowBound} from "./IEscrowBound.sol";

/// @title Disputes about captured orders
/// @notice Payer or brand opens; either gives in alone, both agree on a percentage, or an arbitrator rules (ERC-792).
/// Commissions follow pro rata. The claimant of an order that was paid outside the chain is the platform.
/// @dev Cannot be paused and has no administrator. Two time-outs let anyone end what nobody pursues.
interface IOrderDisputes is IEscrowBound, IArbitrable {
    /// @notice A party disputes an order; it cannot settle meanwhile.
    /// @param evidence hash of what the party says, kept off chain
    event DisputeOpened(bytes32 indexed orderId, address indexed opener, bytes32 evidence, uint256 until);

    /// @notice A party asked the arbitrator.
    event DisputeEscalated(
        bytes32 indexed orderId, address indexed actor, uint256 indexed arbitrationId, uint256 until
    );

    /// @notice The dispute ended; `payerBps` of what the order still held went back to the payer.
    event DisputeEnded(bytes32 indexed orderId, address indexed actor, uint256 payerBps);

    /// @notice The caller is no party to the order, and no party's signature came with it.
    error OrderDisputes_NotParty(bytes32 orderId, address actor);

    /// @notice The other party did not sign this.
    error OrderDisputes_SignatureInvalid(bytes32 orderId, address signer);

    /// @notice The signature is over.
    error OrderDisputes_SignatureExpired(uint256 deadline, uint256 time);

    /// @notice The refund window is over.
    error OrderDisputes_WindowOver(bytes32 orderId, uint256 until, uint256 time);

    /// @notice The order has no dispute in this state.
    error OrderDisputes_NotOpen(bytes32 orderId);

    /// @notice The arbitrator has not ruled.
    error OrderDisputes_NotRuled(bytes32 orderId);

    /// @notice The arbitrator has ruled; the ruling alone ends the dispute.
    error OrderDisputes_AlreadyRuled(bytes32 orderId, uint256 payerBps);

    /// @notice The time of the parties, or of the arbitrator, is not over.
    error OrderDisputes_NotOver(bytes32 orderId, uint256 until, uint256 time);

    /// @notice The parties' time to ask the arbitrator is over.
    error OrderDisputes_TooLate(bytes32 orderId, uint256 until, uint256 time);

    /// @notice The arbitrator asks for another fee.
    error OrderDisputes_WrongFee(uint256 sent, uint256 cost);

    /// @notice Only the arbitrator rules, and only on what it was asked.
    error OrderDisputes_NotArbitrator(address actor, uint256 arbitrationId);

    /// @notice The ruling is none of the choices.
    error OrderDisputes_RulingInvalid(uint256 ruling, uint256 choices);

    /// @notice Opens a dispute within the refund window.
    /// @dev Emits {DisputeOpened}.
    ///
    /// Requirements:
    /// - The caller must be claimant or brand (`PERMISSION_ORDER`), or `signature` the payer's over {openDigestOf}.
    /// - The order must be captured, not disputed, and not have been ruled on before.
    ///
    /// Notes:
    /// - There is no second dispute, so one that the brand opens lasts until seven days after the refund window: it
    /// takes none of the claimant's time.
    function open(Order calldata order, bytes32 evidence, bytes calldata signature) external;

    /// @notice Gives in: called by the claimant nothing, by the brand everything goes back to the payer.
    /// @dev Emits {DisputeEnded}. Possible until it is ruled.
    function concede(Order calldata order) external;

    /// @notice Ends a dispute as both parties agreed.
    /// @dev Emits {DisputeEnded}. The caller must be one party, `signature` the other's over {agreementDigestOf}.
    /// @param payerBps part that goes back to the payer, in basis points
    function agree(Order calldata order, uint16 payerBps, uint48 deadline, bytes calldata signature) external;

    /// @notice Asks the arbitrator while the parties' time lasts, which is seven days; costs what it asks for.
    /// @dev Emits {DisputeEscalated}. The caller must be a party.
    function escalate(Order calldata order) external payable;

    /// @notice Carries out a ruling; anyone may.
    /// @dev Emits {DisputeEnded}.
    function execute(Order calldata order) external;

    /// @notice Ends what nobody pursues; anyone may. Not escalated in time: nothing goes back. Not ruled in time: half;
    /// of an order paid outside the chain nothing.
    /// @dev Emits {DisputeEnded}.
    function lapse(Order calldata order) external;

    /// @notice Where an order's dispute stands.
    function disputeOf(bytes32 orderId) external view returns (Dispute memory);

    /// @notice EIP-712 digest of Open(bytes32 orderId,bytes32 evidence).
    function openDigestOf(bytes32 orderId, bytes32 evidence) external view returns (bytes32);

    /// @notice EIP-712 digest of Agreement(bytes32 orderId,uint16 payerBps,uint48 deadline).
    function agreementDigestOf(bytes32 orderId, uint16 payerBps, uint48 deadline) external view returns (bytes32);

    /// @notice Who rules.
    function ARBITRATOR() external view returns (IArbitrator);
}
