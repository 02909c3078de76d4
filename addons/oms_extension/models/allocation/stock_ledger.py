"""The lock protocol that makes overselling impossible. Every lock of the addon is taken here.

**What is locked.** One row per (product, place) in ``oms_stock_ledger``. A place is a warehouse as
a whole, named by its top location, or a single location outside warehouses. Whoever changes stock,
or reads it in order to reserve, ship or release, first counts the row's ``version`` up.

**Why it suffices.** Odoo's transactions run in REPEATABLE READ: all reads of a transaction come
from one snapshot. If another transaction changed a ledger row after that snapshot was taken, our
update of the row fails with 40001 (serialization failure) instead of going on with old figures.
So when the update succeeds, nobody has changed these products in these places since our snapshot,
and nobody can before we commit. When in the transaction the row is claimed does not matter, only
that it is before the end. An advisory lock does not give this: the statement that waits for it has
already taken its snapshot and reads old stock afterwards.

**Door** (:meth:`OmsStockLedger._enter`): at the start of whatever a person or a program calls:
confirming, allocating, cancelling, validating, reserving. As long as the transaction has written
nothing, a conflict is settled here: roll back, which renews the snapshot and loses no work, and
claim again. The caller then reads and decides on the newest stock, so that whoever lost the race
simply gets another decision. Never use the door where stock was read before: what was read would
be older than the snapshot.

**Net** (:meth:`OmsStockLedger._claim`): under every change of a quant, whoever makes it. It never
renews the snapshot; its conflict goes to Odoo's own ``retrying``, which repeats the whole call;
from the second repetition on with the claim in hand (:func:`_claim_before_retry`).
The net is what makes overselling impossible; doors only make conflicts cheap.

**Split quants.** Odoo skips a quant that another transaction has locked and makes a second one
with a reservation and no stock. Nobody locks a quant without its ledger row, so that no quant is
ever found locked.

**Order.** All rows of one call are claimed in one statement, sorted by (product, place), and before
any quant is touched. Two transactions that claim overlapping sets in several calls can still cross;
PostgreSQL then ends one with 40P01 (deadlock), which both the door and ``retrying`` repeat.

**Savepoints.** Rolling back to a savepoint gives up what was claimed after it. Odoo's flushing
savepoints clear the memory of claims with the rest of ``precommit.data``, so that it is claimed
again. Do not claim inside ``savepoint(flush=False)`` and go on after rolling back to it.
"""

import logging
import time
from functools import partial
from weakref import WeakKeyDictionary

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.sql_db import Cursor

from . import savepoints

_logger = logging.getLogger(__name__)

CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
PATIENCE_SECONDS = 60.0
LOCK_TIMEOUT_SECONDS = 15

_CLAIMED = "oms_stock_ledger_claimed"
_lost = WeakKeyDictionary()
"""How many claims the net of a cursor has lost."""


