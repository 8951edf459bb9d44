"""Gas of provenance: batches, trace, recalls, custody, claims, the verdict."""

from eth_account import Account
from eth_account.signers.local import LocalAccount

from benchmarks.gas_meter import Meter
from benchmarks.node import GENESIS_TIME
from benchmarks.world import DAY, World, filler, permission

BATCH_OF_EVENTS = 100
DAILY_LIMIT = 10**9
RECALL = 1
NO_NOTE = bytes(32)
RECEIPT_FIELDS = {
    "batchId": "bytes32",
    "first": "uint32",
    "size": "uint32",
    "from": "address",
    "to": "address",
    "version": "uint32",
    "deadline": "uint48",
}


def measure_provenance(world: World, meter: Meter) -> None:
    """Run every act on batches, lots and items that is measured."""
    measure_registration(world, meter)
    measure_trace(world, meter)
    measure_notices(world, meter)
    measure_claims(world, meter)
    measure_custody(world, meter)
    measure_sellers(world, meter)


def measure_registration(world: World, meter: Meter) -> None:
    """Batches of three sizes by the owner; then under a daily limit, by owner and delegate."""
    brand, provenance = world.brand, world.provenance.functions
    for count in (1, 1_000, 1_000_000):
        meter.measure(f"register_batch_{count}", world.registration(f"LOT-{count}", count), brand)
    grant = world.identities.functions.addDelegate
    for matter in ("batch", "recall", "activate"):
        world.node.send(grant(brand, permission(matter), world.relayer, 900 * DAY), brand)
    for name, operator in (("owner", brand), ("delegate", world.relayer)):
        world.node.send(provenance.setDailyLimit(brand, operator, DAILY_LIMIT), brand)
        world.node.send(world.registration(f"FIRST-{name}", 1_000), operator)
        call = world.registration(f"LIMIT-{name}", 1_000)
        meter.measure(f"register_batch_limited_{name}", call, operator)
    world.node.send(provenance.setDailyLimit(brand, brand, 0), brand)
    call = provenance.activate(world.batch_id("LOT-1000000"), 0, 255)
    meter.measure("activate_256_cartons", call, brand)


def measure_trace(world: World, meter: Meter) -> None:
    """Events of one batch, of a hundred batches, and a correction."""
    brand, provenance = world.brand, world.provenance.functions
    batch_id = world.batch_id("LOT-1000")
    hashes = [filler(f"event {number}") for number in range(BATCH_OF_EVENTS + 3)]
    append = provenance.appendTrace
    meter.measure("trace_event_first", append(batch_id, 0, hashes[:1]), brand)
    meter.measure("trace_event_later", append(batch_id, 1, hashes[1:2]), brand)
    call = append(batch_id, 2, hashes[2:-1])
    meter.measure("trace_event_100_each", call, brand, per=BATCH_OF_EVENTS)
    call = provenance.correctTrace(batch_id, BATCH_OF_EVENTS + 2, 1, hashes[-1])
    meter.measure("trace_correction", call, brand)

    lots = [f"MANY-{number:03}" for number in range(BATCH_OF_EVENTS)]
    for name in lots:
        world.node.send(world.registration(name, 1_000), brand)
    ids = [world.batch_id(name) for name in lots]
    for sequence in (0, 1):
        entries = [(batch, sequence, filler(f"{batch.hex()} {sequence}")) for batch in ids]
        call = provenance.appendTraces(entries)
        meter.measure("trace_event_100_batches_each", call, brand, per=BATCH_OF_EVENTS)


def measure_notices(world: World, meter: Meter) -> None:
    """Recalls of a range, a whole batch, a GTIN; the first is what "recall" stands for."""
    brand, provenance = world.brand, world.provenance.functions
    batch_id, notice = world.batch_id("LOT-1000"), filler("notice")
    meter.measure("recall", provenance.recall(batch_id, 300, 599, RECALL, notice), brand)
    call = provenance.recall(batch_id, 0, 999, RECALL, notice)
    meter.measure("recall_batch", call, brand)
    call = provenance.recall(batch_id, 7, 7, RECALL, notice)
    meter.measure("recall_item_delegate", call, world.relayer)
    meter.measure("reinstate", provenance.reinstate(batch_id, 0, notice), brand)
    meter.measure("recall_gtin", provenance.recallGtin(brand, 1, RECALL, notice), brand)


