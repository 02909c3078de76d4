"""An edited return policy tried on past requests, and one request judged.

    ./oms bench return_policy [--returns 10000] [--rounds 5] [--quick] [--save]

The whole of what the button does: reading the requests, judging each twice, keeping the answer.
"""

from __future__ import annotations

import argparse
from statistics import median

from .harness import document, goods_back, platform, policy_tried
from .harness.side import Run, sides

GOAL_MS = 5_000
HEAD = ("edit", "requests", "changed", "ms", "of it Python, ms", "statements")


def row(name: str, runs: list[Run]) -> list[str]:
    """One line of the table."""
    took = median(one.ms for one in runs)
    count, changed = runs[0].result
    return [
        name,
        f"{count:,}",
        f"{changed:,}",
        f"{took:,.0f}{'' if took <= GOAL_MS else ' ✗'}",
        f"{median(one.cpu for one in runs):,.0f}",
        f"{runs[0].sql}",
    ]


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--returns", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="few returns and rounds")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    returns = 1_000 if options.quick else options.returns
    rounds = 2 if options.quick else options.rounds
    table = document.Table("return_policy", HEAD)
    with sides("addon") as (side,):
        side.run(goods_back.fill, lines=returns * 10, returns=returns)
        for edit in policy_tried.EDITS:
            side.run(policy_tried.try_out, edit=edit, months=1)
            runs = [
                side.run(policy_tried.try_out, edit=edit, months=60) for _round in range(rounds)
            ]
            table.add(row(edit, runs))
        judged = [side.run(policy_tried.judge) for _round in range(20)]
        peak = side.run(policy_tried.try_out, memory=True, edit="nothing", months=60).peak
        table.note(
            f"Medians of {rounds} calls in the process, without HTTP; the last edit keeps 300 "
            f"changed verdicts to show. At most {peak:.0f} MiB in Python. One request is judged "
            f"in {median(one.ms for one in judged):.1f} ms with {judged[-1].sql} statements."
        )
    table.finish(options.save)


if __name__ == "__main__":
    main()
