"""Weilian 微链: origin, commission, reward and identity for social commerce on EVM chains."""

from weilian.errors import WeilianError
from weilian.gs1 import DigitalLink, Gtin, Lot, Serial

__version__ = "0.1.0"
__all__ = ["DigitalLink", "Gtin", "Lot", "Serial", "WeilianError", "__version__"]
