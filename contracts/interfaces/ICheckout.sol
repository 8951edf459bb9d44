// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Funding} from "../types/CheckoutTypes.sol";
import {Order, Part} from "../types/EscrowTypes.sol";
import {IEscrowBound} from "./IEscrowBound.sol";

/// @title Orders that the payer signs and anyone sends
/// @notice The payer signs; a shop, a relayer or anyone sends and pays the gas. Tokens only. Payers may be smart
/// accounts (ERC-1271). The checkout holds nothing between transactions.
/// @dev Cannot be paused and has no administrator.
interface ICheckout is IEscrowBound {
    /// @notice The order was not consented to by its payer.
    error Checkout_SignatureInvalid(address payer);

    /// @notice The payer's consent to capture, or to a final sale, is over.
    error Checkout_ConsentExpired(uint256 deadline, uint256 time);

    /// @notice The payer's consent to capture these parts has served.
    error Checkout_ConsentUsed(bytes32 digest);

    /// @notice The token took the payment's signature and did not pay, as wrapped ether takes any call.
    error Checkout_WrongAmountReceived(address currency, uint256 received, uint256 due);

    /// @notice The chain's coin cannot be taken by signature.
    error Checkout_NativeCurrency();

    /// @notice Authorises an order for its payer.
    /// @dev The escrow emits {ICommissionEscrow.OrderAuthorized}.
    ///
    /// Requirements:
    /// - With {FundingKind.ALLOWANCE} and {FundingKind.PERMIT} the caller must be the payer or `signature` the payer's
    ///   over the order's id; the other kinds carry the payer's consent in the payment's own signature.
    /// - A permit that was used before, by anyone, does no harm as long as the allowance suffices.
    /// - As {ICommissionEscrow.authorize}.
    function authorize(Order calldata order, Funding calldata funding, bytes calldata signature)
        external
        returns (bytes32 orderId);

    /// @notice Pays and shares a final sale for its payer.
    /// @dev The escrow emits {ICommissionEscrow.OrderCharged}.
    ///
    /// Requirements:
    /// - Before the order's `authorizationExpiry`: a signed sale that nobody sent must not serve for ever.
    /// - As {authorize} and {ICommissionEscrow.charge}.
    function charge(Order calldata order, Funding calldata funding, bytes calldata signature)
        external
        returns (bytes32 orderId);

    /// @notice Confirms receipt for the payer: captures parts of an order, or with no parts all that is left.
    /// @dev The escrow emits {ICommissionEscrow.OrderCaptured}.
    ///
    /// Requirements:
    /// - Before `deadline`, with the payer's signature over {captureDigestOf}.
    /// - A consent to parts serves once; two to equal parts differ in their deadline.
    function capture(Order calldata order, Part[] calldata parts, uint48 deadline, bytes calldata signature) external;

    /// @notice EIP-712 digest of the payer's consent to capture, Capture(bytes32 orderId,bytes32 parts,uint48
    /// deadline), where `parts` is keccak256(abi.encode(parts)).
    function captureDigestOf(bytes32 orderId, Part[] calldata parts, uint48 deadline) external view returns (bytes32);
}
