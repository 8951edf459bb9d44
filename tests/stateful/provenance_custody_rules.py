"""What holders do: lots, hand-overs and pallets."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.budget import ACTING, AIMED, CHOICES
from tests.stateful.provenance_base import SOON, ProvenanceBase
from tests.stateful.provenance_world import lot_structs
from tests.support.abi import ZERO_ADDRESS
from weilian.provenance.custody_model import pallet_address
from weilian.provenance.lot_model import HandOver, LotRef

RECEIVERS = st.sampled_from([0, 1, 2, 3, 4, 5] * 3 + [None])
COUNT_ERRORS = st.sampled_from([0, 0, 0, 1, -1])
RECEIPT_FLAWS = st.sampled_from([None] * 10 + ["late", "version", "size", "holder", "key"])
PACKED = st.lists(CHOICES, min_size=1, max_size=3) | st.lists(CHOICES, max_size=3)
SSCCS = st.sampled_from([1, 2, 3, 10**18 - 1] * 3 + [0, 10**18])


class CustodyRules(ProvenanceBase):
    """Each rule is one function of CustodyLedger."""

    def do_ship(self, ref, to, actor):
        self.attempt(
            lambda call: self.custody.ship_lot(call, ref, to),
            *("custody", "shipLot", ref.batch_id, ref.first, to),
            actor=actor,
        )

    def do_receive(self, ref, counted, actor):
        self.attempt(
            lambda call: self.custody.receive_lot(call, ref, counted),
            *("custody", "receiveLot", ref.batch_id, ref.first, counted, bytes(32)),
            actor=actor,
        )

    def do_split(self, ref, second, actor):
        self.attempt(
            lambda call: self.custody.split_lot(call, ref, second),
            *("custody", "splitLot", ref.batch_id, ref.first, second),
            actor=actor,
        )

    def do_pack(self, sscc, lots, actor):
        holder = self.custody.custody(lots[0]).holder if lots else ZERO_ADDRESS
        if self.attempt(
            lambda call: self.custody.pack_pallet(call, sscc, lots),
            *("custody", "packPallet", sscc, lot_structs(lots)),
            actor=actor,
        ):
            self.pallets[pallet_address(holder, sscc)] = lots

    def do_receive_pallet(self, name, lots, actor):
        self.attempt(
            lambda call: self.custody.receive_pallet(call, name, lots),
            *("custody", "receivePallet", name, lot_structs(lots)),
            actor=actor,
        )

    def receiver(self, index, holder):
        return ZERO_ADDRESS if index is None else self.other(index, holder)

    def holding(self, index, ref):
        """Choose who acts for the holder of a lot."""
        return self.acting(index, self.custody.custody(ref).holder, "custody")

    def can_move(self, ref):
        return self.is_loose(ref) and self.is_held(ref)

    @rule(choice=CHOICES, aimed=AIMED, to=RECEIVERS, index=ACTING)
    def ship_lot(self, choice, aimed, to, index):
        ref = self.lot_at(choice, aimed, lambda r: self.can_move(r) and not self.is_offered(r))
        to = self.receiver(to, self.custody.custody(ref).holder)
        self.do_ship(ref, to, self.holding(index, ref))

    @precondition(lambda self: any(map(self.is_offered, self.lots())))
    @rule(choice=CHOICES, aimed=AIMED, error=COUNT_ERRORS, index=ACTING)
    def receive_lot(self, choice, aimed, error, index):
        ref = self.lot_at(
            choice,
            aimed,
            lambda r: self.is_loose(r) and self.is_offered(r) and self.is_receivable(r),
        )
        counted = self.custody.lot(ref).size + error
        to = self.custody.custody(ref).offered_to
        self.do_receive(ref, counted, self.acting(index, to, "custody"))

    @precondition(lambda self: any(map(self.is_scared, self.lots())))
    @rule(choice=CHOICES)
    def receive_scared(self, choice):
        """Try to receive by an offer that a recall ended, lifted or not: the issuer alone can."""
        ref = self.lot_at(choice, True, self.is_scared)
        to = self.custody.custody(ref).offered_to
        actor = self.acting(None, to, "custody")
        name = self.custody.custody(ref).pallet
        if name == ZERO_ADDRESS:
            self.do_receive(ref, self.custody.lot(ref).size, actor)
        else:
            self.do_receive_pallet(name, self.pallets[name], actor)

    @precondition(lambda self: any(map(self.is_offered, self.lots())))
    @rule(choice=CHOICES, aimed=AIMED, is_refused=st.booleans(), index=ACTING)
    def cancel_offer(self, choice, aimed, is_refused, index):
        ref = self.lot_at(choice, aimed, lambda r: self.is_loose(r) and self.is_offered(r))
        kept = self.custody.custody(ref)
        party = kept.offered_to if is_refused else kept.holder
        self.attempt(
            lambda call: self.custody.cancel_offer(call, ref),
            *("custody", "cancelOffer", ref.batch_id, ref.first),
            actor=self.acting(index, party, "custody"),
        )

    @rule(choice=CHOICES, aimed=AIMED, to=RECEIVERS, flaw=RECEIPT_FLAWS, index=ACTING)
    def hand_over(self, choice, aimed, to, flaw, index):
        ref = self.lot_at(choice, aimed, lambda r: self.can_move(r) and self.is_tradable(r))
        to = self.receiver(to, self.custody.custody(ref).holder)
        signer = self.acting(None, to, "custody")
        terms = HandOver(ref, to, signer, self.now() + (-1 if flaw == "late" else SOON))
        due = self.custody.receipt(ref, to, terms.deadline)
        receipt = {
            "version": replace(due, version=due.version - 1 if due.version else 1),
            "size": replace(due, size=due.size + 1),
            "holder": replace(due, holder=to),
        }.get(flaw, due)
        signed_by = self.other(0, signer) if flaw == "key" else signer
        signature = self.world.sign(self.world.receipt(receipt), signed_by)
        struct = (ref.batch_id, ref.first, to, signer, terms.deadline)
        self.attempt(
            lambda call: self.custody.hand_over(call, terms, receipt, signed_by),
            *("custody", "handOver", struct, signature),
            actor=self.holding(index, ref),
        )

    @rule(choice=CHOICES, aimed=AIMED, at=CHOICES, index=ACTING)
    def split_lot(self, choice, aimed, at, index):
        size = lambda r: self.custody.lot(r).size  # noqa: E731
        ref = self.lot_at(choice, aimed, lambda r: self.can_move(r) and size(r) > 1)
        inside = aimed and size(ref) > 1
        second = ref.first + (1 + at % (size(ref) - 1) if inside else at % 2 * size(ref))
        self.do_split(ref, second, self.holding(index, ref))

    @rule(choice=CHOICES, other=CHOICES, aimed=AIMED, index=ACTING)
    def merge_lots(self, choice, other, aimed, index):
        ref = self.lot_at(choice, aimed, self.can_merge)
        second = ref.first + self.custody.lot(ref).size
        if not aimed:
            second = self.lot_at(other, False, bool).first
        self.attempt(
            lambda call: self.custody.merge_lots(call, ref, second),
            *("custody", "mergeLots", ref.batch_id, ref.first, second),
            actor=self.holding(index, ref),
        )

    def can_merge(self, ref):
        """Whether the lot and the next have one holder who can merge them."""
        lot = self.custody.lot(ref)
        following = LotRef(ref.batch_id, ref.first + lot.size)
        is_one = self.custody.lot(following).holder == lot.holder
        return is_one and self.can_move(ref) and self.can_move(following)

    @rule(choices=PACKED, aimed=AIMED, sscc=SSCCS, index=ACTING)
    def pack_pallet(self, choices, aimed, sscc, index):
        lots = self.lots_to_pack(choices, aimed)
        actor = self.holding(index, lots[0]) if lots else self.actors[0]
        self.do_pack(sscc, lots, actor)

    def lots_to_pack(self, choices, aimed):
        """Choose lots, of one holder and each once if aimed."""
        if not choices:
            return []
        first = self.lot_at(choices[0], aimed, self.can_move)
        holder = self.custody.lot(first).holder
        fits = lambda r: self.can_move(r) and self.custody.lot(r).holder == holder  # noqa: E731
        chosen = [first, *(self.lot_at(choice, aimed, fits) for choice in choices[1:])]
        return list(dict.fromkeys(chosen)) if aimed else chosen

    def pallet_at(self, choice, aimed, fits):
        """Choose a pallet and its lots, a name that nothing is packed under among them."""
        packed = lambda entry: self.is_packed(entry[0]) and fits(entry[0])  # noqa: E731
        unknown = (pallet_address(self.actors[0], 99), self.lots()[:1])
        return self.pick(choice, aimed, [*self.pallets.items(), unknown], packed)

    def offered_to(self, name):
        """To whom a pallet is offered."""
        lots = self.pallets.get(name, ())
        kept = [self.custody.custody(ref) for ref in lots]
        return next((c.offered_to for c in kept if c.pallet == name), ZERO_ADDRESS)

    def is_on_way(self, name):
        return self.offered_to(name) != ZERO_ADDRESS

    def is_packed(self, name):
        return self.custody.pallet(name).lot_count > 0

    @precondition(lambda self: any(map(self.is_packed, self.pallets)))
    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def unpack_pallet(self, choice, aimed, index):
        name, lots = self.pallet_at(choice, aimed, bool)
        lots = lots if aimed else lots * 2
        self.attempt(
            lambda call: self.custody.unpack_pallet(call, name, lots),
            *("custody", "unpackPallet", name, lot_structs(lots)),
            actor=self.acting(index, self.custody.pallet(name).holder, "custody"),
        )

    @precondition(lambda self: any(map(self.is_packed, self.pallets)))
    @rule(choice=CHOICES, aimed=AIMED, to=RECEIVERS, index=ACTING)
    def ship_pallet(self, choice, aimed, to, index):
        name, _ = self.pallet_at(choice, aimed, lambda n: not self.is_on_way(n))
        holder = self.custody.pallet(name).holder
        to = self.receiver(to, holder)
        self.attempt(
            lambda call: self.custody.ship_pallet(call, name, to),
            *("custody", "shipPallet", name, to),
            actor=self.acting(index, holder, "custody"),
        )

    @precondition(lambda self: any(map(self.is_on_way, self.pallets)))
    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def receive_pallet(self, choice, aimed, index):
        name, lots = self.pallet_at(
            choice,
            aimed,
            lambda n: self.is_on_way(n) and all(map(self.is_receivable, self.pallets[n])),
        )
        self.do_receive_pallet(name, lots, self.acting(index, self.offered_to(name), "custody"))

    @precondition(lambda self: any(map(self.is_on_way, self.pallets)))
    @rule(choice=CHOICES, aimed=AIMED, is_refused=st.booleans(), index=ACTING)
    def cancel_pallet_offer(self, choice, aimed, is_refused, index):
        name, _ = self.pallet_at(choice, aimed, self.is_on_way)
        holder = self.custody.pallet(name).holder
        party = self.offered_to(name) if is_refused else holder
        self.attempt(
            lambda call: self.custody.cancel_pallet_offer(call, name),
            *("custody", "cancelPalletOffer", name),
            actor=self.acting(index, party, "custody"),
        )
