"""How property tests run against the chain."""

from hypothesis import HealthCheck, Phase, settings


def on_one_chain(examples: int) -> settings:
    """Run `examples` on the chain of one test, so that each finds what the ones before left.

    Nothing is shrunk: a failure would take minutes to tell.
    """
    return settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
