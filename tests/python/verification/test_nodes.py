from datetime import UTC, datetime, timedelta

import pytest

from weilian.verification.nodes import (
    NodeLagError,
    NodesDifferError,
    NodeUrlError,
    StaleNodeError,
    check_age,
    common_block,
    second_suite,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT = timedelta(minutes=10)


class Node:
    """A chain as `common_block` asks it: the newest block, and hashes by number."""

    def __init__(self, number, seconds, hashes=None):
        self._head, self._hashes = (number, seconds), hashes or {}
        self.w3 = self.eth = self

    def block(self):
        return self._head

    def get_block(self, number):
        return {"hash": self._hashes.get(number, bytes([number]) * 32)}


@pytest.mark.parametrize("sign", [1, -1], ids=["old", "of the future"])
@pytest.mark.parametrize(("excess", "is_refused"), [(0, False), (1, True)])
def test_check_age__block__may_be_as_far_off_as_the_limit(sign, excess, is_refused):
    moment = NOW - sign * (LIMIT + timedelta(seconds=excess))
    refused = False

    try:
        check_age(int(moment.timestamp()), LIMIT, NOW)
    except StaleNodeError:
        refused = True

    assert refused == is_refused


def test_check_age__no_limit__takes_any():
    check_age(1, None, NOW)


@pytest.mark.parametrize(("first", "second"), [(7, 9), (9, 7), (8, 8)])
def test_common_block__two_heads__is_the_lower(first, second):
    assert common_block(Node(first, 1), Node(second, 1), LIMIT) == min(first, second)


@pytest.mark.parametrize(("first", "second", "behind"), [(0, 601, "first"), (601, 0, "second")])
def test_common_block__one_too_far_behind__is_named(first, second, behind):
    with pytest.raises(NodeLagError, match=f"the {behind} node is"):
        common_block(Node(1, first), Node(2, second), LIMIT)


def test_common_block__as_far_behind_as_allowed__is_taken():
    assert common_block(Node(1, 0), Node(2, 600), LIMIT) == 1


def test_common_block__other_block_of_that_number__is_refused():
    other = Node(9, 1, {7: b"\6" * 32})

    with pytest.raises(NodesDifferError, match="the hash of block 7") as caught:
        common_block(Node(7, 1), other, LIMIT)

    assert f"0x{'06' * 32}" in str(caught.value)


@pytest.mark.parametrize("url", ["", "x", "ws://host/KEY", "file:///KEY", "http://", "http://[KEY"])
def test_second_suite__no_url__is_refused_without_repeating_it(url):
    with pytest.raises(NodeUrlError) as caught:
        second_suite(None, url)

    assert "KEY" not in str(caught.value)
