"""Tables of returns by anything: rate with interval, maturity, sample size and cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Floats, Ints, Returns, Units, counts, size_of
from .maturity import LOWEST, Maturity, cohort_rates
from .rate import CONFIDENCE, shrink, wilson
from .tails import beta_quantile


@dataclass(frozen=True, slots=True)
class RateTable:
    """One row per group, columns of equal length.

    :ivar delivered: units; ``returned``: units that came back until today.
    :ivar exposure: Σ G, the units whose return would have shown by now.
    :ivar maturity: exposure ÷ delivered; NaN where nothing was delivered.
    :ivar rate: returned ÷ exposure, with ``low`` and ``high`` (95 %): beta quantiles, or Wilson's
        interval where ``mature`` (every unit has had its time). NaN below 30 % maturity.
    :ivar cost: of what came back, company currency.
    """

    delivered: Floats
    returned: Floats
    exposure: Floats
    maturity: Floats
    rate: Floats
    low: Floats
    high: Floats
    cost: Floats


def rate_table(
    units: Units,
    returns: Returns,
    today: int,
    grown: Maturity,
    group: Ints,
    size: int | None = None,
    confidence: float = CONFIDENCE,
    lowest: float = LOWEST,
) -> RateTable:
    """Rates by ``group``, one number per line (−1: left out), not shrunk.

    For a product beside its category use :func:`shrunk_table`.
    """
    size = size_of(group) if size is None else size
    sums = cohort_rates(units, returns, today, grown, group, size, lowest)
    told = sums.maturity >= lowest
    seen = np.where(told, sums.exposure, 1.0)
    hits = np.where(told, np.minimum(sums.returned, seen), 0.0)
    low, high = wilson(hits, seen, confidence)
    tail = (1 - confidence) / 2
    young = told & (sums.maturity < 0.999)
    if young.any():
        # Jeffreys' prior: what has not had its time counts as its maturity.
        a, b = hits[young] + 0.5, seen[young] - hits[young] + 0.5
        low[young], high[young] = beta_quantile(a, b, tail), beta_quantile(a, b, 1 - tail)
    low[~told], high[~told] = np.nan, np.nan
    came = returns.known(units, today)
    cost = counts(np.where(units.delivered <= today, group, -1)[came.line], came.cost, size)
    return RateTable(
        sums.units, sums.returned, sums.exposure, sums.maturity, sums.rate, low, high, cost
    )


@dataclass(frozen=True, slots=True)
class ShrunkTable:
    """Products beside their categories, columns of one value per product.

    :ivar rate: beta-binomial mean, with ``low`` and ``high`` (95 %).
    :ivar usual: mean of the category; ``strength``: units of it that every product is given.
    :ivar raw: the plain rate, as in :class:`RateTable`.
    """

    raw: RateTable
    rate: Floats
    low: Floats
    high: Floats
    usual: Floats
    strength: Floats


def shrunk_table(
    units: Units,
    returns: Returns,
    today: int,
    grown: Maturity,
    group: Ints,
    home: Ints,
    confidence: float = CONFIDENCE,
) -> ShrunkTable:
    """Rates of small groups (products, variants, lots) shrunk towards those of their ``home``.

    :param group: number per line; ``home``: category of every group, 0 … ; −1 unknown.
    """
    raw = rate_table(units, returns, today, grown, group, home.size, confidence)
    shrunk = shrink(raw.returned, raw.exposure, home)
    low, high = shrunk.interval(confidence)
    return ShrunkTable(raw, shrunk.mean, low, high, shrunk.prior, shrunk.strength)


@dataclass(frozen=True, slots=True)
class Pareto:
    """Reasons, the most costly first; the last row may be −1 (unknown).

    :ivar share: of the whole cost; ``running``: share of this and all above.
    """

    reason: Ints
    units: Floats
    cost: Floats
    share: Floats
    running: Floats


def reason_pareto(returns: Returns) -> Pareto:
    """Reasons in money. Takes all rows handed over, also those without a sale in the data."""
    size = size_of(returns.reason) + 1
    reason = np.where(returns.reason < 0, size - 1, returns.reason)
    units, cost = counts(reason, returns.quantity, size), counts(reason, returns.cost, size)
    order = np.lexsort((np.arange(size), -units, -cost))
    order = order[units[order] > 0]
    total = float(cost.sum())
    share = cost[order] / total if total else np.zeros(order.size)
    names = np.where(order == size - 1, -1, order).astype(np.int64)
    return Pareto(names, units[order], cost[order], share, np.cumsum(share))


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Groups × reasons.

    :ivar observed: and ``expected``, ``cost``: (groups, reasons); ``ratio`` observed ÷ expected.
    """

    observed: Floats
    expected: Floats
    ratio: Floats
    cost: Floats


def heat_map(
    units: Units, returns: Returns, today: int, group: Ints, reasons: int, size: int | None = None
) -> HeatMap:
    """Returns by group and reason, against what the group's returns and the reasons of all give."""
    size = size_of(group) if size is None else size
    came = returns.known(units, today)
    came = came.take(came.reason >= 0)
    where = group[came.line]
    place = np.where(where >= 0, where * reasons + came.reason, -1)
    observed = counts(place, came.quantity, size * reasons).reshape(size, reasons)
    cost = counts(place, came.cost, size * reasons).reshape(size, reasons)
    total = float(observed.sum())
    expected = observed.sum(axis=1, keepdims=True) * observed.sum(axis=0, keepdims=True)
    expected = expected / total if total else expected
    ratio = np.divide(observed, expected, out=np.ones_like(observed), where=expected > 0)
    return HeatMap(observed, expected, ratio, cost)
