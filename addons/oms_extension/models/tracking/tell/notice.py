from odoo import fields, models

from ....engine.tracking import tell
from .res_company import SWITCHES

KIND_NAMES = [
    ("shipped", "Shipped"),
    ("out_for_delivery", "Out for Delivery"),
    ("delay", "Delay"),
    ("attempt_failed", "Delivery Failed"),
    ("ready_for_pickup", "Ready for Pick-up"),
    ("delivered", "Delivered"),
    ("returning", "Coming Back"),
    ("lost", "Lost"),
]


class OmsShipmentNotice(models.Model):
    """One message to a customer about a parcel."""

    _name = "oms.shipment.notice"
    _inherit = "oms.notice"
    _description = "Message to the Customer"
    _order = "planned_at desc, id desc"
    _about = "shipment_id"
    _templates = {kind: f"oms_extension.mail_template_{kind}" for kind in SWITCHES}
    _cron = "oms_extension.cron_tell_customers"

    shipment_id = fields.Many2one("oms.shipment", required=True, ondelete="cascade", readonly=True)
    order_id = fields.Many2one(related="shipment_id.order_id")
    kind = fields.Selection(KIND_NAMES, required=True, readonly=True)
    why = fields.Selection(
        selection_add=[
            ("stale", "The news came too late"),
            ("superseded",),
            ("no_email",),
            ("wish", "The customer does not want it"),
            ("switched_off",),
            ("odoo_mail", "Odoo's own delivery confirmation says it"),
            ("mail_failed",),
        ],
    )
    happened_at = fields.Datetime("News of", readonly=True)
    told_until = fields.Datetime(
        "Told Arrival", readonly=True, help="The last day on which the customer was told it comes."
    )
    _once = models.UniqueIndex("(shipment_id, kind, occasion)", "The customer was told already.")
    _queue_index = models.Index("(planned_at) WHERE state = 'queued' AND written_at IS NULL")

    def action_preview(self):
        """How it looks now; nothing is sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "oms.notice.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind": self.kind, "default_shipment_id": self.shipment_id.id},
        }

    # --- the job ----------------------------------------------------------------------------------

    def _also_written(self):
        dated = self.kind in ("shipped", "delay")
        return {"told_until": self.shipment_id._tellable_until() if dated else False}

    def _why_nots(self):
        self.shipment_id.order_id.fetch(["partner_id"])
        told = self.shipment_id._told_before(written_only=True)
        return {notice: notice._why_not(told[notice.shipment_id.id]) for notice in self}

    def _why_not(self, told):
        """Why this is not to be sent now, or nothing.

        :param told: what the customer was told of this parcel before
        """
        self.ensure_one()
        shipment = self.shipment_id
        if self.kind in self.company_id._oms_untold():
            return "switched_off"
        now = shipment._aware(fields.Datetime.now())
        parcel = shipment._as_told(told)
        if not shipment.active or not tell.still_true(
            self.kind, parcel, shipment._aware(self.happened_at), now
        ):
            return "superseded"
        return shipment._why_not_told(self.kind)
