"""What a policy judges by, for any number of requests in a constant number of queries."""

from bisect import bisect_left
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ....engine.returns import policy as engine

YEAR = timedelta(days=365)
UNDERWAY = (
    "picked_up", "in_transit", "customs", "delayed", "on_hold", "out_for_delivery",
    "attempt_failed", "ready_for_pickup", "exception", "returning",
)  # fmt: skip
"""States of a parcel that the carrier has and will report about."""
ENOUGH = 10
"""Inspected units of a product from which its own value recovered is believed."""


class AskedLine(NamedTuple):
    """Ids of order line (or 0), product and reason (or 0); ``value`` in the order's currency, None
    for the order line's price."""

    order_line: int
    product: int
    units: float
    reason: int
    outcome: str
    photos: int = 0
    opened: bool | None = None
    value: float | None = None


class Asked(NamedTuple):
    """A request: the order's id (or 0), when it was asked (UTC, naive), and its lines."""

    order: int
    at: datetime
    lines: list


def load(env, asked, history=True, recovery=True):
    """The engine's requests for what was asked, in the same order.

    :param list asked: of :class:`Asked`
    :param history: whether any policy looks at how often a customer returns
    :param recovery: whether any policy lets goods stay with the customer
    """
    env.flush_all()
    orders = _orders(env, {one.order for one in asked if one.order})
    lines = [line for one in asked for line in one.lines]
    products = _products(env, {line.product for line in lines})
    sold = _order_lines(env, {line.order_line for line in lines if line.order_line})
    deliveries = Deliveries(env, list(orders))
    reasons = _reasons(env, {line.reason for line in lines if line.reason})
    past = History(env, asked, orders) if history else None
    worth = _recovered(env, set(products)) if recovery else {}
    nobody = {
        "country": "", "consumer": True, "tags": (), "pricelist": 0, "rate": 1.0,
        "rounding": 0.01, "zone": "UTC", "company": env.company.id, "customer": 0,
    }  # fmt: skip
    requests = []
    for one in asked:
        order = orders.get(one.order, nobody)
        zone = _zone(order["zone"])
        requests.append(
            engine.Request(
                today=_day(one.at, zone),
                who=engine.Who(
                    order["country"] or "",
                    order["consumer"],
                    frozenset(order["tags"] or ()),
                    order["pricelist"] or 0,
                ),
                lines=tuple(
                    _line(line, order, zone, sold, products, reasons, deliveries, worth)
                    for line in one.lines
                ),
                last_delivery=deliveries.last(one.order, zone),
                history=past.before(order, one.at) if past else engine.History(),
                rate=order["rate"],
                rounding=order["rounding"],
            )
        )
    return requests


def _line(line, order, zone, sold, products, reasons, deliveries, worth):
    bought = sold.get(line.order_line)
    product = products[line.product]
    reason = reasons.get(line.reason)
    value = line.value
    if value is None:
        value = bought["price"] / bought["units"] * line.units if bought and bought["units"] else 0
    cost = (product["cost"] or {}).get(str(order["company"])) or 0.0
    per_unit = worth.get(line.product)
    return engine.Line(
        what=engine.What(
            product["template"],
            _above(product["path"]),
            reason.code if reason else "",
            bought["discount"] if bought else 0.0,
        ),
        units=line.units,
        value=max(value / order["rate"], 0.0),
        outcome=line.outcome,
        fault=reason.fault if reason else "customer",
        guarantee=reason.guarantee if reason else False,
        nothing_back=reason.nothing_back if reason else False,
        photo_asked=reason.photo if reason else False,
        photos=line.photos,
        opened=line.opened,
        delivery=deliveries.of(line.order_line, zone),
        cost=cost * line.units,
        recovered=None if per_unit is None else per_unit * line.units,
    )


