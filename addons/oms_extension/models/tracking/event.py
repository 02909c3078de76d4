from odoo import api, fields, models

from ...engine.tracking.vocabulary import STATES
from .shipment import PARTY_NAMES, STATE_NAMES


class OmsShipmentEvent(models.Model):
    """One carrier scan or status message, stored once.

    ``state``, ``reason`` and ``party`` are what it means; ``code`` and ``text`` what was said. An
    event of a parcel that nobody knows yet waits without shipment.
    """

    _name = "oms.shipment.event"
    _description = "Shipment Event"
    _order = "occurred_at desc, id desc"
    _log_access = False
    _rec_name = "text"

    shipment_id = fields.Many2one("oms.shipment", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    tracking_key = fields.Char("Tracking Number", required=True)
    carrier_code = fields.Char()
    vocabulary = fields.Char()
    code = fields.Char("Status Code")
    status = fields.Char("Status Word")
    text = fields.Char("Message")
    state = fields.Selection(STATE_NAMES)
    reason = fields.Char()
    party = fields.Selection(PARTY_NAMES, "Responsible")
    occurred_at = fields.Datetime(required=True)
    tz = fields.Char("Time Zone")
    place = fields.Char()
    city = fields.Char()
    country_code = fields.Char()
    latitude = fields.Float(digits=(10, 6))
    longitude = fields.Float(digits=(10, 6))
    signed_by = fields.Char()
    door = fields.Selection(
        [
            ("rpc", "Other Program"),
            ("webhook", "Carrier's Message"),
            ("poll", "Asked the Carrier"),
            ("file", "File"),
            ("hand", "By Hand"),
        ],
        required=True,
    )
    message_id = fields.Integer("Raw Message", help="The raw message that it came with.")
    event_ref = fields.Char("Sender's ID")
    event_key = fields.Char(required=True)
    received_at = fields.Datetime(required=True)

    _key_unique = models.UniqueIndex("(event_key)")
    _shipment_index = models.Index("(shipment_id, occurred_at)")
    _unmatched_index = models.Index("(tracking_key) WHERE shipment_id IS NULL")
    _unknown_index = models.Index("(vocabulary, code) WHERE state IS NULL")

    @api.depends("state", "text", "code")
    def _compute_display_name(self):
        names = dict(self._fields["state"]._description_selection(self.env))
        for event in self:
            event.display_name = event.text or names.get(event.state) or event.code

    def _is_trouble(self):
        self.ensure_one()
        return bool(self.state) and STATES[self.state].trouble
