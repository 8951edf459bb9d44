import pytest
from eth_utils import keccak

ERC165 = ["supportsInterface(bytes4)"]
ERC721 = [
    "balanceOf(address)",
    "ownerOf(uint256)",
    "safeTransferFrom(address,address,uint256,bytes)",
    "safeTransferFrom(address,address,uint256)",
    "transferFrom(address,address,uint256)",
    "approve(address,uint256)",
    "setApprovalForAll(address,bool)",
    "getApproved(uint256)",
    "isApprovedForAll(address,address)",
]
METADATA = ["name()", "symbol()", "tokenURI(uint256)"]
ENUMERABLE = ["totalSupply()", "tokenOfOwnerByIndex(address,uint256)", "tokenByIndex(uint256)"]
PBT = [
    "tokenIdFor(address)",
    "isChipSignatureForToken(uint256,bytes,bytes)",
    "transferToken(address,address,bytes,uint256,bool,bytes)",
]


def interface_id(methods):
    """Combine the selectors of an interface's methods (ERC-165)."""
    combined = 0
    for method in methods:
        combined ^= int.from_bytes(keccak(text=method)[:4])
    return combined.to_bytes(4)


@pytest.mark.parametrize("methods", [ERC165, ERC721, METADATA])
def test_supports_interface__it_is_implemented__is_true(items, methods):
    assert items.supportsInterface(interface_id(methods))


def test_supports_interface__ids_are_computed__is_what_standards_say():
    ids = [interface_id(methods).hex() for methods in (ERC165, ERC721, METADATA)]

    assert ids == ["01ffc9a7", "80ac58cd", "5b5e139f"]


@pytest.mark.parametrize("methods", [ENUMERABLE, PBT])
def test_supports_interface__it_is_not_implemented__is_false(items, methods):
    assert not items.supportsInterface(interface_id(methods))


def test_supports_interface__id_is_invalid_one__is_false(items):
    assert not items.supportsInterface(b"\xff" * 4)
