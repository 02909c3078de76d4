"""Ranges that learn from their own misses.

Each week the coverage of the last finished predictions is compared with what was aimed at, and the
level of the next ranges moves by a part of the gap: adaptive conformal inference (Gibbs & Candès,
"Adaptive conformal inference under distribution shift", NeurIPS 2021), here around the nominal
level instead of the last one, because outcomes arrive weeks after their predictions and a sum of
such late corrections swings.
"""

from __future__ import annotations

from dataclasses import dataclass

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


def adapt(in_middle: Bools, in_wide: Bools, kept: Bools, step: float) -> Levels:
    """Levels after a look at finished predictions: whether each range held, the promise was kept.

    Whole days are judged, as they were shown: rounding is calibrated with the rest.
    """
    if in_wide.size < FEWEST:
        return Levels()
    return Levels(
        _moved(MIDDLE, in_middle, step), _moved(WIDE, in_wide, step), _moved(PROMISE, kept, step)
    )


def _moved(aim: float, held: Bools, step: float) -> float:
    return float(np.clip(aim + step * (aim - held.mean()), LOWEST, HIGHEST))
