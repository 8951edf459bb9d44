"""Pallets: lots that move together, named by their SSCC."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode

from weilian.address import to_address
from weilian.chain import Signer, TxResult
from weilian.chain.values import to_hex
from weilian.custody import Custody, CustodyError
from weilian.gs1.identifiers import Sscc
from weilian.hashing import keccak256
from weilian.suite import Suite

MAX_LOTS = 64

LotName = tuple[bytes, int]
"""A lot by its batch and its first index."""


@dataclass(frozen=True, slots=True)
class Pallet:
    """Lots that move together; `address` is the name by which the ledger knows it."""

    address: str
    sscc: Sscc
    holder: str
    version: int
    lots: tuple[LotName, ...]
    offered_to: str | None


@dataclass(frozen=True, slots=True)
class PalletChange:
    """A pallet that was packed, unpacked, shipped, received or cancelled; `to` as it applies."""

    address: str
    to: str | None
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Pallets:
    """The pallets of the custody ledger."""

    suite: Suite

    def pack(self, sscc: Sscc, lots: Sequence[LotName], signer: Signer) -> PalletChange:
        """Pack 1 to 64 loose lots of one holder; they move with the pallet until it is unpacked.

        Raises CustodyError for lots that are packed, of several holders, or named twice.
        """
        self._check_lots(lots)
        contract = self.suite.custody
        function = contract.functions.packPallet(int(sscc.value), list(lots))
        tx = self.suite.chain.send(function, signer)
        return PalletChange(tx.event(contract.events.PalletPacked())["pallet"], None, tx)

    def unpack(self, pallet: Pallet, signer: Signer) -> PalletChange:
        """Make the lots of a pallet single again; an offer of it dies."""
        function = self.suite.custody.functions.unpackPallet(pallet.address, list(pallet.lots))
        return self._change(function, "PalletUnpacked", signer)

    def ship(self, pallet: Pallet, to: str, signer: Signer) -> PalletChange:
        """Offer a pallet to a receiver, as `Custody.ship` does a lot."""
        custody = Custody(self.suite)
        for name in pallet.lots:
            custody.check_tradable(custody.lot(*name), to)
        function = self.suite.custody.functions.shipPallet(pallet.address, to_address(to))
        return self._change(function, "PalletShipped", signer)

    def receive(self, pallet: Pallet, signer: Signer) -> PalletChange:
        """Receive a pallet that was offered: one transaction, whatever it holds."""
        if pallet.offered_to is None:
            raise CustodyError(
                f"pallet {pallet.sscc} is not offered to anybody; its holder {pallet.holder} ships "
                "it first"
            )
        function = self.suite.custody.functions.receivePallet(pallet.address, list(pallet.lots))
        return self._change(function, "PalletReceived", signer)

    def cancel(self, pallet: Pallet, signer: Signer) -> PalletChange:
        """Take an offer of a pallet back as its holder, or refuse it as its receiver."""
        function = self.suite.custody.functions.cancelPalletOffer(pallet.address)
        return self._change(function, "PalletOfferCancelled", signer)

    def get(self, packer: str, sscc: Sscc) -> Pallet:
        """Return the pallet that `packer` packed under an SSCC; raise CustodyError."""
        return self.at(pallet_address(packer, sscc))

    def at(self, address: str) -> Pallet:
        """Return a pallet by its address on the ledger; raise CustodyError if it is not packed."""
        kept = self.suite.chain.call(self.suite.custody.functions.palletOf(to_address(address)))
        packed = list(self._packings({"pallet": to_address(address)}))
        if not kept.lotCount or not packed:
            raise CustodyError(f"there is no packed pallet {address}; check packer and SSCC")
        args = packed[-1]
        lots = tuple((lot["batchId"], lot["first"]) for lot in args["lots"])
        offered_to = Custody(self.suite).lot(*lots[0]).offered_to
        sscc = Sscc(f"{args['sscc']:018d}")
        return Pallet(to_address(address), sscc, kept.holder, kept.version, lots, offered_to)

    def find(self, sscc: Sscc) -> list[Pallet]:
        """List the pallets that are packed under an SSCC now, by whomever."""
        names = {args["pallet"]: None for args in self._packings({"sscc": int(sscc.value)})}
        counts = {
            name: self.suite.chain.call(self.suite.custody.functions.palletOf(name)).lotCount
            for name in names
        }
        return [self.at(name) for name in names if counts[name]]

    def _packings(self, wanted: dict[str, Any]) -> list[Any]:
        chain = self.suite.chain
        found = chain.events(
            self.suite.custody.events.PalletPacked(),
            from_block=self.suite.record.first_block,
            to_block=chain.head - chain.confirmations,
            arguments=wanted,
        )
        return [entry["args"] for entry in found]

    def _check_lots(self, lots: Sequence[LotName]) -> None:
        if not 1 <= len(lots) <= MAX_LOTS or len(set(lots)) != len(lots):
            raise CustodyError(f"a pallet has 1 to {MAX_LOTS} lots, each once, not {len(lots)}")
        custody = Custody(self.suite)
        found = [custody.lot(*name) for name in lots]
        for lot in found:
            if lot.is_packed:
                raise CustodyError(
                    f"the lot from item {lot.first} on of batch {to_hex(lot.batch_id)} is packed "
                    f"on pallet {lot.pallet} already"
                )
            if lot.holder != found[0].holder:
                raise CustodyError(
                    f"the lots have several holders, {found[0].holder} and {lot.holder}; a pallet "
                    "has one"
                )

    def _change(self, function: Any, event: str, signer: Signer) -> PalletChange:
        tx = self.suite.chain.send(function, signer)
        args = tx.event(self.suite.custody.events[event]())
        return PalletChange(args["pallet"], args.get("to"), tx)


def pallet_address(packer: str, sscc: Sscc) -> str:
    """Return the ledger's name of a pallet: the last 20 bytes of keccak256(abi.encode(...))."""
    digest = keccak256(encode(("address", "uint64"), (to_address(packer), int(sscc.value))))
    return to_address(to_hex(digest[-20:]))
