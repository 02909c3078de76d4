"""The engine alone: how long one order takes, and how far its plan is proven.

    python benchmarks/bench_engine.py [--count 20] [--seed 1] [--no-solver] [--quick] [--save]

It needs no Odoo. For each kind of network and size, the milliseconds of processor time (so that
other programs on the machine do not count; median / worst) of ``decide(explain=False)``, of its
search alone, and of ``decide`` with cards and alternatives; how many plans are not proven to be the
cheapest, and the largest gap of theirs; and, on the same orders in the same run, the HiGHS solver
on the mixed-integer program of the search, as a ratio of medians and with the largest difference
in money.

Kinds. *typical*: half of the lines in 70 % of the warehouses, half in 25 %. *scattered*: each line
in three places with few units. *symmetric*: three places each and the same costs everywhere.
*steps*: typical, with tariffs by weight step. *boxes*: typical, parcels of at most 10 kg.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "addons" / "oms_extension"))

from engine.allocation import (
    Destination,
    Lane,
    Line,
    Policy,
    Snapshot,
    Warehouse,
    decide,
)
from engine.allocation.choose import Limits, exact, milp
from engine.allocation.choose.instance import build
from engine.allocation.decide import TIME_LIMIT, take_stock
from engine.allocation.price import price

from benchmarks.harness.document import Table, add_arguments

KINDS = ("typical", "scattered", "symmetric", "steps", "boxes")
SIZES = ((1, 20), (3, 20), (10, 5), (10, 20), (10, 30), (50, 20), (50, 30))
GOALS = {(10, 20): (2.0, 30.0)}
"""Size → milliseconds that the median and the worst decision may take."""
PROVEN = 1e-6
SOLVER_LIMIT = 2.0
"""Seconds for HiGHS; an order on which it needs longer counts in its times alone."""
NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
STEPS = ((1.0, 0.0), (2.0, 0.6), (5.0, 1.8), (10.0, 3.9), (20.0, 7.5), (31.5, 12.0))


def network(kind: str, lines: int, warehouses: int, rng: random.Random) -> Snapshot:
    """A random order over a random network of Europe's size."""
    symmetric = kind == "symmetric"
    order = [
        Line(
            id=number,
            product=number,
            quantity=rng.choice((1, 1, 1, 2, 2, 3)),
            unit_weight=1.0 if symmetric else round(rng.uniform(0.1, 3.0), 3),
        )
        for number in range(1, lines + 1)
    ]
    stock: list[dict[int | str, int]] = [{} for _ in range(warehouses)]
    for number, line in enumerate(order):
        if kind in ("scattered", "symmetric"):
            chosen = rng.sample(range(warehouses), min(3, warehouses))
            for place in chosen:
                few = rng.randint(1, max(1, line.quantity - 1))
                stock[place][line.product] = few if kind == "scattered" else line.quantity
        else:
            share = 0.7 if number % 2 == 0 else 0.25
            for place in range(warehouses):
                if rng.random() < share:
                    stock[place][line.product] = rng.randint(1, 6)
    places = [
        Warehouse(
            id=number,
            latitude=50.0 if symmetric else rng.uniform(37.0, 58.0),
            longitude=10.0 if symmetric else rng.uniform(-8.0, 24.0),
            handling_per_parcel=1.0 if symmetric else round(rng.uniform(0.5, 2.0), 2),
            stock=one,
        )
        for number, one in enumerate(stock, 1)
    ]
    lanes = [
        Lane(
            warehouse=place.id,
            service="parcel",
            base_cost=5.0 if symmetric else round(rng.uniform(4.0, 12.0), 2),
            cost_per_kg=0.4 if symmetric or kind == "steps" else round(rng.uniform(0.2, 1.2), 2),
            steps=STEPS if kind == "steps" else (),
            max_parcel_weight=10.0 if kind == "boxes" else None,
            transit_days=rng.randint(1, 4),
        )
        for place in places
    ]
    return Snapshot(
        now=NOW,
        order=1,
        lines=tuple(order),
        warehouses=tuple(places),
        lanes=tuple(lanes),
        destination=Destination("DE", latitude=50.1, longitude=8.7),
        policy=Policy(extra_parcel_penalty=1.0),
    )


