"""A shop of a given size, the same in every database: warehouses, shelves, products, stock.

Stock decides how many parcels an order makes. Products "A…" lie in every warehouse, so that one
parcel can hold any of them. Products "B0…", "B1…", "B2…" lie in every third warehouse each, so that
an order of all three kinds needs three parcels.
"""

from __future__ import annotations

from typing import Any

KINDS = ("A", "B0", "B1", "B2")
PLACES = (
    ("IT", "20121", 45.46, 9.19), ("DE", "04109", 51.34, 12.37), ("FR", "69001", 45.76, 4.84),
    ("ES", "28001", 40.42, -3.70), ("PL", "90-001", 51.76, 19.46), ("NL", "1012", 52.37, 4.90),
    ("AT", "1010", 48.21, 16.37), ("PT", "1100-001", 38.72, -9.14), ("BE", "1000", 50.85, 4.35),
    ("CZ", "110 00", 50.08, 14.43),
)  # fmt: skip
PLENTY = 10_000
FULL = {"products": 5_000, "quants": 100_000, "moves": 100_000}
SMALL = {"products": 400, "quants": 4_000, "moves": 4_000}


def fill(env: Any, warehouses: int, products: int, quants: int, moves: int) -> dict[str, int]:
    """Fill an empty database. Returns how many records of each kind it now has."""
    places = _warehouses(env, warehouses)
    goods = _products(env, products)
    _customers(env, 200)
    _carrier(env)
    shelves = _shelves(env, places, goods, quants)
    _stock(env, places, goods, shelves)
    _history(env, moves)
    if "oms.lane" in env:
        _lanes(env, places)
    env.flush_all()
    env.cr.commit()
    for table in ("stock_quant", "stock_move", "product_product", "stock_location"):
        env.cr.execute(f"ANALYZE {table}")
    counted = {}
    for model in ("stock.warehouse", "product.product", "stock.quant", "stock.move"):
        counted[model] = env[model].search_count([])
    return counted


def told(held: dict[str, int]) -> str:
    """What :func:`fill` made, in words."""
    return (
        f"{held['product.product']:,} products, {held['stock.quant']:,} quants, "
        f"{held['stock.move']:,} past moves"
    )


def _warehouses(env: Any, count: int) -> Any:
    found = env["stock.warehouse"].search([("company_id", "=", env.company.id)])
    found |= env["stock.warehouse"].create(
        [
            {"name": f"Warehouse {number}", "code": f"W{number}", "sequence": 10 + number}
            for number in range(len(found) + 1, count + 1)
        ]
    )
    for number, warehouse in enumerate(found):
        country, postcode, latitude, longitude = PLACES[number % len(PLACES)]
        warehouse.partner_id = env["res.partner"].create(
            {
                "name": warehouse.name,
                "zip": postcode,
                "country_id": env.ref(f"base.{country.lower()}").id,
                "partner_latitude": latitude + number / 50,
                "partner_longitude": longitude,
            }
        )
    return found


