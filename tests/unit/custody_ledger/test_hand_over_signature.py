import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.account_code import put_code_at
from tests.support.claims import compact, high_s
from tests.support.custody import (
    create_hand_over,
    create_terms,
    not_authorized,
    receipt_wrong,
)
from tests.support.properties import on_one_chain
from tests.unit.custody_ledger.conftest import SIZE


def test_hand_over__signature_is_high_s__reverts(custody, lot, issuer, distributor):
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, high_s(signature), sender=issuer)


@pytest.mark.parametrize(
    "shape",
    [lambda _: b"", compact, lambda signature: signature[:-1], lambda signature: signature + b"\0"],
    ids=["empty", "compact", "64 bytes", "66 bytes"],
)
def test_hand_over__signature_has_another_length__reverts(custody, lot, issuer, distributor, shape):
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, shape(signature), sender=issuer)


@pytest.mark.parametrize("v", [0, 1, 26, 29])
def test_hand_over__signature_is_of_nobody__reverts(custody, lot, issuer, distributor, v):
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, signature[:64] + bytes([v]), sender=issuer)


def test_hand_over__signature_is_of_nobody__reverts_even_if_signer_is_zero(
    custody, lot, issuer, distributor
):
    terms = create_terms(lot, distributor, ZERO_ADDRESS)

    with not_authorized(custody, distributor, ZERO_ADDRESS):
        custody.handOver(terms, b"\0" * 65, sender=issuer)


def test_hand_over__any_bit_of_signature_is_flipped__reverts(custody, lot, issuer, distributor):
    terms, signature = create_hand_over(custody, lot, distributor)
    right = int.from_bytes(signature)

    @on_one_chain(30)
    @given(st.integers(0, 65 * 8 - 1))
    def check(bit):
        with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
            custody.handOver.call(terms, (right ^ 1 << bit).to_bytes(65), sender=issuer)

    check()


def test_hand_over__receiver_is_contract_wallet__hands_over_with_signature_of_its_owner(
    custody, lot, issuer, shopper, wallet
):
    arguments = create_hand_over(custody, lot, wallet, key=shopper)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == wallet


def test_hand_over__contract_wallet_is_delegate_of_receiver__hands_over(
    custody, identities, lot, issuer, distributor, shopper, wallet
):
    identities.addDelegate(distributor, permission("custody"), wallet, 1000, sender=distributor)
    arguments = create_hand_over(custody, lot, distributor, signer=wallet, key=shopper)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__contract_wallet_refuses__reverts(custody, lot, issuer, shopper, wallet):
    arguments = create_hand_over(custody, lot, wallet, key=shopper)
    wallet.setRefusing(True, sender=shopper)

    with receipt_wrong(custody, wallet, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__contract_wallet_does_not_know_signer__reverts(
    custody, lot, issuer, attacker, wallet
):
    arguments = create_hand_over(custody, lot, wallet, key=attacker)

    with receipt_wrong(custody, wallet, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receipt_of_contract_wallet_is_replayed__reverts(
    custody, lot, issuer, shopper, wallet
):
    arguments = create_hand_over(custody, lot, wallet, key=shopper)
    custody.handOver(*arguments, sender=issuer)
    back, signature = create_hand_over(custody, lot, issuer)
    call = custody.handOver.encode_input(back, signature)
    wallet.execute(custody, call, sender=shopper)

    with receipt_wrong(custody, wallet, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receiver_is_contract_that_knows_no_signatures__reverts(
    custody, lot, issuer, distributor, deployer, project
):
    mute = deployer.deploy(project.BatchReader)
    arguments = create_hand_over(custody, lot, mute, key=distributor)

    with receipt_wrong(custody, mute, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__code_at_address_of_signer_says_no__hands_over_by_its_key(
    custody, lot, issuer, distributor, relayer, wallet
):
    # The wallet knows the shopper's signatures only, and asked first it would refuse this one.
    put_code_at(distributor, wallet, sender=relayer)
    arguments = create_hand_over(custody, lot, distributor)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__code_at_address_of_signer_says_yes__hands_over(
    custody, lot, issuer, distributor, shopper, relayer, wallet
):
    put_code_at(distributor, wallet, sender=relayer)
    arguments = create_hand_over(custody, lot, distributor, key=shopper)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__code_at_address_of_signer_says_no_to_strangers_key__reverts(
    custody, lot, issuer, distributor, attacker, relayer, wallet
):
    put_code_at(distributor, wallet, sender=relayer)
    arguments = create_hand_over(custody, lot, distributor, key=attacker)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__signature_is_high_s__reverts_even_if_signer_has_code(
    custody, lot, issuer, distributor, relayer, wallet
):
    put_code_at(distributor, wallet, sender=relayer)
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, high_s(signature), sender=issuer)
