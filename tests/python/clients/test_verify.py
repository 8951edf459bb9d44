from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from web3 import HTTPProvider, Web3

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import DOCUMENT, FAR, GTIN, SEED, SERIALS
from tests.python.examples import ROOT
from weilian.chain import Chain, Verdict
from weilian.chain.errors import ChainUnreachableError
from weilian.keys import CodeError, batch_secret, item_code
from weilian.merkle import batch_id, build_batch_tree
from weilian.merkle.items import lot_bytes
from weilian.provenance.grading import reasons_of
from weilian.provenance.terms import NoticeKind
from weilian.verdicts import Reason, text_of
from weilian.verification.nodes import NodesDifferError, StaleNodeError
from weilian.verify import verify, verify_by_two

OTHER = "0x" + "66" * 20


def claim(items, batch, shopper):
    items.claim(items.sign_claim(batch.proof(), batch.code(), shopper.address, FAR), shopper)


def recall(suite, batch, issuer):
    function = suite.provenance.functions.recall(batch.id, 0, 4, NoticeKind.RECALL, DOCUMENT)
    suite.chain.send(function, issuer)


def test_verify__outer_label_only__is_registered_and_no_more(suite, issuer, create_batch):
    report = verify(suite, create_batch(issuer).proof())

    assert (report.verdict, report.reasons) == (Verdict.REGISTERED, ())
    assert (report.issuer, report.owner, report.claimed_at) == (issuer.address, None, None)
    assert report.block_number == suite.chain.head
    assert report.block_time.timestamp() == suite.chain.block()[1]


def test_verify__hidden_code_of_the_item__is_genuine(suite, issuer, create_batch):
    batch = create_batch(issuer)

    report = verify(suite, batch.proof(), hidden_code=batch.code(), issuer=issuer.address)

    assert report.verdict is Verdict.GENUINE_FIRST_CLAIM
    assert report.reasons == (Reason.HIDDEN_CODE_RIGHT,)


def test_verify__hidden_code_and_no_known_issuer__is_not_called_genuine(
    suite, stranger, create_batch
):
    """Anyone can register any GTIN: labels and codes of a forger's own batch are consistent."""
    forged = create_batch(stranger)

    report = verify(suite, forged.proof(), hidden_code=forged.code())

    assert report.verdict is Verdict.REGISTERED
    assert report.reasons == (Reason.HIDDEN_CODE_RIGHT, Reason.ISSUER_NOT_CHECKED)
    assert report.issuer == stranger.address


@pytest.mark.parametrize("has_code", [True, False])
def test_verify__issuer_other_than_the_brand__is_unknown(
    suite, issuer, stranger, create_batch, has_code
):
    forged = create_batch(stranger)
    code = forged.code() if has_code else None

    report = verify(suite, forged.proof(), hidden_code=code, issuer=issuer.address.lower())

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (Reason.OTHER_ISSUER,))


def test_verify__hidden_code_of_another_item__is_unknown(suite, issuer, create_batch):
    batch = create_batch(issuer)

    report = verify(suite, batch.proof("A1"), hidden_code=batch.code("B2"))

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (Reason.HIDDEN_CODE_WRONG,))


def test_verify__no_code__is_refused(suite, issuer, create_batch):
    with pytest.raises(CodeError):
        verify(suite, create_batch(issuer).proof(), hidden_code="????")


def test_verify__claimed__depends_on_who_asks(suite, items, issuer, shopper, create_batch):
    batch = create_batch(issuer)
    claim(items, batch, shopper)

    by_owner = verify(suite, batch.proof(), viewer=shopper.address)
    by_other = verify(suite, batch.proof(), hidden_code=batch.code(), issuer=issuer.address)

    assert by_owner.verdict is Verdict.CLAIMED_BY_YOU
    assert by_owner.reasons == (Reason.CLAIMED_BY_VIEWER,)
    assert by_other.verdict is Verdict.ALREADY_CLAIMED
    assert by_other.reasons == (Reason.CLAIMED_BY_OTHER, Reason.HIDDEN_CODE_RIGHT)
    assert by_other.owner == shopper.address
    assert by_other.claimed_at == items.state(batch.id, 0).claimed_at


