"""Confirming an order with allocation, against plain Odoo with the same order divided by hand.

    ./oms bench confirm [--rounds 15] [--lines 1 3 10] [--warehouses 5 20] [--quick] [--save]

Two databases with the same contents, one without and one with the addon, each in its own process.
They take turns; every confirmation is one transaction with its commit and nothing cached in it.
"""

from __future__ import annotations

import argparse
from statistics import median
from typing import Any

from .harness import dataset, document, orders, platform
from .harness.side import Run, Side, in_turns, sides

GOAL = 1.35
HEAD = ("order", "warehouses", "plain ms (CPU)", "with allocation ms (CPU)", "ratio", "CPU ratio",
        "plain SQL", "allocation SQL")  # fmt: skip


def measure(
    pair: list[Side], lines: int, parcels: int, products: int, rounds: int
) -> dict[str, list[Run]]:
    """Confirm ``rounds`` orders on either side, after two that warm the processes up."""
    plain, addon = pair
    runs: dict[str, list[Run]] = {side.label: [] for side in pair}
    for number in range(-2, rounds):
        order = orders.describe(number + 1000 * lines, lines, parcels, products)
        ids = {addon.label: addon.run(orders.create, order=order).result}
        divided = addon.run(orders.divide, order_id=ids[addon.label], order=order).result
        ids[plain.label] = plain.run(orders.create, order=divided).result
        for side in in_turns(pair, number):
            run = side.run(orders.confirm, order_id=ids[side.label])
            if number >= 0:
                runs[side.label].append(run)
        done = [side.run(orders.outcome, order_id=ids[side.label]).result for side in pair]
        if done[0] != done[1] or done[0]["pickings"] != parcels:
            raise RuntimeError(f"the two sides did different things: {done}")
    return runs


def row(runs: dict[str, list[Run]], lines: int, parcels: int, warehouses: int) -> list[str]:
    """One line of the table."""
    plain, addon = runs["plain"], runs["addon"]
    ratio = median(a.ms / p.ms for a, p in zip(addon, plain, strict=True))
    cpu = median(a.cpu / p.cpu for a, p in zip(addon, plain, strict=True))
    return [
        f"{lines} line{'s' * (lines > 1)}, {parcels} parcel{'s' * (parcels > 1)}",
        str(warehouses),
        f"{median(one.ms for one in plain):.0f} ({median(one.cpu for one in plain):.0f})",
        f"{median(one.ms for one in addon):.0f} ({median(one.cpu for one in addon):.0f})",
        f"{ratio:.2f}{'' if ratio <= GOAL else ' ✗'}",
        f"{cpu:.2f}",
        f"{median(one.sql for one in plain):.0f}",
        f"{median(one.sql for one in addon):.0f}",
    ]


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--lines", type=int, nargs="+", default=[1, 3, 10])
    parser.add_argument("--warehouses", type=int, nargs="+", default=[5, 20])
    parser.add_argument("--quick", action="store_true", help="a small shop and few rounds")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    size: dict[str, Any] = dataset.SMALL if options.quick else dataset.FULL
    rounds = 3 if options.quick else options.rounds
    table = document.Table("confirm", HEAD)
    for warehouses in options.warehouses:
        with sides("plain", "addon") as pair:
            for side in pair:
                held = side.run(dataset.fill, warehouses=warehouses, **size).result
            for lines in options.lines:
                for parcels in (1, 3) if lines >= 3 else (1,):
                    runs = measure(pair, lines, parcels, size["products"], rounds)
                    table.add(row(runs, lines, parcels, warehouses))
            table.note(
                f"{warehouses} warehouses, {dataset.told(held)}: the one without the addon held "
                f"at most {pair[0].resident():.0f} MiB, that with it {pair[1].resident():.0f} MiB."
            )
    table.finish(options.save)


if __name__ == "__main__":
    main()
