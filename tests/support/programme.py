"""Plans, distributors and escrow, deployed and bound; terms of plans and orders."""

from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import later, next_block_at, now

DAY = 86_400
REFUND_WINDOW = 7 * DAY
NOTICE = 7 * DAY
OWNER_DELAY = 2 * DAY
PLATFORM_NUMBER = 1
BPS = 10_000


@dataclass(frozen=True)
class PlanLimits:
    """What a deployment is bound to: levels, basis points twice, seconds twice, yes or no."""

    max_depth: int = 5
    max_commission_bps: int = 4_000
    min_platform_fee_bps: int = 100
    min_refund_window: int = 600
    notice_period: int = NOTICE
    allows_final_sales: bool = True


@dataclass(frozen=True)
class Programme:
    """The five contracts through which orders are shared."""

    book: Any
    network: Any
    checkout: Any
    disputes: Any
    escrow: Any
    arbitrator: Any


class Line(NamedTuple):
    """One line of an order."""

    amount: int = 10_000
    gtin: int = 0
    rates: int = 0


class Part(NamedTuple):
    """An amount of one line, counted from 0."""

    line: int
    amount: int


def deploy_programme(
    project: Any,
    deployer: Any,
    identities: Any,
    platform: Any,
    limits: PlanLimits,
    permit2: Any = ZERO_ADDRESS,
    arbitrator: Any = None,
) -> Programme:
    """Deploy the five contracts and bind those that the escrow names to it."""
    arbitrator = arbitrator or deployer.deploy(project.CheapArbitrator)
    book = deployer.deploy(project.PlanBook, identities, astuple(limits))
    network = deployer.deploy(project.DistributorNetwork, identities)
    checkout = deployer.deploy(project.Checkout, permit2)
    disputes = deployer.deploy(project.OrderDisputes, identities, arbitrator, b"court")
    escrow = deployer.deploy(
        project.CommissionEscrow, identities, platform, book, network, checkout, disputes
    )
    for contract in (book, network, checkout, disputes):
        contract.bindEscrow(escrow, sender=deployer)
    return Programme(book, network, checkout, disputes, escrow, arbitrator)


def create_terms(brand: Any, **changes: Any) -> dict[str, Any]:
    """Return a plan in the chain's coin that pays 10, 2 and 1 %, with `changes`."""
    terms = {
        "brand": brand,
        "currency": ZERO_ADDRESS,
        "depth": 3,
        "rates": [[1_000, 200, 100]],
        "platformFeeBps": 200,
        "discountBps": 500,
        "refundWindow": REFUND_WINDOW,
        "maturity": DAY,
        "isFinal": False,
        "isDifferential": False,
        "compresses": False,
        "isGated": False,
        "countsSales": False,
        "selfPurchase": 0,
        "bond": 0,
        "bondDays": 0,
        "catalogueRoot": bytes(32),
        "catalogueBps": 0,
        "dailyReportLimit": 0,
        "termsHash": keccak(text="agreement"),
    }
    return _changed(terms, changes)


def publish(book: Any, brand: Any, **changes: Any) -> bytes:
    """Publish a plan as its brand and return its id."""
    terms = create_terms(brand, **changes)
    book.publish(terms, sender=brand)
    return bytes(book.planIdOf(terms))


def packed_rates(*rates: int) -> int:
    """Pack a product's own rates as a line carries them."""
    return sum(rate << 14 * level for level, rate in enumerate(rates))


def create_order(plan_id: bytes, payer: Any, brand: Any, **changes: Any) -> dict[str, Any]:
    """Return a direct order of one line of 10,000 units, with `changes`."""
    order = {
        "planId": plan_id,
        "payer": payer,
        "receiver": brand,
        "operator": ZERO_ADDRESS,
        "currency": ZERO_ADDRESS,
        "seller": 0,
        "authorizationExpiry": later(30 * DAY),
        "receiptExpiry": 0,
        "salt": 1,
        "lines": [Line()],
    }
    return _changed(order, changes)


def settle_order(escrow: Any, order: dict[str, Any], payer: Any, wait: int = REFUND_WINDOW + DAY):
    """Bring an authorised order through capture, window and maturity to settlement."""
    captured = escrow.capture(order, [], sender=payer)
    next_block_at(captured.timestamp + wait)
    return escrow.settle([order], sender=payer)


def total_of(order: dict[str, Any]) -> int:
    """Return what an order costs."""
    return sum(line.amount for line in order["lines"])


def member(brand: Any, number: int) -> int:
    """Return the ledger's name of a distributor; number 1 is the platform."""
    return int(str(getattr(brand, "address", brand)), 16) << 96 | number


def account(holder: Any) -> int:
    """Return the ledger's name of an account."""
    return int(str(getattr(holder, "address", holder)), 16)


def create_invitation(brand: Any, sponsor: int = 0, **changes: Any) -> dict[str, Any]:
    """Return an invitation for anyone, good for a month, with `changes`."""
    invitation = {
        "brand": brand,
        "sponsor": sponsor,
        "invitee": ZERO_ADDRESS,
        "campaign": bytes(32),
        "expiry": changes.get("expiry") or later(30 * DAY),
    }
    return _changed(invitation, changes)


def sign_digest(signer: Any, digest: bytes) -> bytes:
    """Sign an EIP-712 digest with an account's key."""
    signature = signer.sign_raw_msghash(digest)
    return bytes(signature.encode_rsv())


def join(network: Any, brand: Any, newcomer: Any, sponsor: Any = None, number: int = 0) -> int:
    """Let an account join under the sponsor of that number (the brand itself for 0)."""
    invitation = create_invitation(brand, number)
    signature = sign_digest(sponsor or brand, bytes(network.digestOf(invitation)))
    network.join(invitation, signature, newcomer, b"", sender=newcomer)
    return network.authorizationOf(brand, newcomer).number


def join_line(network: Any, brand: Any, *accounts: Any) -> list[int]:
    """Let accounts join one under the other, the first under the brand; return their numbers."""
    numbers: list[int] = []
    sponsor, number = brand, 0
    for newcomer in accounts:
        number = join(network, brand, newcomer, sponsor, number)
        numbers.append(number)
        sponsor = newcomer
    return numbers


def hand_over(network: Any, brand: Any, number: int, owner: Any, heir: Any) -> Any:
    """Let a number's owner offer it to an account that accepts in the first second it may."""
    network.offerAccount(brand, number, heir, sender=owner)
    next_block_at(now() + OWNER_DELAY)
    return network.acceptAccount(brand, number, sender=heir)


def _changed(terms: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    unknown = changes.keys() - terms.keys()
    assert not unknown, f"the terms have no {unknown}"
    return terms | changes
