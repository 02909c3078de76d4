"""How long a preview of an allocation and a promise take, against reading free stock in plain Odoo.

    ./oms bench preview [--rounds 40] [--lines 1 3 10] [--warehouses 5 20] [--quick] [--save]

Two databases with the same contents, one without and one with the addon, each in its own process,
and nothing cached in the transaction. Plain Odoo decides nothing: what it does here is read the
free quantity of the order's products once for each warehouse, the least anybody needs to decide.
"""

from __future__ import annotations

import argparse
from statistics import median
from typing import Any

from .harness import dataset, document, orders, platform
from .harness.side import Run, Side, sides

FREE, PREVIEW, PROMISE = "plain free stock", "preview", "promise"
HEAD = ("order", "warehouses", f"{FREE}, ms", f"{PREVIEW}, ms", f"{PROMISE}, ms",
        f"{PREVIEW} ÷ plain", f"{PROMISE} ÷ plain", "SQL: plain, preview, promise")  # fmt: skip


def measure(
    pair: list[Side], lines: int, parcels: int, products: int, rounds: int
) -> dict[str, list[Run]]:
    """Ask ``rounds`` times in each way, after two rounds that warm the processes up."""
    plain, addon = pair
    runs: dict[str, list[Run]] = {FREE: [], PREVIEW: [], PROMISE: []}
    for number in range(-2, rounds):
        order = orders.describe(number + 1000 * lines, lines, parcels, products)
        order_id = addon.run(orders.create, order=order).result
        asked = {
            FREE: plain.run(orders.free_stock, order=order),
            PREVIEW: addon.run(orders.preview, order_id=order_id),
            PROMISE: addon.run(orders.promise, order=order),
        }
        if number >= 0:
            for way, run in asked.items():
                runs[way].append(run)
        if asked[PREVIEW].result != parcels or asked[PROMISE].result != parcels:
            raise RuntimeError(f"not {parcels} parcels: {asked}")
    return runs


def row(runs: dict[str, list[Run]], lines: int, parcels: int, warehouses: int) -> list[str]:
    """One line of the table."""
    ratios = [
        median(one.ms / plain.ms for one, plain in zip(runs[way], runs[FREE], strict=True))
        for way in (PREVIEW, PROMISE)
    ]
    return [
        f"{lines} line{'s' * (lines > 1)}, {parcels} parcel{'s' * (parcels > 1)}",
        str(warehouses),
        *(_latency([one.ms for one in way]) for way in runs.values()),
        *(f"{ratio:.2f}" for ratio in ratios),
        ", ".join(f"{median(one.sql for one in way):.0f}" for way in runs.values()),
    ]


def _latency(times: list[float]) -> str:
    """Median, 95th percentile and worst."""
    ordered = sorted(times)
    return (
        f"{median(times):.0f} / {ordered[int(0.95 * (len(ordered) - 1))]:.0f} / {ordered[-1]:.0f}"
    )


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--lines", type=int, nargs="+", default=[1, 3, 10])
    parser.add_argument("--warehouses", type=int, nargs="+", default=[5, 20])
    parser.add_argument("--quick", action="store_true", help="a small shop and few rounds")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    size: dict[str, Any] = dataset.SMALL if options.quick else dataset.FULL
    rounds = 3 if options.quick else options.rounds
    table = document.Table("preview", HEAD)
    for warehouses in options.warehouses:
        with sides("plain", "addon") as pair:
            for side in pair:
                held = side.run(dataset.fill, warehouses=warehouses, **size).result
            for lines in options.lines:
                parcels = 3 if lines >= 3 else 1
                runs = measure(pair, lines, parcels, size["products"], rounds)
                table.add(row(runs, lines, parcels, warehouses))
    table.note(
        f"Median / 95th percentile / worst of {rounds} calls in the process, without HTTP; "
        f"{dataset.told(held)}. The ratios are medians of those of each round."
    )
    table.finish(options.save)


if __name__ == "__main__":
    main()
