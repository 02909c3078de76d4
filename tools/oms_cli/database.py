"""Databases: made once, copied per run, dropped again; file stores go with them."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .platform import Platform
from .problem import Problem
from .process import is_alive, last_match, run_logged
from .progress import Progress

MODULES_LINE = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


@dataclass(frozen=True)
class Databases:
    """The databases of one platform, reached through PostgreSQL's own programs."""

    platform: Platform

    def names(self) -> set[str]:
        return set(self.query("postgres", "SELECT datname FROM pg_database").splitlines())

    def exists(self, name: str) -> bool:
        return name in self.names()

    def query(self, database: str, sql: str) -> str:
        """The rows of `sql`, a line each, columns separated by tabs."""
        return self._call("psql", "-XAtq", "-F", "\t", "-d", database, "-c", sql)

    def drop(self, name: str) -> None:
        self._call("dropdb", "--if-exists", "--force", name)
        shutil.rmtree(self._filestore(name), ignore_errors=True)

    def copy(self, source: str, target: str) -> None:
        """Make `target` a copy of `source`, to which nobody may be connected."""
        self.drop(target)
        self._call("createdb", "-T", source, target)
        if self._filestore(source).is_dir():
            # Stored files are named after their content and never change: links will do.
            shutil.copytree(self._filestore(source), self._filestore(target), copy_function=os.link)

    def rename(self, source: str, target: str) -> None:
        self.drop(target)
        self.query("postgres", f'ALTER DATABASE "{source}" RENAME TO "{target}"')
        if self._filestore(source).is_dir():
            self._filestore(source).rename(self._filestore(target))

    def drop_left_over(self, prefix: str) -> None:
        """Drop databases `<prefix>_<pid>` of runs that were cut off."""
        pattern = re.compile(re.escape(prefix) + r"_p(\d+)")
        for name in self.names():
            match = pattern.fullmatch(name)
            if match and not is_alive(int(match[1])):
                self.drop(name)

    def _filestore(self, name: str) -> Path:
        return self.platform.workspace.data / "filestore" / name

    def _call(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self.platform.python.postgres_programs / program, *arguments],
            env=self.platform.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Problem(_explain(done.stderr, self.platform))
        return done.stdout


def install_modules(
    platform: Platform,
    progress: Progress,
    title: str,
    database: str,
    *arguments: str,
) -> None:
    """Run Odoo once on `database`, made where it is absent, with arguments such as `-i sale`."""
    log = platform.workspace.logs / f"{database}-install.log"
    configuration = platform.configuration("setup")
    with progress.step(title) as step:
        run_logged(
            platform.odoo_command(
                *("server", configuration, "--database", database, "--stop-after-init"),
                *("--no-http", "--max-cron-threads", "0", *arguments),
            ),
            log,
            "Odoo could not set the database up: the log's last lines say why.",
            env=platform.environment(),
            step=step,
            detail=lambda: _module_reached(log),
        )


def _module_reached(log: Path) -> str:
    match = last_match(log, MODULES_LINE)
    return f"{match[1]} ({match[2]} of {match[3]})" if match else ""


def _explain(stderr: str, platform: Platform) -> str:
    words = " ".join(stderr.split())[-200:]
    if "connect" not in words and "authentication" not in words:
        return f"PostgreSQL refused: {words}"
    server = platform.postgres
    where = f"{server.host or 'its local socket'}{':' + server.port if server.port else ''}"
    return (
        f"PostgreSQL at {where} cannot be reached ({words}): check PGHOST, PGPORT, PGUSER and "
        "PGPASSWORD, or unset PGHOST to use the embedded server."
    )
