"""Stop what runs in the background."""

from argparse import ArgumentParser

from ..context import Context
from ..postgres import EmbeddedServer
from ..server import all_servers

HELP = """Stop the Odoo and PostgreSQL servers that ./oms started."""
PASSES_ARGUMENTS = False


def add_arguments(parser: ArgumentParser) -> None:
    """No arguments."""


def run(context: Context) -> int:
    if not context.workspace.root.is_dir():
        context.progress.say("Nothing runs.")
        return 0
    with context.workspace.lock("stop", context.progress):
        stopped = stop_all(context)
    context.progress.say(f"Stopped {' and '.join(stopped)}." if stopped else "Nothing runs.")
    return 0


def stop_all(context: Context) -> list[str]:
    """Stop every server of the work folder; what was stopped."""
    stopped = [
        f"Odoo ({server.name})" for server in all_servers(context.workspace) if server.stop()
    ]
    if EmbeddedServer(context.workspace).stop():
        stopped.append("PostgreSQL")
    return stopped
