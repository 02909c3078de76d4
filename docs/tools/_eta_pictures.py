"""The pictures of ``docs/eta.md``. Equal figures give equal files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from olist.arrival import LEVELS, Judged

TITLES = {"order": "At order time", "handover": "At hand-over"}
COLOURS = {"order": "#2f6f9f", "handover": "#d9843b"}
LINE = "#9aa1a9"
STYLE = {
    "svg.hashsalt": "eta",
    "svg.fonttype": "path",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#b9bec5",
    "axes.labelcolor": "#3c4148",
    "xtick.color": "#3c4148",
    "ytick.color": "#3c4148",
}


def draw_all(folder: Path, judged: Mapping[str, Judged]) -> None:
    """Write the pictures into ``folder``."""
    folder.mkdir(exist_ok=True)
    with rc_context(STYLE):
        for name, figure in (("reliability", reliability(judged)), ("seasons", seasons(judged))):
            figure.savefig(
                folder / f"{name}.svg",
                metadata={"Date": None, "Creator": None},
                bbox_inches="tight",
            )


def reliability(judged: Mapping[str, Judged]) -> Figure:
    """What was said against what came: the quantiles of both stages, and the risk at hand-over."""
    figure = Figure(figsize=(9.6, 4.4))
    left, right = figure.subplots(1, 2)
    for stage, one in judged.items():
        days = one.trail.days[:, None]
        came = ((days < one.trail.quantiles) + 0.5 * (days == one.trail.quantiles)).mean(axis=0)
        left.plot(LEVELS, came, "o-", ms=4, lw=1.2, color=COLOURS[stage], label=TITLES[stage])
    diagonal(left)
    left.set_xlabel("said: arrives by then with this probability")
    left.set_ylabel("came: share that had arrived")
    left.set_title("Quantiles", loc="left", fontsize=11)
    left.legend(frameon=False, loc="upper left")
    for stage in ("handover",):
        if stage in judged:
            risk(right, judged[stage], COLOURS[stage])
    right.set_xlabel("said: probability that the shop's promise is missed")
    right.set_ylabel("came: share that missed it")
    right.set_title("Late risk at hand-over, in tenths of the parcels", loc="left", fontsize=11)
    figure.subplots_adjust(wspace=0.25)
    return figure


def risk(axes: Axes, one: Judged, colour: str) -> None:
    """Tenths of the parcels by what was said, with two standard errors of what came."""
    said = one.trail.late
    known = np.flatnonzero(~np.isnan(said))
    start, due = one.trail.parcels.start[known], one.trail.parcels.due[known]
    late = one.trail.days[known] > np.floor(due) - np.floor(start)
    order = np.argsort(said[known], kind="stable")
    parts = [part for part in np.array_split(order, 10) if part.size]
    x = [float(said[known][part].mean()) for part in parts]
    y = [float(late[part].mean()) for part in parts]
    error = [2 * float(np.sqrt(late[part].mean() * (1 - late[part].mean()) / part.size))
             for part in parts]  # fmt: skip
    axes.errorbar(x, y, error, fmt="o", ms=5, lw=1, color=colour, capsize=2)
    diagonal(axes, max([0.1, *x, *y]) * 1.15)


def diagonal(axes: Axes, end: float = 1.0) -> None:
    axes.plot([0, end], [0, end], color=LINE, lw=0.8, ls="--", zorder=0)
    axes.set_xlim(0, end)
    axes.set_ylim(0, end)


def seasons(judged: Mapping[str, Judged]) -> Figure:
    """Coverage of the 90 % range by quarter."""
    figure = Figure(figsize=(9.6, 3.2))
    axes = figure.subplots()
    names = sorted({name for one in judged.values() for name in one.seasons})
    for number, (stage, one) in enumerate(judged.items()):
        x = [names.index(name) + 0.36 * number - 0.18 for name in one.seasons]
        y = [100 * season.coverage_90 for season in one.seasons.values()]
        axes.bar(x, y, width=0.34, color=COLOURS[stage], label=TITLES[stage])
    axes.axhline(90, color=LINE, lw=0.8, ls="--")
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(70, 100)
    axes.set_ylabel("% of the parcels")
    axes.set_title("Held by the 90 % range, by quarter of the start", loc="left", fontsize=11)
    axes.legend(frameon=False, ncols=2, loc="upper right", bbox_to_anchor=(1, 1.16))
    return figure
