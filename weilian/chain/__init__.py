"""Reading and writing one chain through web3, with every refusal decoded."""

from weilian.chain.chain import Chain
from weilian.chain.enums import CampaignKind, NoticeKind, OrderStatus, OwnerAct, Verdict
from weilian.chain.reverts import ContractRevert
from weilian.chain.signer import LocalSigner, MessageSigner, Signer
from weilian.chain.transaction import TxResult
from weilian.chain.values import ZERO_ADDRESS

__all__ = [
    "ZERO_ADDRESS",
    "CampaignKind",
    "Chain",
    "ContractRevert",
    "LocalSigner",
    "MessageSigner",
    "NoticeKind",
    "OrderStatus",
    "OwnerAct",
    "Signer",
    "TxResult",
    "Verdict",
]
