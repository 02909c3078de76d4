"""The detector of causes of returns in shops whose causes are known, beside a plain ratio report.

    ./oms bench return_detector [--quiet 20] [--causes 12] [--seed 5000] [--quick] [--save]

Needs no database. The detector was made on seeds below 1000; it is judged on others.
"""

from __future__ import annotations

import argparse
import os
import sys
import tracemalloc
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter

# One thread each: the worlds share the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "addons" / "oms_extension"))

import numpy as np
from engine.returns.analysis import forecast, rate
from engine.returns.analysis.columns import counts
from engine.returns.analysis.detect import detect
from engine.returns.analysis.maturity import cohort_rates, maturity

from .harness import document
from .returns_world import judge, world

DOCUMENT = document.REPOSITORY / "docs" / "returns_analysis.md"
DETECTORS = {"ratio report": judge.ratio_report, "the addon": judge.scan}
GOALS = (
    ("False alarms per half year", "false_alarms", 1.0, False),
    ("False among flags", "false_share", 0.30, False),
    ("Found within 42 days", "in_42", 0.40, True),
    ("Found within 91 days", "in_91", 0.75, True),
    ("Median delay, days", "delay", 56.0, False),
    ("Reason right", "reason", 0.90, True),
    ("Exact dimension and value", "exact", 0.65, True),
)
LARGE = world.Shop(a_day=2740, products=3000, categories=30, suppliers=200)


def one_world(job: tuple[int, str | None]) -> list[judge.Outcome]:
    """What every detector makes of a world."""
    made = world.make(*job)
    return [judge.live(made, detector) for detector in DETECTORS.values()]


def jobs(options: argparse.Namespace) -> list[tuple[int, str | None]]:
    """Worlds without a cause, and with each kind."""
    quiet = [(options.seed + number, None) for number in range(options.quiet)]
    return quiet + [
        (options.seed + 1000 + number, kind)
        for kind in world.KINDS
        for number in range(options.causes)
    ]


def number(value: float, name: str) -> str:
    """As it is said in a table."""
    if name == "delay":
        return "never" if value >= judge.NEVER / 2 else f"{value:.0f}"
    return f"{value:.1f}" if name == "false_alarms" else f"{value:.0%}"


def detection(options: argparse.Namespace) -> None:
    """The goals, and each kind of cause."""
    with Pool(options.processes) as pool:
        outcomes = pool.map(one_world, jobs(options), chunksize=1)
    scores = [judge.score(one) for one in zip(*outcomes, strict=True)]
    table = document.Table("detector", ("", "goal", *DETECTORS))
    for name, field, goal, more in GOALS:
        cells = [number(getattr(one, field), field) for one in scores]
        value = getattr(scores[-1], field)
        cells[-1] += " ✓" if (value >= goal if more else value <= goal) else " ✗"
        table.add((name, f"{'≥' if more else '≤'} {number(goal, field)}", *cells))
    table.note(
        f"{options.quiet} shops without a cause and {options.causes} of each kind, seeds "
        f"{options.seed} and {options.seed + 1000} on, none of them used while the detector was "
        "made; 200 units a day, 27 weekly looks each. The reason and the place are of those found."
    )
    table.finish(options.save, DOCUMENT)
    print()
    by_kind = document.Table(
        "kinds", ("planted", "within 42 days", "within 91 days", "median days", "ratio report")
    )
    for kind, (in_42, in_91, delay) in scores[-1].kinds.items():
        plain = scores[0].kinds[kind]
        by_kind.add((kind, f"{in_42:.0%}", f"{in_91:.0%}", number(delay, "delay"),
                     f"{plain[0]:.0%} / {plain[1]:.0%}"))  # fmt: skip
    by_kind.finish(options.save, DOCUMENT)


