"""The club shop's orders with their deliveries and parcels, brought in as a connector would.

Nothing is decided or reserved: what was sold lies with the customers, and what came in for it from
the supplier did so before.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from ....engine.tracking.numbers import normalise
from ....models.tracking.shipment import new_token
from ...story.carriers import number
from ...story.orders import INVOICED
from ...story.parcels.outlet import zone_of
from ...story.returns.club_shop import CHANNEL, SOURCE
from ..labels import CARRIER_OF
from .copies import Copies, pairs
from .movements import Movement, move

FIRST_SERIAL = 700_000


@dataclass
class Copied:
    """What was written: ids by position of the order, and of the line in it."""

    patterns: "Patterns"
    orders: list = field(default_factory=list)
    lines: dict = field(default_factory=dict)
    pickings: list = field(default_factory=list)
    moves: dict = field(default_factory=dict)
    shipments: list = field(default_factory=list)


class Patterns:
    """An order that went the whole way in Odoo, whose rows the others are made like."""

    def __init__(self, books):
        self.order = next(filter(self._fits, self._simple(books)), None)
        if not self.order:
            raise ValueError("The demo has no simple order to make the others like.")
        self.line = self.order.order_line
        self.picking = self.order.picking_ids
        self.move = self.picking.move_ids
        self.move_line = self.move.move_line_ids
        self.shipment = self.order.oms_shipment_ids
        self.content = self.shipment.line_ids
        self.tax = self.order.amount_tax / self.order.amount_untaxed

    def _simple(self, books):
        for one in books.story.orders:
            if one.fate == INVOICED and not one.story and len(one.lines) == 1:
                yield books.orders[one.ref]

    def _fits(self, order):
        records = (
            order.order_line, order.picking_ids, order.picking_ids.move_ids,
            order.picking_ids.move_line_ids, order.oms_shipment_ids,
            order.oms_shipment_ids.line_ids,
        )  # fmt: skip
        return all(len(one) == 1 for one in records) and (
            order.oms_shipment_ids.state == "delivered"
            and order.invoice_status == "invoiced"
            and not order.picking_ids.move_line_ids.result_package_id
        )


def build(books):
    """Write orders, deliveries, parcels and the receipts from the supplier.

    :return: :class:`Copied`
    """
    copied = Copied(Patterns(books))
    _orders(books, copied)
    _deliveries(books, copied)
    _parcels(books, copied)
    books.env.invalidate_all(flush=False)
    return copied


def _orders(books, copied):
    patterns, story = copied.patterns, books.story.club
    rows = []
    for one in story.orders:
        partner = books.customers[one.customer].id
        net = sum(line.article.product.price * line.units for line in one.lines)
        rows.append(
            {
                "name": one.ref,
                "oms_source": SOURCE,
                "oms_external_reference": one.ref,
                "client_order_ref": one.ref,
                "partner_id": partner,
                "partner_invoice_id": partner,
                "partner_shipping_id": partner,
                "team_id": books.teams[CHANNEL].id,
                "warehouse_id": books.warehouses[one.warehouse].id,
                "carrier_id": books.services[one.service].id,
                "date_order": one.placed_at,
                "create_date": one.placed_at,
                "commitment_date": one.promised_at,
                "oms_promise_date": one.promised_at,
                "effective_date": one.left_at,
                "amount_untaxed": round(net, 2),
                "amount_tax": round(net * patterns.tax, 2),
                "amount_total": round(net, 2) + round(net * patterns.tax, 2),
            }
        )
    common = dict.fromkeys(
        ("access_token", "oms_allocation_id", "oms_policy_id", "pending_email_template_id")
    )
    common |= {"oms_parcel_count": 0, "oms_missing": 0}
    copied.orders = Copies(patterns.order, **common).insert(rows)
    rows, places = [], []
    for number_, (one, order) in enumerate(zip(story.orders, copied.orders, strict=True)):
        for position, line in enumerate(one.lines):
            rows.append(_line(books, one, order, position, line, patterns.tax))
            places.append((number_, position))
    ids = Copies(patterns.line).insert(rows)
    copied.lines = dict(zip(places, ids, strict=True))
    taxes = patterns.line.tax_ids.ids
    pairs(
        books.env, "account_tax_sale_order_line_rel", ("sale_order_line_id", "account_tax_id"),
        [(line, tax) for line in ids for tax in taxes],
    )  # fmt: skip


def _line(books, one, order, position, line, tax):
    product = books.products[line.article.code]
    price, units = line.article.product.price, line.units
    net, gross = round(price * units, 2), round(price * units * (1 + tax), 2)
    return {
        "order_id": order,
        "order_partner_id": books.customers[one.customer].id,
        "sequence": 10 + position,
        "product_id": product.id,
        "name": product.display_name,
        "product_uom_id": product.uom_id.id,
        "warehouse_id": books.warehouses[one.warehouse].id,
        "product_uom_qty": units,
        "qty_delivered": units,
        "qty_invoiced": units,
        "qty_to_invoice": 0,
        "price_unit": price,
        "technical_price_unit": price,
        "price_subtotal": net,
        "price_total": gross,
        "price_tax": round(gross - net, 2),
        "price_reduce_taxexcl": price,
        "price_reduce_taxinc": round(price * (1 + tax), 2),
        "untaxed_amount_invoiced": net,
        "untaxed_amount_to_invoice": 0,
        "create_date": one.placed_at,
    }


def _deliveries(books, copied):
    story = books.story.club
    customers = copied.patterns.picking.location_dest_id.id
    rows = []
    for serial, (one, order) in enumerate(zip(story.orders, copied.orders, strict=True), start=1):
        warehouse = books.warehouses[one.warehouse]
        rows.append(
            {
                "name": f"{one.warehouse}/OUT/C{serial:05d}",
                "origin": one.ref,
                "sale_id": order,
                "partner_id": books.customers[one.customer].id,
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": customers,
                "carrier_id": books.services[one.service].id,
                "carrier_tracking_ref": tracking_number(one, serial),
                "scheduled_date": one.left_at,
                "date_deadline": one.left_at,
                "date_done": one.left_at,
                "create_date": one.placed_at,
                "weight": weight(one),
                "shipping_weight": weight(one),
            }
        )
    copied.pickings = Copies(copied.patterns.picking, user_id=None).insert(rows)
    sent = []
    for place, line_id in copied.lines.items():
        one = story.orders[place[0]]
        line = one.lines[place[1]]
        warehouse = books.warehouses[one.warehouse]
        sent.append(
            Movement(
                books.products[line.article.code],
                books.lots.get(line.lot),
                line.units,
                warehouse.lot_stock_id.id,
                customers,
                one.left_at,
                {
                    "picking_id": copied.pickings[place[0]],
                    "picking_type_id": warehouse.out_type_id.id,
                    "partner_id": books.customers[one.customer].id,
                    "warehouse_id": warehouse.id,
                    "sale_line_id": line_id,
                    "origin": one.ref,
                    "reference": f"{one.warehouse}/OUT/C{place[0] + 1:05d}",
                    "is_out": True,
                    "weight": line.article.product.weight * line.units,
                },
            )
        )
    ids = move(books, copied.patterns, sent)
    copied.moves = dict(zip(copied.lines, ids, strict=True))


def _parcels(books, copied):
    story = books.story.club
    lanes = _lanes(books)
    rows = []
    for serial, (one, order) in enumerate(zip(story.orders, copied.orders, strict=True), start=1):
        partner, service = books.customers[one.customer], books.services[one.service]
        zone = zone_of(partner.country_id.code, partner.zip or "")
        late = max(round((one.delivered_at - one.promised_at).total_seconds() / 60), 0)
        number_ = tracking_number(one, serial)
        rows.append(
            {
                "name": number_,
                "order_id": order,
                "picking_id": copied.pickings[serial - 1],
                "warehouse_id": books.warehouses[one.warehouse].id,
                "carrier_id": service.id,
                "oms_carrier_id": service.oms_carrier_id.id,
                "lane_id": lanes.get((one.warehouse, zone, one.service)),
                "tracking_number": number_,
                "tracking_key": normalise(number_),
                "access_token": new_token(),
                "partner_id": partner.id,
                "city": partner.city,
                "zip": partner.zip,
                "country_state_id": partner.state_id.id or None,
                "country_id": partner.country_id.id,
                "weight": weight(one),
                "cost": one.cost,
                "ordered_at": one.placed_at,
                "shipped_at": one.left_at,
                "create_date": one.left_at,
                "first_scan_at": one.left_at + timedelta(hours=3),
                "out_at": one.delivered_at - timedelta(hours=1),
                "first_attempt_at": one.delivered_at,
                "delivered_at": one.delivered_at,
                "state_at": one.delivered_at,
                "last_event_at": one.delivered_at,
                "promised_at": one.promised_at,
                "late_minutes": late,
                "late_carrier": late,
            }
        )
    blank = dict.fromkeys(
        ("package_id", "last_attempt_at", "ready_at", "returned_at", "carrier_promised_at",
         "carrier_eta_at", "eta_at", "eta_low_at", "eta_high_at", "eta_terms", "eta_late_risk",
         "longest_gap", "watch_at", "next_poll_at", "last_polled_at", "signed_by", "reason",
         "party"),
    )  # fmt: skip
    blank |= dict.fromkeys(
        ("late_sales", "late_payment", "late_stock", "late_warehouse", "late_first_scan",
         "late_customs", "late_recipient", "attempts"), 0,
    )  # fmt: skip
    blank |= {"follow_pending": False, "event_count": 0, "state": "delivered",
              "last_event_text": "Delivered", "last_event_place": None}  # fmt: skip
    copied.shipments = Copies(copied.patterns.shipment, **blank).insert(rows)
    Copies(copied.patterns.content).insert(
        [
            {
                "shipment_id": copied.shipments[place[0]],
                "order_line_id": line_id,
                "product_id": books.products[line.article.code].id,
                "quantity": line.units,
                "lot_name": line.lot or None,
                "create_date": story.orders[place[0]].left_at,
            }
            for place, line_id in copied.lines.items()
            for line in [story.orders[place[0]].lines[place[1]]]
        ]
    )


def _lanes(books):
    """Ids of the tariff rows by warehouse, zone and service of the story."""
    zones = {
        int(row["res_id"]): row["name"].removeprefix("demo_zone_")
        for row in books.env["ir.model.data"].search_read(
            [("module", "=", "oms_extension"), ("model", "=", "oms.zone")], ["name", "res_id"]
        )
    }
    services = {record.id: key for key, record in books.services.items()}
    lanes = books.env["oms.lane"].search(
        [("warehouse_id", "in", [one.id for one in books.warehouses.values()])]
    )
    return {
        (lane.warehouse_id.code, zones.get(lane.zone_id.id), services.get(lane.carrier_id.id)):
        lane.id for lane in lanes
    }  # fmt: skip


def tracking_number(one, serial):
    """The number on the parcel of the ``serial``-th order."""
    return number(CARRIER_OF[one.service], FIRST_SERIAL + serial)


def weight(one):
    """Of a parcel, in kg."""
    return round(0.2 + sum(line.article.product.weight * line.units for line in one.lines), 2)
