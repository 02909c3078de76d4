"""Importing a shop's orders, against plain Odoo creating and confirming the same ones.

    ./oms bench import [--orders 1000] [--lot 200] [--warehouses 20] [--quick] [--save]

Two databases with the same contents, one without and one with the addon, each in its own process.
They take turns, a lot of orders at a time; plain Odoo stores two lots in each turn, one order by
order and one in a single transaction. At the end all orders are sent to the addon once more.
"""

from __future__ import annotations

import argparse
from typing import Any

from .harness import dataset, document, platform, shop
from .harness.side import Run, Side, Step, in_turns, sides

ONE_BY_ONE = "plain Odoo, one by one"
IN_ONE_LOT = "plain Odoo, a lot in one transaction"
IMPORT = "`import_orders`"
AGAIN = "`import_orders`, the same again"
HEAD = ("way", "s (CPU)", "orders per s", "SQL per order", "import ÷ this", "CPU",
        "process held, MiB")  # fmt: skip


def measure(
    pair: list[Side], count: int, lot: int, products: int
) -> tuple[dict[str, list[Run]], dict[str, float]]:
    """Runs of each way, and the memory that its process held at most."""
    plain, addon = pair
    ways: dict[str, tuple[Side, Step, int]] = {
        # Series of their own, because the first two share a database.
        ONE_BY_ONE: (plain, shop.one_by_one, 0),
        IN_ONE_LOT: (plain, shop.in_one_lot, 500_000),
        IMPORT: (addon, shop.import_orders, 0),
    }
    for side, step, series in ways.values():
        _run(side, step, _orders(series + 400_000, 10, products))
    runs: dict[str, list[Run]] = {way: [] for way in ways}
    held: dict[str, float] = {}
    for start in range(0, count, lot):
        for side in in_turns(pair, start // lot):
            for way, (whose, step, series) in ways.items():
                if whose is side:
                    orders = _orders(series + start, min(lot, count - start), products)
                    runs[way].append(_run(side, step, orders))
                    held[way] = side.resident()
        _compare(pair, [one["reference"] for one in _orders(start, lot, products)])
    again = addon.run(shop.import_orders, orders=_orders(0, count, products))
    if again.result != {"unchanged": count}:
        raise RuntimeError(f"sent again, the orders became {again.result}")
    return runs | {AGAIN: [again]}, held | {AGAIN: addon.resident()}


def _orders(start: int, count: int, products: int) -> list[shop.Order]:
    return [shop.describe(number, products) for number in range(start, start + count)]


def _run(side: Side, step: Step, orders: list[shop.Order]) -> Run:
    run = side.run(step, orders=orders)
    if run.result and run.result != {"created": len(orders)}:
        raise RuntimeError(f"the orders became {run.result}")
    return run


def _compare(pair: list[Side], references: list[str]) -> None:
    done = [side.run(shop.outcome, references=references).result for side in pair]
    if done[0] != done[1] or not done[0]["transfers"] == done[0]["confirmed"]:
        raise RuntimeError(f"the two sides did different things: {done}")


def row(way: str, runs: dict[str, list[Run]], count: int, held: float) -> list[str]:
    """One line of the table."""
    seconds, cpu = _seconds(runs[way])
    imported, imported_cpu = _seconds(runs[IMPORT])
    against = way in (ONE_BY_ONE, IN_ONE_LOT)
    return [
        way,
        f"{seconds:.1f} ({cpu:.1f})",
        f"{count / seconds:,.1f}",
        f"{sum(one.sql for one in runs[way]) / count:.3g}",
        f"{imported / seconds:.2f}" if against else "",
        f"{imported_cpu / cpu:.2f}" if against else "",
        f"{held:.0f}",
    ]


def _seconds(runs: list[Run]) -> tuple[float, float]:
    return sum(one.ms for one in runs) / 1e3, sum(one.cpu for one in runs) / 1e3


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--lot", type=int, default=200, help="orders sent in one call")
    parser.add_argument("--warehouses", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="a small shop and few orders")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    size: dict[str, Any] = dataset.SMALL if options.quick else dataset.FULL
    count, lot = (20, 10) if options.quick else (options.orders, options.lot)
    table = document.Table("import", HEAD)
    with sides("plain", "addon") as pair:
        for side in pair:
            shop_size = side.run(dataset.fill, warehouses=options.warehouses, **size).result
        before = [side.resident() for side in pair]
        runs, held = measure(pair, count, lot, size["products"])
        for way in runs:
            table.add(row(way, runs, count, held[way]))
    table.note(
        f"{count:,} orders in lots of {lot}; {options.warehouses} warehouses, "
        f"{dataset.told(shop_size)}. Before the first order the process without the addon held "
        f"{before[0]:.0f} MiB, that with it {before[1]:.0f} MiB."
    )
    table.finish(options.save)


if __name__ == "__main__":
    main()
