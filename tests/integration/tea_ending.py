"""How the season of tea goes, and what everybody must find at its end."""

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.integration.tea_story import (
    ACTIVE_CARTONS,
    CARTON,
    COUNT,
    LOT_SIZE,
    LOTS,
    TeaStory,
    first_of,
    new_shoppers,
)
from weilian.chain import ZERO_ADDRESS, ContractRevert, NoticeKind
from weilian.provenance.terms import Reason, Verdict

RECALLED = range(3_000, 4_000)  # in lot 1
REINSTATED = range(10_000, 12_500)  # lot 4
NEVER_ACTIVE = range(ACTIVE_CARTONS * CARTON, COUNT)
SCARED = 21
"""A lot that is suspended on its way, for a moment."""

SOLD = (0, 2, 3, 5, 6, 7, 24, 25, 26, 27)
"""Lots of the shop that no recall ever touched."""

DIVERTED = first_of(27) + 100
DOCUMENTS = ("01-production", "02-processing", "03-warehousing", "04-shipping", "05-retail")
WHOLE_WAY = ("issuer", "exporter", "national", "regional", "shop")


@dataclass(frozen=True)
class Question:
    """A scan: which item, by whom, and who offers it."""

    index: int
    viewer: str = ZERO_ADDRESS
    seller: str = ZERO_ADDRESS


