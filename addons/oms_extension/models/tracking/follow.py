import logging

from odoo import api, models

_logger = logging.getLogger(__name__)
BATCH = 200


class OmsShipment(models.Model):
    """What news entails is worked out after the news is stored, in a transaction of its own."""

    _inherit = "oms.shipment"

    @api.model
    def _cron_follow(self):
        """Work out the consequences of news, a batch of shipments at a time.

        A shipment stays marked until its batch is committed, so that a server that dies leaves
        nothing undone. Rows that another job holds are left to it.
        """
        while True:
            self.env.cr.execute(
                "SELECT id FROM oms_shipment WHERE follow_pending ORDER BY id LIMIT %s "
                "FOR NO KEY UPDATE SKIP LOCKED",
                [BATCH],
            )
            shipments = self.sudo().browse([one for (one,) in self.env.cr.fetchall()])
            if not shipments:
                return
            shipments._follow_safely()
            remaining = self.sudo().search_count([("follow_pending", "=", True)])
            if not self.env["ir.cron"]._commit_progress(len(shipments), remaining=remaining):
                return

    def _follow_safely(self):
        """Follow these shipments; where that fails, one by one, so that one blocks no other."""
        self.env.cr.execute(
            "UPDATE oms_shipment SET follow_pending = false WHERE id = ANY(%s)", [self.ids]
        )
        self.invalidate_recordset(["follow_pending"], flush=False)
        try:
            with self.env.cr.savepoint():
                self._follow()
                self.env.flush_all()
            return
        except Exception:
            if len(self) == 1:
                _logger.exception("following shipment %s failed", self.id)
                return
            _logger.info("following %s shipments failed; now one by one", len(self), exc_info=True)
        for shipment in self:
            shipment._follow_safely()
