"""A currency as people see it: its name and its decimals."""

from dataclasses import dataclass
from decimal import Decimal

from weilian.chain import ZERO_ADDRESS, Chain, ContractRevert
from weilian.chain.errors import NodeRefusedError
from weilian.erc20 import Erc20
from weilian.errors import WeilianError
from weilian.money import NATIVE_DECIMALS, format_units, to_units


class CurrencyError(WeilianError, ValueError):
    """An address that is no token's."""

    def __init__(self, address: str, answer: WeilianError) -> None:
        super().__init__(
            f"currency {address} has no symbol and decimals, as an ERC-20 token has ({answer}); "
            f"give the address of a token on this chain, or {ZERO_ADDRESS} for the chain's coin"
        )


@dataclass(frozen=True, slots=True)
class Currency:
    """What orders are paid in; the zero address stands for the chain's own coin."""

    address: str
    symbol: str
    decimals: int

    def units(self, amount: Decimal | str) -> int:
        """Return an amount in the smallest unit; raises AmountError."""
        return to_units(amount, self.decimals)

    def text(self, units: int) -> str:
        """Write smallest units for people, symbol last."""
        return format_units(units, self.decimals, self.symbol)


def currency_at(chain: Chain, address: str, native_symbol: str = "ETH") -> Currency:
    """Read a currency from the chain; raises CurrencyError for what is no ERC-20 token."""
    if address == ZERO_ADDRESS:
        return Currency(address, native_symbol, NATIVE_DECIMALS)
    token = Erc20(chain, address)
    try:
        return Currency(address, token.symbol(), token.decimals())
    except (ContractRevert, NodeRefusedError) as error:
        raise CurrencyError(address, error) from error
