from hypothesis import given

from tests.support.inspections import graded, query, view_of
from tests.support.properties import on_one_chain
from tests.unit.provenance_lens.story import STORIES, Stage
from weilian.provenance.grading import grade

EXAMPLES = 40
MANY = 8  # of all 32 verdicts and reasons, so that the stories are not all alike


def test_inspect__anything_happened_to_item__grades_as_library_does(
    suite, lens, chain, accounts, distributor, shopper, payer
):
    seen = set()
    cast = {"distributor": distributor, "shopper": shopper, "payer": payer}

    @on_one_chain(EXAMPLES)
    @given(STORIES)
    def check(story):
        # A new issuer each time, since notices on a GTIN and deactivation last.
        issuer = accounts.containers["test"].generate_account()
        payer.transfer(issuer, "1 ether")
        stage = Stage(suite, cast | {"issuer": issuer})
        batch = stage.play(story)
        viewer, seller = stage.account(story.viewer), stage.account(story.seller)
        asked = query(batch, story.index, viewer, story.lot_first, seller)

        found = graded(lens.inspect(asked))

        view = view_of(suite, batch, issuer, asked)
        verdict, reasons = grade(view, chain.blocks.head.timestamp, viewer, seller)
        assert found == (verdict, sum(1 << reason.value for reason in reasons))
        seen.update((verdict, *reasons))

    check()
    assert len(seen) > MANY
