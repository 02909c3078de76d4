"""What lay where in the club's year: done moves, receipts, and the stock that they leave."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ...story.returns.club import DAYS
from .copies import Copies

ARRIVES_BEFORE = 6
"""Days from the arrival of a lot to the first sale of it."""


@dataclass
class Movement:
    """Units that were carried from one place to another in the past; ``more``: columns."""

    product: object
    lot: object
    units: float
    source: int
    target: int
    at: datetime
    more: dict


PLAIN = {
    "picking_id": None, "picking_type_id": None, "partner_id": None, "warehouse_id": None,
    "sale_line_id": None, "origin": None, "reference": None, "is_in": False, "is_out": False,
    "to_refund": False, "origin_returned_move_id": None, "oms_return_line_id": None,
    "oms_inspection_id": None, "rule_id": None, "location_final_id": None, "weight": 0,
    "oms_carrier_id": None, "account_move_id": None,
}  # fmt: skip


def move(books, patterns, movements):
    """Done moves with their lines; the stock of both places is settled by :func:`settle`.

    :return: ids of the moves, in their order
    """
    rows = []
    for one in movements:
        values = PLAIN | one.more
        valued = values["is_in"] or values["is_out"]
        rows.append(
            values
            | {
                "product_id": one.product.id,
                "product_uom": one.product.uom_id.id,
                "location_id": one.source,
                "location_dest_id": one.target,
                "product_qty": one.units,
                "product_uom_qty": one.units,
                "quantity": one.units,
                "date": one.at,
                "date_deadline": one.at,
                "create_date": one.at,
                "reservation_date": one.at.date(),
                "price_unit": one.product.standard_price,
                "value": round(one.product.standard_price * one.units, 2) if valued else 0,
            }
        )
    ids = Copies(patterns.move).insert(rows)
    Copies(patterns.move_line).insert(
        [
            {
                "move_id": key,
                "picking_id": one.more.get("picking_id"),
                "product_id": one.product.id,
                "product_uom_id": one.product.uom_id.id,
                "lot_id": one.lot.id if one.lot else None,
                "location_id": one.source,
                "location_dest_id": one.target,
                "quantity": one.units,
                "quantity_product_uom": one.units,
                "date": one.at,
                "create_date": one.at,
            }
            for key, one in zip(ids, movements, strict=True)
        ]
    )
    books.moved += movements
    return ids


def receive(books, patterns):
    """What the supplier brought of all that left for good: on the shelves nothing is too many.

    Called when all else was moved.
    """
    shelves = {one.lot_stock_id.id: one for one in books.warehouses.values()}
    gone = Counter()
    for one in books.moved:
        key = (one.product, one.lot)
        if one.source in shelves:
            gone[shelves[one.source], *key] += one.units
        if one.target in shelves:
            gone[shelves[one.target], *key] -= one.units
    since = {
        books.lots[name].id: days
        for line in {line.article for one in books.story.club.orders for line in one.lines}
        for name, days in line.lots
    }
    supplier = books.env.ref("oms_extension.demo_supplier")
    source = supplier.property_stock_supplier
    loads = defaultdict(list)
    for (warehouse, product, lot), units in gone.items():
        if units:
            days = min(since[lot.id], DAYS) if lot else DAYS
            loads[warehouse, days + ARRIVES_BEFORE].append((product, lot, units))
    rows, contents = [], []
    for serial, ((warehouse, days), content) in enumerate(loads.items(), start=1):
        at = datetime.combine(books.story.today - timedelta(days=days), time(7, 30))
        name = f"{warehouse.code}/IN/C{serial:05d}"
        rows.append(
            {
                "name": name,
                "partner_id": supplier.id,
                "picking_type_id": warehouse.in_type_id.id,
                "location_id": source.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "scheduled_date": at,
                "date_deadline": at,
                "date_done": at,
                "create_date": at,
            }
        )
        contents.append((warehouse, name, at, content))
    blank = {"sale_id": None, "origin": "Club Shop's goods", "carrier_id": None,
             "carrier_tracking_ref": None, "user_id": None, "weight": 0, "shipping_weight": 0,
             "oms_return_id": None}  # fmt: skip
    ids = Copies(patterns.picking, **blank).insert(rows)
    came = []
    for key, (warehouse, name, at, content) in zip(ids, contents, strict=True):
        for product, lot, units in content:
            values = {
                "picking_id": key,
                "picking_type_id": warehouse.in_type_id.id,
                "partner_id": supplier.id,
                "warehouse_id": warehouse.id,
                "reference": name,
                "is_in": True,
            }
            shelf = warehouse.lot_stock_id.id
            came.append(Movement(product, lot, units, source.id, shelf, at, values))
    move(books, patterns, came)


def settle(books):
    """Let the stock of every place be what the moves have made it."""
    books.env.invalidate_all()
    change = Counter()
    for one in books.moved:
        change[one.product, one.lot, one.source] -= one.units
        change[one.product, one.lot, one.target] += one.units
    quants = books.env["stock.quant"].sudo()
    places = books.env["stock.location"]
    for (product, lot, place), units in change.items():
        if units:
            quants._update_available_quantity(
                product, places.browse(place), units, lot_id=lot or None
            )