class Deliveries:
    """When the lines of orders came to the customer, by the carriers' events, else when they left.

    Three queries for all orders.
    """

    def __init__(self, env, orders):
        self.parcels, self.sent = {}, {}
        self.lines, self.waiting = defaultdict(list), set()
        env.cr.execute(
            """
            SELECT line.order_line_id, max(shipment.delivered_at),
                   bool_or(shipment.delivered_at IS NULL AND shipment.event_count > 0
                           AND shipment.state = ANY(%s))
              FROM sale_order_line sold
              JOIN oms_shipment_line line ON line.order_line_id = sold.id
              JOIN oms_shipment shipment ON shipment.id = line.shipment_id
             WHERE sold.order_id = ANY(%s) AND shipment.direction = 'outbound'
             GROUP BY 1
            """,
            [list(UNDERWAY), orders],
        )
        for line, delivered_at, underway in env.cr.fetchall():
            self.parcels[line] = (delivered_at, underway)
        env.cr.execute(
            """
            SELECT sold.order_id, sold.id,
                   max(move.date) FILTER (WHERE move.state = 'done'),
                   bool_or(move.state NOT IN ('done', 'cancel'))
              FROM sale_order_line sold
              JOIN stock_move move ON move.sale_line_id = sold.id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE sold.order_id = ANY(%s)
               AND target.usage = 'customer' AND source.usage != 'customer'
             GROUP BY 1, 2
            """,
            [orders],
        )
        for order, line, sent_at, waiting in env.cr.fetchall():
            self.sent[line] = sent_at
            self.lines[order].append(line)
            if waiting:
                self.waiting.add(order)

    def of(self, line, zone):
        """The latest delivery of a line's units; None while it is not there."""
        delivered_at, underway = self.parcels.get(line, (None, False))
        sent_at = self.sent.get(line)
        if underway or not (delivered_at or sent_at):
            return None
        if delivered_at and not (sent_at and sent_at > delivered_at):
            return engine.Delivery(_day(delivered_at, zone), True)
        return engine.Delivery(_day(sent_at, zone), False)

    def last(self, order, zone):
        """The latest delivery of a whole order; None while something is to come."""
        if order in self.waiting or not self.lines.get(order):
            return None
        each = [self.of(line, zone) for line in self.lines[order] if self._sent(line)]
        if not each or None in each:
            return None
        return max(each, key=lambda one: one.begins)

    def _sent(self, line):
        return self.sent.get(line) or line in self.parcels


class History:
    """How often customers bought and gave back, with dates, so that any day can be asked."""

    def __init__(self, env, asked, orders):
        customers = sorted({order["customer"] for order in orders.values()})
        since = min((one.at for one in asked), default=datetime.now()) - YEAR
        self.bought, self.returned = {}, {}
        env.cr.execute(
            """
            SELECT partner.commercial_partner_id, sale.company_id,
                   array_agg(sale.date_order ORDER BY sale.date_order)
              FROM res_partner partner
              JOIN sale_order sale ON sale.partner_id = partner.id
              JOIN sale_order_line sold ON sold.order_id = sale.id
              JOIN product_product product ON product.id = sold.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE partner.commercial_partner_id = ANY(%s) AND sale.date_order >= %s
               AND template.type != 'service'
               AND (sold.qty_delivered > 0 OR EXISTS (
                    SELECT FROM oms_return_line WHERE order_line_id = sold.id))
             GROUP BY 1, 2
            """,
            [customers, since],
        )
        for customer, company, days in env.cr.fetchall():
            self.bought[customer, company] = days
        env.cr.execute(
            """
            SELECT partner.commercial_partner_id, one.company_id, one.requested_at,
                   count(DISTINCT line.order_line_id)
              FROM res_partner partner
              JOIN oms_return one ON one.partner_id = partner.id
              JOIN oms_return_line line ON line.return_id = one.id
              LEFT JOIN oms_return_reason reason ON reason.id = line.reason_id
             WHERE partner.commercial_partner_id = ANY(%s) AND one.requested_at >= %s
               AND one.state NOT IN ('rejected', 'cancelled')
               AND COALESCE(reason.fault, 'customer') IN ('customer', 'content')
               AND NOT COALESCE(reason.guarantee, FALSE)
             GROUP BY one.id, 1, 2, 3 ORDER BY one.requested_at
            """,
            [customers, since],
        )
        for customer, company, at, count in env.cr.fetchall():
            days, counts = self.returned.setdefault((customer, company), ([], []))
            days.append(at)
            counts.append(count)

    def before(self, order, at):
        """Of the twelve months before a moment."""
        key = order["customer"], order["company"]
        bought = self.bought.get(key, [])
        days, counts = self.returned.get(key, ([], []))
        first, last = bisect_left(days, at - YEAR), bisect_left(days, at)
        return engine.History(
            delivered=bisect_left(bought, at) - bisect_left(bought, at - YEAR),
            returned=sum(counts[first:last]),
            returns=last - first,
        )


