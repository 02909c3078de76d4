"""Products with their pictures, and the goods that suppliers brought in."""

import base64
from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo.fields import Command

from ..story.catalogue import OPENING_DAYS_AGO, RECEIPT_DAYS_AGO
from ..story.icons import picture

SAFETY = (("PIA", "Hydration", 2), ("KAS", "Hydration", 2), ("ORL", "Light and Power", 1))
"""Warehouse, category, units that stay for walk-in customers."""


def build(books):
    """Catalogue, safety buffers and stock."""
    categories = _categories(books)
    _products(books, categories)
    books.env["oms.safety.buffer"].create(
        [
            {
                "warehouse_id": books.warehouses[code].id,
                "categ_id": categories[category].id,
                "quantity": units,
            }
            for code, category, units in SAFETY
        ]
    )
    _opening_stock(books)
    _receipts(books)


def _categories(books):
    names = list(dict.fromkeys(product.category for product in books.story.products))
    records = books.env["product.category"].create([{"name": name} for name in names])
    return dict(zip(names, records, strict=True))


def _products(books, categories):
    records = books.env["product.product"].create(
        [
            {
                "name": product.name,
                "default_code": product.code,
                "type": "consu",
                "is_storable": True,
                "categ_id": categories[product.category].id,
                "weight": product.weight,
                "list_price": product.price,
                "standard_price": product.cost,
                "invoice_policy": "delivery",
                "company_id": books.company.id,
            }
            for product in books.story.products
        ]
    )
    for product, record in zip(books.story.products, records, strict=True):
        # One by one: of variants created at once, Odoo keeps the picture of the first alone.
        record.product_tmpl_id.image_1920 = base64.b64encode(picture(product.icon, product.colour))
        books.products[product.code] = record
        books.name(record, f"product_{product.code.lower().replace('-', '_')}")


def _opening_stock(books):
    """What lay there before the story begins."""
    arrived = datetime.combine(books.story.today - timedelta(days=OPENING_DAYS_AGO), time(7, 30))
    books.env["stock.quant"].create(
        [
            {
                "product_id": books.products[one.product].id,
                "location_id": books.warehouses[one.warehouse].lot_stock_id.id,
                "quantity": one.units,
                "in_date": arrived,
            }
            for one in books.story.receipts
            if one.days_ago == OPENING_DAYS_AGO
        ]
    )


def _receipts(books):
    """One receipt per warehouse, done on the day of the delivery."""
    env = books.env
    supplier = env.ref("oms_extension.demo_supplier")
    source = supplier.property_stock_supplier
    arrived = datetime.combine(books.story.today - timedelta(days=RECEIPT_DAYS_AGO), time(7, 30))
    contents = defaultdict(list)
    for receipt in books.story.receipts:
        if receipt.days_ago == RECEIPT_DAYS_AGO:
            contents[receipt.warehouse].append(receipt)
    pickings = env["stock.picking"].create(
        [
            {
                "partner_id": supplier.id,
                "picking_type_id": books.warehouses[code].in_type_id.id,
                "location_id": source.id,
                "location_dest_id": books.warehouses[code].lot_stock_id.id,
                "origin": "Season's stock",
                "scheduled_date": arrived,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": books.products[one.product].id,
                            "product_uom_qty": one.units,
                            "location_id": source.id,
                            "location_dest_id": books.warehouses[code].lot_stock_id.id,
                        }
                    )
                    for one in receipts
                ],
            }
            for code, receipts in contents.items()
        ]
    )
    pickings.action_confirm()
    pickings.move_ids.write({"picked": True})
    pickings._action_done()
    done_on(books, dict.fromkeys(pickings, arrived))


def done_on(books, moments):
    """Say of done transfers that they were done at another time than now.

    :param moments: dict picking → datetime
    """
    columns = ("date_done", "scheduled_date", "create_date")
    books.backdate("stock.picking", columns, [(one.id, at, at, at) for one, at in moments.items()])
    moves, lines = [], []
    for picking, at in moments.items():
        moves += [(move.id, at, at) for move in picking.move_ids]
        lines += [(line.id, at) for line in picking.move_line_ids]
    books.backdate("stock.move", ("date", "create_date"), moves)
    books.backdate("stock.move.line", ("date",), lines)
