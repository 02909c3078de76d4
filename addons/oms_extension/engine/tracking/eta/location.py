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
    log_km = np.log1p(parcels.km)
    known = ~np.isnan(log_km)
    centre = float(np.average(log_km[known], weights=weights[known])) if known.any() else 0.0
    beyond = np.where(known, log_km - centre, 0.0)
    total = float(weights.sum())
    scatter = float((weights * beyond**2).sum())
    features = {name: parcels.features[name] for name in FEATURES if name in parcels.features}
    values = {name: np.zeros(len(one.labels) + 1) for name, one in features.items()}
    sums = {name: _sums(one, weights) for name, one in features.items()}
    sum_of_effects = np.zeros(len(parcels))
    intercept = slope = 0.0
    for step in range(passes + 1):
        left = logs - sum_of_effects
        intercept = float((weights * left).sum()) / total
        if scatter > 1e-9 * total:
            slope = float((weights * beyond * (left - intercept)).sum()) / scatter
        if step == passes:
            break
        left = logs - intercept - slope * beyond - sum_of_effects
        for name, feature in features.items():
            old = values[name][feature.codes]
            new = _sums(feature, weights * (left + old)) / (sums[name] + shrink)
            new[-1] = 0.0
            change = new[feature.codes] - old
            left -= change
            sum_of_effects += change
            values[name] = new
    effects = {name: Effect(one.labels, values[name][:-1]) for name, one in features.items()}
    return Location(intercept, slope, centre, effects)


def _sums(feature: Feature, values: Floats) -> Floats:
    """Sum per label, and last that of the unknown ones, which code -1 finds there."""
    size = len(feature.labels) + 1
    return np.bincount(feature.codes % size, values, size).astype(np.float64)
