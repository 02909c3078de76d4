"""What came back to the club shop: asked for, received, inspected, put away and paid back."""

from collections import defaultdict
from datetime import timedelta

from ...story.returns.back import MOVED_ON_AFTER, WORTH
from . import movements
from .copies import Copies, pairs, update
from .movements import Movement

SHIPS_BACK = "label"
SWITCHES = "oms_tell_return_"


def quietly(books):
    """The past is told to nobody: switches off the messages, and says how to switch them on."""
    names = [name for name in books.company._fields if name.startswith(SWITCHES)]
    before = {name: books.company[name] for name in names}
    books.company.write(dict.fromkeys(names, False))
    return before


def build(books, copied):
    """Write the returns, then the receipts, what was found and where the units went."""
    before = quietly(books)
    backs = books.story.club.backs
    returns = _returns(books, copied, backs)
    received = [
        (back, one, position)
        for position, (back, one) in enumerate(zip(backs, returns, strict=True))
        if back.received_at
    ]
    moves = _receipts(books, copied, received)
    _inspections(books, copied, received)
    movements.receive(books, copied.patterns)
    _settle_lines(books, copied, backs, returns)
    movements.settle(books)
    waiting = [
        one
        for back, one in zip(backs, returns, strict=True)
        if not back.received_at and not back.keep
    ]
    books.env["oms.return"].concat(*waiting)._await_goods()
    books.company.write(before)
    return moves


def _returns(books, copied, backs):
    reasons = {one.code: one.id for one in books.env["oms.return.reason"].search([])}
    lines = books.env["sale.order.line"]
    service, values = books.users["service"], []
    for back in backs:
        order = books.story.club.orders[back.place[0]]
        sold = order.lines[back.place[1]]
        done = back.keep or back.received_at
        end = back.received_at or back.requested_at + timedelta(hours=20)
        line_id = copied.lines[back.place]
        worth = round(sold.article.product.price * (1 + copied.patterns.tax) * back.units, 2)
        values.append(
            {
                "company_id": books.company.id,
                "order_id": copied.orders[back.place[0]],
                "partner_id": books.customers[order.customer].id,
                "origin": "rpc",
                "kind": "claim" if back.keep else "return",
                "state": "done" if done else "approved",
                "way": "none" if back.keep else SHIPS_BACK,
                "user_id": service.id,
                "approved_by": "policy",
                "requested_at": back.requested_at,
                "approved_at": back.requested_at + timedelta(minutes=2),
                "received_at": end if done else False,
                "done_at": end + timedelta(hours=1) if done else False,
                "warehouse_id": False if back.keep else books.warehouses[order.warehouse].id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "order_line_id": line_id,
                            "product_id": lines.browse(line_id).product_id.id,
                            "quantity": back.units,
                            "lot_id": books.lots[sold.lot].id if sold.lot else False,
                            "shipment_id": copied.shipments[back.place[0]],
                            "reason_id": reasons[back.reason],
                            "cause_id": reasons[back.found] if done else False,
                            "comment": back.comment or False,
                            "outcome": back.outcome,
                            "keep": back.keep,
                            "refund_amount": worth,
                            "credited_qty": back.units if done else 0,
                            "credited_amount": worth if done else 0,
                        },
                    )
                ],
            }
        )
    returns = books.env["oms.return"].create(values)
    books.env.flush_all()
    return returns


def _receipts(books, copied, received):
    """Transfers into *Returns*, done on the day on which the parcel came."""
    rows, sent = [], []
    for serial, (back, one, _position) in enumerate(received, start=1):
        order = books.story.club.orders[back.place[0]]
        warehouse = books.warehouses[order.warehouse]
        rows.append(
            {
                "name": f"{order.warehouse}/RET/C{serial:05d}",
                "origin": one.name,
                "partner_id": books.customers[order.customer].id,
                "picking_type_id": warehouse._oms_return_type().id,
                "location_id": copied.patterns.picking.location_dest_id.id,
                "location_dest_id": warehouse._oms_return_location().id,
                "oms_return_id": one.id,
                "sale_id": copied.orders[back.place[0]],
                "return_id": copied.pickings[back.place[0]],
                "scheduled_date": back.received_at,
                "date_deadline": back.received_at,
                "date_done": back.received_at,
                "create_date": back.requested_at,
            }
        )
    blank = {"carrier_id": None, "carrier_tracking_ref": None, "user_id": None}
    ids = Copies(copied.patterns.picking, **blank).insert(rows)
    for key, row, (back, one, _position) in zip(ids, rows, received, strict=True):
        order = books.story.club.orders[back.place[0]]
        line = order.lines[back.place[1]]
        values = {
            "picking_id": key,
            "picking_type_id": row["picking_type_id"],
            "partner_id": row["partner_id"],
            "warehouse_id": books.warehouses[order.warehouse].id,
            "sale_line_id": copied.lines[back.place],
            "origin": one.name,
            "reference": row["name"],
            "is_in": True,
            "to_refund": True,
            "origin_returned_move_id": copied.moves[back.place],
            "oms_return_line_id": one.line_ids.id,
        }
        sent.append(
            Movement(
                books.products[line.article.code], books.lots.get(line.lot), back.units,
                row["location_id"], row["location_dest_id"], back.received_at, values,
            )
        )  # fmt: skip
    return movements.move(books, copied.patterns, sent)