def _products(env: Any, count: int) -> dict[str, list[int]]:
    """Product ids by kind: one made by Odoo for each kind, the others copies of its rows."""
    ids = {}
    for kind in KINDS:
        first = env["product.product"].create(
            {
                "name": f"Product {kind}-0",
                "default_code": f"{kind}-0",
                "is_storable": True,
                "weight": 0.4,
                "list_price": 25,
                "taxes_id": False,
            }
        )
        env.flush_all()
        columns = _columns(env, "product_template", "id", "name", "default_code")
        env.cr.execute(
            f"""
            INSERT INTO product_template (name, default_code, {columns})
            SELECT jsonb_build_object('en_US', 'Product ' || %(kind)s || '-' || number),
                   %(kind)s || '-' || number, {columns}
              FROM product_template, generate_series(1, %(last)s) AS number
             WHERE id = %(template)s
            """,
            {"kind": kind, "last": count // len(KINDS) - 1, "template": first.product_tmpl_id.id},
        )
        columns = _columns(env, "product_product", "id", "default_code", "product_tmpl_id")
        env.cr.execute(
            f"""
            INSERT INTO product_product (product_tmpl_id, default_code, {columns})
            SELECT made_template, made_code, {columns}
              FROM product_product first,
                   LATERAL (SELECT id, default_code FROM product_template
                             WHERE default_code LIKE %(kind)s || '-%%' AND id <> %(template)s
                           ) AS made (made_template, made_code)
             WHERE first.id = %(first)s
            """,
            {"kind": kind, "template": first.product_tmpl_id.id, "first": first.id},
        )
        env.invalidate_all()
        ids[kind] = env["product.product"].search([("default_code", "=like", f"{kind}-%")]).ids
    return ids


def _columns(env: Any, table: str, *left_out: str) -> str:
    """The other columns of a table, for an INSERT."""
    env.cr.execute(
        """
        SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
          FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name = %s AND column_name <> ALL(%s)
        """,
        (table, list(left_out)),
    )
    return str(env.cr.fetchone()[0])


def _customers(env: Any, count: int) -> None:
    env["res.partner"].create(
        [
            {
                "name": f"Customer {number}",
                "ref": f"customer-{number}",
                "email": f"customer-{number}@example.com",
                "street": f"Main Street {number}",
                "city": "Town",
                "zip": PLACES[number % len(PLACES)][1],
                "country_id": env.ref(f"base.{PLACES[number % len(PLACES)][0].lower()}").id,
            }
            for number in range(count)
        ]
    )


def _carrier(env: Any) -> None:
    product = env["product.product"].create({"name": "Parcel service", "type": "service"})
    env["delivery.carrier"].create(
        {"name": "Bench Parcel", "delivery_type": "fixed", "product_id": product.id}
    )


def _holds(kind: str, number: int) -> bool:
    """Whether the warehouse of this number keeps products of this kind."""
    return kind == "A" or int(kind[1]) == number % 3


def _shelves(env: Any, warehouses: Any, goods: dict[str, list[int]], quants: int) -> dict[Any, Any]:
    """As many shelves in each warehouse as it takes to have about ``quants`` of them."""
    pairs = sum(
        len(goods[kind])
        for number in range(len(warehouses))
        for kind in KINDS
        if _holds(kind, number)
    )
    count = max(round(quants / pairs), 1)
    return {
        warehouse: env["stock.location"].create(
            [
                {"name": f"Shelf {shelf}", "location_id": warehouse.lot_stock_id.id}
                for shelf in range(count)
            ]
        )
        for warehouse in warehouses
    }


def _stock(env: Any, warehouses: Any, goods: dict[str, list[int]], shelves: dict[Any, Any]) -> None:
    for number, warehouse in enumerate(warehouses):
        kept = [one for kind in KINDS if _holds(kind, number) for one in goods[kind]]
        env.cr.execute(
            """
            INSERT INTO stock_quant
                   (product_id, location_id, company_id, quantity, reserved_quantity, in_date)
            SELECT product_id, location_id, %s, %s, 0, now() AT TIME ZONE 'UTC'
              FROM unnest(%s) AS product_id, unnest(%s) AS location_id
            """,
            (env.company.id, PLENTY, kept, shelves[warehouse].ids),
        )


def _history(env: Any, count: int) -> None:
    """Deliveries of the past, spread over products and warehouses."""
    customers = env.ref("stock.stock_location_customers")
    env.cr.execute(
        """
        INSERT INTO stock_move
               (product_id, product_uom, product_uom_qty, product_qty, quantity, state,
                procure_method, location_id, location_dest_id, company_id, date, priority, picked)
        SELECT product.id, template.uom_id, 1, 1, 1, 'done', 'make_to_stock',
               quant.location_id, %s, %s, now() AT TIME ZONE 'UTC', '0', true
          FROM (SELECT product_id, location_id FROM stock_quant ORDER BY id LIMIT %s) AS quant
          JOIN product_product product ON product.id = quant.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
        """,
        (customers.id, env.company.id, count),
    )


def _lanes(env: Any, warehouses: Any) -> None:
    carrier = env["delivery.carrier"].search([("name", "=", "Bench Parcel")])
    codes = sorted({place[0] for place in PLACES})
    zones = env["oms.zone"].create(
        [
            {"name": f"Zone {code}", "country_ids": [(6, 0, env.ref(f"base.{code.lower()}").ids)]}
            for code in codes
        ]
    )
    env["oms.lane"].create(
        [
            {
                "warehouse_id": warehouse.id,
                "zone_id": zone.id,
                "carrier_id": carrier.id,
                "base_cost": 4.0 + (number * 7 + place * 3) % 11,
                "cost_per_kg": 0.3 + (number + place) % 5 / 10,
                "transit_days": 1 + (number + place) % 4,
            }
            for number, warehouse in enumerate(warehouses)
            for place, zone in enumerate(zones)
        ]
    )
