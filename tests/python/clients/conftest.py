"""One deployed suite for each file of tests; lots, orders, accounts are each test's own."""

from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from tests.python.chain.world import new_chain, new_signer, pass_time
from tests.python.examples import ROOT
from weilian import abi
from weilian.batch import Batches, Registration
from weilian.chain import ZERO_ADDRESS
from weilian.checkout import Checkouts
from weilian.commission.order import Line, Order
from weilian.commission.plan import DAY, Plan
from weilian.config import load_config
from weilian.custody import Custody
from weilian.deploy import deploy_suite
from weilian.dispute import Disputes
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
from weilian.order import Orders
from weilian.order_book import OrderBook
from weilian.pallet import Pallets
from weilian.plan import Plans
from weilian.reward import Rewards
from weilian.seller import Sellers
from weilian.statement import Statements
from weilian.suite import Suite
from weilian.trace import Traces

GTIN = Gtin("06901234567892")
SEED = BrandSeed(bytes(range(32)))
SERIALS = ["A1", "B2", "C3", "D4", "E5"]
FAR = datetime(2090, 1, 1, tzinfo=UTC)
DOCUMENT = b"\7" * 32
SSCC = Sscc("106141412345678908")
WINDOW, MATURITY = 14 * DAY, DAY
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
order_book = client(OrderBook)
checkouts = client(Checkouts)
disputes = client(Disputes)
statements = client(Statements)
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


@pytest.fixture(scope="module")
def currency(chain, deployer):
    """An ERC-20 with permits that the deployer can mint."""
    artifact = abi.load("RewardToken")
    tx = chain.send(chain.creation(artifact, ["Stablecoin", "USD", 10**30]), deployer)
    contract = chain.contract(artifact, tx.contract_address)
    chain.send(contract.functions.setMinter(deployer.address), deployer)
    return contract


@pytest.fixture
def give(chain, currency, deployer):
    return lambda account, units: chain.send(
        currency.functions.mint(account.address, units), deployer
    )


@pytest.fixture
def create_plan(plans):
    """Publish a plan: 2 % platform, 10 %, 2 %, 1 %, refunds for two weeks and a day's maturity."""

    def create(brand, currency=ZERO_ADDRESS, **changes):
        terms = {
            "depth": 3,
            "rates": ((1_000, 200, 100),),
            "platform_fee_bps": 200,
            "refund_window": WINDOW,
            "maturity": MATURITY,
            "terms_hash": DOCUMENT,
        }
        plan = Plan(brand=brand.address, currency=currency, **(terms | changes))
        return plans.publish(plan, brand)

    return create


@pytest.fixture
def create_order(chain):
    """Terms of an order of one line of 10**9 units, to be captured within a month."""

    def create(published, payer, seller=0, amount=10**9, **changes):
        terms = {
            "plan_id": published.plan_id,
            "payer": payer.address if payer else ZERO_ADDRESS,
            "receiver": published.plan.brand,
            "currency": published.plan.currency,
            "seller": seller,
            "lines": (Line(amount),),
            "authorization_expiry": chain.block()[1] + 30 * DAY,
            "salt": next(SALTS),
        }
        return Order(**(terms | changes))

    return create


@pytest.fixture
def join(chain, distributors):
    """Let an account join under a number by an invitation; gives its own number."""

    def join(brand, sponsor, account, number=0):
        until = datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(days=1)
        invitation = distributors.invite(brand.address, number, until, sponsor)
        return distributors.join(invitation, account).number

    return join


@pytest.fixture
def line(chain, brand, join):
    """Accounts and numbers of three distributors; the first stands directly under the brand."""
    accounts, numbers, sponsor, number = [], [], brand, 0
    for _ in range(3):
        account = new_signer(chain)
        number = join(brand, sponsor, account, number)
        accounts.append(account)
        numbers.append(number)
        sponsor = account
    return SimpleNamespace(accounts=accounts, numbers=numbers)


@pytest.fixture
def settle(chain, orders):
    """Bring an authorised order through capture, window and maturity to settlement."""

    def settle(order, signer):
        orders.capture(order, signer)
        pass_time(chain, WINDOW + MATURITY)
        [settlement] = orders.settle([order], signer)
        return settlement

    return settle


@pytest.fixture
def deliver(custody):
    """Ship a lot and receive it."""

    def hand(batch, first, sender, receiver):
        custody.ship(batch.id, first, receiver.address, sender)
        return custody.receive(batch.id, first, receiver)

    return hand
