"""Rewards: campaigns, and what claims and settled orders earn in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from eth_abi.abi import encode
from web3.contract.contract import ContractFunction

from weilian.chain import CampaignKind, Signer, TxResult
from weilian.commission.allocation import packed
from weilian.commission.order import Order, SettledLine, struct_of
from weilian.erc20 import Erc20
from weilian.hashing import keccak256
from weilian.suite import Suite


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign: its rate, and the reward units that may still be minted."""

    campaign_id: bytes
    rate: int
    remaining: int


@dataclass(frozen=True, slots=True)
class CampaignOpened:
    """A campaign that was opened."""

    campaign_id: bytes
    kind: CampaignKind
    subject: bytes
    rate: int
    budget: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class CampaignClosed:
    """A campaign that was closed; `released` reward units are free for others."""

    campaign_id: bytes
    released: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward that was minted; `act_id` is the item's or the order's id."""

    campaign_id: bytes
    act_id: bytes
    account: str
    amount: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Rewards:
    """The reward distributor and its token; all amounts in the token's smallest unit."""

    suite: Suite

    def open_campaign(
        self, kind: CampaignKind, subject: bytes, rate: int, budget: int, signer: Signer
    ) -> CampaignOpened:
        """Open a campaign on a batch's id for its claims, or on a plan's id for its orders.

        `rate` is per claimed item, or per smallest currency unit of platform fee. The signer holds
        the reward manager's role.
        """
        contract = self.suite.rewards
        function = contract.functions.openCampaign(kind, subject, rate, budget)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.CampaignOpened())
        return CampaignOpened(
            campaign_id=args["campaignId"],
            kind=CampaignKind(args["kind"]),
            subject=args["subject"],
            rate=args["rate"],
            budget=args["budget"],
            tx=tx,
        )

    def close_campaign(self, identifier: bytes, signer: Signer) -> CampaignClosed:
        """Close a campaign and free what is left of its budget."""
        contract = self.suite.rewards
        tx = self.suite.chain.send(contract.functions.closeCampaign(identifier), signer)
        args = tx.event(contract.events.CampaignClosed())
        return CampaignClosed(args["campaignId"], args["released"], tx)

    def get(self, identifier: bytes) -> Campaign:
        """Return a campaign; one that is not open has nothing remaining."""
        kept = self.suite.chain.call(self.suite.rewards.functions.campaignOf(identifier))
        return Campaign(identifier, kept.rate, kept.remaining)

    def reward_claim(self, batch_id: bytes, index: int, signer: Signer) -> Reward:
        """Reward the owner of a claimed item, once; anyone may send it."""
        return self._reward(self.suite.rewards.functions.rewardClaim(batch_id, index), signer)

    def reward_order(self, order: Order, lines: Sequence[SettledLine], signer: Signer) -> Reward:
        """Reward the payer of an order that is settled for 180 days, once; anyone may send it.

        `lines` are how the order stands shared: OrderBook.settled_lines.
        """
        words = [(line.net, packed(line.allocation)) for line in lines]
        function = self.suite.rewards.functions.rewardOrder(struct_of(order), words)
        return self._reward(function, signer)

    def is_rewarded(self, act_id: bytes) -> bool:
        """Tell whether an item or an order was rewarded."""
        return bool(self.suite.chain.call(self.suite.rewards.functions.isRewarded(act_id)))

    def balance(self, account: str) -> int:
        """Return how many reward units an account has."""
        return Erc20(self.suite.chain, self.suite.token.address).balance(account)

    def _reward(self, function: ContractFunction, signer: Signer) -> Reward:
        tx = self.suite.chain.send(function, signer)
        args = tx.event(self.suite.rewards.events.Rewarded())
        return Reward(args["campaignId"], args["actId"], args["account"], args["amount"], tx)


def campaign_id(kind: CampaignKind, subject: bytes) -> bytes:
    """Return the id of a campaign: keccak256(abi.encode(uint8 kind, bytes32 subject))."""
    return keccak256(encode(("uint8", "bytes32"), (kind, subject)))
