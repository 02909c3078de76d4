"""Rates of small groups: beta-binomial, shrunk towards their category.

A product's rate is taken as drawn from a beta distribution of its category's products, with mean m
and strength k; after y returns of n units it is beta(k m + y, k (1 − m) + n − y). k is estimated
by moments (Kleinman, JASA 68, 1973), never fixed. Units that are too young to have come back count
as their maturity, so n may be fractional.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from .columns import Floats, Ints, counts, size_of
from .tails import beta_quantile, log_gamma

WEAKEST, STRONGEST = 5.0, 1000.0
MANY: Final = 20
"""Products from which on a category has a strength of its own."""
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Posterior of the rate of every product.

    :ivar a: and ``b``: parameters of its beta distribution.
    :ivar prior: mean and ``strength`` of its category, one per product; ``prior_doubt``: relative
        variance of that mean.
    """

    a: Floats
    b: Floats
    prior: Floats
    strength: Floats
    prior_doubt: Floats

    @property
    def mean(self) -> Floats:
        """The shrunk rate."""
        return np.asarray(self.a / (self.a + self.b))

    @property
    def relative_variance(self) -> Floats:
        """Variance of the rate divided by the square of its mean."""
        return np.asarray(self.b / (self.a * (self.a + self.b + 1)))

    def interval(self, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
        """Beta quantiles that hold the rate with this chance."""
        tail = (1 - confidence) / 2
        return beta_quantile(self.a, self.b, tail), beta_quantile(self.a, self.b, 1 - tail)


def shrink(returned: Floats, exposure: Floats, category: Ints) -> Shrunk:
    """Shrink the rates of products towards those of their categories (−1: all others).

    :param returned: and ``exposure``: units that came back, and Σ G, one per product.
    """
    kinds = size_of(category) + 1
    kind = np.where(category < 0, kinds - 1, category)
    exposure = np.maximum(exposure, 1e-9)
    returned = np.minimum(returned, exposure)
    mean, strength = _moments(returned, exposure, kind, kinds)
    prior, weight = mean[kind], strength[kind]
    worth = counts(kind, exposure * (weight + 1) / (weight + exposure), kinds)
    doubt = (1 - mean) / (mean * (worth + 1.0))
    return Shrunk(
        weight * prior + returned,
        weight * (1 - prior) + np.maximum(exposure - returned, 0.0),
        prior,
        weight,
        doubt[kind],
    )


def _moments(returned: Floats, exposure: Floats, kind: Ints, kinds: int) -> tuple[Floats, Floats]:
    """Mean and strength per category; a category of few products has the strength of all."""
    total = counts(kind, exposure, kinds)
    sum_returned = counts(kind, returned, kinds)
    overall = min(max(float(sum_returned.sum() / max(total.sum(), 1e-9)), 1e-4), 0.99)
    mean = np.clip((sum_returned + overall) / (total + 1.0), 1e-4, 0.99)
    products = counts(kind, (exposure > 0.5).astype(np.float64), kinds)
    correlation = np.full(kinds, np.nan)
    for _round in range(2):
        rate = returned / exposure
        odds = mean * (1 - mean)
        seen = exposure > 0.5
        weight = np.where(seen, exposure, 0.0)
        scatter = counts(kind, weight * (rate - mean[kind]) ** 2, kinds) / odds
        size = counts(kind, weight, kinds)
        free = size - counts(kind, weight**2, kinds) / np.maximum(size, 1e-9)
        spare = np.maximum(products - 1, 0.0)
        above, below = scatter - spare, np.maximum(free - spare, 0.0)
        alone = (products >= MANY) & (below > 0)
        common = float(above.sum()) / max(float(below.sum()), 1e-9)
        correlation = np.where(alone, above / np.maximum(below, 1e-9), common)
        correlation = np.clip(correlation, 1 / (STRONGEST + 1), 1 / (WEAKEST + 1))
        # The mean of products, not of units: the best seller must not speak for all.
        pull = exposure / (1 + np.maximum(exposure - 1, 0.0) * correlation[kind])
        mean = np.clip(
            (counts(kind, pull * rate, kinds) + overall) / (counts(kind, pull, kinds) + 1.0),
            1e-4, 0.99,
        )  # fmt: skip
    return mean, 1 / correlation - 1


def predict_counts(shrunk: Shrunk, units: Ints, level: float = 0.9) -> tuple[Ints, Ints]:
    """Least and greatest number of returns of the next ``units`` (one number per product) that
    hold it with chance ``level``: quantiles of the beta-binomial distribution.

    This is what can be checked later: an interval of the rate leaves out the noise of the count.
    """
    tail = (1 - level) / 2
    a, b, n = shrunk.a, shrunk.b, units.astype(np.float64)
    log_chance = (
        log_gamma(a + b) - log_gamma(b) + log_gamma(b + n) - log_gamma(a + b + n)
    )  # fmt: skip
    below = np.exp(log_chance)
    low = np.where(below >= tail, 0, -1)
    high = np.where(below >= 1 - tail, 0, -1)
    count = 0
    while (high < 0).any() and count < int(units.max(initial=0)):
        with np.errstate(divide="ignore", invalid="ignore"):
            step = (n - count) / (count + 1) * (a + count) / (b + n - count - 1)
            log_chance = np.where(step > 0, log_chance + np.log(step), -np.inf)
        count += 1
        below = below + np.exp(log_chance)
        low = np.where((low < 0) & (below >= tail), count, low)
        high = np.where((high < 0) & (below >= 1 - tail), count, high)
    return (
        np.where(low < 0, units, low).astype(np.int64),
        np.where(high < 0, units, high).astype(np.int64),
    )


def wilson(hits: Floats, count: Floats, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Wilson's interval (JASA 22, 1927) of shares in mature tables; NaN where ``count`` is 0."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(hits / count, 1.0)
        middle = share + z * z / (2 * count)
        spread = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
        scale = 1 + z * z / count
        return (
            np.maximum((middle - spread) / scale, 0.0),
            np.minimum((middle + spread) / scale, 1.0),
        )