def _inspections(books, copied, received):
    """What was found, and the moves to where the units went."""
    reasons = {one.code: one.id for one in books.env["oms.return.reason"].search([])}
    person = books.users["warehouse"]
    values, sent = [], []
    for back, one, _position in received:
        order = books.story.club.orders[back.place[0]]
        line = order.lines[back.place[1]]
        product = books.products[line.article.code]
        values.append(
            {
                "return_id": one.id,
                "return_line_id": one.line_ids.id,
                "product_id": product.id,
                "lot_id": books.lots[line.lot].id if line.lot else False,
                "quantity": back.units,
                "condition": back.condition,
                "cause_id": reasons[back.found],
                "disposition": back.goes,
                "disposition_text": WHY[back.goes],
                "value_recovered": round(product.standard_price * WORTH[back.goes] * back.units, 2),
                "user_id": person.id,
                "inspected_at": back.received_at + timedelta(minutes=9),
            }
        )
    found = books.env["oms.return.inspection"].sudo().create(values)
    for (back, one, _position), unit in zip(received, found, strict=True):
        sent.append(_put_away(books, back, one, unit))
    ids = movements.move(books, copied.patterns, sent)
    pairs(
        books.env, "oms_return_inspection_last_move_rel",
        _columns(books.env["oms.return.inspection"]), list(zip(found.ids, ids, strict=True)),
    )  # fmt: skip
    today = books.story.today
    later = []
    for (back, *_rest), first in zip(received, sent, strict=True):
        if back.goes != "refurbish" or (today - back.received_at.date()).days < MOVED_ON_AFTER:
            continue
        order = books.story.club.orders[back.place[0]]
        shelf = books.warehouses[order.warehouse].lot_stock_id.id
        at = back.received_at + timedelta(days=12)
        more = {"origin": first.more["origin"], "reference": "Refurbished"}
        later.append(Movement(first.product, first.lot, first.units, first.target, shelf, at, more))
    movements.move(books, copied.patterns, later)


WHY = {
    "restock": "As new: back on the shelf",
    "refurbish": "Used, and worth the work: refurbish",
    "vendor": "Fault of the product: the vendor takes it back",
    "scrap": "Not worth the work: scrap",
}


def _put_away(books, back, one, unit):
    order = books.story.club.orders[back.place[0]]
    warehouse = books.warehouses[order.warehouse]
    target = {
        "restock": lambda: warehouse.lot_stock_id,
        "scrap": lambda: _scrap_location(books),
    }.get(back.goes, lambda: warehouse._oms_place_for(back.goes))()
    more = {
        "origin": one.name,
        "reference": one.name,
        "warehouse_id": None,
        "oms_inspection_id": unit.id,
        "is_out": back.goes == "scrap",
    }
    return Movement(
        unit.product_id, unit.lot_id or None, back.units, warehouse._oms_return_location().id,
        target.id, unit.inspected_at, more,
    )  # fmt: skip


def _scrap_location(books):
    return books.env["stock.location"].search(
        [("usage", "=", "inventory"), ("company_id", "in", (books.company.id, False)),
         ("name", "=", "Scrap")], limit=1,
    )  # fmt: skip


def _columns(model):
    field = model._fields["last_move_ids"]
    return field.column1, field.column2


def _settle_lines(books, copied, backs, returns):
    """The stored figures that Odoo works out move by move."""
    came = defaultdict(float)
    lines, wholes = [], []
    for back, one in zip(backs, returns, strict=True):
        if back.received_at:
            came[copied.lines[back.place]] += back.units
            lines.append((one.line_ids.id, back.units))
        if back.received_at or back.keep:
            worth = one.line_ids.refund_amount
            goods = "none" if back.keep else "received"
            wholes.append((one.id, goods, "settled", worth, worth, worth))
    update(books.env, "oms_return_line", ("received_qty",), lines)
    update(
        books.env, "oms_return",
        ("receipt_state", "money_state", "amount_total", "amount_due", "amount_refunded"), wholes,
    )  # fmt: skip
    rows = [
        (line.id, line.product_uom_qty - units, line.product_uom_qty - units)
        for line, units in (
            (books.env["sale.order.line"].browse(key), units) for key, units in came.items()
        )
    ]
    update(books.env, "sale_order_line", ("qty_delivered", "qty_invoiced"), rows)
