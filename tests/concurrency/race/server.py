"""A real Odoo server with several workers, called by many clients at once."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import xmlrpc.client
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from race.worker import Outcome, Refused, Step, carry_out

COMMAND = Path(__file__).with_name("odoo_command.py")
START_SECONDS = 120
USER_ERROR = 2
UNPROCESSABLE = 422
ADMINISTRATOR = 2


class OdooServer:
    """The server for the time of a ``with`` block; ``kill`` and ``start`` it as often as wished."""

    def __init__(self, database: str, config: str, log: Path, workers: int, key: str):
        self.database = database
        self.key = key
        self.port = free_port()
        self._log = log
        self._arguments = [
            *("server", "-c", config, "-d", database, "--db-filter", f"^{database}$"),
            *("--workers", str(workers), "--max-cron-threads", "0", "--log-level", "warn"),
            *("--http-interface", "127.0.0.1", "--http-port", str(self.port)),
            *("--gevent-port", str(free_port())),
        ]
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "OdooServer":
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        with self._log.open("ab") as out:
            self._child = subprocess.Popen(
                [sys.executable, "-W", "ignore", str(COMMAND), *self._arguments],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/web/health", timeout=10):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        self.kill()
        raise RuntimeError(
            f"Odoo does not answer:\n{self._log.read_text(errors='replace')[-3000:]}"
        )

    def kill(self) -> None:
        """End the server and all its workers on the spot, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._child and self._child.poll() is None:
            try:
                # The server is the leader of a process group that it shares with its workers.
                os.killpg(self._child.pid, number)
                self._child.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self._child.pid, signal.SIGKILL)
                self._child.wait(30)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, number: int) -> "Remote | Json2":
        """Every other client speaks JSON-2, the others XML-RPC."""
        return (Remote, Json2)[number % 2](self.url, self.database, self.key)

    def run(
        self, programs: Sequence[Sequence[Step]], client: Callable[[int], Any] | None = None
    ) -> list[Outcome]:
        """Carry out each program by a client of its own, all started together.

        :param client: makes the client of a number; :meth:`client` by default
        """
        Remote(self.url, self.database, self.key).call("res.users", "search", [], limit=1)
        barrier = Barrier(len(programs))
        outcomes: list[list[Outcome]] = [[] for _ in programs]

        def one(number: int) -> None:
            barrier.wait()
            made = (client or self.client)(number)
            outcomes[number] = list(carry_out(made, programs[number], barrier.wait))

        threads = [Thread(target=one, args=(number,)) for number in range(len(programs))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [
            {**outcome, "process": number} for number, own in enumerate(outcomes) for outcome in own
        ]


class Remote:
    """Calls methods over XML-RPC as the administrator."""

    def __init__(self, url: str, database: str, key: str) -> None:
        self._database = database
        self._key = key
        self._proxy = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._proxy.execute_kw(
                self._database, ADMINISTRATOR, self._key, model, method, list(args), kwargs
            )
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == USER_ERROR:
                raise Refused(fault.faultString) from fault
            if "cannot marshal None" in fault.faultString:
                # Done and committed; XML-RPC has no word for "nothing".
                return None
            raise


class Json2:
    """Calls methods over JSON-2 as the administrator; all arguments but the ids have names."""

    def __init__(self, url: str, database: str, key: str) -> None:
        self._url = url
        self._headers = {
            "Authorization": f"bearer {key}",
            "X-Odoo-Database": database,
            "Content-Type": "application/json",
        }

    def call(self, model: str, method: str, ids: Sequence[int] = (), **kwargs: Any) -> Any:
        request = urllib.request.Request(
            f"{self._url}/json/2/{model}/{method}",
            json.dumps({**({"ids": ids} if ids else {}), **kwargs}).encode(),
            self._headers,
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            body = error.read().decode(errors="replace")
            if error.code == UNPROCESSABLE:
                raise Refused(json.loads(body)["message"]) from error
            raise RuntimeError(f"HTTP {error.code}: {body[-1000:]}") from error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
