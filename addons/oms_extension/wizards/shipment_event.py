from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.tracking.agent.reasons import REASON_NAMES
from ..models.tracking.shipment import STATE_NAMES


class OmsShipmentHandEvent(models.TransientModel):
    """A person adds what no carrier's message says: news by phone, a delivery by our own van."""

    _name = "oms.shipment.hand.event"
    _description = "Event by Hand"

    shipment_ids = fields.Many2many(
        "oms.shipment", string="Parcels", required=True, default=lambda self: self._chosen()
    )
    state = fields.Selection(
        [(key, name) for key, name in STATE_NAMES if key not in ("pending", "expired")],
        "What Happened",
        required=True,
    )
    reason = fields.Selection(
        lambda self: [(key, self.env._(name)) for key, name in REASON_NAMES.items()]
    )
    occurred_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    city = fields.Char()
    country_id = fields.Many2one("res.country")
    signed_by = fields.Char(help="Who took it.")
    text = fields.Char("Note", help="In your own words; shown in the timeline.")

    @api.model
    def _chosen(self):
        if self.env.context.get("active_model") != "oms.shipment":
            return self.env["oms.shipment"]
        return self.env["oms.shipment"].browse(self.env.context.get("active_ids", ()))

    def action_add(self):
        """Store the event through the one way in, and say in the chatter who added it.

        :raise UserError: it lies in the future, or is known already
        """
        self.ensure_one()
        if not self.shipment_ids:
            raise UserError(self.env._("Choose the parcels that this is about."))
        self.shipment_ids._add_by_hand(self._event(), self.reason or "")
        names = dict(self._fields["state"]._description_selection(self.env))
        body = self.env._(
            "Event by hand: %s", ". ".join(filter(None, [names[self.state], self.text]))
        )
        for shipment in self.shipment_ids:
            shipment._message_log(body=body)
        return {"type": "ir.actions.act_window_close"}

    def _event(self):
        event = {
            "status": self.state,
            "occurred_at": self.occurred_at.replace(tzinfo=UTC).isoformat(),
            "timezone": self.env.user.tz or "UTC",
            "description": self.text or "",
            "signed_by": self.signed_by or "",
        }
        place = {"city": self.city or "", "country": self.country_id.code or ""}
        return event | {"location": place} if any(place.values()) else event
