"""How right predictions were: error, coverage and width, proper scores, skill of probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .backtest import Trail
from .level import PROMISE, WIDE
from .parcels import Bools, Floats, Ints

FEWEST = 30
"""Parcels below which a group's coverage is not judged."""


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of a group of parcels, in whole calendar days as shown.

    :ivar bias: mean of estimate less truth: positive where parcels came sooner than said.
    :ivar interval: interval score of the 90 % range, lower is better: its width, and 20 times the
        distance of a miss (Gneiting & Raftery, JASA 102, 2007).
    :ivar pinball: loss of the promise at .935, lower is better; ``promise_late``: share after it.
    """

    parcels: int
    mae: float
    median_error: float
    bias: float
    coverage_80: float
    coverage_90: float
    width_80: float
    width_90: float
    interval: float
    pinball: float
    promise_late: float

    @property
    def missed(self) -> bool:
        """Whether the 90 % range held so few that chance does not explain it."""
        return missed(self.parcels, self.coverage_90)


def missed(parcels: int, coverage: float) -> bool:
    """Whether a 90 % range that held ``coverage`` of ``parcels`` missed more than by chance.

    Two standard errors below what was aimed at, and below .86: a season that nobody foresaw.
    """
    error = float(np.sqrt(WIDE * (1 - WIDE) / max(parcels, 1)))
    return parcels >= FEWEST and coverage < min(WIDE - 2 * error, 0.86)


def score(trail: Trail, rows: Ints | Bools | None = None) -> Score | None:
    """Figures of the parcels of ``rows``, all without; None where there are none."""
    chosen = np.arange(len(trail.days))[slice(None) if rows is None else rows]
    if not chosen.size:
        return None
    said, days = trail.estimates.take(chosen), trail.days[chosen]
    error = said.median - days
    miss = np.maximum(said.low - days, 0) + np.maximum(days - said.high, 0)
    return Score(
        int(chosen.size),
        float(np.abs(error).mean()),
        float(np.median(np.abs(error))),
        float(error.mean()),
        float(((said.low_80 <= days) & (days <= said.high_80)).mean()),
        float(((said.low <= days) & (days <= said.high)).mean()),
        float(np.median(said.high_80 - said.low_80)),
        float(np.median(said.high - said.low)),
        float((said.high - said.low + 2 / (1 - WIDE) * miss).mean()),
        pinball(said.promise, days),
        float((days > said.promise).mean()),
    )


def pinball(promise: Ints | Floats, days: Ints, level: float = PROMISE) -> float:
    """Mean loss of a quantile: ``level`` per day too early, 1 - ``level`` per day too late."""
    gap = days - promise
    return float(np.where(gap > 0, level * gap, (level - 1) * gap).mean())


@dataclass(frozen=True, slots=True)
class Skill:
    """How good probabilities of being late are.

    :ivar auc: chance that a late parcel had the higher one; ``brier``: Brier skill against always
        telling the share of late ones: above 0 or not worth telling (Brier 1950; Murphy 1973).
    """

    parcels: int
    late: int
    auc: float
    brier: float

    @property
    def worth_telling(self) -> bool:
        """Whether a probability may be shown: skill, from enough late parcels to know."""
        return self.late >= FEWEST and self.brier > 0


def skill(trail: Trail, rows: Ints | Bools | None = None) -> Skill | None:
    """Skill of the probabilities of being late; None where no parcel has a due day."""
    chosen = np.arange(len(trail.days))[slice(None) if rows is None else rows]
    chosen = chosen[~np.isnan(trail.late[chosen])]
    if not chosen.size:
        return None
    said = trail.late[chosen]
    due = np.floor(trail.parcels.due[chosen]) - np.floor(trail.parcels.start[chosen])
    late = trail.days[chosen] > due
    share = late.mean()
    if share in (0, 1):
        return Skill(int(chosen.size), int(late.sum()), np.nan, 0.0)
    brier = 1 - ((said - late) ** 2).mean() / (share * (1 - share))
    return Skill(int(chosen.size), int(late.sum()), _auc(said, late), float(brier))


def _auc(said: Floats, late: Bools) -> float:
    """Area under the ROC curve by ranks, ties in the middle (Mann & Whitney 1947)."""
    _values, inverse, counts = np.unique(said, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse.reshape(-1)]
    ones = int(late.sum())
    return float((ranks[late].sum() - ones * (ones + 1) / 2) / (ones * (late.size - ones)))
