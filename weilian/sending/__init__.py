"""A reliable sender: many transactions of one account, each mined once, through any failure."""

from weilian.sending.envelope import FastSigner, WalletSigner
from weilian.sending.sender import Sender, open_sender
from weilian.sending.task import Outcome, Plan, Policy, Report, Status, Task

__all__ = [
    "FastSigner",
    "Outcome",
    "Plan",
    "Policy",
    "Report",
    "Sender",
    "Status",
    "Task",
    "WalletSigner",
    "open_sender",
]
