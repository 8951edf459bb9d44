"""A hundred thousand items, five companies, two recalls, a diversion, five hundred shoppers."""

from collections import Counter

import pytest

from benchmarks.node import anvil
from tests.integration.tea_ending import (
    DIVERTED,
    NEVER_ACTIVE,
    RECALLED,
    REINSTATED,
    SCARED,
    Question,
    Season,
)
from tests.integration.tea_scan import scan, views_of
from tests.integration.tea_story import LOTS, TeaStory, first_of
from tests.support.abi import permission
from weilian.chain import ZERO_ADDRESS, Chain
from weilian.provenance.grading import grade
from weilian.provenance.terms import LOT_DISCREPANCY, LOT_PACKED, Reason, Verdict
from weilian.trace import Traces, trace_head

pytestmark = pytest.mark.anvil

YEAR = 365 * 86_400


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    with anvil() as node:
        story = TeaStory(Chain(node.w3, poll_seconds=0.005), tmp_path_factory.mktemp("tea"))
        inspector = (story.address("issuer"), permission("inspect"), story.address("inspector"))
        story.call("issuer", "identities", "addDelegate", *inspector, YEAR)
        told = Season(story)
        told.tell()
        yield told


@pytest.fixture(scope="module")
def scans(season):
    """Every scan with what the lens answered."""
    asked = season.questions()
    return list(zip(asked, scan(season.story, asked), strict=True))


def test_inspect__end_of_season__is_what_season_knows(season, scans):
    wrong = [
        (asked, report.found, season.expected(asked))
        for asked, report in scans
        if report.found != season.expected(asked)
    ]

    assert wrong == []
    assert len(scans) == 500 + 20 + 3 * LOTS + 3 * 20 + 4


def test_inspect__end_of_season__has_every_verdict_of_it(scans):
    verdicts = Counter(report.found[0] for _, report in scans)

    assert verdicts.keys() == {
        *(Verdict.REGISTERED, Verdict.IN_TRADE, Verdict.CLAIMED_BY_YOU),
        *(Verdict.ALREADY_CLAIMED, Verdict.RECALLED),
    }
    assert verdicts[Verdict.CLAIMED_BY_YOU] == 480


def test_inspect__copied_code__says_already_claimed_to_its_holder(season, scans):
    copiers = set(season.copies.values())

    found = [report.found[0] for asked, report in scans if asked.viewer in copiers]

    assert found == [Verdict.ALREADY_CLAIMED] * 20


def test_inspect__end_of_season__is_what_rules_make_of_kept_state(season, scans):
    views = views_of(season.story, [asked for asked, _ in scans])

    graded = [
        grade(view, report.time, asked.viewer, asked.seller)
        for view, (asked, report) in zip(views, scans, strict=True)
    ]

    assert graded == [report.found for _, report in scans]


def test_inspect__diverted_item__shows_who_may_sell_it(season):
    story = season.story
    asked = [Question(DIVERTED, seller=story.address(part)) for part in ("grey", "former", "shop")]

    found = [report.found[1] for report in scan(story, asked)]

    traded = {Reason.LEFT_ISSUER}
    assert found == [
        traded | {Reason.SELLER_UNKNOWN},
        traded | {Reason.SELLER_LAPSED},
        traded | {Reason.SELLER_AUTHORIZED},
    ]


def test_report_diversion__evidence__is_in_the_log_for_good(season):
    story = season.story
    event = story.suite.custody.events.DiversionReported()

    [logged] = story.chain.events(event, from_block=story.suite.record.first_block)

    assert dict(logged["args"]) == {
        "batchId": story.batch_id,
        "index": DIVERTED,
        "seller": story.address("grey"),
        "evidenceHash": season.evidence,
        "actor": story.address("inspector"),
    }


def test_custody_of__every_lot__is_where_season_left_it(season):
    story = season.story
    kept = [story.custody(lot) for lot in range(LOTS)]

    assert [k.holder for k in kept] == [story.address(season.holders[n]) for n in range(LOTS)]
    assert [k.offeredTo for k in kept] == [
        story.address(season.on_way[n]) if n in season.on_way else ZERO_ADDRESS for n in range(LOTS)
    ]
    assert [k.pallet for k in kept] == [season.pallets.get(n, ZERO_ADDRESS) for n in range(LOTS)]
    assert [k.flags for k in kept] == [
        LOT_PACKED * (n in season.pallets) | LOT_DISCREPANCY * (n in season.miscounted)
        for n in range(LOTS)
    ]


def test_custody_of__forty_lots__cover_the_batch(season):
    kept = [season.story.custody(lot) for lot in range(LOTS)]

    assert [k.first for k in kept] == [first_of(n) for n in range(LOTS)]
    assert sum(k.size for k in kept) == season.story.batch_folder.record.count


def test_receive_lot__suspended_since_it_was_offered__needs_a_new_offer(season):
    refusal = season.late_receipt

    assert refusal.name == "CustodyLedger_NotTradable"
    assert refusal.arguments["reasons"] == 1 << Reason.SUSPENDED.value
    assert season.story.custody(SCARED).holder == season.story.address("exporter")


def test_trace__documents_hashed_again__give_the_head_on_chain(season):
    story = season.story

    trace = Traces(story.suite).get(story.batch_id)

    assert trace.count == len(story.event_hashes) == len(set(story.event_hashes))
    assert trace.head == trace_head(story.batch_id, story.event_hashes)


def test_claim__code_used_before__names_the_owner(season):
    refused = {index: season.refusals[index] for index in season.copies}

    assert {refusal.name for refusal in refused.values()} == {"ItemRegistry_AlreadyClaimed"}
    assert {index: refusal.arguments["owner"] for index, refusal in refused.items()} == {
        index: season.owners[index] for index in season.copies
    }


@pytest.mark.parametrize(
    ("items", "verdict", "reason"),
    [
        (RECALLED, Verdict.RECALLED, Reason.RECALLED),
        (REINSTATED, Verdict.RECALLED, Reason.RECALLED),
        (NEVER_ACTIVE, Verdict.REGISTERED, Reason.NOT_ACTIVATED),
    ],
)
def test_claim__item_recalled_or_never_activated__is_refused(season, items, verdict, reason):
    refused = [r for index, r in season.refusals.items() if index in items and not is_copy(r)]

    assert refused
    assert {refusal.name for refusal in refused} == {"ItemRegistry_NotClaimable"}
    assert {refusal.arguments["verdict"] for refusal in refused} == {verdict}
    assert {refusal.arguments["reasons"] for refusal in refused} == {1 << reason.value}


def is_copy(refusal):
    return refusal.name == "ItemRegistry_AlreadyClaimed"


def test_owner_of__five_hundred_shoppers__each_has_one_item(season):
    story = season.story

    balances = {owner: story.read("items", "balanceOf", owner) for owner in season.owners.values()}

    assert len(balances) == 500
    assert set(balances.values()) == {1}
