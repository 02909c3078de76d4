"""Check the sources without running them."""

import subprocess
from argparse import ArgumentParser
from pathlib import Path
from xml.etree import ElementTree

from .. import pythonenv
from ..context import Context
from ..platform import ADDON, ADDONS, REPOSITORY, Choice
from ..pythonenv import PythonEnvironment

HELP = """Check the sources: ruff, mypy (strict), pylint-odoo, OCA's checks, XML and translations.

  ./oms lint --fix            correct and format first what can be corrected by itself"""
PASSES_ARGUMENTS = False


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="correct and format first what can be")


def run(context: Context) -> int:
    with context.workspace.lock("lint", context.progress):
        python = ensure_environment(context.choice)
    failed = [] if well_formed(REPOSITORY, context) else ["XML"]
    for name, command in checks(python, context.options.fix):
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        context.progress.say(f"{'✗' if done.returncode else '✓'} {name}")
        if done.returncode:
            failed.append(name)
            context.progress.say((done.stdout + done.stderr).rstrip())
    if failed:
        context.progress.say(f"\nTo correct: {', '.join(failed)}.")
    return 1 if failed else 0


def ensure_environment(choice: Choice) -> PythonEnvironment:
    """The Python environment alone: linting needs neither Odoo nor PostgreSQL."""
    if not pythonenv.is_ready(choice.workspace):
        choice.workspace.require_space(pythonenv.SPACE_GIB)
    return pythonenv.ensure(choice.workspace, choice.progress)


def checks(python: PythonEnvironment, fix: bool) -> list[tuple[str, list[str]]]:
    """Name and command of each check, in the order in which they run."""
    ruff = str(python.script("ruff"))
    oca = str(python.script("oca-checks-odoo-module"))
    addon = str((ADDONS / ADDON).relative_to(REPOSITORY))
    wanted = [
        ("ruff check", [ruff, "check", *(["--fix"] if fix else []), "."]),
        ("ruff format", [ruff, "format", *([] if fix else ["--check"]), "."]),
        ("mypy (strict)", [str(python.script("mypy"))]),
        ("pylint-odoo", [str(python.script("pylint")), "--rcfile=setup.cfg", addon]),
        ("OCA's module checks", [oca, *(["--fix"] if fix else []), addon]),
    ]
    catalogues = sorted((ADDONS / ADDON / "i18n").glob("*.po*"))
    if catalogues:
        names = [str(path.relative_to(REPOSITORY)) for path in catalogues]
        wanted.append(("OCA's translation checks", [str(python.script("oca-checks-po")), *names]))
    return wanted


def well_formed(root: Path, context: Context) -> bool:
    """Whether every XML file of the repository parses; names those that do not."""
    good = True
    for folder in ("addons", "docs", "examples"):
        for path in sorted((root / folder).rglob("*.xml")):
            try:
                ElementTree.parse(path)
            except ElementTree.ParseError as error:
                context.progress.say(f"{path.relative_to(root)}: {error}")
                good = False
    context.progress.say(f"{'✓' if good else '✗'} XML is well-formed")
    return good
