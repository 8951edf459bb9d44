"""What makes ranks and activity: sales of a period, and nothing else."""

from dataclasses import dataclass, replace

from weilian.refusal import RefusedError

HIGHER_RANKS = 3
MAX_SALES = 2**50 - 1
"""The most sales that are counted a period, in a ladder's units."""

_DAY = 86_400
_PERIODS = 2**16
_MAX_UNIT_DECIMALS = 30


@dataclass(frozen=True)
class Ladder:
    """The thresholds of rank 1, 2 and 3, in units of 10 ** `unit_decimals` a period.

    Sales are counted in the currency's smallest unit, over periods of `period_days` days.
    """

    period_days: int
    unit_decimals: int
    activity_minimum: int
    own: tuple[int, int, int]
    team: tuple[int, int, int]

    def check(self, period_days: int) -> None:
        """Raise RefusedError for a ladder that cannot follow one of `period_days` (0: none)."""
        pairs = [*zip(self.own, self.own[1:]), *zip(self.team, self.team[1:])]  # noqa: B905 - shifted
        is_valid = (
            self.period_days > 0
            and period_days in (0, self.period_days)
            and self.unit_decimals <= _MAX_UNIT_DECIMALS
            and bool(self.own[0] or self.team[0])
            and all(lower <= higher for lower, higher in pairs)
        )
        if not is_valid:
            raise RefusedError(
                "PlanBook_LadderInvalid",
                periodDays=self.period_days,
                unitDecimals=self.unit_decimals,
            )

    def period_at(self, time: int) -> int:
        """Return the number of the period that a time in seconds falls into."""
        return time // (self.period_days * _DAY) % _PERIODS

    def units_rounded_down(self, amount: int) -> int:
        """Return an amount of the currency's smallest unit in the ladder's units."""
        unit: int = 10**self.unit_decimals
        return amount // unit

    def rank_of(self, own: int, team: int) -> int:
        """Return the highest rank whose own and team sales are both reached."""
        ranks = enumerate(zip(self.own, self.team, strict=True), start=1)
        reached = (rank for rank, least in ranks if own >= least[0] and team >= least[1])
        return max(reached, default=0)


@dataclass(frozen=True)
class Standing:
    """What a distributor sold in a period, in the ladder's units, and what that made it."""

    period: int = 0
    own_sales: int = 0
    team_sales: int = 0
    rank: int = 0
    was_active: bool = False


def at_period(ladder: Ladder, standing: Standing, time: int) -> Standing:
    """Bring a standing to the period of `time`, in seconds.

    The rank is what the period before made; a period without sales in between makes none.
    """
    current = ladder.period_at(time)
    if standing.period == current:
        return standing
    if standing.period + 1 != current:
        return Standing(current)
    own, team = standing.own_sales, standing.team_sales
    was_active = own >= ladder.activity_minimum
    return Standing(current, 0, 0, ladder.rank_of(own, team), was_active)


def counted(ladder: Ladder, standing: Standing, own: int, team: int) -> Standing:
    """Add a sale, in the ladder's units, to the current period; it promotes at once."""
    own = min(standing.own_sales + own, MAX_SALES)
    team = min(standing.team_sales + team, MAX_SALES)
    rank = max(standing.rank, ladder.rank_of(own, team))
    return replace(standing, own_sales=own, team_sales=team, rank=rank)


def is_active(ladder: Ladder, standing: Standing) -> bool:
    """Tell whether own sales of this period or the one before reach the minimum."""
    return standing.was_active or standing.own_sales >= ladder.activity_minimum
