"""The lock protocol that makes overselling impossible. Every lock of the addon is taken here.

**What is locked.** One row per (product, warehouse) in ``oms_stock_ledger``. Whoever reads free
stock in order to reserve, ship or release it first adds 1 to the row's ``version``.

**Why it suffices.** Odoo's transactions run in REPEATABLE READ: all reads of a transaction come
from one snapshot. If another transaction changed a ledger row after that snapshot was taken, our
update of the row fails with 40001 (serialization failure) instead of going on with old figures.
So when the update succeeds, nobody has changed these products in these warehouses since our
snapshot, and nobody can before we commit. An advisory lock does not give this: the statement that
waits for it has already taken its snapshot and reads old stock afterwards.

**Door** (:meth:`OmsStockLedger._enter`): at the start of confirming, allocating, cancelling,
validating, reserving. As long as the transaction has written nothing, a conflict is settled here:
roll back, which renews the snapshot and loses no work, and take the rows again. The caller then
decides on the newest stock, so that whoever lost the race simply gets another decision.

**Net** (:meth:`OmsStockLedger._claim`): under every change of a quant
(``stock.quant._update_available_quantity``), whoever makes it. A transaction that has written
already cannot renew its snapshot; its conflict goes to Odoo's own ``retrying``, which repeats the
whole call.

**Order.** All rows of one call are taken in one statement, sorted by (product, warehouse), and
before any quant is touched. Two transactions that claim overlapping sets in several calls can
still cross; PostgreSQL then ends one with 40P01 (deadlock), which both the door and ``retrying``
repeat.
"""

import logging
import random
import time

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

_logger = logging.getLogger(__name__)

CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
PATIENCE_SECONDS = 60.0
LOCK_TIMEOUT_SECONDS = 15

_CLAIMED = "oms_stock_ledger_claimed"


class OmsStockLedger(models.Model):
    """One row per product and warehouse, counted up by whoever changes or promises its stock."""

    _name = "oms.stock.ledger"
    _description = "Stock Ledger Row"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, ondelete="cascade", index=True
    )
    version = fields.Integer(required=True, default=1)

    _product_warehouse_unique = models.Constraint(
        "unique (product_id, warehouse_id)", "A product has one ledger row per warehouse."
    )

    @api.model
    def _enter(self, keys):
        """Take the rows of ``keys`` with a snapshot younger than every change to them.

        Call it before the first write of a transaction. When the transaction has written
        already, this is the same as :meth:`_claim`.

        :param keys: iterable of (product id, warehouse id)
        :raise ConcurrencyError: the rows could not be had within :data:`PATIENCE_SECONDS`.
        """
        keys = self._unclaimed(keys)
        if not keys:
            return
        if not self._is_clean():
            self._claim(keys)
            return
        cr = self.env.cr
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        for attempt in range(1_000_000):
            # A new transaction: its snapshot is taken by the claim, its first statement.
            cr.rollback()
            try:
                self._claim(keys, quiet=True)
                break
            except CONFLICTS as conflict:
                cr.rollback()
                if time.monotonic() > give_up_at:
                    raise ConcurrencyError(
                        self.env._(
                            "This stock is in great demand at the moment. Please try again."
                        )
                    ) from conflict
                time.sleep(random.uniform(0.0, min(0.05, 0.002 * (attempt + 1))))
        if attempt:
            _logger.debug("stock ledger: %s keys taken after %s conflicts", len(keys), attempt)
        self.env.invalidate_all(flush=False)

    @api.model
    def _claim(self, keys, quiet=False):
        """Count the rows of ``keys`` up, in sorted order; make those that do not exist.

        Each row is claimed once per transaction, so repeated calls cost nothing.

        :param keys: iterable of (product id, warehouse id)
        :raise psycopg2.errors.SerializationFailure: somebody changed this stock since the
            transaction's snapshot; the call has to be repeated.
        """
        keys = self._unclaimed(keys)
        if not keys:
            return
        cr = self.env.cr
        cr.execute(
            """
            SET LOCAL lock_timeout = %s;
            WITH wanted AS (
                SELECT * FROM unnest(%s, %s) AS pair (product_id, warehouse_id)
            ),
            locked AS (
                  SELECT ledger.id
                    FROM oms_stock_ledger ledger JOIN wanted USING (product_id, warehouse_id)
                ORDER BY ledger.product_id, ledger.warehouse_id
                     FOR NO KEY UPDATE OF ledger
            ),
            counted AS (
                   UPDATE oms_stock_ledger ledger SET version = version + 1
                     FROM locked
                    WHERE ledger.id = locked.id
                RETURNING ledger.product_id, ledger.warehouse_id
            )
            INSERT INTO oms_stock_ledger (product_id, warehouse_id, version)
                 SELECT product_id, warehouse_id, 1
                   FROM (SELECT * FROM wanted EXCEPT SELECT * FROM counted) AS missing
               ORDER BY product_id, warehouse_id
            ON CONFLICT (product_id, warehouse_id)
              DO UPDATE SET version = oms_stock_ledger.version + 1
            """,
            (
                f"{LOCK_TIMEOUT_SECONDS}s",
                [product_id for product_id, _warehouse_id in keys],
                [warehouse_id for _product_id, warehouse_id in keys],
            ),
            log_exceptions=not quiet,
        )
        # Savepoint rollbacks and commits clear this data, and with it the memory of the claim.
        cr.precommit.data.setdefault(_CLAIMED, set()).update(keys)

    def _unclaimed(self, keys):
        claimed = self.env.cr.precommit.data.get(_CLAIMED, ())
        return sorted({key for key in keys if key not in claimed})

    def _is_clean(self):
        """Whether a rollback would lose nothing: nothing written, nothing waiting to be."""
        cr = self.env.cr
        transaction = self.env.transaction
        if any(transaction.tocompute.values()) or any(transaction.field_dirty.values()):
            return False
        cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        return cr.fetchone()[0]
