"""Make ``docs/olist.md`` and its pictures: ways of sourcing Olist's orders, compared.

Needs no database. Reads Olist's files from the folder in ``OMS_OLIST``, else from
``../shared/data/olist``; where there is none, it says so and leaves the page as it is. Seeded:
equal files give an equal page.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from _olist_pictures import draw_all
from olist import freight, network, stocking, study
from olist.reading import Olist
from olist.study import Figures, Outcome, Way

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "olist.md"
PICTURES = ROOT / "docs" / "olist"
LEFT_OUT = ("canceled", "unavailable")
WEEK = timedelta(days=7)
BASE = "one"
"""The way that the others are compared with: what plain Odoo does, one warehouse for an order."""


def main() -> int:
    """Decide every order in every way, and write down what came out. Returns the exit status."""
    folder = Path(os.environ.get("OMS_OLIST", ROOT.parent / "shared" / "data" / "olist"))
    try:
        olist = Olist(folder)
    except FileNotFoundError as problem:
        print(f"{problem}. docs/olist.md is left as it is; name the folder by OMS_OLIST.")
        return 0
    sites = network.place_warehouses(olist)
    bands = freight.learn(olist)
    fine = freight.smooth(bands)
    levels = stocking.stock_levels(olist.orders, sites)
    orders = [one for one in olist.orders if one.lines and one.status not in LEFT_OUT]
    ways = study.ways(study.curve_of(fine))
    results: dict[str, list[Outcome]] = {}
    for way in ways:
        print(f"{way.title}: {len(orders):,} orders", flush=True)
        results[way.key] = study.World(olist, sites, levels, fine, way).run(orders, WEEK)
    tables = dict(study.subsets(results))
    draw_all(PICTURES, olist, sites, ways, tables)
    PAGE.write_text(page(olist, sites, bands, levels, ways, tables), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} and its pictures are written.")
    return 0


def page(
    olist: Olist,
    sites: list[network.Site],
    bands: list[freight.Band],
    levels: stocking.Levels,
    ways: list[Way],
    tables: Mapping[str, Mapping[str, Figures]],
) -> str:
    """The page, with every number from the figures."""
    everything, pieces, products = tables["all"], tables["pieces"], tables["products"]
    facts = {
        "orders": f"{everything[BASE].orders:,}",
        "from": f"{olist.orders[0].purchased:%B %Y}",
        "to": f"{olist.orders[-1].purchased:%B %Y}",
        "all": table(ways, everything),
        "several": table(ways, products),
        "single": f"{single_product_share(olist):.0%}",
        "priority_cost": more(everything["priority"].cost, everything["cost"].cost),
        "priority_km": more(everything["priority"].km, everything["cost"].km),
        "several_count": products[BASE].orders,
        "several_nearest": more(products["nearest"].cost, products["cost"].cost),
        "several_priority": more(products["priority"].cost, products["cost"].cost),
        "several_one": more(products["one"].cost, products["cost"].cost),
        "several_one_waits": f"{products['one'].waited:.0%}",
        "several_cost_waits": f"{products['cost'].waited:.0%}",
        "one_saves": more(everything["cost"].cost, everything["one"].cost),
        "pieces_count": pieces[BASE].orders,
        "pieces_cost_parcels": f"{pieces['cost'].parcels:.2f}",
        "pieces_cost_days": f"{pieces['cost'].days:.1f}",
        "pieces_one_waits": f"{pieces['one'].waited:.0%}",
        "pieces_one_days": f"{pieces['one'].days:.1f}",
        "promise": promised_days(olist),
        "undivided": f"{study.UNDIVIDED:.0f}",
        "undivided_cost": f"{everything['undivided'].cost:.2f}",
        "candidates": network.CANDIDATES,
        "sites": site_table(sites),
        "cover": stocking.COVER_DAYS,
        "positions": f"{sum(map(len, levels.values())):,}",
        "articles": f"{len(levels):,}",
        "bands": band_table(bands),
        "handling_parcel": f"{study.HANDLING_PARCEL:.0f}",
        "handling_line": f"{study.HANDLING_LINE:.0f}",
        "goodwill": f"{study.EXTRA_PARCEL:.0f}",
        "without_lines": sum(not order.lines for order in olist.orders),
        "source_orders": f"{len(olist.orders):,}",
    }
    return TEXT.format_map(facts)


TEXT = """<!-- Written by docs/tools/olist_study.py: run ./oms docs olist, do not edit. -->
# Real orders: Olist

What does it matter how orders are sourced? {orders} real orders of a Brazilian marketplace
("Brazilian E-Commerce Public Dataset by Olist", CC BY-NC-SA 4.0; {from} to {to}) are decided by
the addon's engine in the order in which they were placed, once for each way of sourcing, from the
same ten warehouses with the same stock.

`./oms demo --olist FOLDER` loads the same files into Odoo and allocates the open orders there;
`./oms docs olist` writes this page again.

![Map of the orders and of the ten warehouses](olist/network.svg)

## What came out

{all}

Cost is freight and handling in BRL per order, all its parcels together; distance is that of a
parcel, as the crow flies; days run from the purchase to the door, with the last parcel; *late* are
orders that arrive after the date that Olist had told the customer; of an order that *waits*, a part
had to wait for a delivery to the warehouse.

![Cost per order by way of sourcing](olist/cost.svg)

