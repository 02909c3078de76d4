"""Orders: the past as it was, the open ones through the contract for integrators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..reading import Customer, Order
from .network import POLICY
from .target import Target

SOURCE = "olist"
HISTORY, QUOTED = ("delivered", "shipped"), ("created",)
HISTORY_BATCH, OPEN_BATCH = 200, 50


def make_orders(target: Target) -> None:
    """Every order that is not there yet; see the package for what becomes of which."""
    known = _known_orders(target)
    kinds: dict[str, list[Order]] = defaultdict(list)
    for order in target.olist.orders:
        state = known.get(order.id)
        kind = kind_of(order)
        if state is None or (kind in ("history", "cancelled") and state in ("draft", "sent")):
            kinds[kind].append(order)
    for batch in target.batches(kinds["history"], HISTORY_BATCH, "delivered orders"):
        _as_history(target, batch, _import(target, batch, confirm=False))
    for batch in target.batches(kinds["cancelled"], HISTORY_BATCH, "cancelled orders"):
        _cancel(target, _import(target, batch, confirm=False).values())
    for batch in target.batches(kinds["empty"], HISTORY_BATCH, "orders without lines"):
        _without_lines(target, batch)
    for batch in target.batches(kinds["open"], OPEN_BATCH, "open orders, allocated"):
        _import(target, batch, confirm=True)


def _known_orders(target: Target) -> dict[str, str]:
    known: dict[str, str] = {}
    domain = [["company_id", "=", target.company], ["oms_source", "=", SOURCE]]
    while True:
        rows = target.odoo.find(
            "sale.order",
            domain,
            ["oms_external_reference", "state"],
            offset=len(known),
            limit=5000,
            order="id",
        )
        known |= {row["oms_external_reference"]: row["state"] for row in rows}
        if len(rows) < 5000:
            return known


def _import(target: Target, orders: list[Order], confirm: bool) -> dict[str, int]:
    """Order id in Odoo by Olist's; what was rejected is told and left out."""
    waiting = [sent(target, order) for order in orders]
    ids: dict[str, int] = {}
    while waiting:
        answers = target.odoo.call("oms.order", "import_orders", orders=waiting, confirm=confirm)
        ids |= {one["reference"]: one["id"] for one in answers if one["id"]}
        if not any(one["status"] == "created" for one in answers):
            for one in answers:
                if one["status"] == "rejected":
                    target.say(f"  {one['reference']}: {' '.join(one['errors'])}")
            break
        # A call that runs out of time says so and is repeated with what is left.
        left = {one["reference"] for one in answers if one["status"] == "rejected"}
        waiting = [one for one in waiting if one["reference"] in left]
    return ids


def sent(target: Target, order: Order) -> dict[str, Any]:
    """An order as ``oms.order.import_orders`` takes it."""
    message: dict[str, Any] = {
        "reference": order.id,
        "source": SOURCE,
        "customer": _customer(order.customer),
        "lines": [
            {"sku": line.product, "quantity": line.quantity, "unit_price": line.price}
            for line in order.lines
        ],
        "payment": [
            {
                "method": payment.kind,
                "amount": payment.value,
                "state": "paid" if order.approved else "pending",
            }
            for payment in order.payments
        ],
        "ordered_at": (order.purchased + target.shift).isoformat(),
        "policy": POLICY,
        "note": f"Olist: {order.status}",
    }
    if order.estimated and order.estimated + target.shift > datetime.now():
        message["requested_date"] = (order.estimated + target.shift).date().isoformat()
    return message


def _customer(customer: Customer) -> dict[str, Any]:
    return {
        "reference": customer.id,
        "name": f"Customer {customer.id[:8]}",
        "city": customer.city,
        "postcode": f"{customer.prefix}-000",
        "state": customer.state,
        "country": "BR",
    }


def _as_history(target: Target, orders: list[Order], ids: dict[str, int]) -> None:
    """Confirmed, delivered and locked, as if it had all happened before Odoo came."""
    if not ids:
        return
    odoo = target.odoo
    lines = odoo.find(
        "sale.order.line",
        [["order_id", "in", list(ids.values())]],
        ["product_uom_qty"],
    )
    by_quantity: dict[float, list[int]] = defaultdict(list)
    for line in lines:
        by_quantity[line["product_uom_qty"]].append(line["id"])
    odoo.call("sale.order", "write", list(ids.values()), {"state": "sale", "locked": True})
    for quantity, rows in by_quantity.items():
        odoo.call("sale.order.line", "write", rows, {"qty_delivered": quantity})


def _cancel(target: Target, ids: Iterable[int]) -> None:
    rows = list(ids)
    if rows:
        target.odoo.call(
            "sale.order", "action_cancel", rows, context={"disable_cancel_warning": True}
        )


def _without_lines(target: Target, orders: list[Order]) -> None:
    """Olist knows these orders, but not what was in them."""
    odoo = target.odoo
    references = sorted({order.customer.id for order in orders})
    partners = {
        row["ref"]: row["id"]
        for row in odoo.find(
            "res.partner",
            [["ref", "in", references], ["company_id", "in", [False, target.company]]],
            ["ref"],
        )
    }
    new = {order.customer.id: order.customer for order in orders}
    missing = [new[reference] for reference in references if reference not in partners]
    made = odoo.create(
        "res.partner",
        [
            {
                "ref": customer.id,
                "name": f"Customer {customer.id[:8]}",
                "city": customer.city,
                "zip": f"{customer.prefix}-000",
                "state_id": target.states.get(customer.state, False),
                "country_id": target.country,
                "company_id": target.company,
            }
            for customer in missing
        ],
    )
    partners |= {customer.id: one for customer, one in zip(missing, made, strict=True)}
    odoo.create(
        "sale.order",
        [
            {
                "partner_id": partners[order.customer.id],
                "company_id": target.company,
                "client_order_ref": order.id,
                "oms_source": SOURCE,
                "oms_external_reference": order.id,
                "date_order": f"{order.purchased + target.shift:%Y-%m-%d %H:%M:%S}",
                "note": f"Olist: {order.status}, without lines in the source",
                "state": "draft" if order.status in QUOTED else "cancel",
            }
            for order in orders
        ],
    )


def kind_of(order: Order) -> str:
    """``history``, ``cancelled``, ``empty`` or ``open``."""
    if not order.lines:
        return "empty"
    if order.status in HISTORY:
        return "history"
    return "cancelled" if order.status == "canceled" else "open"
