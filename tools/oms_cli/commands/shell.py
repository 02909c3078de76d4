"""Odoo's shell on the demo database."""

import subprocess
from argparse import ArgumentParser

from ..context import Context
from ..demo_database import DEMO, require

HELP = """Open Odoo's shell (Python, with `env`) on the demo database.

Reads a script from standard input when that is no terminal:
  echo "print(env['sale.order'].search_count([]))" | ./oms shell"""
PASSES_ARGUMENTS = True


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("-d", "--database", metavar="NAME", help="another database")


def run(context: Context) -> int:
    with context.workspace.lock("shell", context.progress):
        platform = context.prepare()
    database = context.options.database or require(platform, DEMO)
    command = platform.odoo_command(
        *("shell", platform.configuration("shell"), "--database", database),
        *("--log-level", "warn", "--no-http", *context.rest),
    )
    return subprocess.run(command, env=platform.environment(), check=False).returncode
