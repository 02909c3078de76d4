"""The detector: one look at what was delivered and what came back, as a list of findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from .cause import Lateness, Place, group_of, locate, reason_of
from .columns import Bools, Floats, Ints, Returns, Units
from .discovery import limit
from .expected import Ground, Window, ground, mask_of, sums, window
from .finding import Finding, Group
from .maturity import LOWEST, maturity
from .money import stake
from .scan import Cells, scan
from .settings import Settings
from .tails import negative_binomial_mid_p

_MOST = 2000
"""Pieces of evidence that are looked into, the strongest first."""
_ROUNDING = 1 + 1e-6
_GOODS = ("product", "variant", "lot")


def detect(
    units: Units,
    returns: Returns,
    today: int,
    settings: Settings | None = None,
    known: Sequence[Group] = (),
) -> list[Finding]:
    """Groups that come back more than they should, each once, most money first.

    Only what is known by the end of ``today`` is used: rows of later days may be there.

    :param known: groups of open flags; a finding that has to do with one says so and is no news.
    """
    settings = settings or Settings()
    came = returns.known(units, today)
    if not len(came):
        return []
    grown = maturity(units, came, today, settings.horizon)
    base = ground(units, came, today, grown, settings)
    windows = [
        seen for days in sorted(settings.windows) if (seen := window(base, days)) is not None
    ]
    looks = scan(base, windows)
    if not looks:
        return []
    return _Look(base, looks).findings(known)


class _Look:
    """The evidence of one look, explained piece by piece."""

    def __init__(self, base: Ground, looks: list[Cells]) -> None:
        self.base = base
        self.looks = looks
        self.tests = sum(cells.tests for cells in looks)
        self.free: dict[int, Bools] = {
            cells.window.days: np.ones(cells.window.rows.size, dtype=np.bool_) for cells in looks
        }
        self.lateness: Lateness | None = None
        self.owner, self.number, self.column, self.p = self._evidence()
        # Sums in another order differ in the last digits: the last one found must stay found.
        self.limit = limit(self.p, base.settings.watch, self.tests) * _ROUNDING

    def _evidence(self) -> tuple[Ints, Ints, Ints, Floats]:
        """All tests with something to tell, in an order that does not depend on that of rows."""
        owner, number, column, p = [], [], [], []
        for place, cells in enumerate(self.looks):
            group, what = np.nonzero(cells.p < 1)
            owner.append(np.full(group.size, place))
            number.append(group)
            column.append(what)
            p.append(cells.p[group, what])
        return (
            np.concatenate(owner), np.concatenate(number), np.concatenate(column),
            np.concatenate(p),
        )  # fmt: skip

    def findings(self, known: Sequence[Group]) -> list[Finding]:
        """Explain the evidence from the strongest on; what a finding explains is not told again.

        One bad lot makes hundreds of groups, windows and reasons stand out. Were they all counted,
        they would lend the false discovery rate to whatever is next; so a finding is judged by its
        own evidence, and each one before it counts once.
        """
        found: list[Finding] = []
        own: list[list[float]] = []
        order = np.argsort(self.p, kind="stable")
        for one in order[: min(_MOST, int((self.p <= self.limit).sum()))]:
            cells, column = self.looks[self.owner[one]], int(self.column[one])
            anchor = cells.group == self.number[one]
            p = self._left(cells.window, anchor & self.free[cells.window.days], column)
            if p > self.limit:
                if found:
                    place_of = self._explained_by(found, cells.window, anchor)
                    own[place_of].append(float(self.p[one]))
                continue
            place = self._locate(cells, int(self.number[one]), column)
            finding = self._finding(place, int(one), p, known)
            same = [number for number, other in enumerate(found) if _same(finding, other)]
            if same:
                own[same[0]].append(p)
            else:
                found.append(finding)
                own.append([p])
            self._explain(finding.group)
        return self._judged(found, own)

    def _explained_by(self, found: list[Finding], seen: Window, anchor: Bools) -> int:
        """Which finding has most of the returns of these rows."""
        came = anchor[seen.at]
        rows = seen.rows[seen.at[came]]
        shared = [int(mask_of(self.base.units, rows, *one.group).sum()) for one in found]
        return int(np.argmax(shared))

    def _judged(self, found: list[Finding], own: list[list[float]]) -> list[Finding]:
        """With their false discovery rates; those beyond the watch list left out."""
        settings = self.base.settings
        told: list[Finding] = []
        for number, (finding, evidence) in enumerate(zip(found, own, strict=True)):
            ranks = np.arange(1, len(evidence) + 1) + number
            q = min(float((np.sort(evidence) * self.tests / ranks).min()), 1.0)
            if q <= settings.watch:
                level: Literal["flag", "watch"] = "flag" if q <= settings.flag else "watch"
                told.append(replace(finding, level=level, q=q))
        return sorted(told, key=lambda one: (one.level != "flag", -one.money, one.p))

    def _locate(self, cells: Cells, number: int, column: int) -> Place:
        """In the widest window, of which all others are parts."""
        wide = self.looks[-1].window
        rows = self.base.units.delivered[wide.rows] > self.base.today - cells.window.days
        anchor = rows & mask_of(self.base.units, wide.rows, *group_of(cells, number))
        looks = [one for one in self.looks if one.window is wide]
        windows = sorted(self.free)
        return locate(self.base, looks, windows, anchor, column, self.free[wide.days])

    def _explain(self, group: Group) -> None:
        for cells in self.looks:
            seen = cells.window
            if cells.dimensions == group.dimensions:
                self.free[seen.days] &= ~mask_of(self.base.units, seen.rows, *group)

    def _left(self, seen: Window, rows: Bools, column: int) -> float:
        """The p of these rows alone; 1 where too little is left."""
        settings = self.base.settings
        observed, events, expected, variance = sums(self.base, seen, rows, column)
        if events < settings.fewest or observed < settings.ratio * expected or expected <= 0:
            return 1.0
        return float(negative_binomial_mid_p(observed, expected, variance))

    def _finding(self, place: Place, one: int, p: float, known: Sequence[Group]) -> Finding:
        base, group = self.base, place.group
        seen = next(one.window for one in self.looks if one.window.days == place.days)
        inside = mask_of(base.units, seen.rows, *group)
        evidence = self.looks[self.owner[one]]
        observed, _events, expected, _variance = sums(base, seen, inside, 0)
        reason, least = reason_of(self.looks, group)
        if reason < 0 or (self.column[one] and least > p):
            reason = int(self.column[one]) - 1
        by_reason = (0.0, 0.0)
        if reason >= 0:
            told = sums(base, seen, inside, reason + 1)
            by_reason = (told.observed, told.expected)
        delivered = float(base.units.quantity[seen.rows[inside]].sum())
        exposure = float(seen.exposure[inside].sum())
        excess = observed - expected
        mine = np.zeros(len(base.returns), dtype=np.bool_)
        mine[seen.came[inside[seen.at]]] = True
        cost, now, ahead, units_ahead = stake(
            base.returns, mine, delivered, exposure, excess, seen.days
        )
        mature = exposure >= LOWEST * delivered
        low, high = _bounds(observed)
        lines = base.returns.line[mine]
        return Finding(
            level="watch",
            group=group,
            weight=place.weight,
            alternatives=place.alternatives,
            product=self._product(group, seen, inside),
            window=seen.days,
            reason=reason,
            reason_observed=by_reason[0],
            reason_expected=by_reason[1],
            late=self._late(seen, inside, excess),
            delivered=delivered,
            exposure=exposure,
            observed=observed,
            expected=expected,
            ratio=observed / expected,
            ratio_low=low / expected,
            ratio_high=high / expected,
            rate=observed / exposure if mature else float("nan"),
            usual=expected / exposure,
            p=p,
            q=1.0,
            evidence=(
                group_of(evidence, int(self.number[one])), seen.days, int(self.column[one]) - 1,
            ),
            cost=cost,
            money=now,
            money_ahead=ahead,
            units_ahead=units_ahead,
            since=int(base.units.delivered[lines].min()) if lines.size else base.today,
            known=self._known(group, seen, inside, known, int(self.column[one])),
        )  # fmt: skip

    def _late(self, seen: Window, inside: Bools, excess: float) -> bool:
        if not self.base.units.late.any():
            return False
        self.lateness = self.lateness or Lateness(self.base)
        return self.lateness.explains(self.base, seen, inside, excess)

    def _product(self, group: Group, seen: Window, inside: Bools) -> int:
        """The product that most units of a variant or lot are of."""
        if group.dimensions[0] not in _GOODS or len(group.dimensions) > 1:
            return -1
        size = self.base.home.size
        units = np.bincount(
            seen.product[inside], weights=self.base.units.quantity[seen.rows[inside]],
            minlength=size,
        )  # fmt: skip
        best = int(units.argmax())
        return best if best < size - 1 else -1

    def _known(
        self, group: Group, seen: Window, inside: Bools, known: Sequence[Group], column: int
    ) -> int:
        """The open flag that this is about: the same matter, or nothing is left without it."""
        product = self._product(group, seen, inside)
        others = []
        for place, other in enumerate(known):
            rows = mask_of(self.base.units, seen.rows, *other)
            others.append(rows)
            if group.family & other.family:
                return place
            if product >= 0 and product == self._product(other, seen, rows):
                return place
        if others:
            left = self._left(seen, inside & ~np.logical_or.reduce(others), column)
            if left > self.limit:
                return int(np.argmax([float((rows & inside).sum()) for rows in others]))
        return -1


def _same(one: Finding, other: Finding) -> bool:
    """Of one product, or of one lane or other value."""
    if one.product >= 0 and one.product == other.product:
        return True
    return bool(one.group.family & other.group.family)


def _bounds(count: float, z: float = 1.96) -> tuple[float, float]:
    """95 % limits of a Poisson mean (Byar's approximation)."""
    low = 0.0 if count <= 0 else count * (1 - 1 / (9 * count) - z / (3 * count**0.5)) ** 3
    more = count + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * more**0.5)) ** 3