class OmsStockLedger(models.Model):
    """One row per product and place, counted up by whoever changes or promises its stock."""

    _name = "oms.stock.ledger"
    _description = "Stock Ledger Row"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    location_id = fields.Many2one(
        "stock.location",
        "Place",
        required=True,
        ondelete="cascade",
        index=True,
        help="The top location of a warehouse, or a location outside warehouses.",
    )
    version = fields.Integer(required=True, default=1)

    _product_place_unique = models.Constraint(
        "unique (product_id, location_id)", "A product has one ledger row per place."
    )

    def init(self):
        # Rows of hot products change many times a second: with room on their pages they stay
        # where they are, no index grows, and the next reader prunes what is dead.
        self.env.cr.execute(
            "ALTER TABLE oms_stock_ledger"
            " SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02)"
        )

    @api.model
    def _keys(self, products, locations):
        """What to claim in order to work with the stock of products in locations.

        :return: set of keys for :meth:`_enter` and :meth:`_claim`
        """
        places = {
            location.warehouse_id.view_location_id.id or location.id
            for location in locations.sudo()
        }
        return {(product_id, place) for product_id in products.ids for place in places}

    @api.model
    def _enter(self, keys):
        """Claim the rows of ``keys`` with a snapshot younger than every change to them.

        Call it before stock is read and before the first write of a transaction. When the
        transaction has written already, this is the same as :meth:`_claim`.

        :param keys: iterable of keys, see :meth:`_keys`
        :raise UserError: the rows could not be had within :data:`PATIENCE_SECONDS`.
        """
        cr = self.env.cr
        keys = _unclaimed(cr, keys)
        if not keys:
            return
        if not self._is_clean():
            self._claim(keys)
            return
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        conflicts = 0
        while True:
            try:
                _count_up(cr, keys)
                break
            except CONFLICTS as conflict:
                # The next claim is the first statement of a new transaction: its snapshot is
                # taken then. Who waited longest is the first to try again, so nobody starves.
                cr.rollback()
                conflicts += 1
                if time.monotonic() > give_up_at:
                    raise UserError(
                        self.env._("This stock is in great demand at the moment. Please try again.")
                    ) from conflict
        if conflicts:
            _logger.debug("stock ledger: %s keys taken after %s conflicts", len(keys), conflicts)
            self.env.invalidate_all(flush=False)

    @api.model
    def _claim(self, keys):
        """Count the rows of ``keys`` up, in sorted order; make those that do not exist.

        A row is claimed once between two flushes of the cursor, so repeated calls cost nothing.

        :param keys: iterable of keys, see :meth:`_keys`
        :raise psycopg2.errors.SerializationFailure: somebody changed this stock since the
            transaction's snapshot; the call has to be repeated.
        """
        cr = self.env.cr
        keys = _unclaimed(cr, keys)
        if not keys:
            return
        try:
            _count_up(cr, keys)
        except CONFLICTS:
            _lost[cr] = _lost.get(cr, 0) + 1
            if _lost[cr] > 1 and type(cr) is Cursor:
                cr.postrollback.add(partial(_claim_before_retry, cr, keys))
            raise

    def _is_clean(self):
        """Whether a rollback would lose nothing.

        Nothing written, nothing waiting to be written or done at the end, no savepoint open.
        """
        cr = self.env.cr
        transaction = self.env.transaction
        if (
            any(transaction.tocompute.values())
            or any(transaction.field_dirty.values())
            or any((cr.precommit, cr.postcommit, cr.prerollback, cr.postrollback))
            or savepoints.is_open(cr)
        ):
            return False
        cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        return cr.fetchone()[0]


def _unclaimed(cr, keys):
    claimed = cr.precommit.data.get(_CLAIMED, ())
    return sorted({key for key in keys if key not in claimed})


def _count_up(cr, keys):
    """Claim sorted keys in one statement, and remember it until the cursor is flushed."""
    # The time limit is for these locks alone: what was set before is set again afterwards.
    cr.execute(
        """
        SELECT set_config('oms.lock_timeout', current_setting('lock_timeout'), true),
               set_config('lock_timeout', %s, true);
        WITH wanted AS (
            SELECT * FROM unnest(%s, %s) AS pair (product_id, location_id)
        ),
        locked AS (
              SELECT ledger.id
                FROM oms_stock_ledger ledger JOIN wanted USING (product_id, location_id)
            ORDER BY ledger.product_id, ledger.location_id
                 FOR NO KEY UPDATE OF ledger
        ),
        counted AS (
               UPDATE oms_stock_ledger ledger SET version = (version + 1) %% 1000000000
                 FROM locked
                WHERE ledger.id = locked.id
            RETURNING ledger.product_id, ledger.location_id
        )
        INSERT INTO oms_stock_ledger (product_id, location_id, version)
             SELECT product_id, location_id, 1
               FROM (SELECT * FROM wanted EXCEPT SELECT * FROM counted) AS missing
           ORDER BY product_id, location_id
        ON CONFLICT (product_id, location_id)
          DO UPDATE SET version = (oms_stock_ledger.version + 1) %% 1000000000;
        SELECT set_config('lock_timeout', current_setting('oms.lock_timeout'), true)
        """,
        (
            f"{LOCK_TIMEOUT_SECONDS}s",
            [product_id for product_id, _place in keys],
            [place for _product_id, place in keys],
        ),
        # A conflict is an ordinary event here, not an error for the server's log.
        log_exceptions=False,
    )
    cr.precommit.data.setdefault(_CLAIMED, set()).update(keys)


def _claim_before_retry(cr, keys):
    """Start the transaction after a rollback with the claim that was lost before it.

    Odoo's ``retrying`` tries five times and waits longer each time. Whoever lost twice holds its
    rows through that wait, so that the third try cannot lose them again.
    """
    # A cursor that is being closed has no psycopg2 cursor any more, and nobody will try again.
    if "_obj" not in vars(cr):
        return
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        try:
            _count_up(cr, keys)
            return
        except CONFLICTS:
            cr._cnx.rollback()
