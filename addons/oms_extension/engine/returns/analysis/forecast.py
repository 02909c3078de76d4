"""What will come back, where and when, of what has been delivered already.

A unit of age a that has not come back comes back in the week from a to a + 7 with the chance
r · (G(a + 7) − G(a)) ÷ (1 − r · G(a)), where r is its product's shrunk rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Floats, Ints, Returns, Units, counts, size_of
from .expected import Ground, ground
from .maturity import maturity
from .rate import shrink
from .scan import dense
from .settings import Settings
from .tails import negative_binomial_above

WEEK = 7


@dataclass(frozen=True, slots=True)
class Forecast:
    """Units that come back, (groups, weeks); the first week begins tomorrow.

    :ivar mean: expected; ``low`` and ``high``: whole numbers that hold the count with the level.
    :ivar start: first day, days since 1970-01-01.
    """

    start: int
    level: float
    mean: Floats
    low: Ints
    high: Ints


def forecast(
    units: Units,
    returns: Returns,
    today: int,
    group: Ints,
    weeks: int = 6,
    level: float = 0.9,
    size: int | None = None,
    settings: Settings | None = None,
) -> Forecast:
    """Returns per week and ``group`` of the lines, as the warehouse they go back to (−1: none).

    What is sold later is not in it: add it where sales are forecast.
    """
    settings = settings or Settings()
    size = size_of(group) if size is None else size
    came = returns.known(units, today)
    grown = maturity(units, came, today, settings.horizon)
    base = ground(units, came, today, grown, settings)
    chance, doubt = _rates(base)
    age = today - units.delivered
    open_rows = np.flatnonzero((age >= 0) & (age < settings.horizon) & (group >= 0))
    back = counts(came.line, came.quantity, len(units))[open_rows]
    left = np.maximum(units.quantity[open_rows] - back, 0.0)
    rate = chance[base.product[open_rows]]
    category = units.code("category")[open_rows]
    now = grown.of(category, age[open_rows])
    remaining = left / np.maximum(1 - rate * now, 1e-9)
    part, keys = dense([group[open_rows], base.product[open_rows]])
    mean = np.zeros((size, weeks))
    variance = np.zeros((size, weeks))
    for week in range(weeks):
        after = grown.of(category, age[open_rows] + (week + 1) * WEEK)
        expected = remaining * rate * np.maximum(after - now, 0.0)
        now = np.maximum(after, now)
        by_part = counts(part, expected, keys.shape[0])
        mean[:, week] = counts(keys[:, 0], by_part, size)
        noise = counts(keys[:, 0], by_part**2 * doubt[keys[:, 1]], size)
        variance[:, week] = (
            base.clumping * mean[:, week] + noise + (settings.drift * mean[:, week]) ** 2
        )
    low, high = count_interval(mean, variance, level)
    return Forecast(today + 1, level, mean, low, high)


def _rates(base: Ground) -> tuple[Floats, Floats]:
    """Shrunk rate and relative variance per product, from the last year of deliveries."""
    recent = (base.units.delivered > base.today - 2 * base.settings.baseline) & (
        base.units.delivered <= base.today
    )
    came = recent[base.returns.line]
    shrunk = shrink(
        counts(base.product[base.returns.line][came], base.returns.quantity[came], base.home.size),
        counts(base.product[recent], base.exposure[recent], base.home.size),
        base.home,
    )
    return shrunk.mean, shrunk.relative_variance


def count_interval(mean: Floats, variance: Floats, level: float) -> tuple[Ints, Ints]:
    """Central interval of counts with these moments (negative binomial), by bisection."""
    tail = (1 - level) / 2
    spread = np.sqrt(np.maximum(variance, mean))
    top = np.ceil(mean + 12 * spread + 20)
    ends = []
    for share in (tail, 1 - tail):
        low, high = np.full(mean.shape, -1.0), top.copy()
        # The least k with P(X ≤ k) ≥ share.
        while (high - low > 1).any():
            middle = np.floor((low + high) / 2)
            enough = 1 - _above(middle, mean, variance) >= share
            high = np.where(enough & (high - low > 1), middle, high)
            low = np.where(~enough & (high - low > 1), middle, low)
        ends.append(np.where(mean > 0, high, 0).astype(np.int64))
    return ends[0], ends[1]


def _above(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(X > count)."""
    safe = np.maximum(mean, 1e-12)
    return negative_binomial_above(count, safe, np.maximum(variance, safe))
