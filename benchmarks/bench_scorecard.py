"""The carriers' scorecard over a million shipments, against the same numbers in plain SQL.

    ./oms bench scorecard [--shipments 1000000] [--rounds 5] [--quick] [--save]

Both read the same table in the same process and take turns. Plain SQL gives the aggregates alone;
the scorecard gives their intervals, what may be said of each, names, links and the weekly trend.
"""

from __future__ import annotations

import argparse
from statistics import median

from .harness import document, parcels, platform
from .harness.side import Run, Side, sides

GOAL = 1.3
HEAD = ("rows", "parcels", "plain SQL, ms", "scorecard, ms", "of it Python, ms", "ratio",
        "statements")  # fmt: skip
CASES = (("carrier", 0), ("lane", 0), ("postcodes", 0), ("week", 0), ("carrier", 13), ("lane", 13))


def measure(side: Side, by: str, weeks: int, rounds: int) -> tuple[list[Run], list[Run]]:
    """Ask ``rounds`` times in each way, in turns, after one round that warms up."""
    start = side.run(parcels.since, by=by, weeks=weeks).result
    ways: tuple[list[Run], list[Run]] = ([], [])
    for number in range(-1, rounds):
        asked = {}
        for way in (0, 1) if number % 2 else (1, 0):
            if way == 0:
                asked[way] = side.run(parcels.plain, by=by, since=start)
            else:
                asked[way] = side.run(parcels.scorecard, by=by, weeks=weeks)
        if asked[0].result != asked[1].result:
            raise RuntimeError(f"the two ways counted different parcels: {asked}")
        if number >= 0:
            for way, run in asked.items():
                ways[way].append(run)
    return ways


def row(by: str, weeks: int, plain: list[Run], card: list[Run]) -> list[str]:
    """One line of the table."""
    ratio = median(one.ms / two.ms for one, two in zip(card, plain, strict=True))
    period = f"{weeks} weeks" if weeks else "all"
    return [
        f"by {by}, {period}",
        f"{card[0].result:,}",
        f"{median(one.ms for one in plain):.0f}",
        f"{median(one.ms for one in card):.0f}",
        f"{median(one.cpu for one in card):.0f}",
        f"{ratio:.2f}{'' if ratio <= GOAL else ' ✗'}",
        f"{card[0].sql}",
    ]


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shipments", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="few shipments and rounds")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    count = 20_000 if options.quick else options.shipments
    rounds = 2 if options.quick else options.rounds
    table = document.Table("scorecard", HEAD)
    with sides("addon") as (side,):
        held = side.run(parcels.fill, count=count).result
        before = side.resident()
        for by, weeks in CASES:
            table.add(row(by, weeks, *measure(side, by, weeks, rounds)))
        peak = side.run(parcels.scorecard, memory=True, by="postcodes", weeks=0).peak
        table.note(
            f"{held:,} shipments of two years; medians of {rounds} calls in the process, without "
            f"HTTP. A scorecard by postcodes allocates {peak:.0f} MiB in Python; the process held "
            f"{before:.0f} MiB before the first and at most {side.resident():.0f} MiB."
        )
    table.finish(options.save)


if __name__ == "__main__":
    main()
