"""Steps that make, preview and confirm orders, the same ones in every database.

An order is described by plain values, so that either side builds it from its own records:
``{"customer": ref, "lines": [[product code, units, warehouse name or None], …]}``.
"""

from __future__ import annotations

from typing import Any

from .dataset import KINDS, PLACES

Description = dict[str, Any]


def describe(number: int, lines: int, parcels: int, products: int) -> Description:
    """Order ``number`` of a series: ``lines`` lines that fit into ``parcels`` (1 or 3) parcels.

    :param products: of the whole shop.
    """
    kinds = KINDS[:1] if parcels == 1 else KINDS[1:]
    per_kind = products // len(KINDS)
    return {
        "customer": f"customer-{number % 20 * len(PLACES) // 2 % 200}",
        "lines": [
            [f"{kinds[at % len(kinds)]}-{(number * 10 + at) % per_kind}", 1 + at % 3, None]
            for at in range(lines)
        ],
    }


def create(env: Any, order: Description) -> int:
    """Create an order; where a line names a warehouse, it is set by hand. Returns its id."""
    products = {
        one.default_code: one
        for one in env["product.product"].search(
            [("default_code", "in", [code for code, _units, _warehouse in order["lines"]])]
        )
    }
    warehouses = {one.name: one for one in env["stock.warehouse"].search([])}
    record = env["sale.order"].create(
        {
            "partner_id": env["res.partner"].search([("ref", "=", order["customer"])]).id,
            "carrier_id": env["delivery.carrier"].search([("name", "=", "Bench Parcel")]).id,
            "order_line": [
                (0, 0, {"product_id": products[code].id, "product_uom_qty": units})
                for code, units, _warehouse in order["lines"]
            ],
        }
    )
    for line, (_code, _units, warehouse) in zip(record.order_line, order["lines"], strict=True):
        if warehouse:
            line.warehouse_id = warehouses[warehouse]
    return int(record.id)


def divide(env: Any, order_id: int, order: Description) -> Description:
    """The order as a person would divide it by hand to get what allocation decides."""
    record = env["sale.order"].browse(order_id)
    (answer,) = record.oms_preview_allocation()
    lines = [
        [line["sku"], line["quantity"], parcel["warehouse_name"]]
        for parcel in answer["plan"]["parcels"]
        for line in parcel["lines"]
    ]
    return order | {"lines": sorted(lines)}


def confirm(env: Any, order_id: int) -> None:
    """What is measured."""
    env["sale.order"].browse(order_id).action_confirm()


def preview(env: Any, order_id: int) -> int:
    """What an integrator calls about a quotation. Returns the number of parcels."""
    (answer,) = env["sale.order"].browse(order_id).oms_preview_allocation()
    return len(answer["plan"]["parcels"])


def promise(env: Any, order: Description) -> int:
    """What a shop asks before there is an order. Returns the number of parcels."""
    country, postcode, _latitude, _longitude = PLACES[
        int(order["customer"].removeprefix("customer-")) % len(PLACES)
    ]
    answer = env["oms.availability"].promise(
        [{"sku": code, "quantity": units} for code, units, _warehouse in order["lines"]],
        {"country": country, "postcode": postcode},
    )
    return len(answer["parcels"])


def free_stock(env: Any, order: Description) -> None:
    """What plain Odoo has to say about it: free units of each product in each warehouse."""
    products = env["product.product"].search(
        [("default_code", "in", [code for code, _units, _warehouse in order["lines"]])]
    )
    for warehouse in env["stock.warehouse"].search([("company_id", "=", env.company.id)]):
        products.with_context(warehouse_id=warehouse.id).mapped("free_qty")


def outcome(env: Any, order_id: int) -> dict[str, Any]:
    """What a confirmation led to, to see that both sides did the same."""
    pickings = env["sale.order"].browse(order_id).picking_ids
    return {
        "pickings": len(pickings),
        "moves": sorted(
            [one.product_id.default_code, one.product_qty, one.warehouse_id.name]
            for one in pickings.move_ids
        ),
        "reserved": sum(pickings.move_ids.mapped("quantity")),
        "carriers": sorted(pickings.carrier_id.mapped("name")),
    }
