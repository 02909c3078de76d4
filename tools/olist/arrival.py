"""Arrival times judged on Olist's orders: the addon's method, what shops use instead, the goals.

Everything is said week by week with what was known then (``engine/tracking/eta/backtest.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from .deliveries import Deliveries, quarters

# network.py makes the addon's engine importable
from engine.tracking.eta.backtest import Trail, walk  # isort: skip
from engine.tracking.eta.level import Levels  # isort: skip
from engine.tracking.eta.model import Estimates  # isort: skip
from engine.tracking.eta.parcels import Parcels  # isort: skip
from engine.tracking.eta.score import Score, Skill, score, skill  # isort: skip

STAGES = ("order", "handover")
LEVELS = tuple(np.round(np.arange(0.05, 1.0, 0.05), 2))
"""Levels at which the whole distribution is looked at."""
QUARTER = 60
"""Orders that a quarter needs to be judged."""
FEW = 20
"""Deliveries below which a state's own quantiles give way to those of all."""
TENTHS = 10
START = (50, 200)
"""Deliveries known, from and to, of a shop that begins."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One stage: what was said, and how right it was.

    :ivar rows: methods by name, each with its figures; the shop's own date has no ranges.
    :ivar seasons: quarter → figures, those with enough orders. ``distances``: likewise.
    :ivar start: figures of tenths of the shop while they knew few deliveries.
    """

    trail: Trail
    rows: dict[str, Score]
    seasons: dict[str, Score]
    distances: dict[str, Score]
    start: Score | None
    skill: Skill | None


def judge(parcels: Parcels) -> Judged | None:
    """Walk forward through one stage's parcels; None where too few were delivered."""
    until = float(np.floor(np.nanmax(parcels.end, initial=0.0))) + 1
    trail = walk(parcels, until, levels=LEVELS)
    whole = score(trail)
    if whole is None:
        return None
    promised = replace(trail, estimates=_promised(trail))
    methods = {
        "shop": score(promised, ~np.isnan(trail.parcels.due)),
        "one": score(replace(trail, estimates=_quantiles(trail, parcels, None))),
        "state": score(replace(trail, estimates=_quantiles(trail, parcels, "state"))),
        "addon": whole,
    }
    names = quarters(trail.parcels.start)
    km = trail.parcels.km
    bands = {"up to 400 km": km <= 400, "400 to 800 km": (km > 400) & (km <= 800)}
    bands |= {"800 to 1,200 km": (km > 800) & (km <= 1200), "above 1,200 km": km > 1200}
    return Judged(
        trail,
        {name: one for name, one in methods.items() if one},
        dict(_groups(trail, {one: names == one for one in np.unique(names)}, QUARTER)),
        dict(_groups(trail, bands, 100)),
        _beginning(parcels, until),
        skill(trail),
    )


def _groups(trail: Trail, groups: dict[str, np.ndarray], least: int) -> Iterator[tuple[str, Score]]:
    for name, rows in groups.items():
        found = score(trail, rows)
        if found and found.parcels >= least:
            yield name, found


def _promised(trail: Trail) -> Estimates:
    """The shop's own date as if it were an estimate."""
    days = np.floor(trail.parcels.due) - np.floor(trail.parcels.start)
    whole = np.where(np.isnan(days), 0, days).astype(np.int64)
    return Estimates(whole, whole, whole, whole, whole, whole)


def _quantiles(trail: Trail, parcels: Parcels, feature: str | None) -> Estimates:
    """Quantiles of all deliveries until then, of the same state where there are enough."""
    days = np.floor(parcels.end) - np.floor(parcels.start)
    points = Levels().points
    columns = np.zeros((len(trail.days), len(points)), dtype=np.int64)
    for day in np.unique(trail.as_of):
        asked = np.flatnonzero(trail.as_of == day)
        known = parcels.delivered_before(day)
        columns[asked] = np.rint(np.quantile(days[known], points))
        if feature:
            mine, theirs = parcels.features[feature].codes, trail.parcels.features[feature].codes
            for code in np.unique(theirs[asked]):
                same = known & (mine == code)
                if same.sum() >= FEW:
                    at = asked[theirs[asked] == code]
                    columns[at] = np.rint(np.quantile(days[same], points))
    return Estimates(*columns.T)