@dataclass
class Times:
    """Milliseconds of several runs."""

    values: list[float]

    def __str__(self) -> str:
        return f"{statistics.median(self.values):.2f} / {max(self.values):.1f}"

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)


def timed(call: Callable[[], object]) -> tuple[float, object]:
    """Milliseconds of a call, and what it returned."""
    start = process_time()
    result = call()
    return (process_time() - start) * 1000, result


def measure(
    kind: str, lines: int, warehouses: int, count: int, seed: int, solver: bool
) -> list[str]:
    """One row of the table."""
    rng = random.Random(f"{seed} {kind} {lines} {warehouses}")
    plain, search, full, other = Times([]), Times([]), Times([]), Times([])
    gaps: list[float] = []
    difference = 0.0
    for _ in range(count):
        one = network(kind, lines, warehouses, rng)
        decide(replace(one, order=0), explain=False)  # warms the calendar's cache, as in a server
        milliseconds, decision = timed(lambda one=one: decide(one, explain=False))
        plain.values.append(milliseconds)
        gaps.append(decision.plan.proven_gap)
        problem = price(one)
        claims = take_stock(problem)
        limits = Limits(time_limit=TIME_LIMIT)
        milliseconds, chosen = timed(lambda p=problem, c=claims, w=limits: exact.choose(p, c, w))
        search.values.append(milliseconds)
        full.values.append(timed(lambda one=one: decide(one))[0])
        if solver:
            instance = build(problem, claims, limits)
            start = perf_counter()
            milliseconds, answer = timed(lambda i=instance: milp.solve(i, SOLVER_LIMIT))
            other.values.append(milliseconds)
            ended = perf_counter() - start < SOLVER_LIMIT
            if kind not in ("steps", "boxes") and answer is not None and ended:
                money = answer.lower - problem.credit
                difference = max(difference, chosen.value - money)
    median, worst = GOALS.get((lines, warehouses), (math.inf, math.inf))
    missed = plain.median > median or max(plain.values) > worst
    unproven = [gap for gap in gaps if gap > PROVEN]
    row = [
        kind,
        f"{lines} × {warehouses}",
        f"{plain}{' ✗' if missed else ''}",
        str(search),
        str(full),
        f"{len(unproven)} of {count}, {max(unproven):.1%}" if unproven else "–",
    ]
    if solver:
        proven = "bound only" if kind in ("steps", "boxes") else f"{difference:.4f}"
        row += [str(other), f"{other.median / search.median:.0f} ×", proven]
    return row


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=20, help="orders for each row")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-solver", action="store_true", help="without HiGHS beside it")
    parser.add_argument("--quick", action="store_true", help="one size only, few orders")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    count = 5 if options.quick else options.count
    solver = milp.is_available() and not options.no_solver
    head = ["kind", "lines × warehouses", "decide, ms", "search, ms", "with cards, ms", "unproven"]
    if solver:
        milp.solve(_warm_up(), 1.0)
        head += ["HiGHS, ms", "HiGHS ÷ search", "plan − HiGHS"]
    table = Table("engine", head)
    for kind in options.kinds:
        for lines, warehouses in SIZES if not options.quick else GOALS:
            table.add(measure(kind, lines, warehouses, count, options.seed, solver))
    table.note(
        f"Each row: {count} random orders, processor time, median / worst. *Unproven*: orders "
        f"whose search ended at {TIME_LIMIT} s (or at its number of steps) with a gap, and the "
        "largest one."
    )
    table.finish(options.save)


def _warm_up():  # type: ignore[no-untyped-def]
    problem = price(network("typical", 2, 2, random.Random(0)))
    return build(problem, take_stock(problem), Limits())


if __name__ == "__main__":
    main()
