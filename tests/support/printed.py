"""A batch as a brand makes it with the library: serials, hidden codes, tree, proof files."""

from dataclasses import dataclass, replace
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import GTIN, create_registration
from tests.support.claims import FAR_DEADLINE, sign_claim
from weilian.gs1 import Gtin
from weilian.item import item_tuple
from weilian.keys import BrandSeed, batch_secret, claim_key, item_codes
from weilian.merkle import BatchTree, ItemProof, batch_id, build_batch_tree
from weilian.merkle.items import lot_bytes
from weilian.serials import SerialRule

LOT = "MAOTAI-53"
ITEM_FIELDS = ("batchId", "index", "serialCommitment", "keyKind", "claimKey")
SEED = BrandSeed(b"\x2a" * 32)


@dataclass(frozen=True)
class PrintedBatch:
    """What the brand has of a batch. A shopper sees `proof`; `code` is under the scratch layer."""

    tree: BatchTree
    secret: bytes
    code_length: int = 26

    @property
    def batch_id(self) -> bytes:
        return self.tree.head.batch_id

    def proof(self, index: int = 0) -> ItemProof:
        """Return the public proof file of an item."""
        serial = self.tree.item_at(index).serial
        return self.tree.item_proof(serial, Gtin.from_int(GTIN).value, LOT)

    def code(self, index: int = 0) -> str:
        """Return the hidden code of an item."""
        serial = self.proof(index).serial.encode()
        return item_codes(self.secret, [serial], self.code_length)[0]

    def key(self, index: int = 0) -> LocalAccount:
        """Derive from the hidden code the key that signs."""
        return key_of(self.code(index), self.proof(index))


def key_of(code: str, proof: ItemProof) -> LocalAccount:
    """Derive from a code, right or not, the key of an item."""
    return Account.from_key(claim_key(code, proof.salt))


def print_batch(
    provenance: Any, issuer: Any, count: int = 4, code_length: int = 26, **changes: Any
) -> PrintedBatch:
    """Make a batch with the library, not registered; `changes` are those of a SerialRule."""
    place = provenance.provider.chain_id, provenance.address
    identifier = batch_id(str(issuer), GTIN, LOT)
    secret = batch_secret(SEED, *place, identifier)
    serials = SerialRule(count, **changes).draw(secret)
    tree = build_batch_tree(*place, identifier, serials, secret, code_length=code_length)
    return PrintedBatch(tree, secret, code_length)


def terms_of(printed: PrintedBatch, issuer: Any, **changes: Any) -> dict[str, Any]:
    """Return the terms on which a printed batch is registered, with `changes`."""
    terms = create_registration(
        issuer, lot=lot_bytes(LOT), itemCount=printed.tree.count, root=printed.tree.root
    )
    return terms | changes


def register_printed(provenance: Any, issuer: Any, count: int = 4, **changes: Any) -> PrintedBatch:
    """Make a batch with the library and register it; `changes` are to its terms."""
    printed = print_batch(provenance, issuer, count)
    provenance.registerBatch(terms_of(printed, issuer, **changes), sender=issuer)
    return printed


def item_of(proof: ItemProof, **changes: Any) -> dict[str, Any]:
    """Return the item of a proof file as the contracts take it, with `changes`."""
    return dict(zip(ITEM_FIELDS, item_tuple(proof), strict=True)) | changes


def claim_with(
    items: Any, proof: ItemProof, key: LocalAccount, claimer: Any, deadline: int = FAR_DEADLINE
) -> tuple[Any, ...]:
    """Return the arguments of a claim for `claimer` that a key signed."""
    item = item_of(proof)
    signature = sign_claim(items, item, claimer, deadline, key=key)
    return item, list(proof.proof), (claimer, deadline), signature


def claim_printed(items: Any, printed: PrintedBatch, claimer: Any, index: int = 0) -> Any:
    """Claim an item with its hidden code."""
    return items.claim(
        *claim_with(items, printed.proof(index), printed.key(index), claimer), sender=claimer
    )


def look(
    lens: Any, proof: ItemProof, viewer: Any = ZERO_ADDRESS, seller: Any = ZERO_ADDRESS
) -> Any:
    """Ask the lens about an item, as a scan of its label does."""
    return lens.inspect((item_tuple(proof), list(proof.proof), viewer, 0, seller))


def moved(proof: ItemProof, **changes: Any) -> ItemProof:
    """Return a proof file with `changes`, as a forger writes it."""
    return replace(proof, **changes)
