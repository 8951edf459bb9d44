"""M14: currencies do not mix.

What happens in one currency changes neither credits nor orders nor what is held in another.
"""

from hypothesis import given

from tests.support.money_walk import WALKS
from tests.support.properties import on_one_chain


def test_m14_currencies_apart__money_moves_in_one_currency__changes_nothing_in_other(walk):
    @on_one_chain(4)
    @given(WALKS)
    def check(steps):
        for kind, place, number in steps:
            other = walk.tills[1 - place]
            before = walk.picture(other)

            walk.step(kind, place, number)

            assert walk.picture(other) == before

    check()
