import pytest

from tests.python.clients.conftest import DOCUMENT, GTIN
from weilian.batch import BatchNotFoundError
from weilian.chain import ContractRevert, NoticeKind
from weilian.gs1 import Gtin
from weilian.notice import NoticeError
from weilian.provenance.grading import reasons_of
from weilian.provenance.terms import Reason

LIFTED = b"\x08" * 32
MOST_NOTICES = 32
OTHER_GTIN = Gtin("09521234001010")


@pytest.fixture
def reasons(suite):
    def ask(batch, index):
        standing = suite.provenance.functions.standingOf(batch.id, index)
        return set(reasons_of(suite.chain.call(standing).reasons))

    return ask


def test_recall__batch__reaches_every_item(notices, reasons, issuer, create_batch):
    made = create_batch(issuer)

    issued = notices.recall(made.id, DOCUMENT, issuer)

    assert (issued.batch_id, issued.number, issued.kind) == (made.id, 0, NoticeKind.RECALL)
    assert (issued.notice_hash, issued.actor) == (DOCUMENT, issuer.address)
    assert [reasons(made, index) for index in range(5)] == [{Reason.RECALLED}] * 5


def test_suspend__range__reaches_its_items_only(notices, reasons, issuer, create_batch):
    made = create_batch(issuer)

    notices.suspend(made.id, DOCUMENT, issuer, first=1, last=2)

    assert [reasons(made, index) for index in range(5)] == [
        *(set(), {Reason.SUSPENDED}),
        *({Reason.SUSPENDED}, set(), set()),
    ]


def test_recall__item__is_one_of_several_notices(notices, chain, issuer, create_batch):
    made = create_batch(issuer)
    notices.suspend(made.id, DOCUMENT, issuer)
    notices.recall(made.id, LIFTED, issuer, first=4, last=4)
    time = chain.block()[1]

    suspension, recall = notices.of(made.id)

    assert (suspension.kind, suspension.first, suspension.last) == (NoticeKind.SUSPENSION, 0, 4)
    assert (recall.kind, recall.first, recall.last, recall.number) == (NoticeKind.RECALL, 4, 4, 1)
    assert (recall.notice_hash, recall.actor) == (LIFTED, issuer.address)
    assert recall.issued_at.timestamp() == time
    assert suspension.stands
    assert recall.stands


def test_reinstate__notice__stands_no_longer(notices, reasons, chain, issuer, create_batch):
    made = create_batch(issuer)
    issued = notices.recall(made.id, DOCUMENT, issuer)

    lifted = notices.reinstate(made.id, issued.number, LIFTED, issuer)

    (notice,) = notices.of(made.id)
    assert (lifted.kind, lifted.number, lifted.notice_hash) == (None, 0, LIFTED)
    assert (notice.stands, notice.lifted_at.timestamp()) == (False, chain.block()[1])
    assert reasons(made, 0) == set()


def test_reinstate__lifted_or_unknown__is_refused(notices, issuer, create_batch):
    made = create_batch(issuer)
    notices.recall(made.id, DOCUMENT, issuer)
    notices.reinstate(made.id, 0, LIFTED, issuer)

    with pytest.raises(NoticeError, match=r"notice 0 .* was lifted before"):
        notices.reinstate(made.id, 0, LIFTED, issuer)
    with pytest.raises(NoticeError, match=r"notice 1 .* is not there"):
        notices.reinstate(made.id, 1, LIFTED, issuer)


@pytest.mark.parametrize(("first", "last"), [(0, 5), (3, 2), (5, None), (-1, 2)])
def test_recall__items_that_are_not_there__are_refused(notices, issuer, create_batch, first, last):
    made = create_batch(issuer)

    with pytest.raises(NoticeError, match="has items 0 to 4"):
        notices.recall(made.id, DOCUMENT, issuer, first=first, last=last)

    assert notices.of(made.id) == []


def test_recall__unknown_batch__is_said(notices, issuer):
    with pytest.raises(BatchNotFoundError):
        notices.recall(b"\t" * 32, DOCUMENT, issuer)


def test_recall__stranger__is_told_the_permission(notices, issuer, stranger, create_batch):
    made = create_batch(issuer)

    with pytest.raises(ContractRevert, match="in the matter weilian/recall"):
        notices.recall(made.id, DOCUMENT, stranger)


def test_recall_gtin__registered_before__is_recalled(notices, reasons, chain, issuer, create_batch):
    made = create_batch(issuer)

    issued = notices.recall_gtin(issuer.address, GTIN, DOCUMENT, issuer)

    standing = notices.on_gtin(issuer.address, GTIN)
    assert (issued.gtin, issued.kind, issued.actor) == (GTIN, NoticeKind.RECALL, issuer.address)
    assert (standing.kind, standing.stands) == (NoticeKind.RECALL, True)
    assert standing.issued_at.timestamp() == chain.block()[1]
    assert reasons(made, 0) == {Reason.RECALLED, Reason.GTIN_NOTICE}


def test_reinstate_gtin__notice__stands_no_longer(notices, reasons, issuer, create_batch):
    made = create_batch(issuer)
    notices.suspend_gtin(issuer.address, GTIN, DOCUMENT, issuer)

    lifted = notices.reinstate_gtin(issuer.address, GTIN, LIFTED, issuer)

    assert (lifted.kind, lifted.notice_hash) == (None, LIFTED)
    assert not notices.on_gtin(issuer.address, GTIN).stands
    assert reasons(made, 0) == set()
    with pytest.raises(NoticeError, match="no notice stands"):
        notices.reinstate_gtin(issuer.address, GTIN, LIFTED, issuer)


def test_on_gtin__never_a_notice__is_none(notices, issuer):
    assert notices.on_gtin(issuer.address, OTHER_GTIN) is None


def test_suspend_gtin__recall_that_stands__is_not_weakened(notices, issuer):
    notices.recall_gtin(issuer.address, GTIN, DOCUMENT, issuer)

    issued = notices.suspend_gtin(issuer.address, GTIN, LIFTED, issuer)

    assert issued.kind is NoticeKind.RECALL
    assert notices.on_gtin(issuer.address, GTIN).kind is NoticeKind.RECALL


def test_recall__last_place_of_a_batch__is_written_anew(notices, issuer, create_batch):
    made = create_batch(issuer)
    for _ in range(MOST_NOTICES):
        notices.suspend(made.id, DOCUMENT, issuer, last=0)

    numbers = [notices.recall(made.id, digest, issuer).number for digest in (DOCUMENT, LIFTED)]

    listed = notices.of(made.id)
    assert numbers == [MOST_NOTICES] * 2
    assert [notice.number for notice in listed] == list(range(MOST_NOTICES + 1))
    assert (listed[-1].kind, listed[-1].notice_hash) == (NoticeKind.RECALL, LIFTED)
    with pytest.raises(ContractRevert) as caught:
        notices.recall(made.id, DOCUMENT, issuer, last=0)
    assert caught.value.name == "ProvenanceRegistry_TooManyNotices"
