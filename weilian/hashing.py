"""Keccak-256, the hash of the EVM."""

from tiny_keccak import keccak256

__all__ = ["keccak256"]
