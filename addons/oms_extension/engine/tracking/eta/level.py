"""Ranges that learn from their own misses.

Each week the coverage of the last finished predictions is compared with what was aimed at, and the
level of the next ranges moves by a part of the gap: adaptive conformal inference (Gibbs & Candès,
"Adaptive conformal inference under distribution shift", NeurIPS 2021). The greater part moves
around the nominal level instead of the last one, because outcomes arrive weeks after their
predictions and a sum of such late corrections swings; a small part is summed up, and only to widen,
for gaps that stay (Angelopoulos, Candès & Tibshirani, "Conformal PID control for time series
prediction", NeurIPS 2023: a proportional and an integral term).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .parcels import Bools

MIDDLE, WIDE, PROMISE = 0.80, 0.90, 0.935
LOWEST, HIGHEST = 0.005, 0.995
FEWEST = 50
"""Finished predictions below which nothing is adapted."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels that are used now, so that the nominal ones come out.

    :ivar middle: share of parcels that the 80 % range is to hold; ``wide``: the 90 % range.
    :ivar promise: share that is to arrive by the promise.
    """

    middle: float = MIDDLE
    wide: float = WIDE
    promise: float = PROMISE

    @property
    def points(self) -> tuple[float, float, float, float, float, float]:
        """Levels of the quantiles: median, low and high of both ranges, promise."""
        middle, wide = (1 - self.middle) / 2, (1 - self.wide) / 2
        return (0.5, middle, 1 - middle, wide, 1 - wide, self.promise)


@dataclass(slots=True)
class Adaptation:
    """Levels that follow how many of the last finished predictions held.

    :ivar step: part of the present gap that is made up for.
    :ivar memory: part of it that is kept besides, week by week, and only to widen.
    :ivar kept: what is kept by now, by the level that is aimed at.
    """

    step: float
    memory: float
    kept: dict[float, float] = field(default_factory=dict)

    def look(self, in_middle: Bools, in_wide: Bools, kept: Bools) -> Levels:
        """Levels after a look at finished predictions: whether each range held, the promise was
        kept. Whole days are judged, as they were shown: rounding is calibrated with the rest.
        """
        if in_wide.size < FEWEST:
            return Levels()
        return Levels(
            self._moved(MIDDLE, in_middle), self._moved(WIDE, in_wide), self._moved(PROMISE, kept)
        )

    def _moved(self, aim: float, held: Bools) -> float:
        gap = aim - float(held.mean())
        stays = float(np.clip(self.kept.get(aim, 0.0) + self.memory * gap, 0.0, 1.0 - aim))
        self.kept[aim] = stays
        return float(np.clip(aim + self.step * gap + stays, LOWEST, HIGHEST))
