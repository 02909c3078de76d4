"""A PostgreSQL server of its own, to be broken while others work on the usual one."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import Signals
from tempfile import TemporaryDirectory

from race import databases
from race.server import free_port

from oms_cli.postgres import Connection, EmbeddedServer
from oms_cli.process import stop_process
from oms_cli.progress import Progress
from oms_cli.pythonenv import PythonEnvironment
from oms_cli.workspace import Workspace


class SecondPostgres:
    def __init__(self, workspace: Workspace) -> None:
        self._server = EmbeddedServer(workspace)
        self._connection = self._start(free_port())
        # What was committed must survive a crash of PostgreSQL; ./oms trades that for speed.
        databases.query(self.address("postgres"), "ALTER SYSTEM SET synchronous_commit = on")
        databases.query(self.address("postgres"), "SELECT pg_reload_conf()")

    def _start(self, port: int) -> Connection:
        programs = PythonEnvironment(Path(sys.prefix)).postgres_programs
        return self._server.ensure_running(programs, port, Progress(io.StringIO(), live=False))

    def address(self, database: str) -> str:
        """The database's address, as a URI."""
        made = self._connection
        return f"postgresql://{made.user}:{made.password}@{made.host}:{made.port}/{database}"

    def take(self, source: str, database: str) -> None:
        """Copy a database of the usual server."""
        databases.query(self.address("postgres"), f"CREATE DATABASE {database} TEMPLATE template0")
        databases.pour(source, self.address(database))

    def environment(self) -> dict[str, str]:
        """PG* variables, which Odoo heeds more than its configuration file."""
        return self._connection.environment()

    def restart(self, ending: Signals) -> None:
        """SIGQUIT is PostgreSQL's own way to crash, SIGINT ends it in order."""
        running = self._server.running()
        assert running
        pid, port = running
        stop_process(pid, "PostgreSQL", ending)
        assert self._start(port) == self._connection

    def stop(self) -> None:
        self._server.stop()


@contextmanager
def second_postgres() -> Iterator[SecondPostgres]:
    with TemporaryDirectory(prefix="oms-postgres-") as folder:
        workspace = Workspace(Path(folder))
        workspace.create()
        made = SecondPostgres(workspace)
        try:
            yield made
        finally:
            made.stop()
