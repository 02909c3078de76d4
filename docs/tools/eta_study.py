"""Make ``docs/eta.md`` and its pictures: arrival times judged week by week on Olist's orders.

Needs no database. Reads Olist's files from the folder in ``OMS_OLIST`` (``./oms docs eta --olist
FOLDER`` sets it), else from ``../shared/data/olist``; where there is none, it says so and leaves
the page as it is. Equal files give an equal page. The engine is the addon's own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from _eta_pictures import TITLES, draw_all
from olist.arrival import GOALS, START, Judged, judge_all
from olist.deliveries import NATURAL, Deliveries, read

from engine.tracking.eta.score import Score  # isort: skip

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "eta.md"
PICTURES = ROOT / "docs" / "eta"
METHODS = {
    "shop": "The shop's own date",
    "one": "One median for all",
    "state": "Quantiles per destination state",
    "addon": "**The addon**",
}
EVERYTHING = 99.0


def main() -> int:
    """Judge both stages, and write down what came out. Returns the exit status."""
    folder = Path(os.environ.get("OMS_OLIST", ROOT.parent / "shared" / "data" / "olist"))
    try:
        begun = perf_counter()
        deliveries = read(folder)
    except FileNotFoundError as problem:
        print(f"{problem}. docs/eta.md is left as it is; name the folder by OMS_OLIST.")
        return 0
    print(f"{deliveries.orders:,} orders read in {perf_counter() - begun:.1f} s", flush=True)
    begun = perf_counter()
    judged = judge_all(deliveries)
    if len(judged) < 2:
        print("Too few deliveries to judge anything: docs/eta.md is left as it is.")
        return 1
    print(f"judged week by week in {perf_counter() - begun:.1f} s", flush=True)
    hard = judge_all(read(folder, EVERYTHING))
    draw_all(PICTURES, judged)
    PAGE.write_text(page(deliveries, judged, hard), encoding="utf-8")
    missed = [
        f"{goal.title} ({TITLES[stage].lower()})"
        for goal in GOALS
        for stage, one in judged.items()
        if stage in goal.shown and not goal.held(one, stage)
    ]
    print(f"{PAGE.relative_to(ROOT)} and its pictures are written.")
    print(f"Goals missed: {'; '.join(missed) or 'none'}.")
    return 0


def page(deliveries: Deliveries, judged: Mapping[str, Judged], hard: Mapping[str, Judged]) -> str:
    """The page, with every number from the figures."""
    order, handover = judged["order"], judged["handover"]
    risk, early = handover.skill, order.skill
    facts = {
        "orders": f"{deliveries.orders:,}",
        "judged": f"{order.rows['addon'].parcels:,}",
        "goals": goal_table(judged),
        "methods": "\n\n".join(method_table(stage, one) for stage, one in judged.items()),
        "seasons": group_table("quarter", {s: one.seasons for s, one in judged.items()}),
        "distances": group_table("distance", {s: one.distances for s, one in judged.items()}),
        "seasons_missed": missed_seasons(judged),
        "auc": f"{risk.auc:.2f}" if risk else "–",
        "skill": f"{risk.brier:+.3f}" if risk else "–",
        "early_auc": f"{early.auc:.2f}" if early else "–",
        "early_skill": f"{early.brier:+.3f}" if early else "–",
        "late": f"{risk.late / risk.parcels:.1%}" if risk else "–",
        "few": START[0],
        "more": START[1],
        "left_out": left_out(deliveries),
        "open": f"{deliveries.open['order']:,}",
        "natural": f"{NATURAL:.0%}",
        "hard": hard_table(judged, hard),
    }
    return TEXT.format_map(facts)


TEXT = """<!-- Written by docs/tools/eta_study.py: run ./oms docs eta, do not edit. -->
# When a parcel arrives

Every estimate is a median with a 90 % range, learned from the shop's own deliveries, from the
moment of the order. This page judges it on {orders} real orders of a Brazilian marketplace
("Brazilian E-Commerce Public Dataset by Olist", CC BY-NC-SA 4.0), in the way that a shop would have
lived through it: each Monday a model is learned from what was delivered by then, and says when the
orders of that week will arrive. {judged} orders are judged. `./oms docs eta --olist FOLDER` writes
this page again from other files of the same form; the engine is the one that runs in Odoo
(`addons/oms_extension/engine/tracking/eta`).

## Goals

{goals}

The method's settings were chosen on the sample that the repository was made with: files that it has
not seen judge it best.

![What was said against what came](eta/reliability.svg)

## Compared with what shops use

{methods}

Days are whole calendar days, as shown. *held*: parcels within the range; *width*: its median, in
days. The interval score is the width and 20 times the distance of a miss; the pinball loss is that
of the promise which 93.5 % should keep. For both, lower is better, and neither can be had by a wide
range. The shop's own date is a promise, no estimate: hence its error.

## When and where the range misses

{seasons}

![Coverage by quarter](eta/seasons.svg)

{seasons_missed}
In Odoo, *Cockpit → Arrival Times* shows the same by carrier and month, and says so on the screen
when the range of a recent month held too few.

{distances}

## Late, or not

{late} of the parcels miss the shop's own date. At hand-over the distribution tells which: area
under the ROC curve {auc}, Brier skill {skill}. At order time it is {early_auc} and {early_skill}.
The addon shows a probability of being late only from hand-over on, and only where its own back-test
of this shop has skill; there is no separate classifier.

