"""Arrival where nothing was learned: the lane table's transit days, else those of the distance.

Said to be so on the screen, and without a range: nobody knows how right they are here.
"""

from odoo.tools import SQL

from ....engine.network.calendar import delivery_date
from ....engine.network.geo import great_circle_km
from ....engine.network.rates import RateCurve, rate_for
from ...network.res_partner import postcode_table
from ...network.zone import closeness
from .rows import day_of, number_of

WORKDAYS = frozenset(range(5))
LANES = """
       SELECT lane.warehouse_id, named.res_country_id, lane.carrier_id, lane.transit_days,
              zone.zip_prefixes, ARRAY(SELECT res_country_state_id
                                         FROM oms_zone_res_country_state_rel
                                        WHERE oms_zone_id = zone.id)
         FROM oms_lane lane
         JOIN oms_zone zone ON zone.id = lane.zone_id AND zone.active
         JOIN oms_zone_res_country_rel named ON named.oms_zone_id = zone.id
        WHERE lane.active AND lane.warehouse_id = ANY(%(warehouses)s)
          AND named.res_country_id = ANY(%(countries)s)
     ORDER BY lane.sequence, lane.id
"""


class Lanes:
    """The lanes that some rows may use, read at once."""

    def __init__(self, env, rows):
        self.rows = rows
        warehouses = {one for one in rows.column("warehouse") if one}
        countries = {one for one in rows.column("country_id") if one}
        for model in ("oms.lane", "oms.zone"):
            env[model].flush_model()
        env.cr.execute(SQL(LANES, warehouses=list(warehouses), countries=list(countries)))
        self.lanes = {}
        for warehouse, country, *lane in env.cr.fetchall():
            self.lanes.setdefault((warehouse, country), []).append(lane)
        self.found = {}

    def arrival(self, number, start):
        """(day of arrival, source, transit days) of a parcel whose way begins on day ``start``.

        A day that is past becomes today's, or the next working day. None where neither lane nor
        distance is known.
        """
        days, source = self._days(number)
        if days is None:
            return None
        on = delivery_date(day_of(start), days, WORKDAYS, frozenset())
        (now,) = self.rows.get(number, "now")
        today = delivery_date(day_of(now), 0, WORKDAYS, frozenset())
        return number_of(max(on, today)), source, days

    def _days(self, number):
        key = tuple(self.rows.get(number, "warehouse", "country_id", "service", "state_id", "zip"))
        if key not in self.found:
            self.found[key] = self._of_lane(*key) or self._of_distance(number)
        return self.found[key]

    def _of_lane(self, warehouse, country, service, state, postcode):
        """Transit days of the lane that names the destination best, for this service if there is
        one for it."""
        best = None
        for carrier, days, prefixes, states in self.lanes.get((warehouse, country), ()):
            fit = closeness(prefixes, states, postcode, state)
            if fit is None or carrier not in (None, service):
                continue
            rank = (carrier is not None, *fit)
            if best is None or rank > best[0]:
                best = (rank, days)
        return (best[1], "lane") if best else None

    def _of_distance(self, number):
        latitude, longitude, country, postcode, home, from_latitude, from_longitude = self.rows.get(
            number,
            *("latitude", "longitude", "country", "zip"),
            *("home", "from_latitude", "from_longitude"),
        )
        if not latitude and not longitude:
            place = postcode_table().locate(country or "", postcode or "")
            latitude, longitude = place[:2] if place else (None, None)
        if latitude is None or from_latitude is None:
            return None, None
        km = great_circle_km(from_latitude, from_longitude, latitude, longitude)
        rate = rate_for(RateCurve(), km, country != home)
        return (rate.transit_days, "distance") if rate else (None, None)
