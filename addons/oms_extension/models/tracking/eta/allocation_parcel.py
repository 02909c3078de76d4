from odoo import api, fields, models
from odoo.tools import SQL

from .rows import ALLOCATED, Rows


class OmsAllocationParcel(models.Model):
    """When a parcel that has not left yet will arrive: estimated from the order on, read today.

    Not stored: it would be stale the next day. ``deliver_at`` stays what was promised.
    """

    _name = "oms.allocation.parcel"
    _inherit = ["oms.allocation.parcel", "oms.eta.mixin"]

    eta_at = fields.Datetime("Estimated Arrival", compute="_compute_eta", compute_sudo=True)
    eta_low_at = fields.Datetime("Earliest Arrival", compute="_compute_eta", compute_sudo=True)
    eta_high_at = fields.Datetime("Latest Arrival", compute="_compute_eta", compute_sudo=True)
    eta_terms = fields.Json(compute="_compute_eta", compute_sudo=True, store=False)

    @api.depends("state", "ship_at", "warehouse_id", "carrier_id", "order_id.partner_shipping_id")
    def _compute_eta(self):
        committed = self.filtered(lambda one: one.state == "committed")
        values = {}
        if committed.ids:
            for model in ("oms.allocation.parcel", "sale.order", "res.partner"):
                self.env[model].flush_model()
            where = SQL("parcel.id = ANY(%s)", committed.ids)
            values = self._eta_values(Rows(self.env, ALLOCATED, where), allocated=True)
        for one in self:
            said = values.get(one.id, {})
            for name in ("eta_at", "eta_low_at", "eta_high_at", "eta_terms"):
                one[name] = said.get(name) or False

    def _eta_place(self):
        return self.order_id.partner_shipping_id.city or "", None
