from functools import cache

from odoo import models
from odoo.tools.misc import file_open

from ...engine.network.postcodes import Location, PostcodeTable

POSTCODE_TABLE = "oms_extension/data/geography/postcode_prefixes.csv"


@cache
def postcode_table() -> PostcodeTable:
    """The shipped table, read once per process (34,000 rows, 0.1 s)."""
    with file_open(POSTCODE_TABLE) as stream:
        return PostcodeTable.load(stream)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _oms_coordinates(self) -> dict[int, Location]:
        """Where each partner is: partner id → (latitude, longitude, precision in km).

        The partner's own coordinates (precision 0) where somebody entered or geolocated them, else
        the point of its country and postcode. A partner without a known country is left out.
        """
        table = postcode_table()
        places = {}
        for partner in self:
            if partner.partner_latitude or partner.partner_longitude:
                place = Location(partner.partner_latitude, partner.partner_longitude, 0.0)
            else:
                place = table.locate(partner.country_id.code or "", partner.zip or "")
            if place:
                places[partner.id] = place
        return places
