import pytest
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from weilian.merkle.words import abi_words, read_int

CHECKSUMMED = "0x5FbDB2315678afecb367f032d93F642f64180aa3"


def integers(bits, is_signed):
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if is_signed else (0, (1 << bits) - 1)
    numbers = st.integers(low, high)
    return st.one_of(numbers, numbers.map(str), numbers.filter(lambda n: n >= 0).map(hex))


def columns_of(kind, parts):
    return st.tuples(st.just(kind), st.lists(parts, min_size=3, max_size=3))


bits = st.integers(1, 32).map(lambda size: 8 * size)
column = st.one_of(
    bits.flatmap(lambda size: columns_of(f"uint{size}", integers(size, False))),
    bits.flatmap(lambda size: columns_of(f"int{size}", integers(size, True))),
    st.integers(1, 32).flatmap(
        lambda size: columns_of(f"bytes{size}", st.binary(min_size=size, max_size=size))
    ),
    columns_of("bool", st.booleans()),
    columns_of("address", st.binary(min_size=20, max_size=20)),
)


def plain(kind, part):
    return int(part, 0) if kind.startswith(("uint", "int")) and isinstance(part, str) else part


@given(st.lists(column, min_size=1, max_size=5))
def test_abi_words__static_values__are_those_of_eth_abi(columns):
    types = [kind for kind, _ in columns]
    rows = list(zip(*(parts for _, parts in columns), strict=True))

    words = abi_words(types, rows)

    for row, encoded in zip(rows, words, strict=True):
        assert encoded.tobytes() == encode(types, list(map(plain, types, row)))


@given(st.lists(st.binary(min_size=20, max_size=20), min_size=1, max_size=5))
def test_abi_words__addresses__are_read_in_each_spelling(accounts):
    checksummed = [to_checksum_address(account) for account in accounts]
    spellings = [checksummed, [f"0x{account.hex()}" for account in accounts]]
    spellings.append([f"0x{account.hex().upper()}" for account in accounts])

    for spelling in spellings:
        words = abi_words(["address"], [[text] for text in spelling])
        assert words.tobytes() == b"".join(account.rjust(32, b"\0") for account in accounts)


@given(st.integers(2, 41))
def test_abi_words__wrong_letter_case__is_left_to_the_encoder(place):
    letter = CHECKSUMMED[place]
    changed = CHECKSUMMED[:place] + letter.swapcase() + CHECKSUMMED[place + 1 :]

    words = abi_words(["address"], [[CHECKSUMMED], [changed]])

    assert (words is None) == letter.isalpha()


@pytest.mark.parametrize(
    ("types", "rows"),
    [
        (["string"], [["a"]]),
        (["uint256[]"], [[[1]]]),
        (["uint7"], [[1]]),
        (["uint264"], [[1]]),
        (["uint"], [[1]]),
        (["bytes33"], [[b"1" * 33]]),
        ([], [[]]),
        (["uint8"], [[1], [256]]),
        (["uint64"], [[1], [1 << 64]]),
        (["uint256"], [[1 << 256]]),
        (["int8"], [[128]]),
        (["int16"], [[-32_769]]),
        (["uint8"], [[1], [True]]),
        (["uint8"], [[1], ["1 "]]),
        (["bool"], [[True], [1]]),
        (["bytes2"], [[b"12"], [b"1"], [b"123"]]),
        (["bytes2"], [[b"12"], ["0x3132"]]),
        (["bytes2"], [["0x3132"], ["313233"]]),
        (["bytes2"], [["0x31 2"]]),
        (["bytes2"], [["0x31é2"]]),
        (["bytes2"], [[bytearray(b"12")]]),
        (["address"], [["0x" + "g1" * 20]]),
        (["uint8", "uint8"], [[1], [1, 2, 3]]),
        (["uint8"], [7]),
    ],
)
def test_abi_words__not_plainly_in_order__is_left_to_the_encoder(types, rows):
    assert abi_words(types, rows) is None


@pytest.mark.parametrize("text", ["9" * 129, "-" + "9" * 200, "0x" + "0" * 200])
def test_read_int__longer_than_any_word__is_refused(text):
    with pytest.raises(ValueError, match=f"has {len(text)} characters, it must have at most 128"):
        read_int(text)


@given(st.integers(-(2**256), 2**256))
def test_read_int__decimal_or_hex__is_that_number(number):
    assert read_int(str(number)) == number
    assert read_int(hex(abs(number))) == abs(number)
