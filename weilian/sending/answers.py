"""What nodes say to a transaction that is sent to them, in the words of each kind of node."""

import re
from enum import Enum

from weilian.sending.rpc import NoAnswer, Reply, RpcError


class Answer(Enum):
    """What an answer asks for."""

    TAKEN = "the node has it"
    SPENT = "its nonce is mined: look which transaction has it"
    OUTBID = "another transaction of the same nonce waits and pays as much"
    CHEAP = "it pays too little to be mined"
    POOR = "the account cannot pay"
    NEVER = "no node of the chain will take it"
    LATER = "try again"


_MEANINGS = (
    (Answer.TAKEN, r"already (known|imported|in (the )?mempool|exists)|known transaction|"
     r"alreadyknown|already_exists"),
    (Answer.SPENT, r"nonce (is )?too low|oldnonce|nonce.*already (been )?used"),
    (Answer.OUTBID, r"replacement (transaction|gas price|allowed).*|too low to replace|"
     r"replacementnotallowed|could not replace"),
    (Answer.POOR, r"insufficient ?(funds|balance)|upfront cost exceeds|not enough (funds|balance)"),
    (Answer.CHEAP, r"underpriced|less than block base ?fee|fee ?(cap|too low)|"
     r"gas ?price (is )?(too low|below)|feetoolow"),
    (Answer.NEVER, r"intrinsic gas|exceeds block gas limit|gas limit (is )?too (high|large)|"
     r"oversized|initcode size|gas uint64 overflow|floor data gas|gas limit.*cap|"
     r"invalid (sender|signature|chain)|type not supported"),
)  # fmt: skip
_PATTERNS = [(answer, re.compile(words, re.IGNORECASE)) for answer, words in _MEANINGS]


def meaning_of(reply: Reply) -> Answer:
    """Tell what a reply to eth_sendRawTransaction asks for; what is not known asks for patience."""
    if isinstance(reply, NoAnswer):
        return Answer.LATER
    if not isinstance(reply, RpcError):
        return Answer.TAKEN
    for answer, pattern in _PATTERNS:
        if pattern.search(reply.message):
            return answer
    return Answer.LATER
