import hashlib

import pytest
from eth_utils import keccak

from tests.python.examples import ROOT
from weilian import abi
from weilian.abi import ArtifactMissingError


def test_load__every_contract__has_the_published_checksum():
    listed = dict(reversed(line.split()) for line in (ROOT / "bytecode.sha256").open())

    hashes = {f"{name}.creation": abi.load(name).bytecode_hash for name in abi.names()}

    assert hashes == {label: listed[label] for label in listed if label.endswith(".creation")}


def test_load__unknown_name__names_those_there_are():
    with pytest.raises(ArtifactMissingError, match=r"no contract 'Nothing'.*ItemRegistry"):
        abi.load("Nothing")


def test_is_runtime__other_immutables__is_the_same_contract():
    artifact = abi.load("ItemRegistry")
    start, length = artifact.immutables[0]
    code = bytearray(artifact.runtime)
    code[start : start + length] = hashlib.sha256(b"immutable").digest()[:length]

    assert artifact.is_runtime(bytes(code))


@pytest.mark.parametrize("change", [lambda c: c[:-1], lambda c: b"\1" + c[1:], lambda _: b""])
def test_is_runtime__other_code__is_not(change):
    artifact = abi.load("ItemRegistry")

    assert not artifact.is_runtime(change(artifact.runtime))


def test_all_errors__selector__is_that_of_the_signature():
    selector = keccak(text="IdentityRegistry_NotOwner(address,address,address)")[:4]

    found = abi.all_errors()[selector]

    assert found.name == "IdentityRegistry_NotOwner"
    assert found.arguments == (("identity", "address"), ("actor", "address"), ("owner", "address"))
