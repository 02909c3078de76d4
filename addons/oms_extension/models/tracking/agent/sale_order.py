from odoo import api, fields, models

from .presentation import TONES, tone_of


class SaleOrder(models.Model):
    """An order shows its parcels and their way."""

    _inherit = "sale.order"

    client_order_ref = fields.Char(index="btree_not_null")
    oms_tracking_tone = fields.Selection(TONES, compute="_compute_oms_tracking_tone")

    @api.depends("oms_tracking_state")
    def _compute_oms_tracking_tone(self):
        for order in self:
            state = order.oms_tracking_state
            order.oms_tracking_tone = tone_of(state) if state else False
