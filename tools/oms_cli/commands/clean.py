"""Remove the work folder."""

import shutil
from argparse import ArgumentParser

from ..context import Context
from ..problem import Problem
from .stop import stop_all

HELP = """Stop the servers and remove the work folder with everything in it.

On a PostgreSQL server of your own, the databases that ./oms made there stay: it names them."""
PASSES_ARGUMENTS = False


def add_arguments(parser: ArgumentParser) -> None:
    """No arguments."""


def run(context: Context) -> int:
    workspace, progress = context.workspace, context.progress
    if not workspace.root.exists():
        progress.say(f"There is no {workspace.root}: nothing to remove.")
        return 0
    if any(workspace.root.iterdir()) and not workspace.is_ours():
        raise Problem(
            f"{workspace.root} was not made by ./oms, so it is left alone: remove it by hand, "
            "or name the right folder with --work DIR."
        )
    with workspace.lock("clean", progress):
        stopped = stop_all(context)
        with progress.step(f"Removing {workspace.root}"):
            shutil.rmtree(workspace.root)
    for name in stopped:
        progress.say(f"  {name} was stopped.")
    return 0
