from odoo import api, models

from ...network.res_partner import postcode_table
from .presentation import tone_of

MOST_PLACES = 5000


class OmsShipment(models.Model):
    """Where many parcels go, and how they stand."""

    _inherit = "oms.shipment"

    @api.model
    @api.readonly
    def map_points(self, domain):
        """Destinations of the parcels of a domain, those of one postcode together.

        :param list domain: of ``oms.shipment``
        :return: dict ``places``: list of dicts ``latitude``, ``longitude``, ``label``, ``count``,
            ``tones`` (dict tone → count), ``domain`` (that of its parcels); ``warehouses``: list of
            dicts ``id``, ``name``, ``latitude``, ``longitude``; ``count``; ``unplaced``: parcels
            whose postcode and country nobody knows
        """
        table = postcode_table()
        found = {}
        total = unplaced = 0
        late = dict(self._map_counts([*domain, ("is_late", "=", True)]))
        for key, count in self._map_counts(domain):
            (country, postcode, city), state = key
            total += count
            place = table.locate(country.code or "", postcode or "") if country else None
            if not place or not (postcode or city):
                unplaced += count
                continue
            one = found.setdefault(
                (place.latitude, place.longitude),
                {
                    "latitude": place.latitude,
                    "longitude": place.longitude,
                    "label": city or postcode,
                    "count": 0,
                    "tones": {},
                    "keys": set(),
                },
            )
            one["count"] += count
            one["keys"].add((country.id, postcode))
            late_here = late.get(key, 0)
            for tone, part in (
                (tone_of(state, True), late_here),
                (tone_of(state), count - late_here),
            ):
                if part:
                    one["tones"][tone] = one["tones"].get(tone, 0) + part
        places = sorted(found.values(), key=lambda one: -one["count"])[:MOST_PLACES]
        for one in places:
            keys = one.pop("keys")
            one["domain"] = [
                ("country_id", "in", sorted({country for country, _zip in keys})),
                ("zip", "in", sorted({postcode for _country, postcode in keys if postcode})),
            ]
        return {
            "places": places,
            "warehouses": self._map_warehouses(),
            "count": total,
            "unplaced": unplaced,
        }

    def _map_counts(self, domain):
        return [
            (((country, postcode, city), state), count)
            for country, postcode, city, state, count in self._read_group(
                domain, ["country_id", "zip", "city", "state"], ["__count"]
            )
        ]

    def _map_warehouses(self):
        warehouses = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "in", self.env.companies.ids)])
        )
        places = warehouses.partner_id._oms_coordinates()
        return [
            {
                "id": one.id,
                "name": one.name,
                "latitude": places[one.partner_id.id].latitude,
                "longitude": places[one.partner_id.id].longitude,
            }
            for one in warehouses
            if one.partner_id.id in places
        ]
