"""Ask the addon's auditor whether the stock of a database is conserved."""

import json
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from ..context import Context
from ..demo_database import DEMO, require
from ..problem import Problem

HELP = """Run the stock conservation auditor on the demo database; exit with 1 on any breach.

It compares allocations with procurements and moves, reservations with stock on hand, and more;
every breach is printed with the record that breaks the rule."""
PASSES_ARGUMENTS = False

SCRIPT = Path(__file__).parents[1] / "audit_script.py"
MARK = "OMS-AUDIT "


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("-d", "--database", metavar="NAME", help="another database")


def run(context: Context) -> int:
    progress = context.progress
    with context.workspace.lock("check", progress):
        platform = context.prepare()
    database = context.options.database or require(platform, DEMO)
    command = platform.odoo_command(
        *("shell", platform.configuration("shell"), "--database", database),
        *("--log-level", "error", "--no-http"),
    )
    with progress.step(f"Auditing {database}"), SCRIPT.open() as script:
        done = subprocess.run(
            command,
            stdin=script,
            env=platform.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    breaches = read_breaches(done.stdout)
    if breaches is None:
        raise Problem(
            f"The auditor did not answer on {database}: bring the addon there up to date with "
            f"./oms update. Odoo said: {(done.stderr.strip().splitlines() or ['nothing'])[-1]}"
        )
    for breach in breaches:
        progress.say(f"  {breach['check']}: {breach['record']}: {breach['message']}")
    progress.say(f"{len(breaches)} breaches." if breaches else "No breach.")
    return 1 if breaches else 0


def read_breaches(output: str) -> list[dict[str, Any]] | None:
    """The breaches that the script printed, or None when it printed none of its lines."""
    for line in output.splitlines():
        _, mark, answer = line.partition(MARK)
        if mark:
            breaches: list[dict[str, Any]] = json.loads(answer)
            return breaches
    return None
