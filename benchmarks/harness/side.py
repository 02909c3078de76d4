"""One database in a process of its own, which runs a step at a time and measures it.

A step is a function ``step(env, **arguments)`` at module level. It runs in one transaction with its
commit, on a cursor and an environment of its own, so that no record is cached. What a server
process keeps over requests (registry, access rights, templates) stays warm. Where a step is a
generator, what it does before its ``yield`` is not measured.
"""

from __future__ import annotations

import gc
import inspect
import multiprocessing
import resource
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from . import platform

Step = Callable[..., Any]


@dataclass(frozen=True)
class Run:
    """What one step took.

    :ivar ms: wall clock. :ivar cpu: of the process, without PostgreSQL. :ivar sql: statements.
    :ivar peak: MiB that Python allocated at most, where asked for.
    """

    ms: float
    cpu: float
    sql: int
    peak: float
    result: Any


class Side:
    """A database and the process that works on it.

    :param label: what the tables call it.
    """

    def __init__(self, label: str, database: str) -> None:
        self.label = label
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, database), daemon=True)
        self._process.start()
        theirs.close()

    def run(self, step: Step, *, memory: bool = False, **arguments: Any) -> Run:
        """Run a step there. Raises ``RuntimeError`` with the other process's trace if it fails.

        :param memory: measure Python's memory as well, which slows the step down.
        """
        self._pipe.send((step, memory, arguments))
        try:
            answer: Run | str = self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"the process of {self.label} has died") from None
        if isinstance(answer, str):
            raise RuntimeError(f"{self.label}: {answer}")
        return answer

    def resident(self) -> float:
        """MiB of memory the process has held at most."""
        return float(self.run(_resident).result)

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(20)
        if self._process.is_alive():
            self._process.terminate()


@contextmanager
def sides(*labels: str) -> Iterator[list[Side]]:
    """Fresh databases, each with its process."""
    with platform.copies(*labels) as names:
        opened = [Side(label, name) for label, name in names.items()]
        try:
            yield opened
        finally:
            for side in opened:
                side.close()


def in_turns(sides_: list[Side], round_number: int) -> Iterable[Side]:
    """The sides, in the other order every other round: neither always runs first."""
    return sides_ if round_number % 2 == 0 else sides_[::-1]


def _resident(env: Any) -> float:
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 2**20


def _serve(pipe: Connection, database: str) -> None:
    platform.configure(database)
    from odoo.modules.registry import Registry

    registry = Registry(database)
    while True:
        try:
            step, memory, arguments = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(_measure(registry, step, memory, arguments))
        except Exception:
            pipe.send(traceback.format_exc())


def _measure(registry: Any, step: Step, memory: bool, arguments: dict[str, Any]) -> Run:
    from odoo import api, sql_db

    gc.collect()
    with registry.cursor() as cr:
        env = api.Environment(cr, _administrator(cr), {"lang": "en_US", "tz": "UTC"})
        call = step(env, **arguments) if inspect.isgeneratorfunction(step) else None
        if call:
            next(call)
            env.invalidate_all()
        if memory:
            tracemalloc.start()
        # Odoo's counter for the whole process: a step may open further cursors.
        statements, cpu, start = sql_db.sql_counter, time.process_time(), time.perf_counter()
        result = next(call, None) if call else step(env, **arguments)
        cr.commit()
        ms, cpu = (time.perf_counter() - start) * 1e3, (time.process_time() - cpu) * 1e3
        statements = sql_db.sql_counter - statements
    peak = tracemalloc.get_traced_memory()[1] / 2**20 if memory else 0.0
    tracemalloc.stop()
    return Run(ms, cpu, statements, peak, result)


def _administrator(cr: Any) -> int:
    cr.execute("SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'user_admin'")
    return int(cr.fetchone()[0])
