"""The commands of `./oms`, in the order in which `--help` shows them."""

from argparse import ArgumentParser
from typing import Protocol, cast

from ..context import Context
from . import bench, check, clean, demo, docs, lint, shell, simulate, stop, test, update


class Command(Protocol):
    """What a module in this folder offers."""

    HELP: str
    """First line: what `./oms --help` says; the rest: what `./oms COMMAND --help` adds."""
    PASSES_ARGUMENTS: bool

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, context: Context) -> int:
        """Do it; return the exit status."""


COMMANDS: dict[str, Command] = {
    name: cast(Command, module)
    for name, module in {
        "demo": demo,
        "simulate": simulate,
        "test": test,
        "check": check,
        "shell": shell,
        "update": update,
        "stop": stop,
        "lint": lint,
        "bench": bench,
        "docs": docs,
        "clean": clean,
    }.items()
}
