"""How much of what will come back has come back: Kaplan–Meier of the days to a return.

Recent deliveries have not had their time. F(a), the chance that a unit came back within ``a`` days,
is estimated from all units with those that are too young censored at their age (Kaplan & Meier,
JASA 53, 1958); G(a) = F(a) / F(last) is the share of the returns to come that age ``a`` shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from .columns import Floats, Ints, Returns, Units, counts, size_of

HORIZON: Final = 182
"""Days after which no return is waited for."""
FEWEST: Final = 50
"""Returns below which a category uses the curve of all."""
LOWEST: Final = 0.3
"""Maturity below which no rate is told."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Of one category or of all, by age in days 0 … horizon.

    :ivar at_risk: units that reached this age without having come back.
    :ivar returned: units that came back at this age.
    :ivar share: F, the chance to have come back by then.
    :ivar maturity: G, F divided by its last value; all 1 where nothing came back.
    """

    at_risk: Floats
    returned: Floats
    share: Floats
    maturity: Floats


@dataclass(frozen=True, slots=True)
class Maturity:
    """G by category.

    :ivar curves: one row per category, by age; the last row is that of all.
    :ivar own: whether a category has a curve of its own; the others have that of all.
    """

    curves: Floats
    own: Ints

    @property
    def horizon(self) -> int:
        """The greatest age."""
        return int(self.curves.shape[1]) - 1

    def of(self, category: Ints, age: Ints) -> Floats:
        """G of units of these categories (−1: unknown) at these ages in days; 0 before 0."""
        rows = np.where((category >= 0) & (category < self.own.size), category, self.own.size)
        value = self.curves[rows, np.clip(age, 0, self.horizon)]
        return np.asarray(np.where(age < 0, 0.0, value))


def curve(units: Units, returns: Returns, today: int, horizon: int = HORIZON) -> Curve:
    """The curve of these units; ``returns`` may hold rows of later days, which are left out."""
    came = returns.known(units, today)
    size = horizon + 1
    return _curve(*_exits(units, came, today, np.zeros(len(units), dtype=np.int64), 1, size))


def maturity(
    units: Units,
    returns: Returns,
    today: int,
    horizon: int = HORIZON,
    fewest: int = FEWEST,
) -> Maturity:
    """G of every category with at least ``fewest`` units returned, and of all."""
    came = returns.known(units, today)
    category = units.code("category")
    kinds = size_of(category)
    size = horizon + 1
    reached, back = _exits(units, came, today, np.where(category < 0, kinds, category),
                           kinds + 1, size)  # fmt: skip
    curves = np.empty((kinds + 1, size))
    curves[kinds] = _curve(
        reached.sum(axis=0, keepdims=True), back.sum(axis=0, keepdims=True)
    ).maturity
    own = np.zeros(kinds, dtype=np.int64)
    for kind in range(kinds):
        own[kind] = int(back[kind].sum() >= fewest)
        one = slice(kind, kind + 1)
        curves[kind] = _curve(reached[one], back[one]).maturity if own[kind] else curves[kinds]
    return Maturity(curves, own)


def _exits(
    units: Units, came: Returns, today: int, kind: Ints, kinds: int, size: int
) -> tuple[Floats, Floats]:
    """By kind and age: units that leave the study (come back or reach today), and those that come
    back; both (kinds, size). Exits beyond the last age are not in it but in the tail.
    """
    age = today - units.delivered
    there = age >= 0
    last = size  # one column more: those that outlive the horizon
    end = np.minimum(age, last)
    left = counts(
        (kind * (size + 1) + end)[there], units.quantity[there], kinds * (size + 1)
    ).reshape(kinds, size + 1)
    took = np.minimum(came.day - units.delivered[came.line], last)
    place = kind[came.line] * (size + 1)
    back = counts(place + took, came.quantity, kinds * (size + 1)).reshape(kinds, size + 1)
    # What came back leaves at its return, not at today's age.
    instead = counts(place + end[came.line], came.quantity, kinds * (size + 1))
    exits = left - instead.reshape(kinds, size + 1) + back
    reached = np.cumsum(exits[:, ::-1], axis=1)[:, ::-1]
    return reached[:, :size], back[:, :size]


def _curve(reached: Floats, back: Floats) -> Curve:
    reached, back = reached[0], back[0]
    hazard = np.divide(back, reached, out=np.zeros_like(back), where=reached > 0)
    share = 1 - np.cumprod(1 - np.minimum(hazard, 1.0))
    last = share[-1]
    grown = share / last if last > 0 else np.ones_like(share)
    return Curve(reached, back, share, grown)


@dataclass(frozen=True, slots=True)
class CohortRate:
    """The rate of a group of units, corrected for those that are still to come back.

    :ivar rate: returned ÷ Σ G; NaN where the maturity is below the lowest.
    :ivar maturity: mean G of the units; NaN without units.
    """

    units: Floats
    returned: Floats
    exposure: Floats
    maturity: Floats
    rate: Floats


def cohort_rates(
    units: Units,
    returns: Returns,
    today: int,
    grown: Maturity,
    group: Ints,
    size: int | None = None,
    lowest: float = LOWEST,
) -> CohortRate:
    """Rates of the groups 0 … ``size`` − 1 that ``group`` names for every line (−1: in none)."""
    size = size_of(group) if size is None else size
    came = returns.known(units, today)
    age = today - units.delivered
    there = np.where(age >= 0, group, -1)
    count = counts(there, units.quantity, size)
    exposure = counts(there, units.quantity * grown.of(units.code("category"), age), size)
    back = counts(there[came.line], came.quantity, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mature = exposure / count
        rate = np.where(mature >= lowest, back / exposure, np.nan)
    return CohortRate(count, back, exposure, mature, rate)