**Most orders leave nothing to decide.** {single} of all orders are for one product, and most of
these for one piece: whoever finds the nearest warehouse that has it has found the cheapest. So
least cost and "fewest parcels, then nearest" are as good as equal here. A fixed priority list
costs {priority_cost} more than least cost, because its parcels travel {priority_km} further.

**Where there is something to decide**, among the {several_count} orders of several products:

{several}

Here "nearest first" costs {several_nearest} more than least cost, the priority list
{several_priority}, and one warehouse per order {several_one}, with {several_one_waits} of the
orders waiting instead of {several_cost_waits}.

**Waiting is cheap for the shop, not for the customer.** Over all orders, one warehouse per order is
the cheapest of all: least cost is {one_saves} dearer. The difference comes from the {pieces_count}
orders of several pieces, often of a slow mover of which each warehouse has one. Least cost sends
what exists at once, in {pieces_cost_parcels} parcels on average; one warehouse sends what it has
and lets {pieces_one_waits} of these orders wait for the rest: {pieces_one_days} days until all is
there instead of {pieces_cost_days}. Olist's promises are so generous (the median order is promised
for {promise} days after its purchase) that this seldom makes an order late. Who wants that saving
sets it in the policy: with lines below R$ {undivided} undivided, least cost comes down to
{undivided_cost}.

![Cost against waiting](olist/waiting.svg)

## How it was done

- **Network.** Demand is counted by the first three digits of the postcode, at the median of Olist's
  points. Of the {candidates} busiest areas, ten are chosen so that the mean distance of an order to
  its nearest warehouse is as small as an exchange heuristic makes it (`tools/olist/network.py`).

{sites}

- **Stock.** A product of which 16 or more pieces were sold lies everywhere, from 6 in five places,
  from 3 in three, and a slow mover in one to three, drawn with a seed. Each place is filled up to
  {cover} days of mean demand, at least one piece: {positions} stock positions of {articles}
  products (`tools/olist/stocking.py`). Every Monday a warehouse gets what it ordered the Monday
  before.
- **Prices and times** are learned from what Olist's customers paid and waited, by distance from
  seller to customer (`tools/olist/freight.py`); prices run straight between the middles of the
  bands.

{bands}

- **Handling** is assumed: R$ {handling_parcel} a parcel and R$ {handling_line} a line, the same
  everywhere. Least cost also counts R$ {goodwill} for each parcel after the first, in goodwill; the
  tables leave it out.
- **Left out**: cancelled and unavailable orders, and those for which the source has no lines
  ({without_lines} of {source_orders}).
- **One warehouse per order**: the nearest that has everything, else the one that has most; what is
  missing is awaited there, and what it does not keep comes from the nearest that does, at the price
  of a parcel. In all other ways the missing waits where it is kept nearest to the customer, and is
  decided again every Monday (`tools/olist/study.py`).

## What it does not show

A sample of two years, with a rule for stock in place of real stock; no capacities; hardly any
baskets, which is where sourcing is decided. On the orders of several products alone the exact way
is far ahead of nearest first, but on Olist's it is not ahead of "fewest parcels, then nearest":
with equal handling everywhere, the fewest parcels nearly always are the cheapest.
"""


def table(ways: list[Way], figures: Mapping[str, Figures]) -> str:
    """One row for each way of sourcing."""
    base = figures[BASE].cost
    columns = ("BRL per order", "against one warehouse", "parcels", "km", "days", "late", "waits")
    rows = [f"| way of sourcing | {' | '.join(columns)} |", "|---" + "|---:" * len(columns) + "|"]
    for way in ways:
        one = figures[way.key]
        against = "–" if way.key == BASE else f"{100 * (one.cost / base - 1):+.1f} %"
        rows.append(
            f"| {way.title} | {one.cost:.2f} | {against} | {one.parcels:.2f} | {one.km:.0f} "
            f"| {one.days:.1f} | {100 * one.late:.1f} % | {100 * one.waited:.1f} % |"
        )
    return "\n".join(rows)


def site_table(sites: list[network.Site]) -> str:
    """Where the warehouses are."""
    rows = ["  | warehouse | share of the orders to which it is the nearest |", "  |---|---:|"]
    rows += [f"  | {site.name} | {100 * site.share:.1f} % |" for site in sites]
    return "\n".join(rows)


def band_table(bands: list[freight.Band]) -> str:
    """Prices and times by distance."""
    rows = [
        "  | up to km | base, BRL | per kg, BRL | working days | learned from, pieces |",
        "  |---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"  | {one.up_to_km:.0f} | {one.base:.2f} | {one.per_kg:.2f} | {one.days} "
        f"| {one.pieces:,} |"
        for one in bands
    ]
    return "\n".join(rows)


def single_product_share(olist: Olist) -> float:
    """Share of the orders with lines that are for one product only."""
    counts = [len({line.product for line in order.lines}) for order in olist.orders if order.lines]
    return counts.count(1) / len(counts)


def promised_days(olist: Olist) -> int:
    """Median of the days from the purchase to the date that the customer was told."""
    days = sorted(
        (order.estimated - order.purchased).days for order in olist.orders if order.estimated
    )
    return days[len(days) // 2]


def more(one: float, other: float) -> str:
    """How much ``one`` is above ``other``."""
    return f"{100 * (one / other - 1):.1f} %"


if __name__ == "__main__":
    sys.exit(main())