def calibration(options: argparse.Namespace) -> None:
    """Rates told early against those known later, and predicted counts against what came."""
    ratios: dict[int, list[tuple[float, float]]] = {days: [] for days in (14, 28, 56, 91)}
    inside, weeks = [], []
    for place in range(max(options.quiet // 2, 2)):
        made = world.make(options.seed + 3000 + place)
        units, returns, today = made.units, made.returns, 270
        grown = maturity(units, returns, today)
        final = counts(returns.line, returns.quantity, len(units))
        for days, kept in ratios.items():
            young = (units.delivered > today - days) & (units.delivered <= today)
            told = cohort_rates(units, returns, today, grown, np.where(young, 0, -1), 1)
            truth = float(final[young].mean())
            kept.append(
                (float(told.rate[0]) / truth, float(told.returned[0] / told.units[0]) / truth)
            )
        inside.append(predictive(made))
        weeks.append(weekly(made))
    table = document.Table(
        "calibration", ("deliveries of the last", "plain rate ÷ final", "corrected ÷ final", "sd")
    )
    for days, kept in ratios.items():
        corrected, plain = zip(*kept, strict=True)
        table.add((f"{days} days", f"{np.mean(plain):.2f}", f"{np.mean(corrected):.2f}",
                   f"{np.std(corrected):.3f}"))  # fmt: skip
    table.note(
        f"The 90 % interval of a product's returns in the next half year (20 units or more) held "
        f"{np.mean(inside):.0%}; that of a warehouse's returns per week, of what was delivered, "
        f"{np.mean(weeks):.0%}. {len(inside)} shops without a cause."
    )
    table.finish(options.save, DOCUMENT)


def predictive(made: world.World) -> float:
    """Share of products whose returns of the second half year were within what was predicted."""
    units, returns, today = made.units, made.returns, 182
    grown = maturity(units, returns, today)
    product = units.codes["product"]
    home = np.zeros(int(product.max()) + 1, dtype=np.int64)
    home[product] = units.codes["category"]
    told = cohort_rates(units, returns, today, grown, product, home.size)
    shrunk = rate.shrink(told.returned, told.exposure, home)
    later = units.delivered > today
    sold = counts(product[later], units.quantity[later], home.size).astype(np.int64)
    came = counts(product[returns.line][later[returns.line]], returns.quantity[
        later[returns.line]], home.size)  # fmt: skip
    low, high = rate.predict_counts(shrunk, sold)
    enough = sold >= 20
    return float(((low <= came) & (came <= high))[enough].mean())


def weekly(made: world.World) -> float:
    """Share of warehouses × four weeks whose returns were within the forecast."""
    units, returns = made.units, made.returns
    held = []
    for today in (240, 280, 320):
        told = forecast.forecast(units, returns, today, units.codes["warehouse"], weeks=4)
        later = (returns.day > today) & (units.delivered[returns.line] <= today)
        week = (returns.day[later] - today - 1) // 7
        place = units.codes["warehouse"][returns.line[later]] * 100 + week
        real = counts(place, returns.quantity[later], 400).reshape(4, 100)[:, :4]
        held.append(((told.low <= real) & (real <= told.high)).mean())
    return float(np.mean(held))


def size(options: argparse.Namespace) -> None:
    """Time and memory of one look."""
    table = document.Table("size", ("delivered lines", "returns", "one look, s", "memory, MiB"))
    shops = (world.Shop(),) if options.quick else (world.Shop(), LARGE)
    for shop in shops:
        made = world.make(options.seed + 4000, "lot", shop)
        times = []
        for _round in range(3):
            start = perf_counter()
            detect(made.units, made.returns, 300)
            times.append(perf_counter() - start)
        tracemalloc.start()
        detect(made.units, made.returns, 300)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        table.add((f"{len(made.units):,}", f"{len(made.returns):,}", f"{min(times):.2f}",
                   f"{peak:.0f}"))  # fmt: skip
    table.note(
        "One thread; the best of three. Memory: the most that a look allocates beside its columns."
    )
    table.finish(options.save, DOCUMENT)


PARTS = {"size": size, "calibration": calibration, "detection": detection}


def main() -> None:
    """Measure, print, and keep the tables where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quiet", type=int, default=20, help="shops without a cause")
    parser.add_argument("--causes", type=int, default=12, help="shops of each kind of cause")
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--parts", nargs="*", choices=PARTS, help="only these")
    parser.add_argument("--quick", action="store_true", help="few shops")
    document.add_arguments(parser)
    options = parser.parse_args()
    if options.quick:
        options.quiet, options.causes = 2, 1
    for part in options.parts or PARTS:
        PARTS[part](options)
        print()


if __name__ == "__main__":
    main()
