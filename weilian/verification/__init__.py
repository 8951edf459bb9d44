"""Verifying an item without having to believe whoever shows it: what `weilian.verify` is made of.

`report` grades, `lots` finds an item's lot, `nodes` compares two nodes, `state_proof` needs no node
at all, `documents` reads an item's story, `domains` asks whose domain it is, `availability` looks
whether what a batch refers to is still there.
"""
