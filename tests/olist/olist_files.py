"""Files in Olist's format, small and invented."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

TOWNS = {
    # first digits of the postcode: (town, state, latitude, longitude, weight)
    "010": ("sao paulo", "SP", -23.55, -46.63, 20),
    "130": ("campinas", "SP", -22.90, -47.06, 6),
    "200": ("rio de janeiro", "RJ", -22.90, -43.20, 10),
    "301": ("belo horizonte", "MG", -19.92, -43.94, 7),
    "401": ("salvador", "BA", -12.97, -38.50, 4),
    "500": ("recife", "PE", -8.05, -34.88, 3),
    "800": ("curitiba", "PR", -25.43, -49.27, 6),
    "900": ("porto alegre", "RS", -30.03, -51.23, 5),
}
STATUSES = ["delivered"] * 9 + [
    "shipped",
    "canceled",
    "invoiced",
    "processing",
    "approved",
    "unavailable",
]
ORDERS, PRODUCTS, SELLERS = 60, 14, 5
START = datetime(2018, 1, 1, 9, 30)
EMPTY = 7
"""Every so manieth order has no lines in the source."""


def write_files(folder: Path, orders: int = ORDERS, seed: int = 7) -> Path:
    """The eight files of one small data set in ``folder``; equal arguments, equal files."""
    draw = Random(seed)
    prefixes = list(TOWNS)
    weights = [town[4] for town in TOWNS.values()]
    rows: dict[str, list[dict[str, object]]] = {
        "customers": [], "geolocation": [], "order_items": [], "order_payments": [],
        "orders": [], "products": [], "sellers": [],
    }  # fmt: skip
    for prefix, (town, state, latitude, longitude, _weight) in TOWNS.items():
        for offset in (-0.02, 0.0, 0.01, 80.0):  # the last one is a mistake of the source
            rows["geolocation"].append(
                {
                    "geolocation_zip_code_prefix": f"{prefix}10",
                    "geolocation_lat": latitude + offset,
                    "geolocation_lng": longitude + min(offset, 1.0),
                    "geolocation_city": town,
                    "geolocation_state": state,
                }
            )
    for number in range(PRODUCTS):
        rows["products"].append(
            {
                "product_id": f"product{number:02d}",
                "product_category_name": ("beleza_saude", "informatica", "")[number % 3],
                "product_name_lenght": 40,
                "product_description_lenght": 300,
                "product_photos_qty": 1,
                "product_weight_g": "" if number == 3 else 200 + 350 * number,
                "product_length_cm": 20,
                "product_height_cm": 10,
                "product_width_cm": 15,
            }
        )
    for number in range(SELLERS):
        rows["sellers"].append(
            {
                "seller_id": f"seller{number}",
                "seller_zip_code_prefix": f"{prefixes[number]}10",
                "seller_city": TOWNS[prefixes[number]][0],
                "seller_state": TOWNS[prefixes[number]][1],
            }
        )
    for number in range(orders):
        _order(rows, number, draw.choices(prefixes, weights)[0], draw)
    translation = [
        {"product_category_name": "beleza_saude", "product_category_name_english": "health_beauty"}
    ]
    for name, content in rows.items():
        _write(folder / f"olist_{name}_dataset.csv", content)
    _write(folder / "product_category_name_translation.csv", translation)
    return folder


def _order(rows: dict[str, list[dict[str, object]]], number: int, prefix: str, draw: Random):
    order, customer = f"order{number:03d}", f"customer{number:03d}"
    town, state, *_rest = TOWNS[prefix]
    bought = START + timedelta(days=2 * number, minutes=37 * number)
    status = STATUSES[number % len(STATUSES)]
    rows["customers"].append(
        {
            "customer_id": customer,
            "customer_unique_id": f"person{number % 50:03d}",
            "customer_zip_code_prefix": f"{prefix}{10 + number % 3}",
            "customer_city": town,
            "customer_state": state,
        }
    )
    delivered = status == "delivered"
    rows["orders"].append(
        {
            "order_id": order,
            "customer_id": customer,
            "order_status": status,
            "order_purchase_timestamp": bought,
            "order_approved_at": bought + timedelta(hours=1),
            "order_delivered_carrier_date": bought + timedelta(days=2) if delivered else "",
            "order_delivered_customer_date": bought + timedelta(days=8) if delivered else "",
            "order_estimated_delivery_date": (bought + timedelta(days=25)).date(),
        }
    )
    rows["order_payments"].append(
        {
            "order_id": order,
            "payment_sequential": 1,
            "payment_type": "credit_card",
            "payment_installments": 2,
            "payment_value": 80.5,
        }
    )
    if number % EMPTY == EMPTY - 1:
        return
    products = draw.sample(range(PRODUCTS), draw.choice((1, 1, 1, 2, 3)))
    piece = 0
    for product in products:
        for _unit in range(draw.choice((1, 1, 2))):
            piece += 1
            rows["order_items"].append(
                {
                    "order_id": order,
                    "order_item_id": piece,
                    "product_id": f"product{product:02d}",
                    "seller_id": f"seller{product % SELLERS}",
                    "shipping_limit_date": bought + timedelta(days=6),
                    "price": 30.0 + product,
                    "freight_value": 9.0 + 0.7 * product,
                }
            )


def _write(file: Path, rows: list[dict[str, object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
