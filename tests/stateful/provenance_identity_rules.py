"""Who may act for whom, and the time that passes."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.stateful.budget import ACTING, ACTORS, AIMED, CHOICES
from tests.stateful.provenance_base import FOREVER, SOON, ProvenanceBase
from tests.support.abi import ZERO_ADDRESS, permission
from weilian.provenance.issuer_model import DAY

MATTERS = st.sampled_from(
    ["batch", "trace", "activate", "recall", "custody", "custody", "seller", "inspect"]
)
VALIDITIES = st.sampled_from([FOREVER, FOREVER, SOON, 1, 0, 2**48])


class IdentityRules(ProvenanceBase):
    """Each rule is one function of IdentityRegistry, or lets time pass."""

    def do_delegate(self, identity, matter, delegate, validity, actor):
        kind = permission(matter)
        self.attempt(
            lambda call: self.model.identities.add_delegate(
                call, identity, kind, delegate, validity
            ),
            *("identities", "addDelegate", identity, kind, delegate, validity),
            actor=actor,
        )

    @rule(identity=ACTORS, matter=MATTERS, to=ACTORS, validity=VALIDITIES, index=ACTING)
    def add_delegate(self, identity, matter, to, validity, index):
        identity, to = self.actors[identity], self.actors[to]
        self.do_delegate(identity, matter, to, validity, self.owning(index, identity))

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING)
    def revoke_delegate(self, choice, aimed, index):
        kept = self.model.identities.delegates
        stranger = (self.actors[5], permission("other"), self.actors[4])
        identity, kind, delegate = self.pick(choice, aimed, [*kept, stranger], kept.get)
        self.attempt(
            lambda call: self.model.identities.revoke_delegate(call, identity, kind, delegate),
            *("identities", "revokeDelegate", identity, kind, delegate),
            actor=self.owning(index, identity),
        )

    @rule(identity=ACTORS, owner=ACTORS, index=ACTING)
    def change_owner(self, identity, owner, index):
        self.do_change_owner(self.actors[identity], self.actors[owner], index)

    @rule(identity=ACTORS, sure=st.sampled_from([False, False, True]), index=ACTING)
    def deactivate(self, identity, sure, index):
        """Mostly give the identity back instead: nothing goes on without its issuer."""
        identity = self.actors[identity]
        self.do_change_owner(identity, ZERO_ADDRESS if sure else identity, index)

    def do_change_owner(self, identity, owner, index):
        self.attempt(
            lambda call: self.model.identities.change_owner(call, identity, owner),
            *("identities", "changeOwner", identity, owner),
            actor=self.owning(index, identity),
        )

    @rule(
        choice=CHOICES,
        early=st.integers(0, 1),
        reach=st.sampled_from([SOON, SOON, SOON, 2 * DAY, FOREVER]),
    )
    def pass_time(self, choice, early, reach):
        """Go to the second in which something ends, or just before, if that is not too far."""
        now = self.now()
        ends = [
            *(batch.expires_at for batch in self.registry.batches.values()),
            *(seller.valid_to for seller in self.custody.sellers.values()),
            *self.model.identities.delegates.values(),
            (now // DAY + 1) * DAY,
        ]
        due = sorted({end - early for end in ends if now < end - early <= now + reach})
        self.pass_to(due[choice % len(due)] if due else now + 10)
