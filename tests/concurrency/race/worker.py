"""Real processes, each with its own connections, that call an Odoo database all at once.

``Worker`` (in the test) starts this file as a program; the program loads the registry once, then
forks for each run, as Odoo's own server does. They talk in lines of JSON.
"""

import json
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from race.verbs import VERBS

Step = dict[str, Any]
Outcome = dict[str, Any]
GIVE_UP_SECONDS = 300


class Worker:
    """The program seen from the test: start it, give it work, close it."""

    def __init__(self, database: str, config: str, log: Path) -> None:
        self.database = database
        self.log = log
        with log.open("ab") as out:
            self._child = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "race.worker", config, database],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                text=True,
            )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def ask(self, do: str, **arguments: Any) -> Any:
        assert self._child.stdin and self._child.stdout
        self._child.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            tail = self.log.read_text(errors="replace")[-3000:]
            raise RuntimeError(f"the worker on {self.database} died:\n{tail}")
        answer = json.loads(line)
        if "failure" in answer:
            raise RuntimeError(answer["failure"])
        return answer["result"]

    def run(
        self, programs: Sequence[Sequence[Step]], deaths: Sequence[int | None] = ()
    ) -> list[Outcome]:
        """Carry out each program in a process of its own, all started together.

        :param deaths: by process the moment at which it is killed, see ``death``
        """
        outcomes: list[Outcome] = self.ask("run", programs=programs, deaths=deaths)
        return outcomes

    def close(self) -> None:
        if self._child.poll() is None:
            assert self._child.stdin
            self._child.stdin.close()
            self._child.wait(30)


# --- the program ----------------------------------------------------------------------------------


class Refused(Exception):
    """Odoo said no, in a sentence for people."""


class Direct:
    """Calls methods as the RPC service does, on connections of this process."""

    def __init__(self, registry: Any) -> None:
        self._registry = registry

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        from odoo import SUPERUSER_ID
        from odoo.exceptions import UserError
        from odoo.service.model import execute_cr

        with self._registry.cursor() as cr:
            try:
                return execute_cr(cr, SUPERUSER_ID, model, method, args, kwargs)
            except UserError as refusal:
                raise Refused(str(refusal)) from refusal


def carry_out(
    client: Any, program: Sequence[Step], meet: Any, conflicts: "Conflicts | None" = None
) -> Iterator[Outcome]:
    """Do the steps one after the other; ``{"meet": true}`` waits for all other processes."""
    for step in program:
        arguments = dict(step)
        if arguments.pop("meet", False):
            meet()
            continue
        verb = arguments.pop("verb")
        started = time.monotonic()
        outcome: Outcome = {"verb": verb, "order": step.get("order"), "result": "done"}
        try:
            VERBS[verb](client, **arguments)
        except Refused as refusal:
            outcome |= {"result": "refused", "message": str(refusal)}
        except Exception as error:
            outcome |= {"result": "error", "message": f"{type(error).__name__}: {error}"[-1000:]}
        outcome["seconds"] = time.monotonic() - started
        yield outcome | (conflicts.take() if conflicts else {})


class Conflicts(logging.Handler):
    """Counts what Odoo's log says about conflicts between transactions."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.take()

    def take(self) -> dict[str, int]:
        """What was counted since the last time: ``retries`` by Odoo, each after a random wait;
        ``loops`` in the door, without one; ``bad_queries`` in the log.
        """
        counted = dict(getattr(self, "counted", {}))
        self.counted = {"retries": 0, "loops": 0, "bad_queries": 0}
        return counted

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "try again in" in message:
            self.counted["retries"] += 1
        elif "keys taken after" in message and isinstance(record.args, tuple):
            self.counted["loops"] += int(str(record.args[1]))
        elif message.startswith("bad query"):
            self.counted["bad_queries"] += 1

    def listen(self) -> None:
        for name in (
            "odoo.service.model",
            "odoo.sql_db",
            "odoo.addons.oms_extension.models.allocation.stock_ledger",
        ):
            logger = logging.getLogger(name)
            logger.setLevel(logging.DEBUG if "stock_ledger" in name else logging.INFO)
            logger.addHandler(self)


def _run(
    registry: Any, programs: Sequence[Sequence[Step]], deaths: Sequence[int | None]
) -> list[Outcome]:
    from odoo import sql_db

    from race.death import die_at

    sql_db.close_all()
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(programs))

    def child(program: Sequence[Step], moment: int | None, answers: Any) -> None:
        conflicts = Conflicts()
        conflicts.listen()
        try:
            # The first connection is made before the start, so that all set off together.
            registry.cursor().close()
            barrier.wait(GIVE_UP_SECONDS)
            if moment:
                die_at(moment)
            for outcome in carry_out(
                Direct(registry), program, lambda: barrier.wait(GIVE_UP_SECONDS), conflicts
            ):
                answers.send(outcome)
        except BaseException as error:
            answers.send({"verb": "process", "result": "error", "message": repr(error)})
        finally:
            os._exit(0)

    children = []
    numbers: dict[Any, int] = {}
    for number, (program, moment) in enumerate(zip_longest(programs, deaths)):
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(target=child, args=(program, moment, writer))
        process.start()
        # Only the child can write from now on, so that the pipe closes however it ends.
        writer.close()
        children.append(process)
        numbers[reader] = number
    outcomes = []
    while numbers:
        ready: list[Any] = wait(list(numbers))
        for reader in ready:
            try:
                outcomes.append({**reader.recv(), "process": numbers[reader]})
            except EOFError:
                del numbers[reader]
    for number, process in enumerate(children):
        process.join()
        if process.exitcode == -signal.SIGKILL:
            outcomes.append({"verb": "process", "result": "killed", "process": number})
    return outcomes


def main(config: str, database: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    from race import shop

    odoo_config.parse_config(["-c", config, "-d", database, "--log-level", "warn", "--no-http"])
    registry = Registry(database)

    def transact(work: Any) -> Any:
        with registry.cursor() as cr:
            return work(api.Environment(cr, SUPERUSER_ID, {}))

    deeds: dict[str, Any] = {
        "open_shop": lambda **arguments: transact(lambda env: shop.open_shop(env, **arguments)),
        "stock_up": lambda **arguments: transact(lambda env: shop.stock_up(env, **arguments)),
        "fill_up": lambda **arguments: transact(lambda env: shop.fill_up(env, **arguments)),
        "take_orders": lambda **arguments: transact(lambda env: shop.take_orders(env, **arguments)),
        "audit": lambda: transact(lambda env: env["oms.audit"].run_audit()),
        "recheck": lambda: transact(lambda env: env["oms.exception"]._cron_recheck()),
        "call": lambda args, kwargs: Direct(registry).call(*args, **kwargs),
        "run": lambda **arguments: _run(registry, **arguments),
    }
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"result": deeds[command.pop("do")](**command)}
        except Exception as error:
            logging.getLogger(__name__).exception("failed")
            answer = {"failure": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
