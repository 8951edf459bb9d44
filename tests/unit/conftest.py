"""The suite is deployed before any other fixture, so that each test starts from the same chain."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _suite_first(suite, programme, identities, upline, reward_manager, attacker):
    """Later session fixtures would make ape undo and redo the earlier ones."""
