from urllib.parse import quote
from zoneinfo import available_timezones

from odoo import api, fields, models, tools

from ...engine.tracking import meaning


class OmsCarrier(models.Model):
    """Who moves the parcel. Several services (Odoo's delivery methods) may be one carrier's."""

    _name = "oms.carrier"
    _description = "Carrier"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    code = fields.Char(
        required=True,
        help="The name by which messages and other programs call it, such as 'ups'.",
    )
    vocabulary = fields.Char(
        "Status Codes",
        help="Whose table translates this carrier's status codes; empty: that of its code.",
    )
    tracking_url = fields.Char(
        "Tracking Page", help="Address of the carrier's own page, with {number} in it."
    )
    tz = fields.Selection(
        lambda self: [(zone, zone) for zone in sorted(available_timezones())],
        "Time Zone",
        help="Of the times that it reports without place or zone.",
    )
    service_ids = fields.One2many("delivery.carrier", "oms_carrier_id", "Services")

    _code_unique = models.UniqueIndex("(lower(code))", "There is a carrier with this code already.")

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _by_code(self):
        """Dict code → (id, vocabulary, time zone), archived ones included."""
        carriers = self.sudo().with_context(active_test=False).search([("code", "!=", False)])
        return {
            one.code.casefold(): (one.id, one.vocabulary or one.code.casefold(), one.tz or "")
            for one in carriers
        }

    @api.model
    def _resolve(self, word):
        """The carrier that a message calls ``word`` (code or name), possibly none."""
        word = (word or "").strip().casefold()
        known = self._by_code()
        found = known.get(word) or known.get(word.replace(" ", "_").replace("-", "_"))
        if found:
            return self.browse(found[0])
        return self.sudo().search([("name", "=ilike", word)], limit=1) if word else self.browse()

    def _page_of(self, number):
        """Address of the carrier's own tracking page of a parcel, or an empty text."""
        self.ensure_one()
        if not self.tracking_url or not number:
            return ""
        return self.tracking_url.replace("{number}", quote(number, safe=""))

    def _has_codes(self):
        """Whether a shipped table translates this carrier's codes."""
        self.ensure_one()
        return (self.vocabulary or self.code) in meaning.VOCABULARIES
