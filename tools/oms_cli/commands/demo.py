"""A shop to play with, in a browser."""

import subprocess
from argparse import ArgumentParser
from pathlib import Path

from .. import demo_database
from ..context import Context
from ..demo_database import DEMO, OLIST
from ..platform import REPOSITORY, Platform
from ..problem import Problem
from ..server import DEFAULT_PORT, OdooServer, Running
from ..system_packages import ensure_pdf_printer
from ..welcome import welcome

HELP = """Set everything up, start Odoo with the demo's story, and say where to look.

The first run fetches the platform and takes some minutes; cut off, it goes on where it was. Later
runs take seconds and find the server that runs already.
  ./oms demo --olist FOLDER   instead, load the Olist data set's CSV files from FOLDER into a
                              database of its own and allocate all its open orders
  ./oms demo --anew           throw the demo's database away and make it again"""
PASSES_ARGUMENTS = True
IMPORTER = REPOSITORY / "examples" / "olist_over_rpc.py"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--olist", metavar="FOLDER", type=Path, help="folder of Olist's CSV files")
    parser.add_argument(
        "--anew", action="store_true", help="throw the database away and make it again"
    )
    parser.add_argument("--port", type=int, help=f"first port to try (default: {DEFAULT_PORT})")


def run(context: Context) -> int:
    folder: Path | None = context.options.olist
    if folder is None:
        if context.rest:
            raise Problem(f"./oms demo does not know {' '.join(context.rest)}: see --help.")
        platform, server = serve(context)
        context.progress.say(welcome(platform, server))
        return 0
    if not (folder / "olist_orders_dataset.csv").is_file():
        raise Problem(f"{folder} does not hold Olist's files (olist_orders_dataset.csv, …).")
    platform, server = serve(context, OLIST)
    command = [
        *(str(platform.python.python), str(IMPORTER), str(folder.absolute())),
        *("--url", server.url, "--database", server.database),
        *("--login", "admin", "--password", "admin", *context.rest),
    ]
    status = subprocess.run(
        command, env=platform.environment(), cwd=REPOSITORY, check=False
    ).returncode
    if status == 0:
        context.progress.say(welcome(platform, server, story=False))
    return status


def serve(context: Context, which: str = DEMO) -> tuple[Platform, Running]:
    """The platform with the demo's server running, made and started as far as needed."""
    progress, workspace = context.progress, context.workspace
    with workspace.lock("demo", progress):
        platform = context.prepare()
        ensure_pdf_printer(workspace, progress, required=False)
        server = OdooServer(workspace, which)
        if getattr(context.options, "anew", False):
            server.stop()
            workspace.forget(which)
        database = demo_database.ensure(platform, progress, which)
        port = getattr(context.options, "port", None) or context.choice.port(
            "OMS_PORT", DEFAULT_PORT
        )
        running = server.running() or server.start(platform, database, port, progress)
        if not demo_database.is_current(platform, which):
            progress.say("The addon's sources have changed since: ./oms update brings them in.")
    return platform, running