def test_verify__recalled__stays_so_whatever_the_code(suite, issuer, create_batch):
    batch = create_batch(issuer)
    recall(suite, batch, issuer)

    right = verify(suite, batch.proof(), hidden_code=batch.code())
    wrong = verify(suite, batch.proof(), hidden_code=batch.code("B2"))

    assert right.verdict is Verdict.RECALLED
    assert wrong.verdict is Verdict.UNKNOWN
    assert wrong.reasons == (Reason.RECALLED, Reason.HIDDEN_CODE_WRONG)


def test_verify__expiry__holds_from_its_second_on(suite, chain, issuer, create_batch):
    expiry = datetime.fromtimestamp(chain.block()[1] + 1_000, UTC)
    batch = create_batch(issuer, expiry)
    before = verify(suite, batch.proof())
    pass_time(chain, 1_001)
    chain.w3.provider.ethereum_tester.mine_block()

    after = verify(suite, batch.proof())

    assert before.verdict is Verdict.REGISTERED
    assert (after.verdict, after.reasons) == (Verdict.EXPIRED, (Reason.EXPIRED,))


def test_verify__issuer_deactivated__is_revoked(suite, identities, issuer, create_batch):
    batch = create_batch(issuer)
    identities.change_owner(issuer.address, None, issuer)

    report = verify(suite, batch.proof(), hidden_code=batch.code())

    assert report.verdict is Verdict.ISSUER_REVOKED
    assert Reason.ISSUER_DEACTIVATED in report.reasons


def test_verify__trace__is_counted(suite, issuer, create_batch):
    batch = create_batch(issuer)
    function = suite.provenance.functions.appendTrace(batch.id, 0, [b"\1" * 32, b"\2" * 32])
    suite.chain.send(function, issuer)

    assert verify(suite, batch.proof()).trace_count == 2


def test_verify__older_block__is_the_verdict_of_that_block(suite, issuer, create_batch):
    batch = create_batch(issuer)
    block = suite.chain.head
    recall(suite, batch, issuer)

    report = verify(suite, batch.proof(), block=block)

    assert (report.verdict, report.block_number) == (Verdict.REGISTERED, block)


def test_verify__made_up_batch__is_unknown_whatever_its_code(suite, stranger):
    """A forger can make tree, proof and code, and not the registration."""
    identifier = batch_id(stranger.address, int(GTIN), "FORGED")
    secret = batch_secret(SEED, suite.chain.chain_id, suite.provenance.address, identifier)
    tree = build_batch_tree(
        suite.chain.chain_id, suite.provenance.address, identifier, SERIALS, secret
    )
    proof = tree.item_proof("A1", GTIN.value, "FORGED")

    report = verify(suite, proof, hidden_code=item_code(secret, "A1"))

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (Reason.BATCH_UNKNOWN,))


def test_verify__other_tree_under_a_registered_batch__is_unknown(suite, issuer, create_batch):
    batch = create_batch(issuer)
    secret = bytes(32)
    tree = build_batch_tree(
        suite.chain.chain_id, suite.provenance.address, batch.id, SERIALS, secret
    )
    proof = tree.item_proof("A1", GTIN.value, batch.lot)

    report = verify(suite, proof, hidden_code=item_code(secret, "A1"))

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (Reason.PROOF_INVALID,))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"chain_id": 1}, Reason.OTHER_CHAIN),
        ({"registry": OTHER}, Reason.OTHER_REGISTRY),
        ({"serial": "B2"}, Reason.PROOF_DAMAGED),
        ({"claim_key": OTHER}, Reason.PROOF_DAMAGED),
        ({"index": 1}, Reason.PROOF_DAMAGED),
        ({"count": 9}, Reason.PROOF_DAMAGED),
    ],
)
def test_verify__changed_proof__is_unknown_with_its_reason(
    suite, issuer, create_batch, changes, reason
):
    batch = create_batch(issuer)
    proof = replace(batch.proof("A1"), **changes)

    report = verify(suite, proof, hidden_code=batch.code("A1"))

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, (reason,))
    assert report.block_number == suite.chain.head


@pytest.mark.parametrize("changes", [{}, {"serial": "B2"}])
def test_verify__chain_unreachable__is_an_error(suite, issuer, create_batch, changes):
    batch = create_batch(issuer)
    lost = Chain(Web3(HTTPProvider("http://127.0.0.1:1")))
    lost.chain_id = suite.chain.chain_id  # as known from before
    lens = lost.w3.eth.contract(suite.lens.address, abi=suite.lens.abi)

    with pytest.raises(ChainUnreachableError):
        verify(replace(suite, chain=lost, lens=lens), replace(batch.proof(), **changes))


