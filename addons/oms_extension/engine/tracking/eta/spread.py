"""What the location does not explain, as quantiles per band of distance, with a tail.

The residuals are out of fold, which makes the ranges honest about new parcels (cross-conformal in
effect: Barber, Candès, Ramdas & Tibshirani, "Predictive inference with the jackknife+", Annals of
Statistics 49, 2021; Romano, Patterson & Candès, "Conformalized quantile regression", 2019). Beyond
the last quantiles the tail is exponential in log(days), so that a parcel of any age has a future.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .parcels import Floats, Ints

LEVELS = np.linspace(0.0, 1.0, 201)
TAIL = 0.98
"""From this level on the exponential tail takes over."""
LOG_TAIL = float(np.log(1.0 - TAIL))
SHORTEST_TAIL = 0.05
"""Where all residuals are alike, a parcel may still be later than all of them."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Residuals in log(days + 1).

    :ivar edges: (b - 1,) log(1 + km) that part the b bands.
    :ivar grid: (b + 1, 201) quantiles at :data:`LEVELS` per band; the last row is all together.
    :ivar tail: (b + 1,) mean excess beyond the quantile at :data:`TAIL`.
    :ivar rows: (b + 1,) parcels that each was learned from.
    """

    edges: Floats
    grid: Floats
    tail: Floats
    rows: Ints

    def band(self, km: Floats) -> Ints:
        """The row of the grid for each parcel; the last one where the distance is unknown."""
        found = np.searchsorted(self.edges, np.log1p(km)).astype(np.int64)
        result: Ints = np.where(np.isnan(km), len(self.grid) - 1, found)
        return result

    def log_survival(self, band: Ints, residual: Floats) -> Floats:
        """log P(R > residual); 0 at minus infinity. ``residual`` may have more dimensions."""
        result = np.zeros(residual.shape)
        for one in np.unique(band):
            at = band == one
            grid, top = self.grid[one], self._top(one)
            here = residual[at]
            share = 1.0 - np.minimum(np.interp(here, grid, LEVELS), TAIL)
            result[at] = np.where(
                here < top, np.log(share), LOG_TAIL - np.maximum(here - top, 0.0) / self.tail[one]
            )
        return result

    def residual(self, band: Ints, log_survival: Floats) -> Floats:
        """The residual that is exceeded with this probability: undoes :meth:`log_survival`."""
        result = np.zeros(log_survival.shape)
        for one in np.unique(band):
            at = band == one
            grid, top = self.grid[one], self._top(one)
            here = log_survival[at]
            inside = np.interp(-np.expm1(here), LEVELS, grid)
            result[at] = np.where(
                here > LOG_TAIL,
                np.minimum(inside, top),
                top + np.maximum(LOG_TAIL - here, 0.0) * self.tail[one],
            )
        return result

    def _top(self, band: int) -> float:
        return float(np.interp(TAIL, LEVELS, self.grid[band]))


def learn_spread(
    residuals: Floats, km: Floats, weights: Floats, bands: int, shrink: float
) -> Spread:
    """Quantiles of out-of-fold ``residuals`` per band of distance.

    Each band holds an equal part of the weights; its quantiles are shrunk to those of all together
    as if ``shrink`` parcels more had been like all.
    """
    log_km = np.log1p(km)
    known = ~np.isnan(log_km)
    edges = np.empty(0)
    if known.any():
        cuts = np.arange(1, bands) / bands
        edges = np.unique(weighted_quantiles(log_km[known], weights[known], cuts))
    order = np.argsort(residuals, kind="stable")  # once for all bands
    residuals, weights, log_km, known = (
        column[order] for column in (residuals, weights, log_km, known)
    )
    everything = _quantiles(residuals, weights, LEVELS)
    excess = _mean_excess(residuals, weights, everything)
    count = len(edges) + 1
    where = np.where(known, np.searchsorted(edges, log_km), count)
    grid = np.tile(everything, (count + 1, 1))
    tail = np.full(count + 1, excess)
    rows = np.full(count + 1, residuals.size, dtype=np.int64)
    for one in range(count):
        at = where == one
        weight = float(weights[at].sum())
        rows[one] = int(at.sum())
        if weight:
            own = _quantiles(residuals[at], weights[at], LEVELS)
            share = weight / (weight + shrink)
            grid[one] = share * own + (1 - share) * everything
            beyond = _mean_excess(residuals[at], weights[at], own)
            tail[one] = max(share * beyond + (1 - share) * excess, SHORTEST_TAIL)
    return Spread(edges, grid, tail, rows)


def weighted_quantiles(values: Floats, weights: Floats, levels: Floats) -> Floats:
    """Quantiles of a weighted sample, linear between the middles of the weights (Hazen's)."""
    order = np.argsort(values, kind="stable")
    return _quantiles(values[order], weights[order], levels)


def _quantiles(values: Floats, weights: Floats, levels: Floats) -> Floats:
    """The same of ascending values."""
    middles = (np.cumsum(weights) - weights / 2) / weights.sum()
    result: Floats = np.interp(levels, middles, values)
    return result


def _mean_excess(residuals: Floats, weights: Floats, quantiles: Floats) -> float:
    top = float(np.interp(TAIL, LEVELS, quantiles))
    beyond = residuals > top
    weight = float(weights[beyond].sum())
    mean = float((weights[beyond] * (residuals[beyond] - top)).sum()) / weight if weight else 0.0
    return max(mean, SHORTEST_TAIL)
