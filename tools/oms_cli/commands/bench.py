"""Run the benchmarks, each on a fresh copy of the template database."""

import os
import subprocess
from argparse import ArgumentParser
from pathlib import Path

from ..context import Context
from ..database import Databases
from ..platform import REPOSITORY
from ..problem import Problem
from ..template import ensure_base, ensure_template

HELP = """Run the benchmarks (benchmarks/bench_*.py), each on a fresh copy of the template database.

  ./oms bench                 all
  ./oms bench tracking        the one of this name, else all whose name contains it
A benchmark finds its database in OMS_DATABASE, plain Odoo's in OMS_BASE_DATABASE (to be copied,
not changed), and Odoo's configuration file in OMS_ODOO_CONFIG. Options that ./oms does not know
go to the benchmarks."""
PASSES_ARGUMENTS = True
FOLDER = REPOSITORY / "benchmarks"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="a benchmark's name or part of it")


def run(context: Context) -> int:
    files = called(context.options.names, sorted(FOLDER.glob("bench_*.py")))
    if not files:
        raise Problem(f"No benchmark is called so: look into {FOLDER.name}/ for bench_*.py.")
    with context.workspace.lock("bench", context.progress):
        platform = context.prepare()
        template = ensure_template(platform, context.progress)
        base = ensure_base(platform, context.progress)
    databases = Databases(platform)
    prefix = platform.database_name("bench")
    databases.drop_left_over(prefix)
    database = f"{prefix}_p{os.getpid()}"
    environment = {
        **platform.environment(),
        "OMS_DATABASE": database,
        "OMS_BASE_DATABASE": base,
        "OMS_ODOO_CONFIG": str(platform.configuration("bench")),
    }
    python = str(platform.python.python)
    status = 0
    for path in files:
        context.progress.say(f"\n{path.relative_to(REPOSITORY)}")
        databases.copy(template, database)
        try:
            done = subprocess.run(
                [python, "-W", "ignore", "-m", f"benchmarks.{path.stem}", *context.rest],
                env={
                    **environment,
                    "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{environment['PYTHONPATH']}",
                },
                cwd=REPOSITORY,
                check=False,
            )
        finally:
            databases.drop(database)
        if done.returncode:
            context.progress.say(f"{path.name} exited with {done.returncode}.")
            status = 1
    return status


def called(names: list[str], files: list[Path]) -> list[Path]:
    """The files of benchmarks of this very name, else with it in theirs; all without names."""
    found = {
        path
        for name in names
        for path in [one for one in files if one.stem == f"bench_{name}"]
        or [one for one in files if name in one.stem]
    }
    return [path for path in files if path in found] if names else files
