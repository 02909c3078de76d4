"""Where the middle of the distribution lies: a line over the distance, and shrunken effects.

An effect is the weighted mean of what the others leave, shrunk to zero as if ``shrink`` parcels
more had been average: Σ w·r / (Σ w + shrink). This is the posterior mean of a random effect (Efron
& Morris, "Data analysis using Stein's estimator", JASA 70, 1975) with a fixed ratio of variances,
and fitting them in turn is backfitting (Breiman & Friedman, JASA 80, 1985).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .parcels import FEATURES, Feature, Floats, Parcels


@dataclass(frozen=True, slots=True)
class Effect:
    """``values[i]`` of ``labels[i]``, in log(days + 1)."""

    labels: tuple[str, ...]
    values: Floats

    def at(self, feature: Feature) -> Floats:
        """The effect on each parcel; zero for what is unknown, here or there."""
        if feature.labels is self.labels or feature.labels == self.labels:
            values = self.values
        else:
            known = dict(zip(self.labels, self.values.tolist(), strict=True))
            values = np.array([known.get(label, 0.0) for label in feature.labels])
        result: Floats = np.append(values, 0.0)[feature.codes]  # code -1 takes the appended zero
        return result


@dataclass(frozen=True, slots=True)
class Location:
    """a + b · (log(1 + km) - centre) + effects; an unknown distance counts as the centre."""

    intercept: float
    slope: float
    centre: float
    effects: Mapping[str, Effect] = field(default_factory=dict)

    def terms(self, parcels: Parcels) -> dict[str, Floats]:
        """What each part gives for each parcel; ``base`` is the line over the distance."""
        log_km = np.log1p(parcels.km)
        beyond = np.where(np.isnan(log_km), 0.0, log_km - self.centre)
        terms = {"base": self.intercept + self.slope * beyond}
        for name, effect in self.effects.items():
            feature = parcels.features.get(name)
            terms[name] = np.zeros(len(parcels)) if feature is None else effect.at(feature)
        return terms

    def at(self, parcels: Parcels) -> Floats:
        """Their sum: the middle of log(days + 1) of each parcel."""
        result: Floats = np.sum(list(self.terms(parcels).values()), axis=0)
        return result


def fit_location(
    parcels: Parcels, logs: Floats, weights: Floats, shrink: float, passes: int
) -> Location:
    """Fit ``logs`` = log(days + 1) by weighted least squares, effects in turn, ``passes`` times."""
    return Fitting(parcels, logs).fit(weights, shrink, passes)


class Fitting:
    """Parcels and ``logs`` = log(days + 1), ready to be fitted with several weights."""

    def __init__(self, parcels: Parcels, logs: Floats) -> None:
        self.parcels = parcels
        self.logs = logs
        self.log_km = np.log1p(parcels.km)
        self.known = ~np.isnan(self.log_km)
        self.features = {
            name: parcels.features[name]
            for name in FEATURES
            if name in parcels.features and _differs(parcels.features[name])
        }
        # An unknown label takes the place behind the last one.
        self.codes = {
            name: one.codes % (len(one.labels) + 1) for name, one in self.features.items()
        }

    def fit(self, weights: Floats, shrink: float, passes: int) -> Location:
        """The location by weighted least squares; rows of weight zero say nothing."""
        known = self.known & (weights > 0)
        centre = 0.0
        if known.any():
            centre = float(np.average(self.log_km[known], weights=weights[known]))
        beyond = np.where(self.known, self.log_km - centre, 0.0)
        total = float(weights.sum())
        weighted = weights * beyond
        scatter = float((weighted * beyond).sum())
        values = {name: np.zeros(len(one.labels) + 1) for name, one in self.features.items()}
        sums = {name: self._sums(name, weights) + shrink for name in self.features}
        effects = np.zeros(len(self.parcels))
        intercept = slope = 0.0
        for step in range(passes + 1):
            left = self.logs - effects
            intercept = float((weights * left).sum()) / total
            if scatter > 1e-9 * total:
                slope = float((weighted * (left - intercept)).sum()) / scatter
            if step == passes:
                break
            left -= intercept + slope * beyond
            for name, codes in self.codes.items():
                old = values[name][codes]
                left += old
                new = self._sums(name, weights * left) / sums[name]
                new[-1] = 0.0
                values[name] = new
                now = new[codes]
                left -= now
                effects += now - old
        found = {name: Effect(one.labels, values[name][:-1]) for name, one in self.features.items()}
        return Location(intercept, slope, centre, found)

    def residuals(self, location: Location) -> Floats:
        """What a location leaves of each row."""
        return self.logs - location.at(self.parcels)

    def _sums(self, name: str, values: Floats) -> Floats:
        """Sum per label, and last that of the unknown ones."""
        size = len(self.features[name].labels) + 1
        return np.bincount(self.codes[name], values, size).astype(np.float64, copy=False)


def _differs(feature: Feature) -> bool:
    """Whether it tells parcels apart; else its effect is the intercept's."""
    return bool(feature.codes.size) and bool((feature.codes != feature.codes[0]).any())
