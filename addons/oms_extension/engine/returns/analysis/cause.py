"""Where a cause lies: among nested and crossing groups, and between the goods and lateness.

A bad lot makes its product, category, supplier and warehouse stand out too. Every group that has to
do with the evidence is a hypothesis "returns are raised in this group alone", judged by Poisson
likelihood. All have one parameter, so they compare directly; the groups of a dimension share its
prior chance, so that the coarse group wins where its parts are alike, and a part where it alone
explains the excess.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from .columns import Bools, Floats, Ints, counts
from .expected import Ground, Window, row_expected
from .finding import Alternative, Group
from .rate import shrink
from .scan import Cells

_SHARED: Final = 0.5
"""Share of the returns of the smaller of two groups that makes them one matter."""
_SHOWN: Final = 0.02
_KNOWN_LATE: Final = 30
"""Returns of late parcels from which on the effect of lateness is known."""


class Place(NamedTuple):
    """:ivar cells: and ``number``: the group; ``weight``: the chance that the cause lies there."""

    cells: Cells
    number: int
    weight: float
    alternatives: tuple[Alternative, ...]


def group_of(cells: Cells, number: int) -> Group:
    """Its dimensions and values."""
    return Group(cells.dimensions, tuple(int(one) for one in cells.keys[number]))


def log_likelihood(observed: Floats, expected: Floats) -> Floats:
    """Gain of a raised rate over the expected one; 0 where it is not raised."""
    safe = np.maximum(expected, 1e-12)
    ratio = np.maximum(observed / safe, 1.0)
    return np.where(observed > expected, observed * np.log(ratio) - observed + expected, 0.0)


def locate(base: Ground, looks: list[Cells], anchor: Bools, column: int, free: Bools) -> Place:
    """The group that most likely holds the cause of what stands out in ``anchor``.

    :param looks: all groupings of one window.
    :param anchor: rows of the window with the evidence; ``column``: 0 for all returns, else
        1 + reason.
    :param free: rows that no other finding has explained.
    """
    seen = looks[0].window
    expected = row_expected(seen, column) * free
    rows, amount = _returned(base, seen, column)
    amount = amount * free[rows]
    held = float(amount[anchor[rows]].sum())
    scores, owners, numbers = [], [], []
    for place, cells in enumerate(looks):
        size = cells.keys.shape[0]
        observed = counts(cells.group[rows], amount, size)
        shared = counts(np.where(anchor[rows], cells.group[rows], -1), amount, size)
        mean = counts(cells.group, expected, size)
        gain = log_likelihood(observed, mean)
        able = max(int((cells.expected[:, 0] > 0).sum()), 1)
        related = (shared > 0) & (shared >= _SHARED * np.minimum(observed, held)) & (gain > 0)
        found = np.flatnonzero(related)
        scores.append(gain[found] - np.log(able))
        owners.append(np.full(found.size, place))
        numbers.append(found)
    score, owner, number = (np.concatenate(one) for one in (scores, owners, numbers))
    chance = np.exp(score - score.max())
    chance /= chance.sum()
    best = np.argsort(-chance, kind="stable")
    first = int(best[0])
    others = tuple(
        Alternative(group_of(looks[owner[one]], int(number[one])), float(chance[one]))
        for one in best[1:6]
        if chance[one] >= _SHOWN
    )
    return Place(looks[owner[first]], int(number[first]), float(chance[first]), others)


def _returned(base: Ground, seen: Window, column: int) -> tuple[Ints, Floats]:
    """Rows of the window that came back, and units."""
    amount = base.returns.quantity[seen.came].astype(np.float64)
    if column == 0:
        return seen.at, amount
    right = base.returns.reason[seen.came] == column - 1
    return seen.at[right], amount[right]


def reason_of(looks: list[Cells], group: Group) -> tuple[int, float]:
    """The reason with the smallest p in this group over all windows, and that p."""
    reason, least = -1, 0.01
    for cells in looks:
        if cells.dimensions != group.dimensions:
            continue
        found = np.flatnonzero((cells.keys == np.array(group.values)).all(axis=1))
        if not found.size or cells.p.shape[1] < 2:
            continue
        p = cells.p[found[0], 1:]
        if float(p.min()) < least:
            reason, least = int(p.argmin()), float(p.min())
    return reason, least


class Lateness:
    """What lateness alone does: points of rate that a late parcel adds, whatever is in it."""

    def __init__(self, base: Ground) -> None:
        days = max(base.settings.windows) + base.settings.baseline
        delivered = base.units.delivered
        recent = (delivered > base.today - days) & (delivered <= base.today)
        self._rows = np.flatnonzero(recent)
        position = np.full(len(base.units), -1, dtype=np.int64)
        position[self._rows] = np.arange(self._rows.size)
        at = position[base.returns.line]
        self._back = counts(at, base.returns.quantity, self._rows.size)
        self._exposure = base.exposure[self._rows]
        product = base.product[self._rows]
        rates = shrink(
            counts(product, self._back, base.home.size),
            counts(product, self._exposure, base.home.size),
            base.home,
        )
        self._expected = self._exposure * rates.mean[product]
        self._late = base.units.late[self._rows]

    def explains(self, base: Ground, seen: Window, inside: Bools, excess: float) -> bool:
        """Whether the ``excess`` of these rows of the window falls by half or more once lateness
        is in the expectation.

        The effect is learned outside the group; inside where too few were late elsewhere.
        """
        late = base.units.late[seen.rows]
        exposure = seen.exposure
        if excess <= 0 or not (late & inside).any():
            return False
        elsewhere = np.ones(len(base.units), dtype=np.bool_)
        elsewhere[seen.rows[inside]] = False
        rest = elsewhere[self._rows]
        if self._back[rest & self._late].sum() < _KNOWN_LATE:
            rest = np.ones_like(rest)
        effect = self._rise(rest & self._late) - self._rise(rest & ~self._late)
        usual = float(self._exposure[rest & self._late].sum()) / max(
            float(self._exposure[rest].sum()), 1e-9
        )
        more = float(exposure[inside & late].sum()) - usual * float(exposure[inside].sum())
        return effect > 0 and effect * more >= excess / 2

    def _rise(self, rows: Bools) -> float:
        exposure = float(self._exposure[rows].sum())
        if exposure <= 0:
            return 0.0
        return float(self._back[rows].sum() - self._expected[rows].sum()) / exposure