def measure_claims(world: World, meter: Meter) -> None:
    """Claims of items of a tree of 2^20 whose cartons were activated, and what owners do after."""
    brand, items = world.brand, world.items.functions
    names = ("claim_depth_20_new_balance", "claim_depth_20")
    for name, lot in zip(names, ("TREE", "TREE-2"), strict=True):
        claimable = world.claimable(lot, 7, depth=20)
        world.node.send(world.registration(lot, 2**20, claimable.root), brand)
        world.node.send(world.provenance.functions.activate(world.batch_id(lot), 0, 9), brand)
        meter.measure(name, world.claim(claimable, world.shopper), world.relayer)
        query = (claimable.item, claimable.proof, world.shopper, 0, world.line[0])
        figure = meter.execution(world.lens.functions.inspect(query), world.payer)
        meter.figures["verdict_exec_depth_20"] = figure
    item_id = items.itemIdOf(world.batch_id("TREE-2"), 7).call()
    call = items.act(item_id, 0, world.payer)
    meter.measure("item_transfer_new_balance", call, world.shopper)


def measure_custody(world: World, meter: Meter) -> None:
    """A lot goes down the line and back: the first time, later times, by one signed receipt."""
    custody = world.custody.functions
    batch_id, (first, second, _) = world.batch_id("LOT-1000000"), world.line
    meter.measure("split_lot", custody.splitLot(batch_id, 0, 700_000), world.brand)
    scratch = Meter(world.node)
    route = [(world.brand, first), (first, second), (second, first)]
    for sender, receiver in route:
        scratch.measure("ship", custody.shipLot(batch_id, 700_000, receiver), sender)
        call = custody.receiveLot(batch_id, 700_000, 300_000, NO_NOTE)
        scratch.measure("receive", call, receiver)
        name = "ship_receive_first" if sender == world.brand else "ship_receive_later"
        meter.figures[name] = scratch.figures["ship"] + scratch.figures["receive"]

    receiver_key = Account.from_key(filler("receiver"))
    call = hand_over(world, batch_id, 700_000, receiver_key)
    meter.measure("handover_signed", call, first)
    world.node.send(custody.splitLot(batch_id, 0, 300_000), world.brand)
    world.node.send(custody.splitLot(batch_id, 300_000, 500_000), world.brand)
    lots = [(batch_id, 0), (batch_id, 500_000)]
    meter.measure("pack_pallet_2_lots", custody.packPallet(1, lots), world.brand)
    pallet = custody.palletAddressOf(world.brand, 1).call()
    scratch.measure("ship", custody.shipPallet(pallet, first), world.brand)
    scratch.measure("receive", custody.receivePallet(pallet, lots), first)
    figures = scratch.figures
    meter.figures["ship_receive_pallet_first"] = figures["ship"] + figures["receive"]


def measure_sellers(world: World, meter: Meter) -> None:
    """A seller is authorised; a diversion is reported."""
    custody, seller = world.custody.functions, world.line[2]
    until, territory = GENESIS_TIME + 300 * DAY, filler("territory")[:20]
    call = custody.authorizeSeller(world.brand, seller, until, territory)
    meter.measure("authorize_seller_first", call, world.brand)
    call = custody.reportDiversion(world.batch_id("LOT-1000"), 5, seller, filler("evidence"))
    meter.measure("report_diversion", call, world.brand)


def hand_over(world: World, batch_id: bytes, first: int, receiver: LocalAccount) -> object:
    """Return a call that hands a lot over with the receiver's signed receipt."""
    custody = world.custody.functions
    holder, _, size, version, *_ = custody.custodyOf(batch_id, first).call()
    deadline = GENESIS_TIME + 365 * DAY
    values = (batch_id, first, size, holder, receiver.address, version, deadline)
    domain = {
        "name": "Weilian CustodyLedger",
        "version": "1",
        "chainId": world.node.w3.eth.chain_id,
        "verifyingContract": world.custody.address,
    }
    types = {"Receipt": [{"name": n, "type": kind} for n, kind in RECEIPT_FIELDS.items()]}
    message = dict(zip(RECEIPT_FIELDS, values, strict=True))
    signature = receiver.sign_typed_data(domain, types, message).signature
    terms = (batch_id, first, receiver.address, receiver.address, deadline)
    return custody.handOver(terms, bytes(signature))
