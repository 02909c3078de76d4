from collections import defaultdict
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import allocation as engine
from ..network.zone import closeness

HORIZON_DAYS = 45

# One statement each: through the ORM a decision would read eight tables for the warehouses and
# seven for the lanes, which is most of its time.
WAREHOUSES = """
       SELECT warehouse.id, warehouse.name, warehouse.oms_tz AS tz, warehouse.oms_cutoff AS cutoff,
              warehouse.oms_latitude AS latitude, warehouse.oms_longitude AS longitude,
              warehouse.oms_online AS online, warehouse.oms_calendar_id AS calendar_id,
              warehouse.oms_handling_parcel AS handling_parcel,
              warehouse.oms_handling_line AS handling_line,
              warehouse.oms_capacity_parcels AS capacity_parcels,
              warehouse.oms_capacity_lines AS capacity_lines,
              country.code AS country,
              ARRAY(SELECT served.code
                      FROM oms_warehouse_country_rel rel
                      JOIN res_country served ON served.id = rel.res_country_id
                     WHERE rel.stock_warehouse_id = warehouse.id) AS countries,
              ARRAY(SELECT team.id
                      FROM oms_warehouse_team_rel rel
                      JOIN crm_team team ON team.id = rel.crm_team_id AND team.active
                     WHERE rel.stock_warehouse_id = warehouse.id) AS teams,
              ARRAY(SELECT DISTINCT dayofweek::int
                      FROM resource_calendar_attendance
                     WHERE calendar_id = warehouse.oms_calendar_id
                       AND display_type IS NULL) AS weekdays
         FROM stock_warehouse warehouse
    LEFT JOIN res_partner address ON address.id = warehouse.partner_id
    LEFT JOIN res_country country ON country.id = address.country_id
        WHERE warehouse.id = ANY(%(warehouses)s)
     ORDER BY array_position(%(warehouses)s, warehouse.id)
"""
LANES = """
       SELECT lane.warehouse_id AS warehouse, lane.carrier_id AS service,
              %(service_name)s AS service_name, lane.base_cost, lane.cost_per_kg,
              lane.max_parcel_weight, lane.preferred, zone.zip_prefixes,
              CASE WHEN learned.parcels > 0 THEN lane.learned_days ELSE lane.transit_days
               END AS transit_days,
              learned.parcels AS learned_from,
              ARRAY(SELECT res_country_state_id
                      FROM oms_zone_res_country_state_rel
                     WHERE oms_zone_id = zone.id) AS states,
              ARRAY(SELECT ARRAY[max_weight::float8, price::float8]
                      FROM oms_lane_rate
                     WHERE lane_id = lane.id
                  ORDER BY max_weight) AS steps
         FROM oms_lane lane
         JOIN res_company company ON company.id = lane.company_id
CROSS JOIN LATERAL (SELECT CASE WHEN lane.learned_use = 'yes'
                                  OR lane.learned_use = 'company' AND company.oms_learned_use
                                THEN COALESCE(lane.learned_parcels, 0) ELSE 0 END
                   ) AS learned (parcels)
         JOIN oms_zone zone ON zone.id = lane.zone_id AND zone.active
         JOIN oms_zone_res_country_rel named
              ON named.oms_zone_id = zone.id AND named.res_country_id = %(country)s
    LEFT JOIN delivery_carrier carrier ON carrier.id = lane.carrier_id
        WHERE lane.active AND lane.warehouse_id = ANY(%(warehouses)s)
     ORDER BY lane.warehouse_id, zone.name, zone.id, lane.sequence, lane.id
"""


