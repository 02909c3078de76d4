"""Orders as a web shop sends them, and the two ways to bring them in: plain Odoo's, the addon's.

Their goods lie in every warehouse, so that either side makes one transfer for each order; what more
parcels cost is what ``bench_confirm`` measures.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .dataset import KINDS, PLACES

Order = dict[str, Any]

CARRIER = "Bench Parcel"
CUSTOMERS = 200
# What import_orders does as well: no note of each change, no followers.
QUIETLY = {"tracking_disable": True, "mail_create_nosubscribe": True}
FIELDS = {"name": "name", "email": "email", "street": "street", "city": "city", "postcode": "zip"}


def describe(number: int, products: int) -> Order:
    """Order ``number``, in the form of ``docs/api.md``: six in ten of a known customer, one in ten
    to somebody else's address; one to four lines.

    :param products: of the whole shop.
    """
    rng = random.Random(f"order {number}")
    known = number % 10 < 6
    customer = rng.randrange(CUSTOMERS) if known else CUSTOMERS + number
    lines = [
        {"sku": f"A-{code}", "quantity": rng.choice((1, 1, 1, 2, 3)), "unit_price": 25.0}
        for code in rng.sample(range(products // len(KINDS)), rng.randint(1, 4))
    ]
    order: Order = {
        "source": "web",
        "reference": f"W{number:06}",
        "customer": _address(customer, rng) | {"email": f"customer-{customer}@example.com"},
        "lines": lines,
        "carrier": CARRIER,
        "payment": {
            "method": "card",
            "amount": sum(line["quantity"] * line["unit_price"] for line in lines),
            "reference": f"pay_{number}",
            "state": "paid",
        },
    }
    if number % 10 == 5:
        order["shipping_address"] = _address(CUSTOMERS + number, rng)
    return order


def _address(number: int, rng: random.Random) -> dict[str, str]:
    """That of the customer whom ``dataset`` made; of a new one somewhere in Europe."""
    country, postcode, _latitude, _longitude = (
        PLACES[number % len(PLACES)] if number < CUSTOMERS else rng.choice(PLACES)
    )
    return {
        "name": f"Customer {number}",
        "street": f"Main Street {number}",
        "city": "Town",
        "postcode": postcode,
        "country": country,
    }


# --- what is measured -----------------------------------------------------------------------------


def one_by_one(env: Any, orders: list[Order]) -> None:
    """As programs do that know no method for many: each order in a transaction of its own."""
    for order in orders:
        with env.registry.cursor() as cr:
            _store(env(cr=cr), [order])


def in_one_lot(env: Any, orders: list[Order]) -> None:
    """As fast as Odoo goes: all of them in one transaction, where one mistake refuses them all."""
    _store(env, orders)


def import_orders(env: Any, orders: list[Order]) -> dict[str, int]:
    """The addon's method. Returns how many orders got which status."""
    return dict(Counter(one["status"] for one in env["oms.order"].import_orders(orders)))


def outcome(env: Any, references: list[str]) -> dict[str, float]:
    """What the orders have become, to see that either side did the same."""
    orders = env["sale.order"].search([("client_order_ref", "in", references)])
    moves = orders.picking_ids.move_ids
    return {
        "confirmed": len(orders.filtered(lambda order: order.state == "sale")),
        "lines": len(orders.order_line),
        "transfers": len(orders.picking_ids),
        "reserved": sum(moves.mapped("quantity")),
        "addresses": len(orders.partner_shipping_id),
        "amount": sum(orders.mapped("amount_total")),
    }


def _store(env: Any, orders: list[Order]) -> None:
    """Look everything up together, create together, confirm together."""
    env = env(context=dict(env.context, **QUIETLY))
    carrier = env["delivery.carrier"].search([("name", "=", CARRIER)])
    skus = {line["sku"] for order in orders for line in order["lines"]}
    products = {
        one.default_code: one.id
        for one in env["product.product"].search_fetch(
            [("default_code", "in", list(skus))], ["default_code"]
        )
    }
    customers = _customers(env, orders)
    shipping = _shipping(env, orders, customers)
    env["sale.order"].create(
        [
            {
                "partner_id": customer,
                "partner_invoice_id": customer,
                "partner_shipping_id": shipping.get(order["reference"], customer),
                "client_order_ref": order["reference"],
                "carrier_id": carrier.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": products[line["sku"]],
                            "product_uom_qty": line["quantity"],
                            "price_unit": line["unit_price"],
                        },
                    )
                    for line in order["lines"]
                ],
            }
            for order, customer in zip(orders, customers, strict=True)
        ]
    ).action_confirm()


def _customers(env: Any, orders: list[Order]) -> list[int]:
    """The partner of each order: known by e-mail, or new."""
    emails = {order["customer"]["email"]: order["customer"] for order in orders}
    found = {
        one.email_normalized: one.id
        for one in env["res.partner"].search_fetch(
            [("email_normalized", "in", list(emails))], ["email_normalized"]
        )
    }
    missing = [email for email in emails if email not in found]
    created = env["res.partner"].create(_partners(env, [emails[email] for email in missing]))
    found |= dict(zip(missing, created.ids, strict=True))
    return [found[order["customer"]["email"]] for order in orders]


def _shipping(env: Any, orders: list[Order], customers: list[int]) -> dict[str, int]:
    """Reference → delivery address, for the orders that name one."""
    wanted = [
        (order, customer)
        for order, customer in zip(orders, customers, strict=True)
        if "shipping_address" in order
    ]
    values = _partners(env, [order["shipping_address"] for order, _customer in wanted])
    created = env["res.partner"].create(
        [
            one | {"parent_id": customer, "type": "delivery"}
            for one, (_order, customer) in zip(values, wanted, strict=True)
        ]
    )
    return {order["reference"]: one.id for (order, _c), one in zip(wanted, created, strict=True)}


def _partners(env: Any, addresses: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    return [
        {field: address[name] for name, field in FIELDS.items() if name in address}
        | {"country_id": env.ref(f"base.{address['country'].lower()}").id}
        for address in addresses
    ]
