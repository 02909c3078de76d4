from odoo import fields, models

from ..shipment import FINISHED
from ..timeline import iso
from .presentation import tone_of
from .reasons import reason_name


class OmsShipment(models.Model):
    """Parcels with all that one screen says about them."""

    _inherit = "oms.shipment"

    timeline_view = fields.Json("Timeline", compute="_compute_timeline_view", exportable=False)

    def _compute_timeline_view(self):
        for shipment in self:
            saved = shipment._origin
            shipment.timeline_view = saved._cards()[0] if saved else False

    def _cards(self):
        """What :meth:`_timeline` gives, with texts in the reader's language.

        Days are those of the recipient. To each parcel: ``tone``, ``late`` (text), ``promised``,
        ``expected``, ``delivered``, ``shipped`` (days as text), ``reason_label``, ``todo``,
        ``link`` (the customer's page), ``explanation`` of the estimate, ``place``, ``number`` of
        the transfer; to each event: ``tone``, ``reason_label``, ``party_label``, ``door_label``,
        ``signed_by``.
        """
        doors = dict(
            self.env["oms.shipment.event"]._fields["door"]._description_selection(self.env)
        )
        parties = dict(self._fields["party"]._description_selection(self.env))
        cards = self._timeline()
        for shipment, card in zip(self, cards, strict=True):
            card |= shipment._card()
            for event in card["events"]:
                event |= {
                    "tone": tone_of(event["state"]) if event["state"] else "muted",
                    "reason_label": reason_name(self.env, event["reason"]) or False,
                    "party_label": parties.get(event["party"]) or False,
                    "door_label": doors[event["door"]],
                }
        return cards

    def _card(self):
        dates = self._dates()
        return {
            "tone": self.tone,
            "late": self.lateness or False,
            "promised": dates.day(self.promised_at),
            "expected": self.expected_range or "",
            "expected_by_carrier": bool(not self.eta_at and self.carrier_eta_at),
            "explanation": self._explanation(),
            "delivered": dates.moment(self.delivered_at),
            "shipped": dates.day(self.shipped_at),
            "clock": str(dates.zone),
            "reason_label": self.reason_name or False,
            "todo": self.advice,
            "needs_action": self.needs_action,
            "link": self.customer_url,
            "warehouse": self.warehouse_id.sudo().name or False,
            "place": self.last_event_place or False,
            "last_at": iso(self.last_event_at),
            "last_text": self.last_event_text or False,
            "destination": ", ".join(filter(None, (self.city, self.country_id.name))) or False,
        }

    def _explanation(self):
        """How the estimate comes about."""
        return (self.state not in FINISHED and self.eta_explanation) or False
