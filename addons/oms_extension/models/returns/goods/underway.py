"""The way back: its tracking number, and what the carrier's news says about the return."""

from odoo import api, fields, models

ARRIVED = ("delivered", "returned")


class OmsReturn(models.Model):
    _inherit = "oms.return"

    tracking_ref = fields.Char(
        "Tracking Number Back",
        compute="_compute_tracking_ref",
        inverse="_inverse_tracking_ref",
        help="Of the parcel that the customer sends: it is tracked like every other.",
    )

    @api.depends("picking_ids.carrier_tracking_ref")
    def _compute_tracking_ref(self):
        for one in self:
            numbers = one.sudo().picking_ids.filtered(
                lambda picking: picking.location_id.usage == "customer"
            )
            one.tracking_ref = ", ".join(
                dict.fromkeys(filter(None, numbers.mapped("carrier_tracking_ref")))
            )

    def _inverse_tracking_ref(self):
        for one in self:
            number = (one.tracking_ref or "").strip()
            for picking in one._open_pickings()[:1]:
                picking.carrier_tracking_ref = number or False

    def _next_step(self):
        """The parcel may lie at the dock while the books still await it."""
        if self.state == "approved" and self.receipt_state in ("awaited", "underway"):
            parcels = self.sudo().shipment_ids
            if parcels.filtered(lambda parcel: parcel.state in ARRIVED):
                return self.env._(
                    "The parcel is at %s: take it in at the receiving table.",
                    self.warehouse_id.sudo().name,
                )
        return super()._next_step()


class OmsShipment(models.Model):
    _inherit = "oms.shipment"

    def _follow(self):
        """News is stored past the ORM: tell the returns whose goods these parcels carry."""
        result = super()._follow()
        returns = self.env["oms.return"].sudo()
        back = self.filtered(lambda one: one.direction == "return")
        concerned = back.picking_id.sudo().oms_return_id | returns.search(
            [("line_ids.shipment_id", "in", (self - back).ids), ("origin", "=", "carrier")]
        )
        if concerned:
            concerned.invalidate_recordset(["shipment_ids"], flush=False)
            self.env.add_to_compute(returns._fields["receipt_state"], concerned)
        return result
