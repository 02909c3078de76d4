"""Deliveries of a month followed as they age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Floats, Ints, Returns, Units, counts, size_of

STEP = 7
"""Days of a column."""


@dataclass(frozen=True, slots=True)
class Triangle:
    """Cohorts (rows) by age (columns of ``step`` days).

    :ivar delivered: units per cohort.
    :ivar returned: units that came back at this age, (cohorts, ages).
    :ivar share: of the cohort that had come back by the end of the column; NaN where its youngest
        unit has not reached that age: such a cell would be too low.
    """

    step: int
    delivered: Floats
    returned: Floats
    share: Floats


def triangle(
    units: Units,
    returns: Returns,
    today: int,
    cohort: Ints,
    horizon: int = 91,
    step: int = STEP,
    size: int | None = None,
) -> Triangle:
    """Cumulative return rates. ``cohort`` numbers the lines, as by month of delivery (−1: none)."""
    size = size_of(cohort) if size is None else size
    columns = -(-(horizon + 1) // step)
    there = np.where(units.delivered <= today, cohort, -1)
    came = returns.known(units, today)
    age = (came.day - units.delivered[came.line]) // step
    place = np.where(
        (there[came.line] >= 0) & (age < columns), there[came.line] * columns + age, -1
    )
    returned = counts(place, came.quantity, size * columns).reshape(size, columns)
    delivered = counts(there, units.quantity, size)
    inside = there >= 0
    last = np.full(size, np.iinfo(np.int64).min, dtype=np.int64)
    np.maximum.at(last, there[inside], units.delivered[inside])
    youngest = np.where(delivered > 0, last, today + 1)
    end = (np.arange(columns) + 1) * step - 1
    reached = (today - youngest)[:, None] >= end[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(reached, np.cumsum(returned, axis=1) / delivered[:, None], np.nan)
    return Triangle(step, delivered, returned, share)


def months(days: Ints) -> tuple[Ints, list[str]]:
    """Cohort per line, and their names (``2026-03``), the oldest first."""
    calendar = days.astype("datetime64[D]").astype("datetime64[M]")
    names, code = np.unique(calendar, return_inverse=True)
    return code.reshape(-1).astype(np.int64), [str(name) for name in names]
