from tests.support.batches import create_batch
from tests.support.claims import claim_item
from tests.support.inspections import graded, query
from tests.support.verdicts import Reason, Verdict


def test_inspect_many__nothing_is_asked__is_empty(lens):
    assert lens.inspectMany([]) == []


def test_inspect_many__many_are_asked__answers_each_in_order(
    lens, items, provenance, batch, brand, shopper
):
    claim_item(items, batch, shopper, index=1)
    unknown = create_batch(provenance, brand)
    queries = [
        query(batch, 0, viewer=shopper),
        query(batch, 1, viewer=shopper),
        query(unknown, viewer=shopper),
        query(batch, 1),
    ]

    reports = lens.inspectMany(queries)

    assert [graded(report) for report in reports] == [
        (Verdict.REGISTERED, Reason.NONE),
        (Verdict.CLAIMED_BY_YOU, Reason.CLAIMED_BY_VIEWER),
        (Verdict.UNKNOWN, Reason.BATCH_UNKNOWN),
        (Verdict.ALREADY_CLAIMED, Reason.CLAIMED_BY_OTHER),
    ]


def test_inspect_many__one_item_is_asked_twice__equals_single_answers(lens, batch, shopper):
    asked = query(batch, 2, viewer=shopper)

    reports = lens.inspectMany([asked, asked])

    single = lens.inspect(asked)
    assert [tuple(report) for report in reports] == [tuple(single)] * 2
