"""Odoo's own tests of the modules that the addon extends, run by Odoo on a database with it.

Odoo runs the tests of every installed module when it loads a database with `--test-tags` and
nothing to update: no module has to be updated for it. A test that fails is run once more on Odoo
without the addon; what fails there too is Odoo's, is listed, and does not count against the addon.
"""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .database import Databases
from .platform import Platform
from .ports import next_free
from .problem import Problem
from .process import last_match
from .progress import Progress, Step

# Two processes of about the same length, one for each core of a small machine.
SHARDS = (("sale_stock",), ("stock_delivery", "sale_mrp", "stock_dropshipping"))
FIRST_PORT = 8371

TOTAL = re.compile(r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests")
STARTED = re.compile(r" odoo\.addons\.(\w+)\.tests\.\S+: Starting \w+\.(\w+)")
SKIPPED = re.compile(r" odoo\.addons\.\S+: skipped ", re.MULTILINE)
FAILED = re.compile(
    r" odoo\.addons\.(?P<module>\w+)\.tests\.\S+: (?:FAIL|ERROR): "
    r"(?:Subtest )?(?P<test>\w+(?:\.\w+)?)"
)


@dataclass(frozen=True)
class Outcome:
    """What one or more runs of Odoo's tests came to."""

    run: int
    broken: int
    skipped: int
    per_module: Counter[str]
    failures: tuple[str, ...]
    """Tags of the tests that failed: `/sale_stock:TestSaleStock.test_00`."""

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.run + other.run,
            self.broken + other.broken,
            self.skipped + other.skipped,
            self.per_module + other.per_module,
            self.failures + other.failures,
        )

    @property
    def passed(self) -> int:
        return self.run - self.broken - self.skipped


def read_outcome(log: str) -> Outcome | None:
    """The outcome that Odoo wrote to its log, or None when it never came to the end."""
    totals = TOTAL.findall(log)
    if not totals:
        return None
    failed, errors, run = map(int, totals[-1])
    failures = [f"/{match['module']}:{match['test']}" for match in FAILED.finditer(log)]
    return Outcome(
        run=run,
        broken=failed + errors,
        skipped=len(SKIPPED.findall(log)),
        per_module=Counter(module for module, _ in STARTED.findall(log)),
        failures=tuple(dict.fromkeys(failures)),
    )


def run(
    platform: Platform, progress: Progress, template: str, base: str, only: Sequence[str] = ()
) -> int:
    """Run all shards at once, or the tests with the tags `only`; print the summary; the status."""
    tags = [only] if only else [[f"/{module}" for module in shard] for shard in SHARDS]
    with progress.step("Odoo's own tests, with the addon installed") as step:
        outcome = _run_all(platform, template, tags, step, "addon")
    for module, count in sorted(outcome.per_module.items()):
        progress.say(f"  {module}: {count} tests")
    asked = [" ".join(only)] if only else [name for shard in SHARDS for name in shard]
    missing = [] if only and outcome.run else [n for n in asked if not outcome.per_module[n]]
    if missing:
        raise Problem(f"No test of {' and '.join(missing)} ran: the check proves nothing so.")
    ours: tuple[str, ...] = ()
    if outcome.broken:
        ours = _not_odoos(platform, progress, base, outcome)
    odoos = len(outcome.failures) - len(ours)
    if odoos:
        progress.say(f"  {odoos} of the failures are Odoo's own: they fail without the addon too.")
    for tag in ours:
        progress.say(f"  FAILED with the addon only: {tag}")
    broken = len(ours) if outcome.failures else outcome.broken
    skipped = outcome.skipped + (outcome.broken - broken)
    tail = f", {skipped} skipped" if skipped else ""
    progress.say(f"{outcome.passed} passed, {broken} failed{tail}")
    return 1 if broken else 0


def _not_odoos(
    platform: Platform, progress: Progress, base: str, outcome: Outcome
) -> tuple[str, ...]:
    with progress.step("The failed tests once more, without the addon") as step:
        plain = _run_all(platform, base, [outcome.failures], step, "plain")
    return tuple(tag for tag in outcome.failures if tag not in plain.failures)


def _run_all(
    platform: Platform, source: str, tags: Sequence[Sequence[str]], step: Step, label: str
) -> Outcome:
    """Run the tests with each group of tags in a process of its own, on a copy of `source`.

    The logs are called after `label`.
    """
    folder = platform.workspace.logs
    logs = [folder / f"odoo-tests-{label}-{number}.log" for number in range(len(tags))]
    databases = Databases(platform)
    prefix = platform.database_name("vanilla")
    databases.drop_left_over(prefix)
    names, children = [], []
    try:
        for number, group in enumerate(tags):
            name = f"{prefix}{number}_p{os.getpid()}"
            databases.copy(source, name)
            names.append(name)
            children.append(_start(platform, name, group, FIRST_PORT + 10 * number, logs[number]))
        while any(child.poll() is None for child in children):
            try:
                next(child for child in children if child.poll() is None).wait(1)
            except subprocess.TimeoutExpired:
                step.detail = " | ".join(_reached(log) for log in logs)
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
                child.wait()
        for name in names:
            databases.drop(name)
    total = Outcome(0, 0, 0, Counter(), ())
    for log in logs:
        outcome = read_outcome(log.read_text(errors="replace"))
        if outcome is None:
            raise Problem("Odoo's tests did not come to their end: the log says why.", log)
        total += outcome
    return total


def _start(
    platform: Platform, database: str, tags: Sequence[str], first_port: int, log: Path
) -> subprocess.Popen[bytes]:
    port = next_free(first_port, "Odoo", "OMS_PORT")
    configuration = platform.configuration("vanilla")
    command = platform.odoo_command(
        *("server", configuration, "--database", database, "--stop-after-init"),
        *("--http-port", str(port), "--max-cron-threads", "0", "--test-tags", ",".join(tags)),
    )
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        return subprocess.Popen(
            command, env=platform.environment(), stdout=out, stderr=subprocess.STDOUT
        )


def _reached(log: Path) -> str:
    match = last_match(log, STARTED)
    return match[2] if match else "loading"
