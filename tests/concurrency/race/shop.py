"""Fills a database: a network of warehouses, products with stock, quotations.

It uses what plain Odoo has, so that the same shop stands on a database with the addon and on one
without.
"""

from datetime import datetime, timedelta
from typing import Any

PLACES = (
    ("it", "Milano", "20121", 45.4642, 9.1900),
    ("de", "Leipzig", "04109", 51.3397, 12.3731),
    ("fr", "Lyon", "69001", 45.7640, 4.8357),
    ("es", "Madrid", "28001", 40.4168, -3.7038),
    ("pl", "Warszawa", "00-001", 52.2297, 21.0122),
)


def open_shop(env: Any, warehouses: int = 3) -> dict[str, Any]:
    """Build the network and the customers, once per database.

    :return: dict with ids: ``warehouses``, ``customers``; ``key``, the administrator's API key
    """
    company = env.company
    network = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    customers = env["res.partner"]
    for number, (country, city, postcode, latitude, longitude) in enumerate(PLACES):
        values = {
            "city": city,
            "zip": postcode,
            "country_id": env.ref(f"base.{country}").id,
            "partner_latitude": latitude,
            "partner_longitude": longitude,
        }
        customers |= customers.create({"name": f"Customer in {city}", **values})
        if number >= warehouses:
            continue
        address = env["res.partner"].create({"name": f"Warehouse {city}", **values})
        if number == 0:
            network.partner_id = address
        else:
            network |= network.create(
                {
                    "name": city,
                    "code": country.upper(),
                    "company_id": company.id,
                    "partner_id": address.id,
                }
            )
    administrator = env["res.users.apikeys"].with_user(env.ref("base.user_admin")).sudo()
    key = administrator._generate(None, "race", datetime.now() + timedelta(days=1))
    return {"warehouses": network.ids, "customers": customers.ids, "key": key}


def stock_up(env: Any, shop: dict[str, Any], goods: dict[str, list[int]]) -> dict[str, int]:
    """Products by name, with their units in each warehouse.

    :return: dict name → product id
    """
    made = env["product.product"].create(
        [
            {
                "name": name,
                "default_code": name,
                "is_storable": True,
                "weight": 1.0,
                "list_price": 20.0,
            }
            for name in goods
        ]
    )
    products = dict(zip(goods, made.ids, strict=True))
    fill_up(env, shop, products, goods)
    return products


def fill_up(
    env: Any, shop: dict[str, Any], products: dict[str, int], goods: dict[str, list[int]]
) -> None:
    """More units of products that exist."""
    warehouses = env["stock.warehouse"].browse(shop["warehouses"])
    for name, units in goods.items():
        product = env["product.product"].browse(products[name])
        for warehouse, quantity in zip(warehouses, units, strict=False):
            if quantity:
                env["stock.quant"]._update_available_quantity(
                    product, warehouse.lot_stock_id, quantity
                )


def take_orders(
    env: Any, shop: dict[str, Any], products: dict[str, int], orders: list[dict[str, Any]]
) -> list[int]:
    """Quotations: each a dict with ``lines`` (list of name and quantity), ``customer`` and
    ``warehouse`` (positions in the shop's lists).

    :return: ids of the orders
    """
    return (
        env["sale.order"]
        .create(
            [
                {
                    "partner_id": shop["customers"][order["customer"] % len(shop["customers"])],
                    "warehouse_id": shop["warehouses"][
                        order["warehouse"] % len(shop["warehouses"])
                    ],
                    "order_line": [
                        (0, 0, {"product_id": products[name], "product_uom_qty": quantity})
                        for name, quantity in order["lines"]
                    ],
                }
                for order in orders
            ]
        )
        .ids
    )
