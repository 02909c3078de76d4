"""The median as a sum: "Rio, 420 km: 9 days; this lane +1; ordered on a Friday +0.6"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .model import Model
from .parcels import Floats, Parcels

PARTS = {
    "base": ("base", "country", "state"),
    "lane": ("lane",),
    "service": ("carrier", "service"),
    "area": ("zip2", "zip3"),
    "weekday": ("weekday",),
    "origin": ("origin_zip", "origin"),
}
"""Terms that a person reads, and the effects that each sums up; then come pace, rest and age."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where the median of many parcels comes from, in days; every column is (n,).

    :ivar terms: ``base`` (distance and destination), ``lane``, ``service``, ``area``, ``weekday``,
        ``origin``, ``pace`` (how fast parcels travel now), ``rest`` (days without deliveries, and
        rounding to whole days), ``age`` (because it has not arrived yet). They sum to the median.
    :ivar similar: deliveries that the range was learned from.
    """

    terms: dict[str, Floats]
    similar: Floats

    def of(self, row: int) -> dict[str, float]:
        """The terms of one parcel, in order, to tenths of a day that sum to the whole median."""
        sums = np.round(np.cumsum([values[row] for values in self.terms.values()]), 1)
        steps = np.round(np.diff(sums, prepend=0.0), 1).tolist()
        return {name: step for name, step in zip(self.terms, steps, strict=True) if step}


def explain(model: Model, parcels: Parcels, age: Floats | None = None) -> Explanation:
    """Take the medians of :meth:`Model.predict` apart.

    Effects multiply days; each term is what it changes when it comes after those before it, so that
    the sum is exact.
    """
    parcels = parcels.with_weekday()
    band = model.spread.band(parcels.km)
    effects = model.location.terms(parcels)
    logs = model.spread.residual(band, np.full(len(parcels), np.log(0.5)))
    terms: dict[str, Floats] = {}
    before = np.zeros(len(parcels))

    def add(name: str, days: Floats) -> None:
        nonlocal before
        terms[name] = days - before
        before = days

    for name, parts in PARTS.items():
        logs = logs + sum(effects[part] for part in parts if part in effects)
        add(name, np.expm1(logs))
    add("pace", np.expm1(logs + model.pace.at(parcels)))
    fresh = model.quantiles(parcels, np.array([0.5]))[:, 0]
    add("rest", fresh.astype(np.float64))
    if age is not None:
        now = model.quantiles(parcels, np.array([0.5]), age)[:, 0]
        add("age", now.astype(np.float64))
    return Explanation(terms, model.similar(parcels).astype(np.float64))
