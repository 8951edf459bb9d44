"""What a long run tells of itself, so that a person sees that it was not idle."""

from collections import Counter

from tests.support.escrow_pair import DONE


def tally(ends: Counter[tuple[str, str]]) -> str:
    """Return a table: how often each operation was tried, succeeded and was refused."""
    rows = [f"{'operation':16} {'tried':>8} {'done':>8} {'refused':>8} {'for reasons':>12}"]
    for method in sorted({method for method, _ in ends}):
        found = {end: count for (of, end), count in ends.items() if of == method}
        tried, done = sum(found.values()), found.pop(DONE, 0)
        rows.append(f"{method:16} {tried:8,} {done:8,} {tried - done:8,} {len(found):12}")
    rows.append(f"{'all':16} {ends.total():8,}")
    return "\n".join(rows)


def idle(ends: Counter[tuple[str, str]]) -> set[str]:
    """Return the operations that were tried and never succeeded."""
    return {method for method, _ in ends} - {method for method, end in ends if end == DONE}