## How it is done

1. **Days of delivery.** Weekdays on which nothing is delivered are learned and not counted: a
   parcel handed over on Friday with one day of travel arrives on Monday.
2. **Location.** log(days + 1) = a + b · log(1 + km) + effects of destination country and state,
   lane, carrier, service, two and three digits of the postcode, weekday, and origin. Each effect is
   shrunk as if 30 average parcels more belonged to it; an unknown one counts zero.
3. **Memory.** A delivery counts half after 90 days, by the day of its delivery: the orders of last
   week that have arrived already are the fast ones.
4. **Range.** Quantiles of residuals out of fold, per band of distance, shrunk to those of all.
5. **Pace.** How many deliveries should there have been in the last two weeks, of all parcels under
   way, and how many were there? The shift at which both agree is added, for all parcels and then by
   carrier, service and state, shrunk as well. It shows a slow season before its parcels arrive.
   Parcels that are never reported as delivered are a share of their own in it.
6. **Adaptation.** The level of the ranges moves by a quarter of the gap between the coverage of the
   predictions finished lately and the one aimed at; a gap that stays widens them week by week.
7. **Age.** Later on, the distribution is cut at the parcel's age: what has not arrived arrives from
   today on. *Out for delivery*, *ready for pick-up* and troubles are learned as stages of their own
   where at least 50 parcels passed through them.

Below 50 deliveries there is no model: the lane's transit days are shown, and said to be so. The
tenth of a shop in the first table is judged between its {few}th and {more}th delivery.

## What was left out

{left_out}

Of the orders without a delivery, {open} are kept, {natural} of those with one: that is about the
share in the full set, of which this kind of sample keeps far more. They serve the pace alone. With
all of them the figures are:

{hard}
"""


def goal_table(judged: Mapping[str, Judged]) -> str:
    """Each goal beside what came out."""
    rows = [
        "| goal | at order time | | at hand-over | |",
        "|---|---|---|---|---|",
    ]
    for goal in GOALS:
        cells = [goal.title]
        for stage in ("order", "handover"):
            if stage in goal.shown:
                mark = "✓" if goal.held(judged[stage], stage) else "✗ missed"
                cells += [goal.shown[stage], f"{goal.value(judged[stage])} {mark}"]
            else:
                cells += ["–", goal.value(judged[stage])]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def method_table(stage: str, one: Judged) -> str:
    """The methods beside each other, at one stage."""
    rows = [
        f"**{TITLES[stage]}** ({one.rows['addon'].parcels:,} orders)\n",
        "| method | mean error | median error | 80 %: held | width | 90 %: held | width "
        "| interval score | pinball |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for key, title in METHODS.items():
        if figures := one.rows.get(key):
            rows.append(f"| {title} | {method_row(figures, key != 'shop')} |")
    return "\n".join(rows)


def method_row(one: Score, ranges: bool = True) -> str:
    """The figures of one method; a promise has no ranges."""
    cells = [f"{one.mae:.2f}", f"{one.median_error:.1f}"]
    if ranges:
        cells += [f"{one.coverage_80:.1%}", f"{one.width_80:.0f}"]
        cells += [f"{one.coverage_90:.1%}", f"{one.width_90:.0f}", f"{one.interval:.1f}"]
    else:
        cells += ["–"] * 5
    return " | ".join([*cells, f"{one.pinball:.3f}"])


def group_table(name: str, stages: Mapping[str, Mapping[str, Score]]) -> str:
    """Coverage and error of groups, both stages beside each other."""
    rows = [
        f"| {name} | order time: orders | mean error | 90 %: held | width "
        "| hand-over: orders | mean error | 90 %: held | width |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    groups = list(dict.fromkeys(group for one in stages.values() for group in one))
    for group in groups:
        cells = [group]
        for one in stages.values():
            figures = one.get(group)
            cells += (
                [
                    f"{figures.parcels:,}",
                    f"{figures.mae:.2f}",
                    f"{figures.coverage_90:.1%}",
                    f"{figures.width_90:.0f}",
                ]
                if figures
                else ["–"] * 4
            )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def missed_seasons(judged: Mapping[str, Judged]) -> str:
    """A sentence on the quarters whose coverage chance does not explain."""
    found = [
        f"{quarter} ({TITLES[stage].lower()}: {figures.coverage_90:.1%})"
        for stage, one in judged.items()
        for quarter, figures in one.seasons.items()
        if figures.missed
    ]
    if not found:
        return "No quarter held so few that chance would not explain it."
    return f"The range held too few in {', '.join(found)}."


def left_out(deliveries: Deliveries) -> str:
    """Rows that were not used, and why."""
    rows = [
        f"- {count:,}: {reason}"
        for reason, count in sorted(deliveries.left_out.items())
        if reason != "rows"
    ]
    return "\n".join(rows) or "- nothing"


def hard_table(judged: Mapping[str, Judged], hard: Mapping[str, Judged]) -> str:
    """The figures with all undelivered orders kept."""
    rows = [
        "| stage | orders under way kept | mean error | 90 %: held | width | interval score |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for title, found in (("as above", judged), ("all of them", hard)):
        for stage, one in found.items():
            addon = one.rows["addon"]
            rows.append(
                f"| {TITLES[stage].lower()} | {title} | {addon.mae:.2f} "
                f"| {addon.coverage_90:.1%} | {addon.width_90:.0f} | {addon.interval:.1f} |"
            )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
