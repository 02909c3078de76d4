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
_FAR: Final = 10.0
"""Log likelihood below the best of a grouping at which a group is out of the question."""
_KNOWN_LATE: Final = 30
"""Returns of late parcels from which on the effect of lateness is known."""


class Place(NamedTuple):
    """Where the cause most likely lies.

    :ivar days: since when deliveries are raised, one of the windows.
    :ivar weight: the chance that it is this group, whatever the window.
    """

    group: Group
    days: int
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


def locate(
    base: Ground, looks: list[Cells], windows: list[int], anchor: Bools, column: int, free: Bools
) -> Place:
    """The group that most likely holds the cause of what stands out in ``anchor``.

    :param looks: all groupings of the widest window; ``windows``: days since when the cause may
        act. Without them a lot would beat its product whenever it came with the cause.
    :param anchor: rows of that window with the evidence; ``column``: 0 for all returns, else
        1 + reason.
    :param free: rows that no other finding has explained.
    """
    seen = looks[0].window
    rows, amount = _returned(base, seen, column)
    delivered = base.units.delivered[seen.rows]
    held = float((amount * (free & anchor)[rows]).sum())
    scores: dict[Group, dict[int, float]] = {}
    for days in windows:
        inside = free & (delivered > base.today - days)
        expected = row_expected(seen, column) * inside
        came = amount * inside[rows]
        for cells in looks:
            size = cells.keys.shape[0]
            observed = counts(cells.group[rows], came, size)
            shared = counts(cells.group[rows], came * anchor[rows], size)
            gain = log_likelihood(observed, counts(cells.group, expected, size))
            gain -= np.log(max(int((cells.expected[:, 0] > 0).sum()), 1))
            related = (shared > 0) & (shared >= _SHARED * np.minimum(observed, held))
            near = np.flatnonzero(related)
            for number in near[gain[near] > gain[near].max(initial=-np.inf) - _FAR]:
                group = group_of(cells, int(number))
                scores.setdefault(group, {})[days] = float(gain[number])
    return _likeliest(scores)


def _likeliest(scores: dict[Group, dict[int, float]]) -> Place:
    """The group with the greatest chance over all windows, and its likeliest window."""
    groups = sorted(scores)
    sums = np.array([np.logaddexp.reduce(list(scores[group].values())) for group in groups])
    chance = np.exp(sums - sums.max())
    chance /= chance.sum()
    order = np.argsort(-chance, kind="stable")
    first = groups[order[0]]
    others = tuple(
        Alternative(groups[one], float(chance[one])) for one in order[1:6] if chance[one] >= _SHOWN
    )
    days = max(sorted(scores[first]), key=lambda one: scores[first][one])
    return Place(first, days, float(chance[order[0]]), others)


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