@pytest.fixture
def cartons(suite, issuer):
    """Proof and code of an item in a batch of cartons, of which only the second is activated."""
    name = (
        suite.chain.chain_id,
        suite.provenance.address,
        batch_id(issuer.address, int(GTIN), "C"),
    )
    secret = batch_secret(SEED, *name)
    tree = build_batch_tree(*name, SERIALS, secret)
    terms = (issuer.address, int(GTIN), lot_bytes("C"), tree.count, 2, tree.root, 0, 0, DOCUMENT)
    suite.chain.send(suite.provenance.functions.registerBatch(terms), issuer)
    suite.chain.send(suite.provenance.functions.activate(name[2], 1, 1), issuer)
    return lambda serial: (tree.item_proof(serial, GTIN.value, "C"), item_code(secret, serial))


@pytest.mark.parametrize(
    ("serial", "verdict", "reasons"),
    [
        ("B2", Verdict.REGISTERED, (Reason.NOT_ACTIVATED, Reason.HIDDEN_CODE_RIGHT)),
        ("C3", Verdict.GENUINE_FIRST_CLAIM, (Reason.HIDDEN_CODE_RIGHT,)),
    ],
)
def test_verify__carton__must_be_activated_to_be_genuine(
    suite, issuer, cartons, serial, verdict, reasons
):
    proof, code = cartons(serial)

    report = verify(suite, proof, hidden_code=code, issuer=issuer.address)

    assert (report.verdict, report.reasons) == (verdict, reasons)


def test_verify__block_older_than_allowed__is_refused(suite, issuer, create_batch):
    proof = create_batch(issuer).proof()
    age = datetime.now(UTC) - datetime.fromtimestamp(suite.chain.block()[1], UTC)
    limit = abs(age) - timedelta(seconds=5)

    with pytest.raises(StaleNodeError):
        verify(suite, proof, max_age=max(limit, timedelta()))


def test_verify_by_two__same_answers__is_the_verdict(suite, issuer, create_batch):
    batch = create_batch(issuer)

    by_two = verify_by_two(suite, suite, batch.proof(), issuer=issuer.address)

    assert by_two == verify(suite, batch.proof(), issuer=issuer.address)


def test_verify_by_two__other_answer__names_what_differs(suite, issuer, create_batch):
    batch = create_batch(issuer)

    with pytest.raises(NodesDifferError, match="reasons at block"):
        verify_by_two(suite, replace(suite, chain=Recalling(suite.chain)), batch.proof())


class Recalling:
    """A connection to a node that says of every item that it is recalled."""

    def __init__(self, chain):
        self._chain = chain

    def __getattr__(self, name):
        return getattr(self._chain, name)

    def call(self, function, **options):
        seen = self._chain.call(function, **options)
        if not hasattr(seen, "verdict"):
            return seen
        return seen._replace(reasons=seen.reasons | 1 << Reason.RECALLED.value)


@pytest.mark.parametrize("meaning", [*Verdict, *Reason], ids=lambda meaning: meaning.name)
def test_text_of__each__speaks_both_languages(meaning):
    text = text_of(meaning)

    assert text.en.endswith(".")
    assert text.zh.endswith("。")
    assert ("genuine" in text.en.lower()) == (meaning is Verdict.GENUINE_FIRST_CLAIM)
    assert ("正品" in text.zh) == (meaning is Verdict.GENUINE_FIRST_CLAIM)


def test_reasons__bits__are_those_of_the_contracts():
    source = (ROOT / "contracts" / "types" / "ProvenanceTypes.sol").read_text()
    on_chain = [reason for reason in Reason if reason.value < 100]

    assert all(f"REASON_{r.name} = 1 << {r.value};" in source for r in on_chain)
    assert source.count("constant REASON_") == len(on_chain)
    assert reasons_of(0b1_0010_0000) == (Reason.RECALLED, Reason.CLAIMED_BY_OTHER)


def test_verdicts__order__is_that_of_the_contracts():
    source = (ROOT / "contracts" / "types" / "ProvenanceTypes.sol").read_text()
    listed = source.partition("enum Verdict {")[2].partition("}")[0].replace(",", " ").split()

    assert listed == [verdict.name for verdict in Verdict]
