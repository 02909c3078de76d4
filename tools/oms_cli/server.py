"""An Odoo server in the background: started, found again, stopped."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .platform import Platform
from .ports import next_free
from .problem import Problem
from .process import is_alive, stop_process
from .progress import Progress
from .workspace import Workspace, write_atomically

DEFAULT_PORT = 8069
PATIENCE = 120.0


@dataclass(frozen=True)
class Running:
    """A server that is up."""

    pid: int
    port: int
    database: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class OdooServer:
    """The server called `name`, of which the work folder keeps process id, port and database."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
        self.name = name

    @property
    def log(self) -> Path:
        return self.workspace.logs / f"odoo-{self.name}.log"

    @property
    def _state(self) -> Path:
        return self.workspace.run / f"server-{self.name}.json"

    def running(self) -> Running | None:
        """The server, when its process is alive and still the one that was started."""
        try:
            state = json.loads(self._state.read_text())
            running = Running(state["pid"], state["port"], state["database"])
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return running if is_alive(running.pid) and self._is_ours(running.pid) else None

    def start(
        self, platform: Platform, database: str, first_port: int, progress: Progress
    ) -> Running:
        """Start on the first free port; return when it answers."""
        port = next_free(first_port, "Odoo", "--port PORT")
        if port != first_port:
            progress.say(f"  Port {first_port} is taken, so Odoo takes {port}.")
        configuration = platform.configuration(
            self.name, http_port=str(port), dbfilter=f"^{database}$", list_db="False"
        )
        with progress.step(f"Starting Odoo on port {port}"):
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("ab") as out:
                child = subprocess.Popen(
                    platform.odoo_command("server", configuration, "--database", database),
                    env=platform.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            state = {"pid": child.pid, "port": port, "database": database}
            write_atomically(self._state, json.dumps(state))
            running = Running(child.pid, port, database)
            self._wait_for_answer(running, child)
        return running

    def stop(self) -> bool:
        """Stop the server; whether there was one to stop."""
        running = self.running()
        if running:
            stop_process(running.pid, "Odoo", signal.SIGTERM)
        self._state.unlink(missing_ok=True)
        return running is not None

    def _is_ours(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return True
        return os.fsencode(self.workspace.run / f"{self.name}.conf") in command

    def _wait_for_answer(self, running: Running, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise Problem("Odoo stopped while starting: its log says why.", self.log)
            try:
                with urllib.request.urlopen(f"{running.url}/web/health", timeout=5):
                    return
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.3)
        raise Problem(f"Odoo does not answer at {running.url}: its log says why.", self.log)


def all_servers(workspace: Workspace) -> list[OdooServer]:
    """The servers of which the work folder knows, running or not."""
    files = sorted(workspace.run.glob("server-*.json"))
    return [OdooServer(workspace, file.stem.removeprefix("server-")) for file in files]
