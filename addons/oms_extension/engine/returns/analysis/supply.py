"""Announced returns as probable supply: what share of them can be sold again.

Of every reason so many units were graded, and so many of them went back to stock. A reason with few
is shrunk towards all (Dirichlet, here of two classes: a beta).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Floats, Ints, counts
from .tails import beta_quantile

STRENGTH = 20.0
"""Graded units of all that every reason is given."""


@dataclass(frozen=True, slots=True)
class Resellable:
    """By reason 0 … r−1; the last entry is for an unknown reason.

    :ivar chance: that a unit announced with this reason goes back to stock.
    :ivar low: lower end of its 90 % interval, for who wants to be sure.
    :ivar graded: units that it is learned from.
    """

    chance: Floats
    low: Floats
    graded: Floats

    def of(self, reason: Ints) -> Floats:
        """Weight of announced units with these reasons (−1: unknown)."""
        last = self.chance.size - 1
        return self.chance[np.where((reason < 0) | (reason >= last), last, reason)]


def resellable(
    reason: Ints, quantity: Ints, restocked: Ints, reasons: int, arrived: float = 1.0
) -> Resellable:
    """Learn from graded units.

    :param reason: as announced, of each graded row (−1: unknown); ``quantity``: units graded;
        ``restocked``: of them, units that went back to stock.
    :param arrived: share of announced units that come in at all.
    """
    code = np.where((reason < 0) | (reason >= reasons), reasons, reason)
    graded = counts(code, quantity, reasons + 1)
    good = counts(code, restocked, reasons + 1)
    # Half a unit each way: a shop without a graded unit promises nothing for sure.
    overall = (float(good.sum()) + 0.5) / (float(graded.sum()) + 1.0)
    a, b = STRENGTH * overall + good, STRENGTH * (1 - overall) + graded - good
    return Resellable(arrived * a / (a + b), arrived * beta_quantile(a, b, 0.05), graded)


def probable_supply(
    reason: Ints, quantity: Ints, day: Ints, weights: Resellable, start: int, weeks: int
) -> Floats:
    """Expected units fit for sale per week from ``start`` on, of announced units that should
    arrive on ``day``; what is overdue counts in the first week.
    """
    week = np.maximum((day - start) // 7, 0)
    return counts(np.where(week < weeks, week, -1), quantity * weights.of(reason), weeks)
