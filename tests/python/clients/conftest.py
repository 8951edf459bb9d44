"""One deployed suite for each file of tests; lots, orders, accounts are each test's own."""

from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from tests.python.chain.world import new_chain, new_signer
from tests.python.examples import ROOT
from weilian.batch import Batches, Registration
from weilian.chain import ZERO_ADDRESS
from weilian.config import load_config
from weilian.custody import Custody
from weilian.deploy import deploy_suite
from weilian.distributor import Distributors
from weilian.diversion import Diversions
from weilian.gs1 import Gtin, Lot
from weilian.gs1.identifiers import Sscc
from weilian.identity import Identities
from weilian.issuer import Issuers
from weilian.item import Items
from weilian.keys import BrandSeed, batch_secret, item_code
from weilian.ledger import Ledger
from weilian.merkle import batch_id, build_batch_tree
from weilian.notice import Notices
from weilian.order import Order, Orders
from weilian.pallet import Pallets
from weilian.plan import Plan, Plans
from weilian.reward import Rewards
from weilian.seller import Sellers
from weilian.suite import Suite
from weilian.trace import Traces

GTIN = Gtin("06901234567892")
SEED = BrandSeed(bytes(range(32)))
SERIALS = ["A1", "B2", "C3", "D4", "E5"]
FAR = datetime(2090, 1, 1, tzinfo=UTC)
DOCUMENT = b"\7" * 32
SSCC = Sscc("106141412345678908")
LOTS = count(1)
SALTS = count(1)


@pytest.fixture(scope="module")
def chain():
    return new_chain()


@pytest.fixture(scope="module")
def deployer(chain):
    """Platform, admin and reward manager too."""
    return new_signer(chain)


@pytest.fixture(scope="module")
def suite(chain, deployer, tmp_path_factory):
    config = load_config(ROOT / "config" / "local.yaml")
    folder = tmp_path_factory.mktemp("deployments")
    deploy_suite(config, chain, deployer, folder)
    return Suite.load(chain, folder)


@pytest.fixture(autouse=True)
def _short_chain(chain):
    """Undo each test's blocks: eth-tester looks through all of them for every event."""
    tester, nonces = chain.w3.provider.ethereum_tester, dict(chain._next_nonce)
    snapshot = tester.take_snapshot()
    yield
    tester.revert_to_snapshot(snapshot)
    chain._next_nonce = nonces


def role(scope="function"):
    @pytest.fixture(scope=scope)
    def account(chain):
        return new_signer(chain)

    return account


issuer = role()
brand = role()
distributor = role()
retailer = role()
inspector = role()
payer = role()
shopper = role()
relayer = role()
stranger = role()


def client(kind):
    @pytest.fixture(scope="module")
    def made(suite):
        return kind(suite)

    return made


identities = client(Identities)
batches = client(Batches)
traces = client(Traces)
notices = client(Notices)
issuers = client(Issuers)
custody = client(Custody)
pallets = client(Pallets)
sellers = client(Sellers)
diversions = client(Diversions)
items = client(Items)
plans = client(Plans)
distributors = client(Distributors)
orders = client(Orders)
ledger = client(Ledger)
rewards = client(Rewards)


@pytest.fixture(scope="module")
def create_batch(suite, batches):
    """Register a batch of five items; gives its tree, its proofs and its hidden codes."""

    def create(issuer, expires_at=None, *, carton_size=0, signer=None):
        lot = f"LOT{next(LOTS)}"
        identifier = batch_id(issuer.address, int(GTIN), lot)
        secret = batch_secret(SEED, suite.chain.chain_id, suite.provenance.address, identifier)
        tree = build_batch_tree(
            suite.chain.chain_id, suite.provenance.address, identifier, SERIALS, secret
        )
        registration = Registration(
            issuer=issuer.address,
            gtin=GTIN,
            lot=Lot(lot),
            item_count=tree.count,
            root=tree.root,
            produced_at=None,
            expires_at=expires_at,
            document_hash=DOCUMENT,
            carton_size=carton_size,
        )
        batches.register(registration, signer or issuer)
        return SimpleNamespace(
            id=identifier,
            lot=lot,
            tree=tree,
            registration=registration,
            proof=lambda serial="A1": tree.item_proof(serial, GTIN.value, lot),
            code=lambda serial="A1": item_code(secret, serial),
        )

    return create


@pytest.fixture
def create_plan(plans):
    """Publish a plan: 2 % platform, 10 %, 2 %, 1 %, refunds for ten minutes."""

    def create(brand, currency=ZERO_ADDRESS, **changes):
        terms = {
            "platform_fee_bps": 200,
            "refund_window": timedelta(minutes=10),
            "level_bps": (1_000, 200, 100),
            "document_hash": DOCUMENT,
        }
        plan = Plan(brand=brand.address, currency=currency, **(terms | changes))
        return plans.publish(plan, brand)

    return create


@pytest.fixture
def create_order(chain):
    def create(published, payer, distributor=None, amount=10**9, expiry=None):
        month = datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(days=30)
        seller = distributor.address if distributor else None
        return Order(published.plan_id, payer.address, seller, amount, expiry or month, next(SALTS))

    return create


@pytest.fixture
def deliver(custody):
    """Ship a lot and receive it."""

    def hand(batch, first, sender, receiver):
        custody.ship(batch.id, first, receiver.address, sender)
        return custody.receive(batch.id, first, receiver)

    return hand
