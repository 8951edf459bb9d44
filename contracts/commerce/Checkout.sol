// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICheckout} from "../interfaces/ICheckout.sol";
import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {IERC3009} from "../interfaces/IERC3009.sol";
import {IPermit2} from "../interfaces/IPermit2.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {Funding, FundingKind} from "../types/CheckoutTypes.sol";
import {NATIVE, Order, Part} from "../types/EscrowTypes.sol";
import {EscrowBound} from "./EscrowBound.sol";

/// @title Checkout
contract Checkout is ICheckout, EscrowBound, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    bytes32 private constant CAPTURE_TYPEHASH = keccak256("Capture(bytes32 orderId,bytes32 parts,uint48 deadline)");

    string private constant WITNESS_TYPE =
        "OrderWitness witness)OrderWitness(bytes32 orderId)TokenPermissions(address token,uint256 amount)";
    bytes32 private constant WITNESS_TYPEHASH = keccak256("OrderWitness(bytes32 orderId)");

    /* IMMUTABLES */

    /// @notice Permit2 on this chain; it has the same address on most.
    IPermit2 public immutable PERMIT2;

    /* STORAGE */

    /// @dev Consents to parts; all that is left of an order is captured once anyway.
    mapping(bytes32 digest => bool) private _usedConsents;

    /* CONSTRUCTOR */

    constructor(IPermit2 permit2) EIP712("Weilian Checkout", "1") {
        PERMIT2 = permit2;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc ICheckout
    function authorize(Order calldata order, Funding calldata funding, bytes calldata signature)
        external
        nonReentrant
        returns (bytes32)
    {
        _fund(order, funding, signature);
        return ESCROW.authorize(order);
    }

    /// @inheritdoc ICheckout
    function charge(Order calldata order, Funding calldata funding, bytes calldata signature)
        external
        nonReentrant
        returns (bytes32)
    {
        if (block.timestamp >= order.authorizationExpiry) {
            revert Checkout_ConsentExpired(order.authorizationExpiry, block.timestamp);
        }
        _fund(order, funding, signature);
        return ESCROW.charge(order);
    }

    /// @inheritdoc ICheckout
    function capture(Order calldata order, Part[] calldata parts, uint48 deadline, bytes calldata signature) external {
        if (block.timestamp >= deadline) revert Checkout_ConsentExpired(deadline, block.timestamp);
        bytes32 digest = captureDigestOf(ESCROW.orderIdOf(order), parts, deadline);
        if (!SignatureLib.isValid(order.payer, digest, signature)) revert Checkout_SignatureInvalid(order.payer);
        if (parts.length != 0) {
            if (_usedConsents[digest]) revert Checkout_ConsentUsed(digest);
            _usedConsents[digest] = true;
        }
        ESCROW.capture(order, parts);
    }

    /* EXTERNAL READS */

    /// @inheritdoc ICheckout
    function captureDigestOf(bytes32 orderId, Part[] calldata parts, uint48 deadline) public view returns (bytes32) {
        return
            _hashTypedDataV4(keccak256(abi.encode(CAPTURE_TYPEHASH, orderId, keccak256(abi.encode(parts)), deadline)));
    }

    /* INTERNAL */

    /// @dev Brings exactly the order's amount here, by the payer's consent, and lets the escrow take it.
    function _fund(Order calldata order, Funding calldata funding, bytes calldata signature) private {
        if (order.currency == NATIVE) revert Checkout_NativeCurrency();
        bytes32 orderId = ESCROW.orderIdOf(order);
        uint256 amount;
        for (uint256 i = 0; i < order.lines.length; ++i) {
            amount += order.lines[i].amount;
        }
        if (funding.kind == FundingKind.AUTHORIZATION || funding.kind == FundingKind.KEY_AUTHORIZATION) {
            _receiveAuthorized(order, funding, amount, orderId);
        } else if (funding.kind == FundingKind.PERMIT2) {
            _receivePermitted(order, funding.data, amount, orderId);
        } else {
            if (msg.sender != order.payer && !SignatureLib.isValid(order.payer, orderId, signature)) {
                revert Checkout_SignatureInvalid(order.payer);
            }
            if (funding.kind == FundingKind.PERMIT) _tryPermit(order, funding.data);
            IERC20(order.currency).safeTransferFrom(order.payer, address(this), amount);
        }
        IERC20(order.currency).forceApprove(address(ESCROW), amount);
    }

    /// @dev Whoever saw the permit can have used it before: the allowance decides, not the call.
    function _tryPermit(Order calldata order, bytes calldata data) private {
        (uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) =
            abi.decode(data, (uint256, uint256, uint8, bytes32, bytes32));
        try IERC20Permit(order.currency).permit(order.payer, address(this), value, deadline, v, r, s) {} catch {}
    }

    /// @dev The order's id is the nonce, so the signature is consent to this order and no other. Consent is shown by
    /// the payment alone, so what came is counted: what lies here must not stand in for it.
    function _receiveAuthorized(Order calldata order, Funding calldata funding, uint256 amount, bytes32 orderId)
        private
    {
        (uint256 validAfter, uint256 validBefore, bytes memory signature) =
            abi.decode(funding.data, (uint256, uint256, bytes));
        IERC3009 token = IERC3009(order.currency);
        uint256 before = IERC20(order.currency).balanceOf(address(this));
        if (funding.kind == FundingKind.AUTHORIZATION) {
            token.receiveWithAuthorization(
                order.payer, address(this), amount, validAfter, validBefore, orderId, signature
            );
        } else {
            (uint8 v, bytes32 r, bytes32 s) = ECDSA.parse(signature);
            token.receiveWithAuthorization(
                order.payer, address(this), amount, validAfter, validBefore, orderId, v, r, s
            );
        }
        uint256 received = IERC20(order.currency).balanceOf(address(this)) - before;
        if (received != amount) revert Checkout_WrongAmountReceived(order.currency, received, amount);
    }

    /// @dev The witness is the order's id, so the signature is consent to this order and no other.
    function _receivePermitted(Order calldata order, bytes calldata data, uint256 amount, bytes32 orderId) private {
        (uint256 nonce, uint256 deadline, bytes memory signature) = abi.decode(data, (uint256, uint256, bytes));
        PERMIT2.permitWitnessTransferFrom(
            IPermit2.PermitTransferFrom({
                permitted: IPermit2.TokenPermissions({token: order.currency, amount: amount}),
                nonce: nonce,
                deadline: deadline
            }),
            IPermit2.SignatureTransferDetails({to: address(this), requestedAmount: amount}),
            order.payer,
            keccak256(abi.encode(WITNESS_TYPEHASH, orderId)),
            WITNESS_TYPE,
            signature
        );
    }

    function _namedBy(ICommissionEscrow escrow) internal view override returns (address) {
        return escrow.CHECKOUT();
    }
}
