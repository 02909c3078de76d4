"""The command line: options, help, and how a `Problem` reaches the user."""

import argparse
import errno
import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .commands import COMMANDS
from .context import Context
from .platform import REPOSITORY, Choice
from .postgres import can_be_entered_by_unprivileged
from .problem import Problem
from .progress import Progress
from .workspace import Workspace

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
DESCRIPTION = """\
Everything this repository can do, on a machine with nothing but Python and (for the embedded
platform) Debian's apt. All that it makes lies below one work folder."""
EPILOG = """\
An Odoo 19 or a PostgreSQL of your own:
  PGHOST, PGPORT, PGUSER, PGPASSWORD   use this PostgreSQL server instead of the embedded one
  --odoo PATH, OMS_ODOO                use this Odoo: a source checkout or an odoo executable
  --odoo-config FILE, ODOO_RC          take server, Odoo and options from this configuration file

Also read from the environment: OMS_WORK (as --work), OMS_PORT (as --port of demo), OMS_PG_PORT
(first port the embedded PostgreSQL tries), OMS_PYTHON, OMS_CHROMIUM (paths of programs)."""


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="./oms",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_global_options(root, None)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        summary, _, rest = command.HELP.partition("\n")
        sub = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}\n{rest}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.add_arguments(sub)
        # Understood behind the command too; silent, so that it does not undo what stood before it.
        add_global_options(sub.add_argument_group("platform"), argparse.SUPPRESS)
    return root


def add_global_options(parser: argparse._ActionsContainer, default: str | None) -> None:
    for option, metavar, text in (
        ("--work", "DIR", "work folder (default: .oms in the repository)"),
        ("--odoo", "PATH", "an Odoo 19 of your own"),
        ("--odoo-config", "FILE", "a configuration file of Odoo's"),
    ):
        parser.add_argument(option, metavar=metavar, type=Path, help=text, default=default)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    # PostgreSQL's account must be able to read what is installed.
    os.umask(0o022)
    options, rest = parser().parse_known_args(argv)
    command = COMMANDS[options.command]
    if rest and not command.PASSES_ARGUMENTS:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    progress = Progress()
    try:
        context = Context(make_choice(options, progress), options, rest)
        return command.run(context)
    except Problem as problem:
        print(f"\noms: {problem.sentence}", file=sys.stderr)
        if problem.log:
            for line in problem.tail():
                print(f"     | {line[:200]}", file=sys.stderr)
            print(f"     (all of it: {problem.log})", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\noms: stopped; the same command goes on where it was.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno in DISK_FULL:
            print("\noms: the disk is full: make room and run it again.", file=sys.stderr)
            return 1
        raise


def make_choice(options: argparse.Namespace, progress: Progress) -> Choice:
    """What the options and, where they are silent, the environment say."""
    environ = os.environ
    odoo = options.odoo or _path(environ.get("OMS_ODOO"))
    configuration = options.odoo_config or _path(environ.get("ODOO_RC"))
    work = options.work or _path(environ.get("OMS_WORK"))
    workspace = Workspace(work.expanduser().absolute() if work else default_work(progress))
    return Choice(workspace, progress, environ, odoo, configuration)


def default_work(progress: Progress) -> Path:
    """`.oms` in the repository, or a folder that PostgreSQL's account can enter.

    Run by root inside a private home, PostgreSQL (which refuses to be root) could not reach its
    own files, so the work folder then lies in /var/lib, with a name made from the repository's.
    """
    usual = REPOSITORY / ".oms"
    if os.geteuid() != 0 or can_be_entered_by_unprivileged(REPOSITORY):
        return usual
    mark = hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:8]
    other = Path("/var/lib") / f"oms-{mark}"
    progress.say(f"Work folder: {other} (PostgreSQL's account cannot enter {REPOSITORY}).")
    return other


def _path(value: str | None) -> Path | None:
    return Path(value) if value else None