@dataclass
class Season:
    """The season, told step by step, and what is known of it beside the chain."""

    story: TeaStory
    holders: dict[int, str] = field(default_factory=lambda: dict.fromkeys(range(LOTS), "issuer"))
    on_way: dict[int, str] = field(default_factory=dict)
    pallets: dict[int, str] = field(default_factory=dict)
    miscounted: set[int] = field(default_factory=set)
    owners: dict[int, str] = field(default_factory=dict)
    copies: dict[int, str] = field(default_factory=dict)
    refusals: dict[int, ContractRevert | None] = field(default_factory=dict)
    late_receipt: ContractRevert | None = None
    evidence: bytes = b""

    def tell(self) -> None:
        """Let it all happen."""
        story, random = self.story, Random(1)
        story.build_batch()
        for document in DOCUMENTS[:2]:
            story.anchor(f"{document}.jsonld")
        story.authorize("national", "regional", "shop", "former")
        story.split()
        self.trade_lots()
        self.trade_pallets()
        for document in DOCUMENTS[2:]:
            story.anchor(f"{document}.jsonld")
        self.sell(random.sample(RECALLED, 20) + self.sample_sold(random, 440))
        self.recall()
        self.scare()
        self.sell(random.sample(REINSTATED, 40))
        self.copy(random.sample(sorted(self.owners.keys() - set(RECALLED)), 20))
        self.divert()

    # Trade

    def trade_lots(self) -> None:
        """Lots by offers, by signed receipts, by both; some on their way, some that never leave."""
        for lot in range(4):
            self.travel(lot, WHOLE_WAY, signed="")
        for lot in range(4, 8):
            self.travel(lot, WHOLE_WAY, signed="exporter national regional shop")
        for lot in range(8, 12):
            self.travel(lot, WHOLE_WAY[:3], signed="")
        for lot in range(12, 16):
            self.travel(lot, WHOLE_WAY[:4], signed="exporter regional")
        for lot in range(16, 20):
            self.travel(lot, WHOLE_WAY[:2], signed="exporter")
            self.story.ship(lot, "exporter", "national")
            self.on_way[lot] = "national"
        self.story.ship(20, "issuer", "exporter")
        self.story.call("exporter", "custody", "cancelOffer", self.story.batch_id, first_of(20))

    def travel(self, lot: int, way: tuple[str, ...], signed: str) -> None:
        """Move a lot along a way, by receipt to whom `signed` names; lot 9 is miscounted once."""
        for sender, to in pairwise(way):
            if to in signed:
                self.story.hand_over(lot, sender, to)
            else:
                counted = LOT_SIZE - 3 if (lot, to) == (9, "national") else LOT_SIZE
                self.story.ship(lot, sender, to)
                self.story.receive(lot, to, counted)
                self.miscounted |= {lot} if counted != LOT_SIZE else set()
            self.holders[lot] = to

    def trade_pallets(self) -> None:
        """Two pallets: one is unpacked half way, the other stays as it is."""
        story, opened, closed = self.story, range(24, 32), range(32, 40)
        first, second = story.pack(101, opened, "issuer"), story.pack(102, closed, "issuer")
        for sender, to in pairwise(WHOLE_WAY[:3]):
            story.move_pallet(first, opened, sender, to)
        story.call("national", "custody", "unpackPallet", first, story.refs(opened))
        self.holders |= dict.fromkeys(opened, "national")
        for lot in range(24, 28):
            self.travel(lot, WHOLE_WAY[2:], signed="shop")
        for sender, to in pairwise(WHOLE_WAY[:4]):
            story.move_pallet(second, closed, sender, to)
        self.holders |= dict.fromkeys(closed, "regional")
        self.pallets = dict.fromkeys(closed, second)

    # Shoppers, recalls, forgers

    def sample_sold(self, random: Random, count: int) -> list[int]:
        """Draw items that the shop has to sell."""
        offered = [first_of(lot) + place for lot in SOLD for place in range(LOT_SIZE)]
        return random.sample([index for index in offered if index != DIVERTED], count)

    def sell(self, indexes: list[int]) -> None:
        """Let as many shoppers claim what they bought."""
        claims = dict(zip(indexes, new_shoppers(len(indexes)), strict=True))
        self.story.relay_claims(claims)
        self.owners |= claims

    def recall(self) -> None:
        """Recall two ranges, try to claim in both, lift the second; lot 1 goes back."""
        story = self.story
        for items in (RECALLED, REINSTATED):
            notice = (items[0], items[-1], NoticeKind.RECALL, b"\1" * 32)
            story.call("issuer", "provenance", "recall", story.batch_id, *notice)
        unsold = [min(set(items) - self.owners.keys()) for items in (RECALLED, REINSTATED)]
        for index in (*unsold, NEVER_ACTIVE[0], NEVER_ACTIVE[-1]):
            self.refusals[index] = story.refusal_of_claim(index, story.address("grey"))
        story.call("issuer", "provenance", "reinstate", story.batch_id, 1, b"\2" * 32)
        story.ship(1, "shop", "issuer")
        story.receive(1, "issuer")
        self.holders[1] = "issuer"

    def scare(self) -> None:
        """Suspend an item on its way and lift that: the lot has to be offered anew."""
        story, first = self.story, first_of(SCARED)
        story.ship(SCARED, "issuer", "exporter")
        notice = (first + 7, first + 7, NoticeKind.SUSPENSION, b"\3" * 32)
        story.call("issuer", "provenance", "recall", story.batch_id, *notice)
        story.call("issuer", "provenance", "reinstate", story.batch_id, 2, b"\4" * 32)
        # A notice of the same second counts against an offer, and blocks here come in no time.
        story.chain.w3.provider.make_request("evm_increaseTime", [1])
        self.late_receipt = story.refusal_of_receipt(SCARED, "exporter")
        story.call("issuer", "custody", "cancelOffer", story.batch_id, first)
        self.travel(SCARED, WHOLE_WAY[:2], signed="")

    def copy(self, indexes: list[int]) -> None:
        """Let somebody else try the same code of items that are claimed."""
        self.copies = dict(zip(indexes, new_shoppers(len(indexes)), strict=True))
        for index, copier in self.copies.items():
            self.refusals[index] = self.story.refusal_of_claim(index, copier)

    def divert(self) -> None:
        """Find an item of lot 27 with a seller of elsewhere; another seller is one no longer."""
        self.evidence = self.story.report_diversion(DIVERTED, "grey")
        former = (self.story.address("issuer"), self.story.address("former"))
        self.story.call("issuer", "custody", "revokeSeller", *former)

    # What must be found

    def questions(self) -> list[Question]:
        """Scan every claimed and copied item, and samples of all others."""
        random, asked = Random(2), [Question(*claim) for claim in self.owners.items()]
        asked += [Question(*copy) for copy in self.copies.items()]
        asked += [Question(first_of(lot) + 1_200) for lot in range(LOTS)]
        asked += [Question(first_of(lot) + place) for lot in range(LOTS) for place in (0, 2_499)]
        for items in (RECALLED, REINSTATED, NEVER_ACTIVE):
            asked += [Question(index) for index in random.sample(items, 20)]
        sellers = map(self.story.address, ("grey", "former", "shop", "issuer"))
        return asked + [Question(DIVERTED, seller=seller) for seller in sellers]

    def expected(self, asked: Question) -> tuple[Verdict, frozenset[Reason]]:
        """Say what the season makes of a scan, by plain words and no rule of the contracts."""
        index, lot = asked.index, asked.index // LOT_SIZE
        owner = self.owners.get(index)
        is_yours = owner == asked.viewer
        is_traded = self.holders[lot] != "issuer" or lot in self.on_way
        found = {
            Reason.RECALLED: index in RECALLED,
            Reason.NOT_ACTIVATED: index in NEVER_ACTIVE,
            Reason.LEFT_ISSUER: self.holders[lot] != "issuer",
            Reason.IN_TRANSIT: lot in self.on_way,
            Reason.DISCREPANCY: lot in self.miscounted,
            Reason.CLAIMED_BY_VIEWER: owner is not None and is_yours,
            Reason.CLAIMED_BY_OTHER: owner is not None and not is_yours,
            **self.seller_reason(asked),
        }
        reasons = frozenset(reason for reason, holds in found.items() if holds)
        if index in RECALLED:
            return Verdict.RECALLED, reasons
        if owner:
            return Verdict.CLAIMED_BY_YOU if is_yours else Verdict.ALREADY_CLAIMED, reasons
        return Verdict.IN_TRADE if is_traded else Verdict.REGISTERED, reasons

    def seller_reason(self, asked: Question) -> dict[Reason, bool]:
        """Say what is known of who offers an item."""
        parts = {signer.address: part for part, signer in self.story.people.items()}
        seller = parts.get(asked.seller, self.holders[asked.index // LOT_SIZE])
        return {
            Reason.SELLER_AUTHORIZED: seller in ("national", "regional", "shop"),
            Reason.SELLER_LAPSED: seller == "former",
            Reason.SELLER_UNKNOWN: seller in ("exporter", "grey"),
        }
