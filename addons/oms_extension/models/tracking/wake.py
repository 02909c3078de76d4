"""Has scheduled jobs run as soon as a transaction is committed, cheaply and without missing one.

A job that is running found its triggers and removes them only when it has ended: whoever looks
whether one is there may find one that is spent, and wait for the job's own rhythm. So each asker
leaves one. And the message that wakes the jobs' process needs a connection of its own, which Odoo
opens anew each time (some milliseconds): it is sent after the answer, once for all who ask within
a moment. Where it gets lost, the process looks by itself within a minute.
"""

import logging
from functools import partial
from threading import Lock, Timer

from odoo import sql_db
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION

_logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.1
_asked = set()
_lock = Lock()


def call(env, job):
    """Let the job with this XML id run as soon as the transaction is committed.

    An archived job, or one that is not there, is left alone.
    """
    job_id = env["ir.model.data"]._xmlid_to_res_id(job)
    if job_id:
        call_id(env, job_id)


def call_id(env, job_id):
    env.cr.execute(
        "INSERT INTO ir_cron_trigger (cron_id, call_at) "
        "SELECT id, date_trunc('second', now() at time zone 'UTC') FROM ir_cron "
        "WHERE id = %s AND active",
        [job_id],
    )
    notify(env.cr)


def notify(cr):
    """Wake the jobs' process once this transaction is committed."""
    cr.postcommit.add(partial(_notify_soon, cr.dbname))


def _notify_soon(database):
    with _lock:
        if database in _asked:
            return
        _asked.add(database)
    timer = Timer(PAUSE_SECONDS, _notify, (database,))
    timer.daemon = True
    timer.start()


def _notify(database):
    with _lock:
        # Who commits from now on asks again.
        _asked.discard(database)
    try:
        with sql_db.db_connect("postgres").cursor() as cr:
            cr.execute(
                SQL("SELECT %s('cron_trigger', %s)", SQL.identifier(ODOO_NOTIFY_FUNCTION), database)
            )
    except Exception:
        _logger.info("the jobs of %s could not be woken", database, exc_info=True)
