"""What provenance means, without a chain: the words, and how an item is graded."""
