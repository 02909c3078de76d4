from odoo import api, fields, models

from ..page.parcel import Parcel

RECENT = 30
"""Events that say where a parcel waits and who took it."""
MOST_CONTENTS = 6
DAY_IS_CLEAR = ("out_for_delivery", "ready_for_pickup", "attempt_failed")
"""States in which an estimate of days says less than the state does, or nothing any more."""


class Letter(Parcel):
    """What the customer's page says about a parcel, as far as it fits into a mail."""

    def facts(self):
        """Values for the mail templates and their layout, in the language of the environment."""
        shipment, order = self.shipment, self.shipment.order_id
        contents = self._contents()
        partner = shipment._notice_partner()
        steps = self._steps()
        reached = [step["label"] for step in steps if step["status"] != "ahead"]
        return {
            "name": partner.name or "",
            "order": order.name or "",
            "reference": order.client_order_ref or "",
            "number": shipment.tracking_number or "",
            "carrier": shipment.oms_carrier_id.name or shipment.carrier_id.name or "",
            "carrier_page": self._carrier_page(),
            "page": f"{shipment.get_base_url()}/track/{shipment.sudo().access_token}",
            "choice": partner._oms_notices_url() if partner else "",
            "position": self._position(),
            "direction": self.env["res.lang"]._get_data(code=self.env.lang).direction or "ltr",
            "steps": steps,
            "step": reached[-1] if reached else "",
            "estimate": None if shipment.state in DAY_IS_CLEAR else self._estimate(),
            "promised": self._broken_promise(),
            "why": self._reason(),
            "advice": self._advice(),
            "place": self._waiting_place(),
            "proof": self._proof(),
            "contents": contents[:MOST_CONTENTS],
            "more": self.env._("and %s more", len(contents) - MOST_CONTENTS)
            if len(contents) > MOST_CONTENTS
            else "",
        }

    def _position(self):
        """``(2, 3)``: the second of an order's three parcels; nothing where it is the only one."""
        parcels = self.shipment.order_id.sudo().oms_shipment_ids.filtered(
            lambda one: one.direction == "outbound" and one.state != "cancelled"
        )
        if len(parcels) < 2 or self.shipment not in parcels:
            return None
        return parcels.sorted("id").ids.index(self.shipment.id) + 1, len(parcels)

    def _broken_promise(self):
        """The promised day, where the estimate lies behind it."""
        promised = self.shipment.promised_at
        estimate = self.shipment.eta_at or self.shipment.carrier_eta_at
        if promised and estimate and estimate > promised:
            day = self.clock.day(promised)
            return day if day != self.clock.day(estimate) else ""
        return ""


class OmsShipment(models.Model):
    """What mails say about a parcel."""

    _name = "oms.shipment"
    _inherit = ["oms.shipment", "oms.notified"]

    @api.private
    def mail_facts(self):
        """What a mail template can say, see :meth:`Letter.facts`; nothing internal.

        Public so that templates may call it; no other program may.
        """
        self.ensure_one()
        events = self.env["oms.shipment.event"].sudo()
        recent = events.search([("shipment_id", "=", self.id)], limit=RECENT)
        return Letter(self.sudo(), recent).facts()

    def _tellable_until(self):
        """The last day on which a mail of now says that the parcel arrives, see
        ``Parcel._estimate``.
        """
        now = fields.Datetime.now()
        ranges = (
            (self.eta_high_at if self.eta_low_at else False),
            self.eta_at,
            self.carrier_eta_at,
            self.promised_at,
        )
        return next((moment for moment in ranges if moment and moment >= now), False)

    def _notice_headers(self):
        """Lets mail programs offer to switch messages off."""
        headers = super()._notice_headers()
        partner = self._notice_partner()
        if partner:
            headers["List-Unsubscribe"] = f"<{partner._oms_notices_url()}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers
