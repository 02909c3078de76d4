"""Observed against expected returns of every group in every window, in all and per reason.

A scan statistic over groups and windows (Kulldorff, Communications in Statistics 26, 1997) with the
mid-p value of a negative binomial count, whose variance adds to the Poisson noise the doubt about
the products' rates and a drift of all rates: products differ within a category, and Poisson noise
alone gives two to three times the false alarms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from .columns import Floats, Ints, counts, size_of
from .expected import Ground, Window
from .tails import negative_binomial_mid_p

TOTAL: Final = -1
"""The reason of a test that takes all reasons together."""
_WIDE: Final = 8_000_000
"""Cells up to which a table is dense."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One grouping in one window.

    :ivar keys: codes of each group, (groups, dimensions).
    :ivar group: number of the group, per row of the window; −1: a code is unknown.
    :ivar units: delivered; ``exposure``: × G; ``rows``: returns as rows, not units.
    :ivar observed: and ``expected``, ``variance``: (groups, 1 + reasons); column 0 is the total.
    :ivar p: mid-p; 1 where nothing is to be said.
    """

    dimensions: tuple[str, ...]
    window: Window
    keys: Ints
    group: Ints
    units: Floats
    exposure: Floats
    observed: Floats
    expected: Floats
    variance: Floats
    p: Floats

    @property
    def tests(self) -> int:
        """How many looks were taken: groups that could have shown something, × reasons."""
        return int((self.expected > 0).sum())


def dense(columns: list[Ints]) -> tuple[Ints, Ints]:
    """Number the combinations of codes: (number per row, −1 for an unknown one; keys per number).

    Numbers follow the order of the codes, never that of the rows.
    """
    sizes = [max(size_of(column), 1) for column in columns]
    known = np.ones(columns[0].size, dtype=np.bool_)
    joint = np.zeros(columns[0].size, dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        known &= column >= 0
        joint = joint * size + column
    width = int(np.prod(sizes, dtype=np.int64))
    if width <= max(_WIDE, 4 * joint.size):
        present = np.zeros(width, dtype=np.bool_)
        present[joint[known]] = True
        values = np.flatnonzero(present)
        number = np.full(width, -1, dtype=np.int64)
        number[values] = np.arange(values.size)
        group = np.where(known, number[np.where(known, joint, 0)], -1) if width else joint
    else:
        values, inverse = np.unique(joint[known], return_inverse=True)
        group = np.full(joint.size, -1, dtype=np.int64)
        group[known] = inverse.reshape(-1)
    keys = np.empty((values.size, len(columns)), dtype=np.int64)
    rest = values.astype(np.int64)
    for place in range(len(columns) - 1, -1, -1):
        keys[:, place] = rest % sizes[place]
        rest = rest // sizes[place]
    return group, keys


def cells(base: Ground, seen: Window, dimensions: tuple[str, ...]) -> Cells:
    """Count and test one grouping in one window."""
    settings = base.settings
    group, keys = dense([base.units.code(name)[seen.rows] for name in dimensions])
    size = keys.shape[0]
    quantity = base.units.quantity[seen.rows]
    units = counts(group, quantity, size)
    observed, events = _observed(base, seen, group, size)
    expected, variance = moments(base, seen, group, size)
    # Fewer units than returns needed: such a group can show nothing, and is no look.
    expected[units < settings.fewest] = 0.0
    p = np.ones_like(expected)
    tell = (events >= settings.fewest) & (observed >= settings.ratio * expected) & (expected > 0)
    p[tell] = negative_binomial_mid_p(observed[tell], expected[tell], variance[tell])
    exposure = counts(group, seen.exposure, size)
    return Cells(dimensions, seen, keys, group, units, exposure, observed, expected, variance, p)


def _observed(base: Ground, seen: Window, group: Ints, size: int) -> tuple[Floats, Floats]:
    """Units that came back and rows that say so, (groups, 1 + reasons) each."""
    wide = base.reasons + 1
    where = group[seen.at]
    amount = base.returns.quantity[seen.came]
    reason = base.returns.reason[seen.came]
    place = np.where(where >= 0, where * wide + reason + 1, -1)
    named = np.where(reason >= 0, place, -1)
    result = []
    for weight in (amount, np.ones_like(amount)):
        table = counts(named, weight, size * wide).reshape(size, wide)
        table[:, 0] = counts(where, weight, size)
        result.append(table)
    return result[0], result[1]


def moments(base: Ground, seen: Window, group: Ints, size: int) -> tuple[Floats, Floats]:
    """Mean and variance of the returns of every group, (groups, 1 + reasons) each."""
    settings = base.settings
    part, keys = dense([group, seen.product])
    by_part = counts(part, seen.expected, keys.shape[0])
    owner, product = keys[:, 0], keys[:, 1]
    expected = np.empty((size, base.reasons + 1))
    doubt = np.empty_like(expected)
    for column in range(base.reasons + 1):
        mean = by_part if column == 0 else by_part * seen.shares[product, column - 1]
        expected[:, column] = counts(owner, mean, size)
        doubt[:, column] = seen.doubt.variance(owner, product, mean, column, size)
    drift = np.full(base.reasons + 1, settings.reason_drift)
    drift[0] = settings.drift
    return expected, base.clumping * expected + doubt + (drift * expected) ** 2


def scan(base: Ground, windows: list[Window]) -> list[Cells]:
    """Every grouping in every window."""
    have = {name for name in base.units.codes if (base.units.codes[name] >= 0).any()}
    return [
        cells(base, seen, dimensions)
        for seen in windows
        for dimensions in base.settings.groups
        if set(dimensions) <= have
    ]
