"""Which service would serve a lane better, told from parcels that are alike.

Two services are compared within *strata*: the same warehouse, country, group of postcodes and band
of weight. So neither distance nor weight explains the difference. The difference of each stratum
counts as much as the service in use has parcels there (direct standardisation); strata that the
other service hardly serves are left out, and must be few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final, Literal

FEW: Final = 30
"""Parcels that either service needs, over all strata."""
FEW_IN_STRATUM: Final = 5
COVERED: Final = 0.7
"""Share of the parcels in use that must have their like on the other side."""
CONFIDENCE: Final = 0.95
"""For all comparisons of one run together: with many, each must be the surer (Bonferroni)."""
QUARTER_DAY: Final = 0.25
DEARER: Final = 0.25
"""A faster service may cost this share more, and is not suggested beyond."""
CHEAPER: Final = 0.02
"""A cheaper service must save this share at least."""

Kind = Literal["faster", "cheaper"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Parcels of one service in one stratum: how many, and sums of days and of money.

    :ivar priced: those whose cost is known.
    """

    parcels: int
    days: float
    days_squared: float
    priced: int = 0
    money: float = 0.0
    money_squared: float = 0.0


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference (the other service less the one in use) and its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two services over the strata that both serve.

    :ivar days: per parcel. :ivar money: per parcel, None where costs are not known.
    :ivar used: parcels of the service in use there, ``other``: of the other one.
    :ivar price: what a parcel of the service in use costs there.
    """

    days: Gap
    money: Gap | None
    used: int
    other: int
    price: float | None

    def kind(self) -> Kind | None:
        """What the other service would be by more than chance, at a price worth it."""
        faster = self.days.high < 0 and self.days.value <= -QUARTER_DAY
        if faster and (
            self.money is None or not self.price or self.money.value <= DEARER * self.price
        ):
            return "faster"
        if (
            self.money is not None
            and self.price
            and self.money.high < 0
            and self.money.value <= -CHEAPER * self.price
            and self.days.high < QUARTER_DAY
        ):
            return "cheaper"
        return None


def compare(
    used: Mapping[object, Sample], other: Mapping[object, Sample], comparisons: int = 1
) -> Comparison | None:
    """Compare two services by stratum; None where they have too little in common.

    :param comparisons: made in this run, for the confidence of all of them together.
    """
    shared = [
        (sample, other[key])
        for key, sample in used.items()
        if key in other
        and sample.parcels >= FEW_IN_STRATUM
        and other[key].parcels >= FEW_IN_STRATUM
    ]
    mine = sum(one.parcels for one, _two in shared)
    theirs = sum(two.parcels for _one, two in shared)
    if mine < FEW or theirs < FEW or mine < COVERED * sum(one.parcels for one in used.values()):
        return None
    z = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2 / max(1, comparisons))
    days = _gap(
        [
            (one.parcels, _moments(one.parcels, one.days, one.days_squared),
             two.parcels, _moments(two.parcels, two.days, two.days_squared))
            for one, two in shared
        ],
        z,
    )  # fmt: skip
    priced = [
        (one, two)
        for one, two in shared
        if one.priced >= FEW_IN_STRATUM and two.priced >= FEW_IN_STRATUM
    ]
    money, price = None, None
    known = sum(one.priced for one, _two in priced)
    if priced and known >= COVERED * mine:
        money = _gap(
            [
                (one.priced, _moments(one.priced, one.money, one.money_squared),
                 two.priced, _moments(two.priced, two.money, two.money_squared))
                for one, two in priced
            ],
            z,
        )  # fmt: skip
        price = sum(one.money for one, _two in priced) / known
    return Comparison(days, money, mine, theirs, price)


def pooled(samples: Iterable[Mapping[object, Sample]]) -> dict[object, Sample]:
    """Strata of several groups of postcodes as one; their keys differ."""
    return {key: sample for one in samples for key, sample in one.items()}


Moments = tuple[float, float]


def _moments(count: int, total: float, squares: float) -> Moments:
    """Mean and variance."""
    middle = total / count
    return middle, max(0.0, (squares - count * middle * middle) / (count - 1))


def _gap(strata: list[tuple[int, Moments, int, Moments]], z: float) -> Gap:
    parcels = sum(one for one, *_rest in strata)
    value = variance = 0.0
    for count, (mean, spread), other_count, (other_mean, other_spread) in strata:
        weight = count / parcels
        value += weight * (other_mean - mean)
        variance += weight * weight * (spread / count + other_spread / other_count)
    return Gap(value, value - z * sqrt(variance), value + z * sqrt(variance))
