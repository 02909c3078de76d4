"""Three months of orders: decided as they came in, then confirmed, shipped and invoiced.

Every order is decided by the real engine from what was known at its time; see :mod:`replay`. The
rest happens in batches, because it no longer matters in which order: what the plans take was there.
"""

from datetime import timedelta

from odoo.fields import Command, Datetime

from ..story.orders import CANCELLED, CONFIRMED, INVOICED, PARTLY, SENT, SHIPPED, WITHDRAWN
from ..story.parcel_stories import TITLES as PARCEL_TITLES
from ..story.stories import TITLES as ORDER_TITLES
from .catalogue import done_on
from .labels import Labels
from .replay import Replay

TITLES = ORDER_TITLES | PARCEL_TITLES


def build(books):
    """Write down every order of the story and what became of it."""
    _create(books)
    plans = Replay(books).run()
    _confirm(books, plans)
    _ship(books, plans)
    _invoice(books)
    _settle_times(books, plans)


def with_fate(books, *fates):
    """The orders of which one of ``fates`` has become, the oldest first."""
    chosen = [books.orders[one.ref] for one in books.story.orders if one.fate in fates]
    return books.env["sale.order"].concat(*chosen)


def _create(books):
    tags = {}
    for title in dict.fromkeys(TITLES.values()):
        tags[title] = books.env["crm.tag"].create({"name": title})
    first = next(iter(books.warehouses.values()))
    orders = books.env["sale.order"].create(
        [
            {
                "partner_id": books.customers[one.customer].id,
                "company_id": books.company.id,
                "warehouse_id": first.id,
                "team_id": books.teams[one.channel].id,
                "user_id": books.users["sales"].id,
                "client_order_ref": one.ref,
                "date_order": one.placed_at,
                "commitment_date": one.promised and f"{one.promised} 16:00:00",
                "carrier_id": one.service and books.services[one.service].id,
                "tag_ids": [Command.set(tags[TITLES[one.story]].ids)] if one.story else [],
                "order_line": [
                    Command.create(
                        {"product_id": books.products[code].id, "product_uom_qty": units}
                    )
                    for code, units in one.lines
                ],
            }
            for one in books.story.orders
        ]
    )
    for one, order in zip(books.story.orders, orders, strict=True):
        books.orders[one.ref] = order
        if one.story and one.story != "rush":
            books.name(order, f"order_{one.story}")
    with_fate(books, SENT).write({"state": "sent"})
    with_fate(books, WITHDRAWN)._action_cancel()


def _confirm(books, plans):
    # What was cancelled gives its units back before the others are reserved.
    cancelled = with_fate(books, CANCELLED)
    cancelled.action_confirm()
    cancelled._action_cancel()
    with_fate(books, *(fate for fate in CONFIRMED if fate != CANCELLED)).action_confirm()


def _ship(books, plans):
    """Validate the deliveries whose goods have left, on the day on which the plan sent them."""
    moments, of_order = {}, {}
    now = Datetime.now()
    for one in books.story.orders:
        if one.fate not in (SHIPPED, INVOICED, PARTLY):
            continue
        order = books.orders[one.ref]
        ships = {
            parcel.warehouse: parcel.ship_at.replace(tzinfo=None)
            for parcel in plans[one.ref].parcels
        }
        if one.fate == PARTLY:
            ships = dict(list(ships.items())[:1])
        for picking in order.picking_ids:
            left_at = ships.get(picking.picking_type_id.warehouse_id.id)
            if picking.state == "assigned" or (left_at and picking.move_line_ids):
                if one.fate == PARTLY and not left_at:
                    continue
                # A back-order that has found its goods left some days after the others.
                left_at = left_at or one.placed_at + timedelta(days=9)
                moments[picking] = min(left_at, now - timedelta(minutes=50))
                of_order[picking] = one
    pickings = books.env["stock.picking"].concat(*moments)
    labels = Labels(books)
    for picking in pickings:
        labels.put_on(picking, of_order[picking], moments[picking])
    pickings.move_ids.filtered("quantity").write({"picked": True})
    pickings._action_done()
    done_on(books, moments)


def _invoice(books):
    orders = with_fate(books, INVOICED).filtered(lambda one: one.invoice_status == "to invoice")
    invoices = orders._create_invoices(grouped=True)
    for invoice in invoices:
        order = invoice.line_ids.sale_line_ids.order_id
        invoice.invoice_date = max(order.picking_ids.filtered("date_done").mapped("date_done"))
    invoices.action_post()


def _settle_times(books, plans):
    """Put the dates of confirmation, decision and exceptions where they belong."""
    placed = [
        (books.orders[one.ref].id, one.placed_at, one.placed_at) for one in books.story.orders
    ]
    books.backdate("sale.order", ("date_order", "create_date"), placed)
    decided, parcels = [], []
    for one in books.story.orders:
        for allocation in books.orders[one.ref].oms_allocation_ids:
            decided.append((allocation.id, one.placed_at, one.placed_at))
            parcels += [(parcel.id, one.placed_at) for parcel in allocation.parcel_ids]
    books.backdate("oms.allocation", ("decided_at", "create_date"), decided)
    books.backdate("oms.allocation.parcel", ("decided_at",), parcels)
    raised = books.env["oms.exception"].search([("company_id", "=", books.company.id)])
    at = {books.orders[one.ref]: one.placed_at for one in books.story.orders}
    books.backdate(
        "oms.exception",
        ("create_date", "deadline"),
        [(one.id, at[one.order_id], at[one.order_id] + timedelta(days=1)) for one in raised],
    )
