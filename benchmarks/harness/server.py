"""A real Odoo server on a database, for what is measured over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# In a folder of its own: a program's folder comes first in its path, and `platform` lies in this.
COMMAND = Path(__file__).parents[1] / "served" / "odoo_command.py"
START_SECONDS = 120


@dataclass(frozen=True)
class Served:
    """A server that runs. :ivar pid: of the process that answers, or of its workers' parent."""

    url: str
    database: str
    pid: int

    def resident(self) -> float:
        """MiB that the server's processes hold, shared memory counted once per process."""
        import psutil

        parent = psutil.Process(self.pid)
        family = [parent, *parent.children(recursive=True)]
        return sum(one.memory_info().rss for one in family) / 2**20


@contextmanager
def served(database: str, workers: int = 0) -> Iterator[Served]:
    """A server on ``database``. ``workers``: processes; 0 is one process with threads."""
    port, gevent = _free_port(), _free_port()
    command = [
        *(sys.executable, "-W", "ignore", str(COMMAND), "server"),
        *("-c", os.environ["OMS_ODOO_CONFIG"], "-d", database, "--db-filter", f"^{database}$"),
        *("--workers", str(workers), "--max-cron-threads", "0", "--log-level", "error"),
        *("--http-interface", "127.0.0.1", "--http-port", str(port), "--gevent-port", str(gevent)),
        *("--limit-time-real", "100000", "--limit-time-cpu", "100000"),
    ]
    child = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(url):
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.2)
        yield Served(url, database, child.pid)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait(20)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/web/health", timeout=10):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
