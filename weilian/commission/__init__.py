"""Commission arithmetic, and the escrow as a model to check the contracts against.

Pure: no chain. Amounts are in a currency's smallest unit, rates in basis points, times in seconds.
"""