def _beginning(parcels: Parcels, until: float) -> Score | None:
    """Ten shops of a tenth of the orders each, while they know between 50 and 200 deliveries."""
    low, high = START
    number = np.random.default_rng(0).permutation(len(parcels)) % TENTHS
    trails = [walk(parcels.take(number == one), until) for one in range(TENTHS)]
    parts = [(trail, (trail.sample >= low) & (trail.sample < high)) for trail in trails]
    estimates = [trail.estimates.take(np.flatnonzero(rows)) for trail, rows in parts]
    joined = Estimates(
        *(np.concatenate([getattr(one, name) for one in estimates]) for name in NAMES)
    )
    days = np.concatenate([trail.days[rows] for trail, rows in parts])
    return score(replace(trails[0], days=days, estimates=joined))


NAMES = ("median", "low_80", "high_80", "low", "high", "promise")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is aimed at: ``shown`` says it, ``held`` tells whether a stage's figures reach it.

    ``value`` is the figure beside it, as text; None where the goal is not for this stage.
    """

    title: str
    value: Callable[[Judged], str]
    shown: dict[str, str]
    held: Callable[[Judged, str], bool]


def _at_most(title: str, field: str, order: float, handover: float, digits: int = 2) -> Goal:
    limits = dict(zip(STAGES, (order, handover), strict=True))
    return Goal(
        title,
        lambda one: f"{getattr(one.rows['addon'], field):.{digits}f}",
        {stage: f"≤ {limit:g}" for stage, limit in limits.items()},
        lambda one, stage: getattr(one.rows["addon"], field) <= limits[stage],
    )


def _share(title: str, field: str, order: tuple[float, float], other: tuple[float, float]) -> Goal:
    limits = dict(zip(STAGES, (order, other), strict=True))

    def held(one: Judged, stage: str) -> bool:
        low, high = limits[stage]
        return low <= getattr(one.rows["addon"], field) <= high

    return Goal(
        title,
        lambda one: f"{getattr(one.rows['addon'], field):.1%}",
        {stage: f"{low:.0%} to {high:.0%}" for stage, (low, high) in limits.items()},
        held,
    )


def _late(title: str, field: str, limit: float, above: str) -> Goal:
    return Goal(
        title,
        lambda one: f"{getattr(one.skill, field):.3f}" if one.skill else "–",
        {"handover": f"{above} {limit:g}"},
        lambda one, _stage: bool(one.skill) and getattr(one.skill, field) >= limit,
    )


GOALS = (
    _at_most("Mean absolute error of the median, days", "mae", 5.4, 4.6),
    _at_most("Median absolute error, days", "median_error", 3.6, 2.7, 1),
    _share("90 % range: parcels that it holds", "coverage_90", (0.88, 0.93), (0.88, 0.93)),
    _at_most("90 % range: median width, days", "width_90", 20, 16, 0),
    _share("80 % range: parcels that it holds", "coverage_80", (0.77, 0.84), (0.77, 0.85)),
    _at_most("Interval score of the 90 % range", "interval", 38.5, 34.5, 1),
    _at_most("Promise at .935: pinball loss", "pinball", 1.70, 1.52, 3),
    Goal(
        f"Worst quarter of {QUARTER} orders or more: held by the 90 % range",
        lambda one: f"{min((q.coverage_90 for q in one.seasons.values()), default=np.nan):.1%}",
        dict.fromkeys(STAGES, "≥ 82%"),
        lambda one, _stage: all(q.coverage_90 >= 0.82 for q in one.seasons.values()),
    ),
    Goal(
        "A tenth of the shop, from its 50th to its 200th delivery: held by the 90 % range",
        lambda one: f"{one.start.coverage_90:.1%}" if one.start else "–",
        dict.fromkeys(STAGES, "≥ 85%"),
        lambda one, _stage: one.start is None or one.start.coverage_90 >= 0.85,
    ),
    _late("Late risk: area under the ROC curve", "auc", 0.69, "≥"),
    _late("Late risk: Brier skill", "brier", 0.05, ">"),
)


def judge_all(deliveries: Deliveries) -> dict[str, Judged]:
    """Both stages, those that have enough deliveries."""
    found = {"order": judge(deliveries.order), "handover": judge(deliveries.handover)}
    return {stage: one for stage, one in found.items() if one}
