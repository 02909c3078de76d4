"""Runs the steps of an import each in a transaction of its own."""

import random
import time

from odoo import api
from odoo.exceptions import ConcurrencyError

from ..stock_ledger import CONFLICTS

TRIES = 12
LONGEST_PAUSE_SECONDS = 0.5


class OwnTransactions:
    """Every step on a cursor of its own: what it did is kept, whatever happens to the next one.

    The caller's transaction must have written nothing. It is ended here, because its view of the
    data would be out of date as soon as the first step has committed.
    """

    keeps_what_is_done = True

    def __init__(self, env):
        self._env = env
        env.cr.rollback()

    def __enter__(self):
        self._cr = self._env.registry.cursor()
        return self

    def __exit__(self, *_exception):
        self._cr.close()

    def run(self, step, newest=False):
        """``step(env)`` in one transaction, again after a conflict with another one.

        :param newest: let every statement see what others committed meanwhile, as needed by a step
            that waits for a lock and then looks again.
        """
        cr = self._cr
        for attempt in range(1, TRIES + 1):
            if newest:
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            env = api.Environment(cr, self._env.uid, self._env.context, self._env.su)
            try:
                result = step(env)
                cr.commit()  # pylint: disable=invalid-commit
                return result
            except (*CONFLICTS, ConcurrencyError):
                self._undo(env)
                if attempt == TRIES:
                    raise
                time.sleep(random.uniform(0, min(LONGEST_PAUSE_SECONDS, 0.02 * 2**attempt)))
            except BaseException:
                self._undo(env)
                raise
        raise AssertionError("unreachable")

    def _undo(self, env):
        self._cr.rollback()
        env.transaction.reset()
        env.registry.reset_changes()


class Savepoints:
    """Every step under a savepoint of the caller's transaction, which has written already.

    What it wrote may be needed here, and is unknown to any other transaction. A conflict goes on to
    the caller: its view of the data is out of date, so that all has to be done again.
    """

    keeps_what_is_done = False

    def __init__(self, env):
        self._env = env

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        return

    def run(self, step, newest=False):
        """``step(env)``, undone when it fails."""
        with self._env.cr.savepoint():
            return step(self._env)


def transactions(env):
    """The way to run steps that fits the transaction of ``env``."""
    if env["oms.stock.ledger"]._is_clean():
        return OwnTransactions(env)
    return Savepoints(env)
