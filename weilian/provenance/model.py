"""Provenance without a chain: what the contracts keep, and the same operations on it.

An operation that a contract would revert raises RefusedError with the contract's own error, and
changes nothing. Signatures are modelled by who signed what; the contracts' own tests show that
nothing else passes for one.
"""

from dataclasses import dataclass, field

from weilian.address import ZERO_ADDRESS
from weilian.merkle.items import item_id
from weilian.provenance.custody_model import CustodyModel
from weilian.provenance.grading import ItemView, Reasons, grade
from weilian.provenance.identity_model import IdentityModel
from weilian.provenance.issuer_model import issuer_of
from weilian.provenance.item_model import ItemModel
from weilian.provenance.lot_model import LotRef
from weilian.provenance.membership import Ground
from weilian.provenance.registry_model import RegistryModel
from weilian.provenance.terms import CustodyState, Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks about an item: see ProvenanceTypes.Query."""

    batch_id: bytes
    index: int
    lot_first: int = 0
    viewer: str = ZERO_ADDRESS
    seller: str = ZERO_ADDRESS


@dataclass
class ProvenanceModel:
    """The four registries of one chain, each by its noun."""

    ground: Ground
    identities: IdentityModel = field(default_factory=IdentityModel)
    registry: RegistryModel = field(init=False)
    custody: CustodyModel = field(init=False)
    items: ItemModel = field(init=False)

    def __post_init__(self) -> None:
        self.registry = RegistryModel(identities=self.identities, ground=self.ground)
        self.custody = CustodyModel(registry=self.registry)
        self.items = ItemModel(registry=self.registry)

    def view(self, asked: Question) -> ItemView:
        """Gather what a verdict on an item of a registered batch depends on."""
        batch_id, registry = asked.batch_id, self.registry
        batch, issuer = registry.batch(batch_id), issuer_of(batch_id)
        custody = self.custody.custody(LotRef(batch_id, asked.lot_first))
        if not custody.first <= asked.index < custody.first + custody.size:
            custody = CustodyState()
        seller = custody.holder if asked.seller == ZERO_ADDRESS else asked.seller
        return ItemView(
            issuer=issuer,
            index=asked.index,
            batch=batch,
            notices=registry.notices[batch_id],
            gtin_notice=registry.gtin_notice(issuer, batch.gtin),
            is_issuer_active=self.identities.is_active(issuer),
            revoked_from=registry.operator(issuer, batch.operator_tag).revoked_from,
            is_active=registry.is_active(batch_id, asked.index),
            item=self.items.item(item_id(batch_id, asked.index)),
            custody=custody,
            seller=self.custody.seller(issuer, seller),
        )

    def grade(self, asked: Question, now: int) -> tuple[Verdict, Reasons]:
        """Grade an item of a registered batch as the lens does at second `now`."""
        return grade(self.view(asked), now, asked.viewer, asked.seller)

    def check(self) -> None:
        """Raise InvariantError where a promise that every operation must keep is broken."""
        self.registry.check_traces()
        self.custody.check_custody()
        self.items.check_items()