class OmsSnapshot(models.AbstractModel):
    """The part of a snapshot that is the network: warehouses, lanes, destination."""

    _inherit = "oms.snapshot"

    @api.model
    def _candidates(self, company):
        """Warehouses of a company whose routes can deliver to customers."""
        return (
            self.env["stock.warehouse"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("delivery_route_id.active", "=", True),
                    ("delivery_route_id.rule_ids.active", "=", True),
                ]
            )
        )

    @api.model
    def _warehouses(self, orders, warehouses, promise, stock):
        """The warehouses as the engine reads them.

        :param orders: those that are decided, whose parcels take no capacity from themselves
        :param promise: see ``oms.availability._to_promise``
        :param stock: dict warehouse id → dict stock key → free units
        """
        for model in ("stock.warehouse", "resource.calendar.attendance"):
            self.env[model].flush_model()
        self.env["res.partner"].flush_model(["country_id"])
        rows = self.env.execute_query_dict(SQL(WAREHOUSES, warehouses=list(warehouses._ids)))
        closures = self._closures(rows)
        parcels, lines = self._capacity_used(orders, rows)
        now = fields.Datetime.now()
        result = []
        for position, row in enumerate(rows, start=1):
            key = row["id"]
            entries = promise.get(key, {})
            result.append(
                engine.Warehouse(
                    id=key,
                    name=row["name"],
                    latitude=row["latitude"] or None,
                    longitude=row["longitude"] or None,
                    country=row["country"] or "",
                    priority=position,
                    accepts_online=bool(row["online"]),
                    countries_served=frozenset(row["countries"]),
                    channels_served=frozenset(row["teams"]),
                    handling_per_parcel=row["handling_parcel"] or 0.0,
                    handling_per_line=row["handling_line"] or 0.0,
                    tz=row["tz"] or "UTC",
                    cutoff=row["cutoff"] or 0.0,
                    weekdays=frozenset(row["weekdays"] or range(5)),
                    closed_dates=closures[key],
                    daily_parcels=row["capacity_parcels"] or None,
                    daily_lines=row["capacity_lines"] or None,
                    capacity_parcels_left=_left(row["capacity_parcels"], parcels[key]),
                    capacity_lines_left=_left(row["capacity_lines"], lines[key]),
                    stock=stock.get(key, {}),
                    on_hand={product: int(entry["on_hand"]) for product, entry in entries.items()},
                    safety={product: entry["buffer"] for product, entry in entries.items()},
                    stock_age={
                        product: (now - entry["since"]).total_seconds() / 86400
                        for product, entry in entries.items()
                        if entry["since"]
                    },
                )
            )
        return tuple(result)

    @api.model
    def _closures(self, rows, start=None, days=HORIZON_DAYS):
        """Days on which the opening calendars are closed.

        :param rows: of the warehouses
        :param start: from when on, by default yesterday; ``days``: so many days
        :return: dict warehouse id → frozenset of local dates
        """
        leaves = defaultdict(list)
        calendars = {row["calendar_id"] for row in rows if row["calendar_id"]}
        if calendars:
            start = start or fields.Datetime.now() - timedelta(days=1)
            for leave in (
                self.env["resource.calendar.leaves"]
                .sudo()
                .search_fetch(
                    [
                        ("calendar_id", "in", list(calendars)),
                        ("resource_id", "=", False),
                        ("date_to", ">=", start),
                        ("date_from", "<=", start + timedelta(days=days)),
                    ],
                    ["calendar_id", "date_from", "date_to"],
                )
            ):
                leaves[leave.calendar_id.id].append((leave.date_from, leave.date_to))
        closures = {}
        for row in rows:
            zone = pytz.timezone(row["tz"] or "UTC")
            closed = set()
            for start, end in leaves[row["calendar_id"]]:
                first = pytz.utc.localize(start).astimezone(zone).date()
                last = pytz.utc.localize(end).astimezone(zone).date()
                closed.update(first + timedelta(days=day) for day in range((last - first).days + 1))
            closures[row["id"]] = frozenset(closed)
        return closures

    @api.model
    def _capacity_used(self, orders, rows):
        """Parcels and lines that other orders than these have taken of each coming day.

        :param rows: of the warehouses
        :return: two dicts, warehouse id → dict day → number
        """
        parcels, lines = defaultdict(dict), defaultdict(dict)
        limited = [row["id"] for row in rows if row["capacity_parcels"] or row["capacity_lines"]]
        if not limited:
            return parcels, lines
        groups = (
            self.env["oms.allocation.parcel"]
            .sudo()
            ._read_group(
                [
                    ("state", "=", "committed"),
                    ("warehouse_id", "in", limited),
                    ("ship_date", ">=", fields.Date.today() - timedelta(days=1)),
                    ("order_id", "not in", orders._origin.ids),
                ],
                ["warehouse_id", "ship_date:day"],
                ["__count", "line_count:sum"],
            )
        )
        for warehouse, day, parcel_count, line_count in groups:
            parcels[warehouse.id][day] = parcel_count
            lines[warehouse.id][day] = line_count or 0
        return parcels, lines

    @api.model
    def _lanes(self, warehouses, destination, asked=None):
        """For each warehouse and service the lane whose zone names the destination best.

        Where a service is preferred there, the others stand back, except for lanes of a narrower
        zone and the service that the order asks for.

        :param asked: id of that service, if any
        """
        for model in ("oms.lane", "oms.lane.rate", "oms.zone", "delivery.carrier"):
            self.env[model].flush_model()
        self.env["res.company"].flush_model(["oms_learned_use"])
        rows = self.env.execute_query_dict(
            SQL(
                LANES,
                service_name=self.env["delivery.carrier"].sudo()._field_to_sql("carrier", "name"),
                country=destination.country_id.id or None,
                warehouses=list(warehouses._ids),
            )
        )
        best = {}
        for row in rows:
            fit = closeness(
                row["zip_prefixes"], row["states"], destination.zip, destination.state_id.id
            )
            key = (row["warehouse"], row["service"])
            if fit is not None and (key not in best or fit > best[key][0]):
                best[key] = (fit, row)
        first = {}
        for fit, row in best.values():
            if row["preferred"]:
                first[row["warehouse"]] = max(fit, first.get(row["warehouse"], fit))
        best = {
            key: (fit, row)
            for key, (fit, row) in best.items()
            if row["warehouse"] not in first
            or fit > first[row["warehouse"]]
            or (row["preferred"] and fit == first[row["warehouse"]])
            or (asked and row["service"] == asked)
        }
        return tuple(
            engine.Lane(
                warehouse=row["warehouse"],
                service=row["service"],
                service_name=row["service_name"] or "",
                base_cost=0.0 if row["steps"] else row["base_cost"] or 0.0,
                cost_per_kg=row["cost_per_kg"] or 0.0,
                steps=tuple((weight, price) for weight, price in row["steps"]),
                max_parcel_weight=row["max_parcel_weight"] or None,
                transit_days=row["transit_days"],
                learned_from=row["learned_from"],
            )
            for _fit, row in best.values()
        )

    @api.model
    def _destination(self, partner):
        latitude, longitude, _precision = partner._oms_coordinates().get(partner.id) or (
            None,
            None,
            "",
        )
        return engine.Destination(
            country=partner.country_id.code or "",
            state=partner.state_id.code or "",
            postcode=partner.zip or "",
            latitude=latitude,
            longitude=longitude,
            tz=partner.tz or None,
        )


def _left(limit, used):
    """What is left of a daily limit on the days on which some of it is used."""
    return {day: max(limit - number, 0) for day, number in used.items()} if limit else {}
