"""SellerRegistry without a chain: who may sell for a brand."""

from dataclasses import dataclass, field, replace

from weilian.address import ZERO_ADDRESS
from weilian.provenance.identity_model import Call, permission
from weilian.provenance.issuer_model import issuer_of
from weilian.provenance.registry_model import RegistryModel
from weilian.provenance.terms import SellerState
from weilian.refusal import RefusedError


@dataclass(kw_only=True)
class SellerModel:
    """Authorisations by brand and seller."""

    registry: RegistryModel
    sellers: dict[tuple[str, str], SellerState] = field(default_factory=dict)

    def seller(self, brand: str, seller: str) -> SellerState:
        """Return what is kept of a seller; all zero if it was never authorised."""
        return self.sellers.get((brand, seller), SellerState())

    def authorize_seller(
        self, call: Call, brand: str, seller: str, valid_to: int, territory: bytes
    ) -> None:
        """Authorise a seller up to a second, or change its time and territory."""
        self._check_brand(call, brand, "seller")
        if seller in (ZERO_ADDRESS, brand):
            raise RefusedError("SellerRegistry_SellerInvalid", brand=brand, seller=seller)
        if valid_to <= call.time:
            raise RefusedError("SellerRegistry_ValidToPast", validTo=valid_to, time=call.time)
        since = self.seller(brand, seller).since or call.time
        self.sellers[brand, seller] = SellerState(since, valid_to, territory)

    def revoke_seller(self, call: Call, brand: str, seller: str) -> None:
        """End a seller's authorisation in this second."""
        self._check_brand(call, brand, "seller")
        kept = self.seller(brand, seller)
        if call.time >= kept.valid_to:
            raise RefusedError("SellerRegistry_NotSeller", brand=brand, seller=seller)
        self.sellers[brand, seller] = replace(kept, valid_to=call.time)

    def report_diversion(
        self, call: Call, batch_id: bytes, index: int, evidence_hash: bytes
    ) -> None:
        """Anchor evidence of a diversion; nothing is kept of it."""
        self._check_brand(call, issuer_of(batch_id), "inspect")
        if not any(evidence_hash):
            raise RefusedError("SellerRegistry_EvidenceZero", batchId=batch_id, index=index)

    def _check_brand(self, call: Call, brand: str, matter: str) -> None:
        kind = permission(matter)
        if not self.registry.identities.is_authorized(brand, kind, call.sender, call.time):
            raise RefusedError(
                "SellerRegistry_NotAuthorized", brand=brand, permission=kind, actor=call.sender
            )
