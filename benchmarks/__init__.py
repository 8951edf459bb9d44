"""What the suite costs: gas of whole transactions on Anvil, off-chain rates beside named peers."""
