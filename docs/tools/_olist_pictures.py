"""The pictures of ``docs/olist.md``. Equal figures give equal files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure
from olist.network import Site, great_circle_km
from olist.reading import Olist, Point
from olist.study import Figures, Way

COLOURS = (
    "#2f6f9f", "#d9843b", "#3d8f6f", "#b8443a", "#7d6aa8",
    "#8a6d3b", "#4f9fb5", "#c77aa0", "#7f8c3b", "#6b7078",
)  # fmt: skip
BEST, OTHER, WAITING = "#2f6f9f", "#9fc3dd", "#d9843b"
STYLE = {
    "svg.hashsalt": "olist",
    "svg.fonttype": "path",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#b9bec5",
    "axes.labelcolor": "#3c4148",
    "xtick.color": "#3c4148",
    "ytick.color": "#3c4148",
}
Tables = Mapping[str, Mapping[str, Figures]]


def draw_all(folder: Path, olist: Olist, sites: list[Site], ways: list[Way], tables: Tables):
    """Write the three pictures into ``folder``."""
    folder.mkdir(exist_ok=True)
    with rc_context(STYLE):
        for name, figure in (
            ("network", network(olist, sites)),
            ("cost", costs(ways, tables)),
            ("waiting", waiting(ways, tables["all"])),
        ):
            figure.savefig(
                folder / f"{name}.svg",
                dpi=180,
                metadata={"Date": None, "Creator": None},
                bbox_inches="tight",
            )


def network(olist: Olist, sites: list[Site]) -> Figure:
    """Every order as a dot in the colour of the warehouse nearest to it."""
    figure = Figure(figsize=(7.2, 7.2))
    axes = figure.subplots()
    near: dict[int, list[Point]] = {}
    for order in olist.orders:
        point = olist.locate(order.customer.prefix)
        if point:
            gaps = [(great_circle_km(*site.point, *point), n) for n, site in enumerate(sites)]
            near.setdefault(min(gaps)[1], []).append(point)
    for number, points in sorted(near.items()):
        axes.scatter(
            [longitude for _latitude, longitude in points],
            [latitude for latitude, _longitude in points],
            s=7,
            alpha=0.45,
            linewidths=0,
            color=COLOURS[number % len(COLOURS)],
            rasterized=True,
        )
    for number, site in enumerate(sites):
        latitude, longitude = site.point
        colour = COLOURS[number % len(COLOURS)]
        axes.scatter(
            [longitude],
            [latitude],
            s=95,
            marker="s",
            color=colour,
            edgecolors="white",
            zorder=3,
            label=f"{site.name}, {site.share:.0%}",
        )
    axes.legend(loc="lower left", frameon=False, fontsize=9, title="Share of the orders nearest")
    axes.set_aspect(1 / 0.966)  # a degree of longitude is shorter, 15 degrees from the equator
    axes.set_xlabel("longitude")
    axes.set_ylabel("latitude")
    axes.set_title("Ten warehouses, and the orders nearest to each", loc="left", fontsize=11)
    return figure


def costs(ways: list[Way], tables: Tables) -> Figure:
    """Cost per order, for all orders and for those of several products."""
    figure = Figure(figsize=(9.6, 3.4))
    panels = figure.subplots(1, 2, sharey=True)
    titles = {"all": "All orders", "products": "Orders of several products"}
    names = [way.title for way in reversed(ways)]
    for axes, (key, title) in zip(panels, titles.items(), strict=True):
        table = tables[key]
        money = [table[way.key].cost for way in reversed(ways)]
        bars = axes.barh(names, money, color=[BEST if "cost" in one else OTHER for one in names])
        axes.bar_label(bars, [f"{one:.2f}" for one in money], padding=3, fontsize=9)
        axes.set_xlim(0, max(money) * 1.15)
        axes.set_xlabel("BRL per order: freight and handling")
        axes.set_title(f"{title} ({table[ways[0].key].orders:,})", loc="left", fontsize=11)
        axes.tick_params(axis="y", length=0)
    figure.subplots_adjust(wspace=0.06)
    return figure


def waiting(ways: list[Way], table: Mapping[str, Figures]) -> Figure:
    """What cheapness costs the customer: cost against the share of orders that wait."""
    figure = Figure(figsize=(6.8, 3.9))
    axes = figure.subplots()
    right = max(table[way.key].waited for way in ways)
    below = {"cost", "undivided"}
    for way in ways:
        one = table[way.key]
        place = (100 * one.waited, one.cost)
        axes.scatter(*place, s=60, color=WAITING, zorder=3)
        leftward = one.waited > 0.6 * right
        axes.annotate(
            way.title,
            place,
            xytext=(-8 if leftward else 8, -13 if way.key in below else 3),
            textcoords="offset points",
            ha="right" if leftward else "left",
            fontsize=9,
        )
    axes.set_xlim(0, 112 * right)
    axes.margins(y=0.15)
    axes.grid(color="#e6e8eb", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel("% of orders of which a part waits for a delivery")
    axes.set_ylabel("BRL per order")
    axes.set_title("Cheaper by letting customers wait", loc="left", fontsize=11)
    return figure
