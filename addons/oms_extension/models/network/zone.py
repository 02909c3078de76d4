import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OmsZone(models.Model):
    """A set of destinations: countries, narrowed by states or postcode prefixes."""

    _name = "oms.zone"
    _description = "Delivery Zone"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: all companies use this zone.")
    country_ids = fields.Many2many("res.country", string="Countries", required=True)
    state_ids = fields.Many2many(
        "res.country.state",
        string="States",
        domain="[('country_id', 'in', country_ids)]",
        help="Empty: every state of the countries.",
    )
    zip_prefixes = fields.Char(
        "Postcode Prefixes",
        help="Comma-separated prefixes such as '00, 01, 20'. Empty: every postcode.",
    )
    lane_ids = fields.One2many("oms.lane", "zone_id", "Lanes")

    @api.constrains("zip_prefixes")
    def _check_zip_prefixes(self):
        for zone in self:
            for prefix in zone._prefixes():
                if not re.fullmatch(r"[0-9A-Z -]{1,10}", prefix):
                    raise ValidationError(
                        self.env._(
                            "'%(prefix)s' is not a postcode prefix: write letters and digits, "
                            "several prefixes separated by commas.",
                            prefix=prefix,
                        )
                    )

    def _prefixes(self):
        """Normalised postcode prefixes of one zone, possibly none."""
        self.ensure_one()
        return split_prefixes(self.zip_prefixes)

    def _specificity(self, country, state, postcode):
        """How closely this zone names a destination.

        :return: ``None`` where the destination lies outside; otherwise a tuple that is larger
            the narrower the zone (length of the matching prefix, state named or not).
        """
        self.ensure_one()
        if country not in self.country_ids:
            return None
        return closeness(self.zip_prefixes, self.state_ids.ids, postcode, state.id)


def closeness(zip_prefixes, states, postcode, state):
    """How closely a zone that names the destination's country names the destination itself.

    :param zip_prefixes: as a person wrote them, possibly none; ``states``: ids, possibly none
    :return: as ``oms.zone._specificity``
    """
    if states and state not in states:
        return None
    if not zip_prefixes:
        return (0, bool(states))
    postcode = (postcode or "").strip().upper()
    prefixes = split_prefixes(zip_prefixes)
    matching = [len(prefix) for prefix in prefixes if postcode.startswith(prefix)]
    if prefixes and not matching:
        return None
    return (max(matching, default=0), bool(states))


def split_prefixes(text):
    """Normalised postcode prefixes, possibly none."""
    return [part.strip().upper() for part in (text or "").split(",") if part.strip()]