def _orders(env, ids):
    """Who bought, where it was sent to, and in which currency."""
    env.cr.execute(
        """
        SELECT sale.id, sale.company_id AS company, sale.pricelist_id AS pricelist,
               COALESCE(NULLIF(sale.currency_rate, 0), 1)::float AS rate,
               currency.rounding::float AS rounding, country.code AS country,
               commercial.id AS customer,
               NOT COALESCE(commercial.is_company, FALSE)
                   AND COALESCE(commercial.vat, '') IN ('', '/') AS consumer,
               COALESCE(target.tz, buyer.tz, head.tz, 'UTC') AS zone,
               ARRAY(SELECT tag.category_id FROM res_partner_res_partner_category_rel tag
                      WHERE tag.partner_id IN (buyer.id, commercial.id)) AS tags
          FROM sale_order sale
          JOIN res_company company ON company.id = sale.company_id
          JOIN res_partner head ON head.id = company.partner_id
          JOIN res_partner buyer ON buyer.id = sale.partner_id
          JOIN res_partner commercial
            ON commercial.id = COALESCE(buyer.commercial_partner_id, buyer.id)
          JOIN res_currency currency ON currency.id = sale.currency_id
          LEFT JOIN res_partner target ON target.id = sale.partner_shipping_id
          LEFT JOIN res_country country
            ON country.id = COALESCE(target.country_id, buyer.country_id, head.country_id)
         WHERE sale.id = ANY(%s)
        """,
        [sorted(ids)],
    )
    return {row["id"]: row for row in env.cr.dictfetchall()}


def _order_lines(env, ids):
    """Prices, taxes included, and units of the product."""
    env.cr.execute(
        """
        SELECT sold.id, COALESCE(sold.discount, 0)::float AS discount,
               sold.price_total::float AS price,
               (sold.product_uom_qty * COALESCE(unit.factor / NULLIF(own.factor, 0), 1))::float
                   AS units
          FROM sale_order_line sold
          JOIN product_product product ON product.id = sold.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN uom_uom unit ON unit.id = sold.product_uom_id
          LEFT JOIN uom_uom own ON own.id = template.uom_id
         WHERE sold.id = ANY(%s)
        """,
        [sorted(ids)],
    )
    return {row["id"]: row for row in env.cr.dictfetchall()}


def _products(env, ids):
    env.cr.execute(
        """
        SELECT product.id, template.id AS template, category.parent_path AS path,
               product.standard_price AS cost
          FROM product_product product
          JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN product_category category ON category.id = template.categ_id
         WHERE product.id = ANY(%s)
        """,
        [sorted(ids)],
    )
    return {row["id"]: row for row in env.cr.dictfetchall()}


def _reasons(env, ids):
    reasons = env["oms.return.reason"].sudo().browse(sorted(ids))
    reasons.fetch(["code", "fault", "guarantee", "nothing_back", "photo"])
    return {reason.id: reason for reason in reasons}


def _recovered(env, products):
    """Value recovered per unit, of products of which enough units were inspected within a year."""
    env.cr.execute(
        """
        SELECT product_id, sum(value_recovered) / sum(quantity)
          FROM oms_return_inspection
         WHERE product_id = ANY(%s) AND disposition IS NOT NULL
           AND inspected_at >= (now() AT TIME ZONE 'UTC') - INTERVAL '1 year'
         GROUP BY product_id HAVING sum(quantity) >= %s
        """,
        [sorted(products), ENOUGH],
    )
    return {product: float(value or 0.0) for product, value in env.cr.fetchall()}


@lru_cache(maxsize=50_000)
def _above(path):
    """Ids of a category and those above it."""
    return frozenset(int(one) for one in (path or "").split("/") if one)


@lru_cache(maxsize=1000)
def _zone(name):
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _day(moment, zone):
    return moment.replace(tzinfo=UTC).astimezone(zone).date()
