"""Bring the addon in the demo up to the sources."""

from argparse import ArgumentParser

from .. import demo_database
from ..context import Context
from ..database import Databases
from ..demo_database import DEMO, OLIST
from ..problem import Problem
from ..server import OdooServer

HELP = """Update the addon in the demo's databases and restart their servers.

For use after changing the addon's sources: ./oms update"""
PASSES_ARGUMENTS = False


def add_arguments(parser: ArgumentParser) -> None:
    """No arguments."""


def run(context: Context) -> int:
    progress = context.progress
    with context.workspace.lock("update", progress):
        platform = context.prepare()
        known = Databases(platform).names()
        present = [which for which in (DEMO, OLIST) if platform.database_name(which) in known]
        if not present:
            raise Problem("There is no demo database yet: make it with ./oms demo.")
        for which in present:
            server = OdooServer(context.workspace, which)
            running = server.running()
            if running:
                with progress.step(f"Stopping Odoo on port {running.port}"):
                    server.stop()
            demo_database.update(platform, progress, which)
            if running:
                name = platform.database_name(which)
                again = server.start(platform, name, running.port, progress)
                progress.say(f"Odoo runs at {again.url}")
    return 0
