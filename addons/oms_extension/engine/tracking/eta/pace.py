"""How fast parcels travel now, compared with what was learned.

Parcels that were delivered lately are the fast ones of those that were sent lately, so their times
say little about the season. The deliveries that should have happened say more: of every parcel that
was on its way in the last days, the model tells the cumulated hazard that it passed through; their
sum is the number of deliveries to expect (the compensator of a counting process: Aalen, Annals of
Statistics 6, 1978). Fewer than that: parcels are slower now. The pace is the shift of log(days + 1)
at which both agree, shrunk to none, for all parcels and then for each service and destination.

Some parcels never arrive, or arrive and nobody says so. Their share is counted, by service, among
those that are older than nearly all, and the hazard is that of a mixture with it (a cure model:
Boag, JRSS B 11, 1949), so that a heap of forgotten parcels does not look like a slow season.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .location import Effect, Location
from .parcels import Bools, Feature, Floats, Parcels
from .spread import Spread
from .week import Week

SHIFTS = np.linspace(-0.6, 0.6, 49)
"""From 45 % faster to 80 % slower: more is no season but another shop."""
OLD = float(np.log(0.02))
"""log P(still under way) below which a parcel that has not arrived probably never will."""
PRIOR_LOST, PRIOR_WEIGHT = 0.01, 20.0
"""The share of parcels that never arrive, before any is seen, and the parcels it weighs like."""
GROUPS = ("carrier", "service", "state")


@dataclass(frozen=True, slots=True)
class Pace:
    """A shift of log(days + 1), for all and by feature.

    :ivar observed: deliveries of the last days; ``expected``: as many as learned times foretold.
    """

    overall: float = 0.0
    groups: Mapping[str, Effect] = field(default_factory=dict)
    observed: int = 0
    expected: float = 0.0

    def at(self, parcels: Parcels) -> Floats:
        """The shift of each parcel."""
        shift = np.full(len(parcels), self.overall)
        for name, effect in self.groups.items():
            if feature := parcels.features.get(name):
                shift = shift + effect.at(feature)
        return shift


def learn_pace(
    parcels: Parcels,
    as_of: float,
    location: Location,
    spread: Spread,
    week: Week,
    days: int,
    shrink: float,
    half_life: float,
) -> Pace:
    """The pace of the ``days`` before ``as_of``, from all parcels that were on their way in them.

    ``parcels`` may hold any: those that are delivered, those that are not yet, those that never
    will be. Who knows of one that it will not (cancelled, returned) leaves it out.
    """
    today = np.floor(as_of)
    with np.errstate(invalid="ignore"):
        begun = (parcels.start < today) & ~(np.floor(parcels.end) < np.floor(parcels.start))
    parcels = parcels.take(begun)
    start = np.floor(parcels.start)
    with np.errstate(invalid="ignore"):
        done = parcels.end < today
        moving = ~(parcels.end < today - days)
    middle, band = location.at(parcels), spread.band(parcels.km)
    survived = week.count(start, today - 1 - start) + 0.5
    old = spread.log_survival(band, np.log1p(survived) - middle) < OLD
    lost = _lost(parcels, old & ~done, old * 0.5 ** ((today - start) / half_life))

    arrived = week.count(start, np.where(done, np.floor(parcels.end) - start, 0))
    before = today - days - 1 - start
    entered = np.where(before >= 0, week.count(start, before) + 0.5, -1.0)
    last = np.log1p(np.where(done, arrived, survived))[moving, None]
    first = np.log1p(np.maximum(entered, -1 + 1e-9))[moving, None]
    parcels, middle, band, done = parcels.take(moving), middle[moving], band[moving], done[moving]
    gone = lost[moving, None]

    def passed(shift: Floats) -> Floats:
        """Cumulated hazard that each parcel passed through, if shifted so; both (n, shifts)."""
        at = middle[:, None] + shift
        survival_last = np.exp(spread.log_survival(band, last - at))
        survival_first = np.exp(spread.log_survival(band, first - at))
        high, low = (-np.log(gone + (1 - gone) * one) for one in (survival_last, survival_first))
        result: Floats = np.maximum(high - low, 0.0)
        return result

    everyone = passed(np.broadcast_to(SHIFTS, (len(parcels), SHIFTS.size)))
    observed = int(done.sum())
    expected = everyone.sum(axis=0)
    overall = _solve(observed, expected) * observed / (observed + shrink)
    groups: dict[str, Effect] = {}
    for name in GROUPS:
        feature = parcels.features.get(name)
        if feature is None or len(feature.labels) < 2:
            continue
        so_far = Pace(overall, groups).at(parcels)
        groups[name] = _by_label(feature, done, passed(so_far[:, None] + SHIFTS), shrink)
    return Pace(overall, groups, observed, float(np.interp(0.0, SHIFTS, expected)))


def _lost(parcels: Parcels, missing: Bools, weights: Floats) -> Floats:
    """Share that never arrives, as of each parcel's service: of those that should have by now.

    A service that reports few deliveries, or none, must not look slow.
    """
    prior = PRIOR_LOST * PRIOR_WEIGHT
    overall = (float(weights[missing].sum()) + prior) / (float(weights.sum()) + PRIOR_WEIGHT)
    shares = np.full(len(parcels), overall)
    if service := parcels.features.get("service"):
        size = len(service.labels) + 1
        codes = service.codes % size
        found = np.bincount(codes[missing], weights[missing], size) + overall * PRIOR_WEIGHT
        shares = (found / (np.bincount(codes, weights, size) + PRIOR_WEIGHT))[codes]
    return shares


def _by_label(feature: Feature, done: Bools, passed: Floats, shrink: float) -> Effect:
    """The shift of each label beyond that of all, shrunk by its deliveries."""
    size = len(feature.labels) + 1
    codes = feature.codes % size
    observed = np.bincount(codes, done, size)
    expected = np.stack([np.bincount(codes, column, size) for column in passed.T], axis=1)
    values = np.zeros(size - 1)
    for code in np.flatnonzero(np.bincount(codes, minlength=size)[:-1]):
        share = observed[code] / (observed[code] + shrink)
        values[code] = _solve(observed[code], expected[code]) * share
    return Effect(feature.labels, values)


def _solve(observed: float, expected: Floats) -> float:
    """The shift at which as many deliveries are expected as were observed; slower expects fewer."""
    return float(np.interp(-observed, -expected, SHIFTS))
