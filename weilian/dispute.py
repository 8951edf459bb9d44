"""Disputes about captured orders: opened, given in to, agreed on, ruled, or ended by time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.chain.enums import DisputeStatus
from weilian.chain.signer import MessageSigner
from weilian.chain.values import BPS_DENOMINATOR, to_moment, to_seconds
from weilian.commission.order import Order, struct_of
from weilian.errors import WeilianError
from weilian.jsonfile import JsonFile
from weilian.merkle.proof_file import Address, Node
from weilian.order import Orders
from weilian.signing import Domain, HexBytes
from weilian.suite import Suite

DISPUTES_NAME = "Weilian OrderDisputes"
_OPEN_FIELDS = {"orderId": "bytes32", "evidence": "bytes32"}
_AGREEMENT_FIELDS = {"orderId": "bytes32", "payerBps": "uint16", "deadline": "uint48"}


class DisputeError(WeilianError, ValueError):
    """A step in a dispute that cannot be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(JsonFile):
    """One party's signature that so many basis points of the order go back to the payer."""

    error: ClassVar[type[WeilianError]] = DisputeError
    noun: ClassVar[str] = "agreement"

    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    disputes: Address
    order_id: Node
    payer_bps: Annotated[int, Field(ge=0, le=BPS_DENOMINATOR)]
    deadline: Annotated[int, Field(gt=0, lt=2**48)]
    signer: Address
    signature: Annotated[HexBytes, Field(max_length=4096)]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where a dispute stands. From `until` on anyone may end it; `payer_bps` is what was ruled."""

    status: DisputeStatus
    until: datetime | None
    payer_bps: int
    arbitration_id: int


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    """A dispute that was opened: the order does not settle until it is over."""

    order_id: bytes
    opener: str
    evidence: bytes
    until: datetime | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class DisputeEscalated:
    """A dispute that the arbitrator has now."""

    order_id: bytes
    arbitration_id: int
    cost: int
    until: datetime | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class DisputeEnded:
    """A dispute that is over: `payer_bps` of what the order held went back to the payer."""

    order_id: bytes
    payer_bps: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Disputes:
    """The disputes contract."""

    suite: Suite

    def get(self, order_id: bytes) -> Dispute:
        """Return where an order's dispute stands; its status is NONE if there is none now."""
        kept = self.suite.chain.call(self.suite.disputes.functions.disputeOf(order_id))
        return Dispute(
            DisputeStatus(kept.status), to_moment(kept.until), kept.payerBps, kept.arbitrationId
        )

    def sign_opening(self, order: Order, evidence: bytes, payer: MessageSigner) -> bytes:
        """Let the payer sign that it disputes an order, for somebody else to send."""
        values = {"orderId": Orders(self.suite).id_of(order), "evidence": evidence}
        return payer.sign_message(self._domain().message("Open", _OPEN_FIELDS, values))

    def open(
        self, order: Order, evidence: bytes, signer: Signer, signature: bytes = b""
    ) -> DisputeOpened:
        """Dispute an order within its refund window, as payer or brand.

        `evidence` is the hash of what the party says. With the payer's `signature` anyone may.
        """
        contract = self.suite.disputes
        function = contract.functions.open(struct_of(order), evidence, signature)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.DisputeOpened())
        return DisputeOpened(
            args["orderId"], args["opener"], args["evidence"], to_moment(args["until"]), tx
        )

    def concede(self, order: Order, signer: Signer) -> DisputeEnded:
        """Give in: for the claimant nothing goes back, for the brand everything does."""
        return self._end("concede", signer, struct_of(order))

    def sign_agreement(
        self, order: Order, payer_bps: int, deadline: datetime, signer: MessageSigner
    ) -> Agreement:
        """Let one party sign how a dispute ends; the other sends it."""
        if not 0 <= payer_bps <= BPS_DENOMINATOR:
            raise DisputeError(f"{payer_bps} must be 0 to {BPS_DENOMINATOR} basis points")
        identifier, until = Orders(self.suite).id_of(order), to_seconds(deadline)
        values = {"orderId": identifier, "payerBps": payer_bps, "deadline": until}
        return Agreement(
            chain_id=self.suite.chain.chain_id,
            disputes=self.suite.disputes.address,
            order_id=identifier,
            payer_bps=payer_bps,
            deadline=until,
            signer=signer.address,
            signature=signer.sign_message(
                self._domain().message("Agreement", _AGREEMENT_FIELDS, values)
            ),
        )

    def agree(self, order: Order, agreement: Agreement, signer: Signer) -> DisputeEnded:
        """End a dispute as the other party signed. Raises DisputeError for another order's."""
        place = (self.suite.chain.chain_id, self.suite.disputes.address)
        identifier = Orders(self.suite).id_of(order)
        if (agreement.chain_id, agreement.disputes, agreement.order_id) != (*place, identifier):
            raise DisputeError("the agreement is about another order or another deployment")
        return self._end(
            "agree",
            signer,
            struct_of(order),
            agreement.payer_bps,
            agreement.deadline,
            agreement.signature,
        )

    def arbitration_cost(self) -> int:
        """Return what the arbitrator asks for, in wei; raise DisputeError if there is none."""
        functions = self.suite.disputes.functions
        arbitrator = self.suite.chain.call(functions.ARBITRATOR())
        if arbitrator == ZERO_ADDRESS:
            raise DisputeError(
                "this deployment has no arbitrator: agree, give in, or wait until the time is over"
            )
        data = self.suite.chain.call(functions.arbitratorExtraData())
        contract = self.suite.chain.w3.eth.contract(arbitrator, abi=_ARBITRATOR_ABI)
        return int(self.suite.chain.call(contract.functions.arbitrationCost(data)))

    def escalate(self, order: Order, signer: Signer) -> DisputeEscalated:
        """Ask the arbitrator, as a party, within seven days; the signer pays what it costs."""
        contract, cost = self.suite.disputes, self.arbitration_cost()
        function = contract.functions.escalate(struct_of(order))
        tx = self.suite.chain.send(function, signer, value=cost)
        args = tx.event(contract.events.DisputeEscalated())
        return DisputeEscalated(
            args["orderId"], args["arbitrationId"], cost, to_moment(args["until"]), tx
        )

    def execute(self, order: Order, signer: Signer) -> DisputeEnded:
        """Carry out what the arbitrator ruled; anyone may."""
        return self._end("execute", signer, struct_of(order))

    def lapse(self, order: Order, signer: Signer) -> DisputeEnded:
        """End what nobody pursued in time; anyone may."""
        return self._end("lapse", signer, struct_of(order))

    def _end(self, name: str, signer: Signer, *arguments: Any) -> DisputeEnded:
        contract = self.suite.disputes
        tx = self.suite.chain.send(contract.functions[name](*arguments), signer)
        args = tx.event(contract.events.DisputeEnded())
        return DisputeEnded(args["orderId"], args["payerBps"], tx)

    def _domain(self) -> Domain:
        return Domain(DISPUTES_NAME, self.suite.chain.chain_id, self.suite.disputes.address)


_ARBITRATOR_ABI = [
    {
        "type": "function",
        "name": "arbitrationCost",
        "stateMutability": "view",
        "inputs": [{"name": "_extraData", "type": "bytes"}],
        "outputs": [{"name": "cost", "type": "uint256"}],
    }
]
"""ERC-792; the arbitrator is none of the suite's contracts."""
