"""The checkout: orders that the payer signs and anyone sends, for tokens of every kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from eth_abi.abi import encode
from eth_account.messages import SignableMessage, encode_typed_data

from weilian.chain import ZERO_ADDRESS, ContractRevert, Signer, TxResult
from weilian.chain.enums import FundingKind
from weilian.chain.signer import MessageSigner
from weilian.chain.values import to_seconds
from weilian.commission.order import Order, OrderStatus, Part, order_message, struct_of
from weilian.erc20 import Erc20
from weilian.order import OrderChange, Orders, Settlement, check_order
from weilian.signed_order import SignedCapture, SignedOrder, SignedOrderError
from weilian.suite import Suite

_PERMIT = {
    "owner": "address",
    "spender": "address",
    "value": "uint256",
    "nonce": "uint256",
    "deadline": "uint256",
}
_RECEIVE = {
    "from": "address",
    "to": "address",
    "value": "uint256",
    "validAfter": "uint256",
    "validBefore": "uint256",
    "nonce": "bytes32",
}
_PERMIT2 = {
    "PermitWitnessTransferFrom": {
        "permitted": "TokenPermissions",
        "spender": "address",
        "nonce": "uint256",
        "deadline": "uint256",
        "witness": "OrderWitness",
    },
    "OrderWitness": {"orderId": "bytes32"},
    "TokenPermissions": {"token": "address", "amount": "uint256"},
}


@dataclass(frozen=True, slots=True)
class Checkouts:
    """The checkout contract. It holds nothing; whoever sends gains nothing."""

    suite: Suite

    def sign(
        self,
        order: Order,
        payer: MessageSigner,
        funding: FundingKind = FundingKind.ALLOWANCE,
        deadline: datetime | None = None,
    ) -> SignedOrder:
        """Let the payer sign an order and its payment; nothing is sent.

        `deadline` is until when the payment's own signature holds, the order's expiry by default.
        With ALLOWANCE the payer has to let the checkout take the amount: `allow`.
        KEY_AUTHORIZATION is for tokens that take ERC-3009 only as v, r and s, such as the first
        USDC; what is signed is the same as with AUTHORIZATION.
        """
        check_order(order)
        if order.currency == ZERO_ADDRESS:
            raise SignedOrderError(
                "the chain's coin cannot be taken by signature; pay the order yourself, or use a "
                "plan in a token"
            )
        until = to_seconds(deadline) or order.authorization_expiry
        data = b""
        match funding:
            case FundingKind.PERMIT:
                data = self._permit(order, payer, until)
            case FundingKind.AUTHORIZATION | FundingKind.KEY_AUTHORIZATION:
                data = self._authorization(order, payer, until)
            case FundingKind.PERMIT2:
                data = self._permit2(order, payer, until)
        needs_order = funding in (FundingKind.ALLOWANCE, FundingKind.PERMIT)
        signature = payer.sign_message(self._message(order)) if needs_order else b""
        return SignedOrder.of(
            order,
            self.suite.chain.chain_id,
            self.suite.escrow.address,
            funding=funding.name,
            funding_data=data,
            signature=signature,
        )

    def allow(self, order: Order, signer: Signer) -> list[TxResult]:
        """Let the checkout take an order's amount from the signer, the payer, if it may not yet.

        Raises TokenBalanceError.
        """
        token = Erc20(self.suite.chain, order.currency)
        return token.ensure_allowance(self.suite.checkout.address, order.amount, signer)

    def authorize(self, signed: SignedOrder, signer: Signer) -> OrderChange:
        """Bring a signed order into escrow; anyone may send it."""
        tx = self._pay("authorize", signed, signer)
        args = tx.event(self.suite.escrow.events.OrderAuthorized())
        return OrderChange(args["orderId"], OrderStatus.AUTHORIZED, signed.order.amount, tx)

    def charge(self, signed: SignedOrder, signer: Signer) -> Settlement:
        """Pay and share a signed final sale; anyone may send it."""
        [settlement] = Orders(self.suite).settlements(self._pay("charge", signed, signer))
        return settlement

    def sign_capture(
        self, order: Order, payer: MessageSigner, deadline: datetime, parts: Sequence[Part] = ()
    ) -> SignedCapture:
        """Let the payer confirm receipt, of all that is left without parts; nothing is sent."""
        blank = SignedCapture.of(
            order,
            self.suite.chain.chain_id,
            self.suite.escrow.address,
            checkout=self.suite.checkout.address,
            parts=[(part.line, part.amount) for part in parts],
            deadline=to_seconds(deadline),
        )
        return replace(blank, signature=payer.sign_message(blank.message))

    def capture(self, signed: SignedCapture, signer: Signer) -> OrderChange:
        """Capture what a payer confirmed; anyone may send it."""
        signed.check(self.suite.chain.chain_id, self.suite.escrow.address)
        order, orders = signed.order, Orders(self.suite)
        before = orders.state(order)
        function = self.suite.checkout.functions.capture(
            struct_of(order), signed.parts, signed.deadline, signed.signature
        )
        tx = self.suite.chain.send(function, signer)
        after = orders.state(order)
        amount = sum(after.captured) - sum(before.captured)
        return OrderChange(signed.order_id, after.status, amount, tx)

    def _pay(self, name: str, signed: SignedOrder, signer: Signer) -> TxResult:
        signed.check(self.suite.chain.chain_id, self.suite.escrow.address)
        kind = FundingKind[signed.funding]
        try:
            return self._send(name, signed, kind, signer)
        except ContractRevert as refusal:
            if kind is not FundingKind.AUTHORIZATION or not refusal.is_silent:
                raise
            # NOTE: a token that only knows v, r and s has no function to say so; the payer's
            # signature is the same for both.
            try:
                return self._send(name, signed, FundingKind.KEY_AUTHORIZATION, signer)
            except ContractRevert as other:
                raise (refusal if other.is_silent else other) from None

    def _send(self, name: str, signed: SignedOrder, kind: FundingKind, signer: Signer) -> TxResult:
        function = self.suite.checkout.functions[name](
            struct_of(signed.order), (kind, signed.funding_data), signed.signature
        )
        return self.suite.chain.send(function, signer)

    def _message(self, order: Order) -> SignableMessage:
        return order_message(order, self.suite.chain.chain_id, self.suite.escrow.address)

    def _permit(self, order: Order, payer: MessageSigner, until: int) -> bytes:
        token = Erc20(self.suite.chain, order.currency)
        values = {
            "owner": payer.address,
            "spender": self.suite.checkout.address,
            "value": order.amount,
            "nonce": token.nonce(payer.address),
            "deadline": until,
        }
        signature = payer.sign_message(token.domain().message("Permit", _PERMIT, values))
        words = (order.amount, until, signature[64], signature[:32], signature[32:64])
        return encode(("uint256", "uint256", "uint8", "bytes32", "bytes32"), words)

    def _authorization(self, order: Order, payer: MessageSigner, until: int) -> bytes:
        token = Erc20(self.suite.chain, order.currency)
        values = {
            "from": payer.address,
            "to": self.suite.checkout.address,
            "value": order.amount,
            "validAfter": 0,
            "validBefore": until,
            "nonce": Orders(self.suite).id_of(order),
        }
        message = token.domain().message("ReceiveWithAuthorization", _RECEIVE, values)
        return encode(("uint256", "uint256", "bytes"), (0, until, payer.sign_message(message)))

    def _permit2(self, order: Order, payer: MessageSigner, until: int) -> bytes:
        identifier = Orders(self.suite).id_of(order)
        nonce = int.from_bytes(identifier)  # free to choose: one bit of a map that only grows
        head = {
            "name": "Permit2",
            "chainId": self.suite.chain.chain_id,
            "verifyingContract": self.suite.chain.call(self.suite.checkout.functions.PERMIT2()),
        }
        types = {
            kind: [{"name": name, "type": type_} for name, type_ in fields.items()]
            for kind, fields in _PERMIT2.items()
        }
        values = {
            "permitted": {"token": order.currency, "amount": order.amount},
            "spender": self.suite.checkout.address,
            "nonce": nonce,
            "deadline": until,
            "witness": {"orderId": identifier},
        }
        signature = payer.sign_message(encode_typed_data(head, types, values))
        return encode(("uint256", "uint256", "bytes"), (nonce, until, signature))
