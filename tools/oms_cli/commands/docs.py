"""Make the generated pages and pictures of `docs/` again."""

import subprocess
from argparse import ArgumentParser
from pathlib import Path

from ..context import Context
from ..platform import REPOSITORY
from ..problem import Problem
from ..system_packages import ensure_browser
from .demo import serve

HELP = """Make the generated tables and pictures of docs/ again (docs/tools/*.py).

  ./oms docs                  all
  ./oms docs screenshots      the generators whose name contains "screenshots"
  ./oms docs eta --olist DIR  judge arrival times on the Olist data set's CSV files in DIR
A generator finds the running demo in OMS_URL and OMS_DATABASE, a browser in OMS_CHROMIUM and
Olist's files in OMS_OLIST. Where none of them asks for the demo, it is not started."""
PASSES_ARGUMENTS = True
FOLDER = REPOSITORY / "docs" / "tools"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of a generator's name")
    parser.add_argument("--olist", metavar="DIR", type=Path, help="folder of Olist's CSV files")


def run(context: Context) -> int:
    wanted = context.options.names
    files = [
        path
        for path in sorted(FOLDER.glob("*.py"))
        if not path.name.startswith("_")
        and (not wanted or any(name in path.stem for name in wanted))
    ]
    if not files:
        raise Problem("No generator is called so: look into docs/tools/ for their names.")
    if any("OMS_URL" in path.read_text(encoding="utf-8") for path in files):
        platform, server = serve(context)
        environment = {
            **platform.environment(),
            "OMS_URL": server.url,
            "OMS_DATABASE": server.database,
            "OMS_ODOO_CONFIG": str(platform.configuration("docs")),
            "OMS_CHROMIUM": ensure_browser(context.workspace, context.progress),
        }
    else:
        with context.workspace.lock("demo", context.progress):
            platform = context.prepare()
        environment = platform.environment()
    if folder := context.options.olist:
        environment["OMS_OLIST"] = str(folder.absolute())
    status = 0
    for path in files:
        context.progress.say(f"\n{path.relative_to(REPOSITORY)}")
        done = subprocess.run(
            [platform.python.python, path, *context.rest],
            env=environment,
            cwd=REPOSITORY,
            check=False,
        )
        if done.returncode:
            context.progress.say(f"{path.name} exited with {done.returncode}.")
            status = 1
    return status
