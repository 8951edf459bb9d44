"""How long machines run, and what all of them draw from.

Longer: `make nightly` for the escrow, which Anvil makes fast (--network ethereum:local:foundry), or
WEILIAN_STATEFUL_EXAMPLES=200 WEILIAN_STATEFUL_STEPS=80 ape test tests/stateful
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st


def budget(examples: int = 10, steps: int = 30) -> settings:
    """Take the budget that the environment gives, else `examples` runs of `steps` each."""
    return settings(
        max_examples=int(os.environ.get("WEILIAN_STATEFUL_EXAMPLES", examples)),
        stateful_step_count=int(os.environ.get("WEILIAN_STATEFUL_STEPS", steps)),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


ACTORS = st.integers(0, 5)
CHOICES = st.integers(0, 10**6)
# Mostly what succeeds: random operations alone would hardly ever come far.
ACTING = st.sampled_from([None] * 12 + [0, 1, 4])  # None is whoever has the right
AIMED = st.sampled_from([True] * 5 + [False])  # at something in the state that is needed
