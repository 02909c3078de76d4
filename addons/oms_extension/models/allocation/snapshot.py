from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytz

from odoo import api, fields, models

from ...engine import allocation as engine

HORIZON_DAYS = 45


@dataclass(slots=True)
class Need:
    """What is still to be decided about one order line.

    :ivar units: whole units to decide.
    :ivar locked: units by warehouse id that must come from there.
    :ivar at_most: units by warehouse id beyond which nothing may be taken, as when an ordered
        quantity is lowered; ``None`` leaves it to the stock.
    :ivar begun: units by warehouse id that a warehouse works on or has shipped: not decided again.
    """

    units: int
    locked: dict[int, int] = field(default_factory=dict)
    at_most: dict[int, int] | None = None
    begun: dict[int, int] = field(default_factory=dict)


class OmsSnapshot(models.AbstractModel):
    """Reads from the database what the engine decides from. It writes nothing.

    The number of queries does not depend on how many warehouses or lines there are.
    """

    _name = "oms.snapshot"
    _description = "Allocation Snapshot"

    @api.model
    def _take(self, order, policy, needs, together=None):
        """Everything that a decision about ``order`` depends on.

        :param needs: dict order line → :class:`Need`
        :param together: orders that are decided in one batch with it: what they hold is free, too.
        :return: :class:`engine.Snapshot`, whose line ids are those of :meth:`_line_key`
        """
        lines = order.order_line.browse().concat(*needs)
        warehouses = self._candidates(order)
        components = lines._oms_components()
        shelf_products = lines.product_id.browse(
            {key for taken in components.values() for key in taken or ()}
        )
        holders = lines | together.order_line if together else lines
        promise = self.env["oms.availability"]._to_promise(
            shelf_products, warehouses, self._own_units(holders, warehouses)
        )
        destination = order.partner_shipping_id or order.partner_id
        stock = {
            warehouse_id: {product_id: entry["free"] for product_id, entry in entries.items()}
            for warehouse_id, entries in promise.items()
        }
        for line, need in needs.items():
            for warehouse_id, units in (need.at_most or {}).items():
                stock.setdefault(warehouse_id, {})[self._own_key(line)] = units
        return engine.Snapshot(
            now=datetime.now(UTC).replace(microsecond=0),
            order=order._origin.id or order.name or "new",
            lines=tuple(
                engine.Line(
                    id=self._line_key(line),
                    product=line.product_id.id,
                    quantity=need.units,
                    unit_weight=line.product_id.weight,
                    unit_price=self._company_price(line),
                    stock=components[line.product_id]
                    if need.at_most is None
                    else {self._own_key(line): 1},
                    locked=need.locked,
                )
                for line, need in needs.items()
            ),
            warehouses=self._warehouses(order, warehouses, promise, stock, together),
            lanes=self._lanes(warehouses, destination),
            destination=self._destination(destination),
            policy=policy._to_engine(),
            promise_date=order.commitment_date.date() if order.commitment_date else None,
            service=order.carrier_id.id or None,
            channel=order.team_id.id or None,
            currency_decimals=order.company_id.currency_id.decimal_places,
        )

    @api.model
    def _line_key(self, line):
        """The engine's id of an order line: its database id, negative while it has none."""
        return line._origin.id or -(list(line.order_id.order_line._ids).index(line.id) + 1)

    @api.model
    def _own_key(self, line):
        """Stock key of the units that an order line holds already."""
        return f"line {self._line_key(line)}"

    @api.model
    def _company_price(self, line):
        order = line.order_id
        return order.currency_id._convert(
            line.price_reduce_taxexcl,
            order.company_id.currency_id,
            order.company_id,
            order.date_order or fields.Datetime.now(),
            round=False,
        )

    @api.model
    def _candidates(self, order):
        """Warehouses of the order's company whose routes can deliver to customers."""
        return (
            self.env["stock.warehouse"]
            .sudo()
            .search(
                [
                    ("company_id", "=", order.company_id.id),
                    ("delivery_route_id.active", "=", True),
                    ("delivery_route_id.rule_ids.active", "=", True),
                ]
            )
        )

    @api.model
    def _own_units(self, lines, warehouses):
        """Units that open moves of these lines hold or wait for: theirs to move elsewhere.

        :return: dict (product id, warehouse id) → units
        """
        own = defaultdict(float)
        for move in lines.move_ids:
            warehouse = move.location_id.warehouse_id
            if move._oms_can_reallocate() and warehouse in warehouses:
                own[move.product_id.id, warehouse.id] += move.product_qty
        return own

    @api.model
    def _warehouses(self, order, warehouses, promise, stock, together=None):
        weekdays, closures = self._openings(warehouses)
        parcels, lines = self._capacity_used(order | together if together else order, warehouses)
        result = []
        for position, warehouse in enumerate(warehouses):
            entries = promise.get(warehouse.id, {})
            daily_parcels = warehouse.oms_capacity_parcels or None
            daily_lines = warehouse.oms_capacity_lines or None
            result.append(
                engine.Warehouse(
                    id=warehouse.id,
                    name=warehouse.name,
                    latitude=warehouse.oms_latitude or None,
                    longitude=warehouse.oms_longitude or None,
                    country=warehouse.partner_id.country_id.code or "",
                    priority=position + 1,
                    accepts_online=warehouse.oms_online,
                    countries_served=frozenset(warehouse.oms_country_ids.mapped("code")),
                    channels_served=frozenset(warehouse.oms_team_ids.ids),
                    handling_per_parcel=warehouse.oms_handling_parcel,
                    handling_per_line=warehouse.oms_handling_line,
                    tz=warehouse.oms_tz or "UTC",
                    cutoff=warehouse.oms_cutoff,
                    weekdays=weekdays[warehouse.id],
                    closed_dates=closures[warehouse.id],
                    daily_parcels=daily_parcels,
                    daily_lines=daily_lines,
                    capacity_parcels_left={
                        day: max(daily_parcels - used, 0)
                        for day, used in parcels[warehouse.id].items()
                    }
                    if daily_parcels
                    else {},
                    capacity_lines_left={
                        day: max(daily_lines - used, 0) for day, used in lines[warehouse.id].items()
                    }
                    if daily_lines
                    else {},
                    stock=stock.get(warehouse.id, {}),
                    on_hand={key: int(entry["on_hand"]) for key, entry in entries.items()},
                    safety={key: entry["buffer"] for key, entry in entries.items()},
                    stock_age={
                        key: (fields.Datetime.now() - entry["since"]).total_seconds() / 86400
                        for key, entry in entries.items()
                        if entry["since"]
                    },
                )
            )
        return tuple(result)

    @api.model
    def _openings(self, warehouses):
        """Days on which parcels leave, from the opening calendars.

        :return: (dict warehouse id → frozenset of weekdays, dict warehouse id → frozenset of
            closed local dates within the horizon)
        """
        calendars = warehouses.oms_calendar_id
        open_days = defaultdict(set)
        for attendance in calendars.attendance_ids.filtered(lambda one: not one.display_type):
            open_days[attendance.calendar_id].add(int(attendance.dayofweek))
        start = fields.Datetime.now() - timedelta(days=1)
        leaves = self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("calendar_id", "in", calendars.ids),
                ("resource_id", "=", False),
                ("date_to", ">=", start),
                ("date_from", "<=", start + timedelta(days=HORIZON_DAYS)),
            ],
            ["calendar_id", "date_from", "date_to"],
        )
        weekdays, closures = {}, {}
        for warehouse in warehouses:
            calendar = warehouse.oms_calendar_id
            weekdays[warehouse.id] = frozenset(open_days[calendar] or range(5))
            zone = pytz.timezone(warehouse.oms_tz or "UTC")
            closed = set()
            for leave in leaves.filtered(lambda one, calendar=calendar: one.calendar_id == calendar):
                first = pytz.utc.localize(leave.date_from).astimezone(zone).date()
                last = pytz.utc.localize(leave.date_to).astimezone(zone).date()
                closed.update(
                    first + timedelta(days=day) for day in range((last - first).days + 1)
                )
            closures[warehouse.id] = frozenset(closed)
        return weekdays, closures

    @api.model
    def _capacity_used(self, orders, warehouses):
        """Parcels and lines that other orders than these have taken of each coming day.

        :return: two dicts, warehouse id → dict day → number
        """
        parcels, lines = defaultdict(dict), defaultdict(dict)
        limited = warehouses.filtered(
            lambda warehouse: warehouse.oms_capacity_parcels or warehouse.oms_capacity_lines
        )
        if not limited:
            return parcels, lines
        rows = (
            self.env["oms.allocation.parcel"]
            .sudo()
            ._read_group(
                [
                    ("state", "=", "committed"),
                    ("warehouse_id", "in", limited.ids),
                    ("ship_date", ">=", fields.Date.today() - timedelta(days=1)),
                    ("order_id", "not in", orders._origin.ids),
                ],
                ["warehouse_id", "ship_date:day"],
                ["__count", "line_count:sum"],
            )
        )
        for warehouse, day, parcel_count, line_count in rows:
            parcels[warehouse.id][day] = parcel_count
            lines[warehouse.id][day] = line_count or 0
        return parcels, lines

    @api.model
    def _lanes(self, warehouses, destination):
        """For each warehouse and service the lane whose zone names the destination best."""
        country = destination.country_id
        lanes = self.env["oms.lane"].sudo().search(
            [
                ("warehouse_id", "in", warehouses.ids),
                ("zone_id.active", "=", True),
                ("zone_id.country_ids", "in", country.ids),
            ]
        )
        fit = {
            zone: zone._specificity(country, destination.state_id, destination.zip)
            for zone in lanes.zone_id
        }
        best = {}
        for lane in lanes:
            closeness = fit[lane.zone_id]
            key = (lane.warehouse_id.id, lane.carrier_id.id)
            if closeness is not None and (key not in best or closeness > best[key][0]):
                best[key] = (closeness, lane)
        return tuple(
            engine.Lane(
                warehouse=lane.warehouse_id.id,
                service=lane.carrier_id.id or None,
                service_name=lane.carrier_id.name or "",
                base_cost=0.0 if lane.rate_ids else lane.base_cost,
                cost_per_kg=lane.cost_per_kg,
                steps=tuple((rate.max_weight, rate.price) for rate in lane.rate_ids.sorted()),
                max_parcel_weight=lane.max_parcel_weight or None,
                transit_days=lane.transit_days,
            )
            for _closeness, lane in best.values()
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
