"""How many units are promised to two customers, by plain Odoo and with the addon.

    ./oms bench concurrency [--processes 2 4 8] [--rounds 8] [--orders 80] [--quick] [--save]

The same orders are confirmed by real processes on a database without and on one with the addon:
those of the concurrency tests.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from .harness import document, platform

# The processes and what they do are those of the tests.
sys.path.insert(0, str(document.REPOSITORY / "tests" / "concurrency"))

from race import arena, programs

DOCUMENT = document.REPOSITORY / "docs" / "concurrency.md"
HEAD = ("situation", "processes", "units that exist",
        "reserved, plain", "oversold, plain", "reserved, addon", "oversold, addon",
        "errors, plain · addon", "Odoo's retries, plain · addon",
        "median s, plain · addon", "worst s, plain · addon")  # fmt: skip


@dataclass
class Count:
    """What came of a situation on one side."""

    exists: int
    reserved: int
    oversold: int
    errors: int
    retries: int
    seconds: list[float]


def play(house: arena.Arena, situation: programs.Situation, *, audited: bool) -> Count:
    """Let the processes loose; with the addon everything has to be right afterwards."""
    outcomes = house.play(situation)
    if audited:
        house.check(situation, outcomes)
    stock = house.stock()
    return Count(
        exists=round(stock.exists),
        reserved=round(stock.reserved),
        oversold=round(stock.beyond),
        errors=sum(outcome["result"] != "done" for outcome in outcomes),
        retries=sum(outcome["retries"] for outcome in outcomes),
        seconds=[outcome["seconds"] for outcome in outcomes],
    )


def row(name: str, processes: int, plain: Count, addon: Count) -> list[str]:
    """One line of the table."""
    return [
        name,
        str(processes),
        str(plain.exists),
        *(str(plain.reserved), f"**{plain.oversold}**"),
        *(str(addon.reserved), f"**{addon.oversold}**"),
        f"{plain.errors} · {addon.errors}",
        f"{plain.retries} · {addon.retries}",
        f"{median(plain.seconds):.2f} · {median(addon.seconds):.2f}",
        f"{max(plain.seconds):.1f} · {max(addon.seconds):.1f}",
    ]


def main() -> None:
    """Play, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--processes", type=int, nargs="+", default=[2, 4, 8])
    parser.add_argument("--rounds", type=int, default=8, help="of the last unit")
    parser.add_argument("--orders", type=int, default=80, help="for 20 units")
    parser.add_argument("--quick", action="store_true", help="few rounds and orders")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    rounds, orders = (2, 30) if options.quick else (options.rounds, options.orders)
    config = os.environ["OMS_ODOO_CONFIG"]
    table = document.Table("concurrency", HEAD)
    situations: dict[str, Callable[[int], programs.Situation]] = {
        "the last unit": lambda number: programs.last_unit(number, number, rounds),
        "20 units of 20 products": lambda number: programs.few_units(number, number, 20, orders),
    }
    with tempfile.TemporaryDirectory() as folder, platform.copies("plain", "addon") as stages:
        shops = {label: arena.furnish(name, config, Path(folder)) for label, name in stages.items()}
        for name, make in situations.items():
            for processes in options.processes:
                counts = {}
                for label, stage in stages.items():
                    with arena.arena(
                        stage, f"{stage}_house", config, shops[label], Path(folder)
                    ) as house:
                        counts[label] = play(house, make(processes), audited=label == "addon")
                table.add(row(name, processes, **counts))
    table.note(
        f"The last unit: in each of {rounds} rounds every process, at the same moment, confirms an "
        "order for one unit of a product of which one exists."
    )
    table.note(
        f"20 units of 20 products: {orders} orders of one unit each are confirmed as fast as the "
        "processes can; the products' last units are asked for over and over."
    )
    table.note(
        "Oversold: reserved in a place beyond what is there. Errors: calls that did not end well. "
        "Retries: Odoo's own, each after a random wait of up to 2, 4, 8, 16 seconds. Seconds: of "
        "one confirmation. Which orders collide is chance, so plain Odoo's numbers differ from run "
        "to run; the addon's zeros do not."
    )
    table.finish(options.save, DOCUMENT)


if __name__ == "__main__":
    main()
