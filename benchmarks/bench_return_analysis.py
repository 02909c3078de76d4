"""Why goods come back, over a million delivered lines, against plain SQL over Odoo's own tables.

    ./oms bench return_analysis [--lines 1000000] [--rounds 5] [--quick] [--save]

Both read the same database in the same process and take turns. Plain SQL gives sums alone, without
rates, ranges, maturity, cost, reasons and names.
"""

from __future__ import annotations

import argparse
from statistics import median

from .harness import document, goods_back, platform, why_back
from .harness.side import Run, sides

GOAL = 0.1
HEAD = ("question", "plain SQL, ms", "answer, ms", "first in a process, ms", "ratio", "statements")
CASES = (
    (["product"], 0), (["lot"], 0), (["month"], 0), (["carrier", "warehouse"], 0),
    (["product", "reason"], 0), (["product"], 91),
)  # fmt: skip


def row(name: str, plain: list[Run], ours: list[Run], first: Run | None) -> list[str]:
    """One line of the table."""
    ratio = median(one.ms for one in ours) / median(one.ms for one in plain)
    return [
        name,
        f"{median(one.ms for one in plain):,.0f}",
        f"{median(one.ms for one in ours):,.0f}",
        f"{first.ms:,.0f}" if first else "",
        f"{ratio:.3f}{'' if ratio <= GOAL else ' ✗'}",
        f"{ours[0].sql}",
    ]


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="few lines and rounds")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    lines = 20_000 if options.quick else options.lines
    rounds = 2 if options.quick else options.rounds
    table = document.Table("return_analysis", HEAD)
    with sides("addon") as (side,):
        side.run(goods_back.fill, lines=lines, returns=lines // 10)
        prepared = side.run(why_back.prepare).result
        before = side.resident()
        for by, days in CASES:
            first = side.run(why_back.analyze, by=by, days=days, cold=True)
            plain, ours = [], []
            for number in range(rounds):
                for ask in (0, 1) if number % 2 else (1, 0):
                    if ask:
                        ours.append(side.run(why_back.analyze, by=by, days=days))
                    else:
                        plain.append(side.run(why_back.plain, by=by, days=days))
            period = f"{days} days" if days else "two years"
            table.add(row(f"by {' and '.join(by)}, {period}", plain, ours, first))
        for days in (0, 182):
            ours = [side.run(why_back.page, days=days) for _round in range(rounds)]
            plain = [side.run(why_back.plain_page, days=days) for _round in range(rounds)]
            period = f"{days} days" if days else "two years"
            table.add(row(f"the page, {period}", plain, ours, None))
        peak = side.run(why_back.analyze, memory=True, by=["product"], days=0).peak
        looked = side.run(why_back.look)
        touched = side.run(why_back.touch).result
        delivered, returned, stored = side.run(why_back.size).result
        table.note(
            f"{delivered:,} delivered and {returned:,} returned rows of two years; medians of "
            f"{rounds} calls in the process, without HTTP. The figures were prepared in "
            f"{prepared:.0f} s; their columns take {stored:.0f} MiB. One return that changed is "
            f"taken in after {touched * 1e3:.0f} ms."
        )
        table.note(
            f"A question by product allocates {peak:.0f} MiB; the process held {before:.0f} MiB "
            f"before the first and at most {side.resident():.0f} MiB. A look of the detector, "
            f"reading included, takes {looked.ms / 1e3:.1f} s and found {looked.result} causes."
        )
    table.finish(options.save)


if __name__ == "__main__":
    main()
