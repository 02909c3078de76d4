from odoo import fields, models


class StockPicking(models.Model):
    """When goods that a transfer had waited for were there."""

    _inherit = "stock.picking"

    oms_ready_at = fields.Datetime(
        "Goods Ready on",
        readonly=True,
        copy=False,
        help="When the last goods came that it had waited for; empty: all were there at once.",
    )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        result = super()._action_assign(force_qty=force_qty)
        self._oms_note_ready()
        return result

    def _oms_note_ready(self):
        """Note when the goods of transfers came that were made in an earlier transaction.

        What waits for another step of the same warehouse does not wait for goods.
        """
        now = self.env.cr.now()
        waited = self.picking_id.filtered(
            lambda one: one.create_date and one.create_date < now and not one.oms_ready_at
        )
        for picking in waited:
            if picking.state == "assigned" and not picking.move_ids.move_orig_ids:
                picking.sudo().oms_ready_at = now.replace(microsecond=0)
