import pytest

from tests.python.examples import TEA
from weilian.epcis import EpcisDocument
from weilian.provenance.trace_chain import trace_head
from weilian.verification.documents import (
    Anchored,
    StoryError,
    read_documents,
    tell_by_head,
    tell_by_log,
)

BATCH = b"\3" * 32
TOLD = read_documents(map(EpcisDocument.read, sorted((TEA / "epcis").glob("*.jsonld"))))
LOG = [Anchored(number, told.event_hash) for number, told in enumerate(TOLD)]


def trace(log):
    corrections = {each.sequence: each.corrected for each in log if each.corrected is not None}
    return trace_head(BATCH, [each.event_hash for each in log], corrections), len(log)


def test_tell_by_log__all_documents__is_whole_and_in_order():
    story = tell_by_log(BATCH, trace(LOG), LOG, TOLD)

    assert story.is_whole
    assert story.is_ordered
    assert [event.told for event in story.events] == TOLD


def test_tell_by_log__document_left_out__names_what_is_missing():
    story = tell_by_log(BATCH, trace(LOG), LOG, TOLD[:2] + TOLD[3:])

    assert (story.missing, story.foreign) == ((LOG[2],), ())
    assert not story.is_whole
    assert story.is_ordered


def test_tell_by_log__event_that_is_not_on_chain__names_it():
    story = tell_by_log(BATCH, trace(LOG[:-1]), LOG[:-1], TOLD)

    assert (story.missing, story.foreign) == ((), (TOLD[-1],))


def test_tell_by_log__event_told_twice__is_foreign_the_second_time():
    story = tell_by_log(BATCH, trace(LOG), LOG, [*TOLD, TOLD[0]])

    assert story.foreign == (TOLD[0],)


def test_tell_by_log__event_anchored_twice__must_be_told_twice():
    log = [*LOG, Anchored(len(LOG), TOLD[0].event_hash)]

    once, twice = (tell_by_log(BATCH, trace(log), log, told) for told in (TOLD, [*TOLD, TOLD[0]]))

    assert once.missing == (log[-1],)
    assert twice.is_whole


def test_tell_by_log__other_order__is_said_and_put_right():
    story = tell_by_log(BATCH, trace(LOG), LOG, TOLD[::-1])

    assert not story.is_ordered
    assert [event.anchored for event in story.events] == LOG


def test_tell_by_log__correction__is_shown_with_what_it_corrects():
    log = [*LOG[:3], Anchored(3, TOLD[3].event_hash, 1)]

    story = tell_by_log(BATCH, trace(log), log, TOLD[:4])

    assert [event.corrected_by for event in story.events] == [None, 3, None, None]
    assert story.events[3].anchored.corrected == 1


@pytest.mark.parametrize(
    "lie",
    [
        LOG[:-1],
        [LOG[1], LOG[0], *LOG[2:]],
        [*LOG[:-1], Anchored(len(LOG) - 1, b"\1" * 32)],
        [*LOG[:-1], Anchored(len(LOG) - 1, LOG[-1].event_hash, 0)],
        [*LOG, Anchored(len(LOG), b"\1" * 32)],
    ],
    ids=["shortened", "swapped", "replaced", "made a correction", "lengthened"],
)
def test_tell_by_log__log_that_does_not_give_the_head__is_refused(lie):
    with pytest.raises(StoryError, match="does not give the trace's head"):
        tell_by_log(BATCH, trace(LOG), lie, TOLD)


def test_tell_by_head__all_documents_in_order__is_whole():
    story = tell_by_head(BATCH, trace(LOG), TOLD)

    assert story.is_whole
    assert [event.told for event in story.events] == TOLD


def test_tell_by_head__with_the_corrections__shows_them():
    log = [*LOG[:2], Anchored(2, LOG[2].event_hash, 0)]

    story = tell_by_head(BATCH, trace(log), TOLD[:3], {2: 0})

    assert [event.corrected_by for event in story.events] == [2, None, None]


@pytest.mark.parametrize("told", [TOLD[:-1], TOLD[::-1], [*TOLD, TOLD[0]], []])
def test_tell_by_head__anything_else__is_refused(told):
    with pytest.raises(StoryError, match="do not give the head"):
        tell_by_head(BATCH, trace(LOG), told)
