"""An attacker prints copies of a genuine outer label, of which all data are public.

What remains open: before the first claim all copies look alike, and whoever never claims can be
sold a clone.
"""

from eth_account import Account

from tests.support.batches import item_id_of
from tests.support.printed import claim_printed, claim_with, look
from tests.support.reverts import reverts
from tests.support.verdicts import Reason, Verdict


def test_t01_cloned_outer_code__attacker_has_only_what_label_shows__cannot_claim(
    items, proof, attacker
):
    own_key = Account.create()
    arguments = claim_with(items, proof, own_key, attacker)

    with reverts(items.ItemRegistry_WrongSigner, signer=own_key.address, claimKey=proof.claim_key):
        items.claim(*arguments, sender=attacker)


def test_t01_cloned_outer_code__clone_is_scanned_before_claim__is_never_called_genuine(
    lens, proof, shopper
):
    report = look(lens, proof, shopper)

    assert (report.verdict, report.reasons) == (Verdict.REGISTERED, Reason.NONE)


def test_t01_cloned_outer_code__buyer_of_original_claimed__means_every_clone_tells_when(
    items, lens, printed, proof, shopper, payer
):
    tx = claim_printed(items, printed, shopper)

    report = look(lens, proof, payer)

    assert (report.verdict, report.reasons) == (
        Verdict.ALREADY_CLAIMED,
        Reason.CLAIMED_BY_OTHER,
    )
    assert report.item.claimedAt == tx.timestamp


def test_t01_cloned_outer_code__clone_carries_code_of_original__claims_once_for_all_copies(
    items, printed, proof, attacker, shopper
):
    # The forger opened one original and printed its code into a thousand clones.
    tx = claim_printed(items, printed, attacker)

    with reverts(
        items.ItemRegistry_AlreadyClaimed,
        itemId=item_id_of(proof.batch_id, 0),
        owner=attacker,
        claimedAt=tx.timestamp,
    ):
        claim_printed(items, printed, shopper)
