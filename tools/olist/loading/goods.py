"""Products with their weights, and the stock of every warehouse."""

from __future__ import annotations

from .. import stocking
from ..network import Site
from .network import COMPANY
from .target import Target


def make_products(target: Target) -> dict[str, int]:
    """Id of every product that was ever ordered, by Olist's."""
    odoo = target.odoo
    known = {
        row["default_code"]: row["id"]
        for row in odoo.find(
            "product.product", [["company_id", "=", target.company]], ["default_code"]
        )
    }
    ordered = {line.product for order in target.olist.orders for line in order.lines}
    missing = [
        product
        for key, product in sorted(target.olist.products.items())
        if key in ordered and key not in known
    ]
    categories = {
        name: odoo.ensure(
            "product.category",
            [["name", "=", name], ["parent_id.name", "=", COMPANY]],
            {"name": name, "parent_id": _root_category(target)},
        )
        for name in sorted({product.category for product in missing})
    }
    for batch in target.batches(missing, 500, "products"):
        ids = odoo.create(
            "product.product",
            [
                {
                    "name": f"{product.category} {product.id[:6]}",
                    "default_code": product.id,
                    "type": "consu",
                    "is_storable": True,
                    "weight": product.weight,
                    "categ_id": categories[product.category],
                    "company_id": target.company,
                    "taxes_id": [[5]],
                }
                for product in batch
            ],
        )
        known |= {product.id: one for product, one in zip(batch, ids, strict=True)}
    return known


def _root_category(target: Target) -> int:
    return target.odoo.ensure("product.category", [["name", "=", COMPANY]], {"name": COMPANY})


def make_stock(target: Target, sites: list[Site], products: dict[str, int]) -> None:
    """Count what ``stocking`` says into every warehouse that has not got it yet."""
    odoo = target.odoo
    shelves = {
        row["code"]: row["lot_stock_id"][0]
        for row in odoo.find(
            "stock.warehouse",
            [["id", "in", list(target.warehouses.values())]],
            ["code", "lot_stock_id"],
        )
    }
    # What was counted in once is not counted in again, even if it has been sold since.
    counted = odoo.find(
        "stock.move.line",
        [["location_dest_id", "in", list(shelves.values())], ["state", "=", "done"]],
        ["product_id", "location_dest_id"],
    )
    known = {(row["product_id"][0], row["location_dest_id"][0]) for row in counted}
    levels = stocking.stock_levels(target.olist.orders, sites)
    missing = [
        (products[product], shelves[code], units)
        for product, places in levels.items()
        for code, units in places.items()
        if product in products and (products[product], shelves[code]) not in known
    ]
    for batch in target.batches(missing, 250, "stock positions"):
        quants = odoo.create(
            "stock.quant",
            [
                {"product_id": product, "location_id": shelf, "inventory_quantity": units}
                for product, shelf, units in batch
            ],
            inventory_mode=True,
        )
        odoo.call("stock.quant", "action_apply_inventory", quants)
