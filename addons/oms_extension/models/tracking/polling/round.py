"""One round of questions to all carriers whose parcels are due.

Carriers are asked side by side, each through a process of its own, so that one that says nothing
costs the others nothing. No transaction is open while a carrier is waited for: a lease on its
connection keeps every other process away, and runs out by itself if this one dies. What is stored
of an answer is stored together with the next date of its parcels; if that fails nothing of it is,
and the same is asked again.
"""

import logging
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta

from . import courier
from .visit import SECONDS, Visit

_logger = logging.getLogger(__name__)

BUDGET = 40
"""Seconds after which no more questions are begun; with the last ones it stays below Odoo's limit
of two minutes for a job."""
SIDE_BY_SIDE = 6
LEASE = timedelta(seconds=2 * SECONDS + courier.START_SECONDS + 10)


class Round:
    """See the module's text. ``connections``: in the order in which they are asked."""

    def __init__(self, connections):
        self.env = connections.env
        self._waiting = deque(connections.ids)
        self._until = time.monotonic() + BUDGET

    def run(self):
        """Ask until nothing is due or the time is up; the number of parcels answered."""
        answered = 0
        under_way = {}
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="oms_poll") as pool:
            try:
                while True:
                    while len(under_way) < SIDE_BY_SIDE and (visit := self._next()):
                        under_way[pool.submit(visit.ask)] = visit
                    if not under_way:
                        return answered
                    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                        visit = under_way[future]
                        answered += self._finish(visit, future)
                        del under_way[future]
                        if self._load(visit):
                            under_way[pool.submit(visit.ask)] = visit
                        else:
                            visit.close()
            finally:
                for visit in under_way.values():
                    visit.close()

    def _next(self):
        """The next connection that has something due and that nobody else is asking."""
        while self._waiting:
            visit = Visit(self._waiting.popleft())
            if self._load(visit):
                return visit
        return None

    def _load(self, visit):
        """Take the lease and the next numbers of a connection; False if there is nothing to do."""
        connection = self.env["oms.tracking.connection"].browse(visit.connection_id).exists()
        if time.monotonic() < self._until:
            visit.lease, visit.numbers = connection._lease(LEASE, visit.lease)
        else:
            connection._release(visit.lease)
            visit.numbers = {}
        if visit.numbers:
            visit.opening = connection._opening()
        self._commit()
        return bool(visit.numbers)

    def _finish(self, visit, future):
        """Store what was learned; the number of parcels answered."""
        try:
            answer = future.result()
        except courier.Lost as error:
            answer = error
        except Exception as error:
            _logger.exception("connection %s could not be asked", visit.connection_id)
            answer = courier.Lost(f"{type(error).__name__}: {error}")
        return self.env["oms.tracking.connection"]._learn(
            visit.connection_id, visit.numbers, answer, self._commit
        )

    def _commit(self, answered=0):
        self.env["ir.cron"]._commit_progress(answered)
