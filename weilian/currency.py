"""A currency as people see it: its name and its decimals."""

from dataclasses import dataclass
from decimal import Decimal

from weilian.chain import ZERO_ADDRESS, Chain
from weilian.erc20 import Erc20
from weilian.money import NATIVE_DECIMALS, format_units, to_units


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
    """Read a currency from the chain."""
    if address == ZERO_ADDRESS:
        return Currency(address, native_symbol, NATIVE_DECIMALS)
    token = Erc20(chain, address)
    return Currency(address, token.symbol(), token.decimals())
