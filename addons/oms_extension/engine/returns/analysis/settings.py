"""The knobs of the detector, with the values that were measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .columns import DIMENSIONS

PAIRS: Final = (("carrier", "region"), ("carrier", "warehouse"), ("warehouse", "category"))


@dataclass(frozen=True, slots=True)
class Settings:
    """How the detector looks.

    :ivar windows: days of deliveries that are looked at, up to today.
    :ivar baseline: days before a window from which rates of products are learned.
    :ivar groups: what a cause may lie in: dimensions, and pairs of them.
    :ivar flag: false discovery rate of one look for a flag; ``watch``: for the watch list.
    :ivar fewest: returns below which nothing is said; ``ratio``: observed ÷ expected likewise.
    :ivar drift: relative standard deviation of what moves all rates (season, mix);
        ``reason_drift``: of the share of a reason.
    :ivar season: relative standard deviation of what moves all products alike; learned from all
        returns of a window, so that a season is no cause.
    :ivar share_strength: returns by which a category's mix of reasons is shrunk towards that of
        all, and the least by which a product's is shrunk towards its category's.
    :ivar least_baseline: returns in the baseline below which a window is not looked at.
    :ivar horizon: days after which no return is waited for.
    """

    windows: tuple[int, ...] = (14, 28, 56, 91)
    baseline: int = 182
    groups: tuple[tuple[str, ...], ...] = (*((one,) for one in DIMENSIONS), *PAIRS)
    flag: float = 0.01
    watch: float = 0.10
    fewest: int = 3
    ratio: float = 1.25
    drift: float = 0.05
    reason_drift: float = 0.15
    season: float = 0.10
    share_strength: float = 20.0
    least_baseline: int = 30
    horizon: int = 182
