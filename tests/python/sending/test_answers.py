import pytest

from weilian.sending.answers import Answer, meaning_of
from weilian.sending.rpc import NoAnswer, RpcError

SAID = {
    Answer.TAKEN: [
        "already known",  # geth, erigon, reth
        "transaction already imported",  # anvil
        "AlreadyKnown",  # nethermind
        "Known transaction",  # besu
        "Transaction with the same hash was already imported.",  # openethereum
    ],
    Answer.SPENT: [
        "nonce too low: next nonce 5, tx nonce 3",
        "nonce too low",
        "OldNonce, Current nonce: 5, nonce of rejected tx: 3",
        "Nonce too low",
    ],
    Answer.OUTBID: [
        "replacement transaction underpriced",
        "ReplacementNotAllowed",
        "Replacement transaction underpriced",
        "could not replace existing tx",
    ],
    Answer.CHEAP: [
        "transaction underpriced: gas tip cap 1, minimum needed 1000000",
        "max fee per gas less than block base fee: address 0x, maxFeePerGas: 1, baseFee: 7",
        "fee cap less than block base fee",
        "FeeTooLow, MaxFeePerGas too low",
        "gas price is too low",
    ],
    Answer.POOR: [
        "insufficient funds for gas * price + value: balance 0, tx cost 21000",
        "Insufficient funds for gas * price + value",
        "InsufficientFunds, Balance is 0 less than sending value",
        "Upfront cost exceeds account balance",
    ],
    Answer.NEVER: [
        "intrinsic gas too low: gas 1, minimum needed 21000",
        "exceeds block gas limit",
        "oversized data: transaction size 200000, limit 131072",
        "max initcode size exceeded",
        "invalid sender",
        "insufficient gas for floor data gas cost: gas 21000, minimum needed 21040",
    ],
    Answer.LATER: [
        "txpool is full",
        "rate limit exceeded",
        "internal error",
        "nonce too high",
        "in-flight transaction limit reached for delegated accounts",
    ],
}


@pytest.mark.parametrize(
    ("answer", "words"), [(answer, words) for answer, all_ in SAID.items() for words in all_]
)
def test_meaning_of__words_of_a_node__is_known(answer, words):
    assert meaning_of(RpcError(-32000, words)) is answer


def test_meaning_of__hash_or_nothing__is_taken_or_later():
    assert meaning_of("0x12") is Answer.TAKEN
    assert meaning_of(NoAnswer()) is Answer.LATER
