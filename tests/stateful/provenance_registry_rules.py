"""What issuers do: batches, traces, notices, operators, sellers."""

from eth_utils import keccak
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.budget import ACTING, ACTORS, AIMED, CHOICES
from tests.stateful.provenance_base import SOON, ProvenanceBase
from tests.support.abi import ZERO_ADDRESS, ZERO_HASH
from tests.support.batches import CHIP, HIDDEN_CODE, SampleBatch
from weilian.provenance.issuer_model import DAY
from weilian.provenance.registry_model import GTIN_LIMIT, BatchTerms
from weilian.provenance.terms import NoticeKind
from weilian.provenance.trace_model import TraceEntry

MOST_BATCHES = 6
GTINS = st.sampled_from([6901234567892, 6901234567892, 6901234567908])
RECALLED_GTINS = st.sampled_from([6901234567892, 6901234567892, 6901234567908] * 3 + [0])
ISSUERS = st.sampled_from([0, 0, 0, 1])
FLAWS = st.sampled_from(
    [None] * 14 + ["again", "gtin", "lot", "count", "root", "expired", "reversed"]
)
SIZES = st.sampled_from([0, 0, 1, 2, 3, 4])
KINDS = st.sampled_from(list(NoticeKind))


class RegistryRules(ProvenanceBase):
    """Each rule is one function of ProvenanceRegistry, or of the sellers in CustodyLedger."""

    def create_batch(self, issuer, gtin, count, chip=False, lot=None):
        """Make a batch, not registered yet."""
        lot = lot or f"LOT-{self.unique()}".encode().ljust(20, b"\0")
        batch_id = BatchTerms(issuer, gtin, lot, count, ZERO_HASH).batch_id
        ground = self.world.ground
        kind = CHIP if chip else HIDDEN_CODE
        return SampleBatch(ground.chain_id, ground.registry, batch_id, count, kind), lot

    def do_register(self, batch, terms, actor):
        struct = (
            *(terms.issuer, terms.gtin, terms.lot, terms.item_count, terms.carton_size),
            *(terms.root, terms.produced_at, terms.expires_at, keccak(text="document")),
        )
        if self.attempt(
            lambda call: self.registry.register(call, terms),
            *("provenance", "registerBatch", struct),
            actor=actor,
        ):
            self.batches[batch.batch_id] = batch

    def do_activate(self, batch_id, first, last, actor):
        self.attempt(
            lambda call: self.registry.activate(call, batch_id, first, last),
            *("provenance", "activate", batch_id, first, last),
            actor=actor,
        )

    def do_append(self, batch_id, sequence, hashes, actor):
        self.attempt(
            lambda call: self.registry.append_trace(call, batch_id, sequence, hashes),
            *("provenance", "appendTrace", batch_id, sequence, hashes),
            actor=actor,
        )

    def do_recall(self, batch_id, first, last, kind, actor):
        return self.attempt(
            lambda call: self.registry.recall(call, batch_id, first, last, kind),
            *("provenance", "recall", batch_id, first, last, int(kind), ZERO_HASH),
            actor=actor,
        )

    def do_reinstate(self, batch_id, number, actor):
        self.attempt(
            lambda call: self.registry.reinstate(call, batch_id, number),
            *("provenance", "reinstate", batch_id, number, ZERO_HASH),
            actor=actor,
        )

    def do_scare(self, ref, index, kind, actor):
        if self.do_recall(ref.batch_id, index, index, kind, actor):
            number = self.registry.batch(ref.batch_id).notice_count - 1
            self.do_reinstate(ref.batch_id, number, actor)

    def do_authorize_seller(self, brand, seller, valid_to, actor):
        territory = self.event_hash()[:20]
        self.attempt(
            lambda call: self.custody.authorize_seller(call, brand, seller, valid_to, territory),
            *("custody", "authorizeSeller", brand, seller, valid_to, territory),
            actor=actor,
        )

    @precondition(lambda self: len(self.batches) < MOST_BATCHES)
    @rule(
        issuer=ISSUERS,
        gtin=GTINS,
        count=st.integers(1, 9),
        carton=st.sampled_from([0, 1, 2, 3, 20]),
        chip=st.booleans(),
        lifetime=st.sampled_from([0, 0, SOON, 3 * DAY]),
        flaw=FLAWS,
        index=ACTING,
    )
    def register(self, issuer, gtin, count, carton, chip, lifetime, flaw, index):
        issuer, now = self.actors[issuer], self.now()
        gtin = GTIN_LIMIT + 1 if flaw == "gtin" else gtin
        lot = {"lot": bytes(20), "again": b"LOT-1".ljust(20, b"\0")}.get(flaw)
        batch, lot = self.create_batch(issuer, gtin, count, chip, lot)
        terms = BatchTerms(
            issuer,
            gtin,
            lot,
            0 if flaw == "count" else count,
            ZERO_HASH if flaw == "root" else batch.root,
            carton,
            produced_at=now + (SOON if flaw == "reversed" else -SOON),
            expires_at=now if flaw == "expired" else lifetime and now + lifetime,
        )
        self.do_register(batch, terms, self.acting(index, issuer, "batch"))

    @rule(choice=CHOICES, aimed=AIMED, first=CHOICES, count=CHOICES, index=ACTING)
    def activate(self, choice, aimed, first, count, index):
        size = lambda batch: self.registry.batch(batch.batch_id).carton_size  # noqa: E731
        batch = self.batch_at(choice, aimed, size)
        cartons = -(-batch.count // (size(batch) or 1))
        first %= cartons
        last = first + count % (cartons - first) if aimed else first + count % (cartons + 1) - 1
        actor = self.acting(index, self.issuer(batch), "activate")
        self.do_activate(batch.batch_id, first, max(last, 0), actor)

    @rule(
        choice=CHOICES,
        count=st.sampled_from([1, 2, 3, 0]),
        late=st.sampled_from([0, 0, 0, 0, 1]),
        zero=st.sampled_from([False] * 9 + [True]),
        index=ACTING,
    )
    def append_trace(self, choice, count, late, zero, index):
        batch_id = self.batch_at(choice).batch_id
        hashes = [self.event_hash() for _ in range(count)] + [ZERO_HASH] * zero
        sequence = self.registry.trace(batch_id).count + late
        actor = self.acting(index, self.issuer_of(batch_id), "trace")
        self.do_append(batch_id, sequence, hashes, actor)

    @rule(choices=st.lists(CHOICES, min_size=1, max_size=4), flawed=AIMED, index=ACTING)
    def append_traces(self, choices, flawed, index):
        batches = [self.batch_at(choice) for choice in choices]
        issuer = self.issuer(batches[0])
        ids = [batch.batch_id for batch in batches if not flawed or self.issuer(batch) == issuer]
        entries = [
            TraceEntry(i, self.registry.trace(i).count + ids[:place].count(i), self.event_hash())
            for place, i in enumerate(ids)
        ]
        structs = [(entry.batch_id, entry.sequence, entry.event_hash) for entry in entries]
        self.attempt(
            lambda call: self.registry.append_traces(call, entries),
            *("provenance", "appendTraces", structs),
            actor=self.acting(index, issuer, "trace"),
        )

    @rule(choice=CHOICES, aimed=AIMED, event=CHOICES, index=ACTING)
    def correct_trace(self, choice, aimed, event, index):
        batch = self.batch_at(choice, aimed, lambda b: self.registry.trace(b.batch_id).count)
        batch_id, count = batch.batch_id, self.registry.trace(batch.batch_id).count
        corrected = self.pick(
            event, aimed, range(count + 1), lambda n: not self.is_corrected(batch_id, n, count)
        )
        event_hash = self.event_hash()
        self.attempt(
            lambda call: self.registry.correct_trace(call, batch_id, count, corrected, event_hash),
            *("provenance", "correctTrace", batch_id, count, corrected, event_hash),
            actor=self.acting(index, self.issuer(batch), "trace"),
        )

    @rule(choice=CHOICES, first=CHOICES, size=SIZES, kind=KINDS, index=ACTING)
    def recall(self, choice, first, size, kind, index):
        """Recall one to three items, four that may be too many, or all."""
        batch = self.batch_at(choice)
        first, size = (first % batch.count, size) if size else (0, batch.count)
        last = first + size - 1 if size == 4 else min(first + size, batch.count) - 1
        actor = self.acting(index, self.issuer(batch), "recall")
        self.do_recall(batch.batch_id, first, last, kind, actor)

    @precondition(lambda self: any(map(self.is_offered, self.lots())))
    @rule(choice=CHOICES, at=CHOICES, kind=KINDS)
    def scare(self, choice, at, kind):
        """Recall an item on its way and lift that at once: the offer is dead for good."""
        ref = self.lot_at(choice, True, self.is_offered)
        index = ref.first + at % self.custody.lot(ref).size
        self.do_scare(ref, index, kind, self.acting(None, self.issuer_of(ref.batch_id), "recall"))

    @precondition(lambda self: any(self.registry.notices.values()))
    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def reinstate(self, choice, aimed, index):
        places = [
            (batch_id, number, notice)
            for batch_id, kept in self.registry.notices.items()
            for number, notice in enumerate(kept)
        ]
        unknown = (self.batch_at(choice).batch_id, 7, None)
        batch_id, number, _ = self.pick(
            choice, aimed, [*places, unknown], lambda place: place[2] and place[2].stands
        )
        actor = self.acting(index, self.issuer_of(batch_id), "recall")
        self.do_reinstate(batch_id, number, actor)

    @rule(issuer=ISSUERS, gtin=RECALLED_GTINS, kind=KINDS, index=ACTING)
    def recall_gtin(self, issuer, gtin, kind, index):
        issuer = self.actors[issuer]
        self.attempt(
            lambda call: self.registry.recall_gtin(call, issuer, gtin, kind),
            *("provenance", "recallGtin", issuer, gtin, int(kind), ZERO_HASH),
            actor=self.acting(index, issuer, "recall"),
        )

    @precondition(lambda self: self.registry.gtin_notices)
    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def reinstate_gtin(self, choice, aimed, index):
        kept = self.registry.gtin_notices
        unknown = (self.actors[5], 7)
        issuer, gtin = self.pick(
            choice, aimed, [*kept, unknown], lambda key: key in kept and not kept[key].lifted_at
        )
        self.attempt(
            lambda call: self.registry.reinstate_gtin(call, issuer, gtin),
            *("provenance", "reinstateGtin", issuer, gtin, ZERO_HASH),
            actor=self.acting(index, issuer, "recall"),
        )

    @rule(
        issuer=ISSUERS,
        operator=st.sampled_from([2, 3, 4, 5, 2, 3, 4, 5, 0]),
        ago=st.sampled_from([0, 1, 100, SOON, -1, None]),
        index=ACTING,
    )
    def revoke_key(self, issuer, operator, ago, index):
        issuer, operator = self.actors[issuer], self.actors[operator]
        revoked_from = 0 if ago is None else self.now() - ago
        self.attempt(
            lambda call: self.registry.revoke_key(call, issuer, operator, revoked_from),
            *("provenance", "revokeKey", issuer, operator, revoked_from),
            actor=self.owning(index, issuer),
        )

    @rule(issuer=ISSUERS, operator=ACTORS, limit=st.sampled_from([0, 5, 10, 30]), index=ACTING)
    def set_daily_limit(self, issuer, operator, limit, index):
        issuer, operator = self.actors[issuer], self.actors[operator]
        self.attempt(
            lambda call: self.registry.set_daily_limit(call, issuer, operator, limit),
            *("provenance", "setDailyLimit", issuer, operator, limit),
            actor=self.owning(index, issuer),
        )

    @rule(
        brand=ISSUERS,
        seller=st.sampled_from([0, 1, 2, 3, 4, 5, None]),
        lifetime=st.sampled_from([SOON, 3 * DAY, 1, 0]),
        index=ACTING,
    )
    def authorize_seller(self, brand, seller, lifetime, index):
        brand = self.actors[brand]
        seller = ZERO_ADDRESS if seller is None else self.actors[seller]
        actor = self.acting(index, brand, "seller")
        self.do_authorize_seller(brand, seller, self.now() + lifetime, actor)

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def revoke_seller(self, choice, aimed, index):
        kept, now = self.custody.sellers, self.now()
        unknown = (self.actors[0], self.actors[5])
        brand, seller = self.pick(
            choice, aimed, [*kept, unknown], lambda key: key in kept and now < kept[key].valid_to
        )
        self.attempt(
            lambda call: self.custody.revoke_seller(call, brand, seller),
            *("custody", "revokeSeller", brand, seller),
            actor=self.acting(index, brand, "seller"),
        )

    @rule(choice=CHOICES, seller=ACTORS, zero=st.sampled_from([False] * 4 + [True]), index=ACTING)
    def report_diversion(self, choice, seller, zero, index):
        batch, at = self.pick(choice, False, self.all_items(), bool)
        evidence = ZERO_HASH if zero else self.event_hash()
        self.attempt(
            lambda call: self.custody.report_diversion(call, batch.batch_id, at, evidence),
            *("custody", "reportDiversion", batch.batch_id, at, self.actors[seller], evidence),
            actor=self.acting(index, self.issuer(batch), "inspect"),
        )

    def event_hash(self):
        return keccak(text=f"event {self.unique()}")

    def is_corrected(self, batch_id, sequence, count):
        """Whether an event cannot be corrected any more, or is not there."""
        return sequence >= count or self.registry.correction(batch_id, sequence) is not None
