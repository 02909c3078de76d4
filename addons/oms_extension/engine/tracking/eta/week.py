"""Days on which parcels are delivered, and counting in them.

A parcel handed over on Friday with one day of travel arrives on Monday. Counted in days of delivery
that is one day again, like any other; the weekdays without deliveries are learned, not assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .parcels import Bools, Floats, Ints, weekday_of

RARE = 0.25
"""A weekday with less than this part of an average day's deliveries counts as one without."""
PRIOR = 2.0
"""Deliveries added to each weekday, so that a few rows do not make a day of rest."""


@dataclass(frozen=True, slots=True)
class Week:
    """Which weekdays are without deliveries, Monday first."""

    rest: tuple[bool, ...] = (False,) * 7

    @classmethod
    def learn(cls, days: Floats, weights: Floats) -> Week:
        """From the days of deliveries (since 1970-01-01) and their weights, each at most 1."""
        counts = np.bincount(weekday_of(days), weights, 7) + PRIOR
        return cls(tuple(bool(one) for one in counts < RARE * counts.mean()))

    @property
    def working(self) -> int:
        """Days of delivery in a week."""
        return 7 - sum(self.rest)

    def count(self, start: Floats, days: Floats) -> Ints:
        """Days of delivery among the ``days`` calendar days after each start's; never negative."""
        table = np.array(
            [
                [sum(not self.rest[(day + n) % 7] for n in range(1, part + 1)) for part in range(7)]
                for day in range(7)
            ]
        )
        whole = np.maximum(np.floor(days), 0).astype(np.int64)
        result: Ints = (whole // 7) * self.working + table[weekday_of(start), whole % 7]
        return result

    def calendar(self, start: Floats, count: Ints) -> Ints:
        """Calendar days from each start to its ``count``-th day of delivery: undoes ``count``."""
        table = np.zeros((7, self.working + 1), dtype=np.int64)
        for day in range(7):
            open_days = [n for n in range(1, 8) if not self.rest[(day + n) % 7]]
            table[day, 1:] = open_days
        later = np.maximum(count, 1) - 1
        weeks, part = later // self.working, later % self.working + 1
        result: Ints = np.where(count > 0, 7 * weeks + table[weekday_of(start), part], 0)
        return result

    def is_rest(self, days: Floats) -> Bools:
        """Whether each day is one without deliveries."""
        result: Bools = np.array(self.rest)[weekday_of(days)]
        return result

    def names(self) -> Sequence[int]:
        """The weekdays of rest, 0 = Monday."""
        return [day for day, one in enumerate(self.rest) if one]
