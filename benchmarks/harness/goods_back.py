"""A shop's deliveries and returns of two years, made in PostgreSQL, with causes planted.

Every row lies in Odoo's own tables (orders, transfers, moves, parcels, returns), as if the shop had
worked so long. Four causes begin some weeks ago: a bad lot, one size that runs small, one carrier's
damage at one warehouse, and a misleading description.
"""

from __future__ import annotations

from typing import Any

COUNTRIES = ("IT", "DE", "FR", "ES", "PL", "NL", "AT", "BE")
CARRIERS = ("ups", "gls", "dhl_express")
SIZES = ("S", "M", "L", "XL", "XXL")
CATEGORIES = (
    "Shoes", "Dresses", "Jackets", "Trousers", "Shirts", "Bags", "Headphones", "Lamps",
    "Kettles", "Toys", "Books", "Tents",
)  # fmt: skip
NAMES = ("Alba", "Brio", "Corsa", "Duna", "Etna", "Faro", "Gala", "Isola", "Luce", "Mare",
         "Nido", "Onda", "Piuma", "Riva", "Sole", "Terra", "Vela", "Zeta")  # fmt: skip
REASONS = ("too_small", "too_large", "not_as_described", "defective", "arrived_damaged",
           "wrong_item", "late", "unwanted")  # fmt: skip
FAITHFUL = 0.7
"""Customers that tick the true reason of a planted cause."""

DRAW = """
    CREATE UNLOGGED TABLE world_order AS
    SELECT number, %(today)s::date - 1 - (random() * (%(days)s - 2))::int AS day,
           (random() * 3.999)::int %% 4 AS place, (random() * 5.999)::int %% 6 AS service,
           (random() * 7.999)::int %% 8 AS land, (random() * %(customers)s)::int AS customer,
           CASE WHEN random() < 0.06 THEN 1 + (random() * 4)::int ELSE 0 END AS late,
           random() < 0.25 AS reduced, (random() * 2.999)::int %% 3 AS channel
    FROM generate_series(1, %(orders)s) AS number;
    CREATE UNLOGGED TABLE world_line AS
    SELECT drawn.*, product.variant_id, product.template_id, product.size, product.category,
           product.price, product.rank,
           product.first_lot + ((day - (%(today)s::date - %(days)s)) / %(lot_days)s)::int AS lot_id
    FROM (
        SELECT line.number, world_order.number AS order_number, day, place, service,
               (power(random(), 1.7) * (SELECT count(*) FROM world_product))::int AS at
        FROM generate_series(1, %(lines)s) AS line (number)
        JOIN world_order ON world_order.number = 1 + (line.number - 1) / 2
    ) drawn
    JOIN world_product product ON product.rank = drawn.at %% (SELECT count(*) FROM world_product);
    CREATE UNIQUE INDEX ON world_line (number);
    ANALYZE world_order, world_line;
"""
BACK = """
    CREATE UNLOGGED TABLE world_back AS
    SELECT *, CASE WHEN luck < added * %(faithful)s THEN cause
                   ELSE 1 + (random() * 7.999)::int %% 8 END AS said
    FROM (
        SELECT line.*, random() * (base + added) AS luck,
               day + GREATEST(1, LEAST(45, exp(2.08 + 0.6 * sqrt(-2 * ln(1 - random()))
                   * cos(6.2831853 * random()))))::int AS back_day
        FROM (
            SELECT line.*, 0.015 + 0.012 * category + 0.04 * ((template_id * 7919) %% 100) / 100.0
                       AS base,
                   CASE WHEN rank = 12 AND day >= recent AND line.lot_id = bad.lot_id THEN 0.30
                        WHEN rank = 23 AND day >= recent THEN 0.30
                        WHEN template_id = bad.told_id AND day >= recent THEN 0.22
                        WHEN place = 2 AND service / 2 = 1 AND day >= recent THEN 0.07
                        ELSE 0 END AS added,
                   CASE WHEN rank = 12 AND day >= recent AND line.lot_id = bad.lot_id THEN 4
                        WHEN rank = 23 AND day >= recent THEN 1
                        WHEN template_id = bad.told_id AND day >= recent THEN 3
                        ELSE 5 END AS cause
            FROM world_line line
            CROSS JOIN (
                SELECT %(today)s::date - %(since)s AS recent,
                       (SELECT lot_id FROM world_line
                        WHERE rank = 12 AND day <= %(today)s::date - 30
                        ORDER BY day DESC, number LIMIT 1) AS lot_id,
                       (SELECT template_id FROM world_product WHERE rank = 41) AS told_id
            ) bad
        ) line
        WHERE random() < (base + added) * %(scale)s
    ) came WHERE back_day <= %(today)s;
"""
FILL = """
    INSERT INTO sale_order (id, company_id, partner_id, partner_invoice_id, partner_shipping_id,
        name, date_order, picking_policy, state, currency_id, currency_rate, warehouse_id, team_id,
        pricelist_id, create_date, write_date)
    SELECT %(order0)s + number, %(company)s, buyer.id, buyer.id, buyer.id, 'W' || number,
           day - interval '3 days', 'direct', 'sale', %(currency)s, 1,
           (%(warehouses)s::int[])[1 + place], (%(teams)s::int[])[1 + channel], NULL, now(), now()
    FROM world_order JOIN world_buyer buyer ON buyer.at = customer;
    INSERT INTO sale_order_line (id, order_id, company_id, currency_id, order_partner_id,
        product_id, product_uom_id, name, product_uom_qty, qty_delivered, price_unit,
        price_subtotal, price_total, discount, customer_lead, state, create_date, write_date)
    SELECT %(line0)s + line.number, %(order0)s + order_number, %(company)s, %(currency)s, NULL,
           variant_id, %(uom)s, 'Goods', 1, 1, price, price, price,
           CASE WHEN reduced THEN 10 ELSE 0 END, 0, 'sale', now(), now()
    FROM world_line line JOIN world_order ON world_order.number = line.order_number;
    INSERT INTO stock_picking (id, company_id, location_id, location_dest_id, picking_type_id,
        move_type, name, state, date_done, sale_id, carrier_id, partner_id, create_date, write_date)
    SELECT %(picking0)s + number, %(company)s, (%(shelves)s::int[])[1 + place], %(customers_id)s,
           (%(kinds)s::int[])[1 + place], 'direct', 'WOUT' || number, 'done',
           day - interval '1 day', %(order0)s + number, (%(services)s::int[])[1 + service],
           buyer.id, now(), now()
    FROM world_order JOIN world_buyer buyer ON buyer.at = customer;
    INSERT INTO stock_move (id, company_id, product_id, product_uom, location_id, location_dest_id,
        procure_method, product_uom_qty, product_qty, quantity, date, state, picking_id,
        picking_type_id, sale_line_id, picked, create_date, write_date)
    SELECT %(move0)s + number, %(company)s, variant_id, %(uom)s, (%(shelves)s::int[])[1 + place],
           %(customers_id)s, 'make_to_stock', 1, 1, 1, day - interval '1 day', 'done',
           %(picking0)s + order_number, (%(kinds)s::int[])[1 + place], %(line0)s + number, true,
           now(), now()
    FROM world_line;
    INSERT INTO stock_move_line (id, company_id, product_id, product_uom_id, location_id,
        location_dest_id, date, move_id, picking_id, quantity, quantity_product_uom, lot_id, state,
        picked, create_date, write_date)
    SELECT %(detail0)s + number, %(company)s, variant_id, %(uom)s,
           (%(shelves)s::int[])[1 + place], %(customers_id)s, day - interval '1 day',
           %(move0)s + number, %(picking0)s + order_number, 1, 1, lot_id, 'done', true, now(), now()
    FROM world_line;
    INSERT INTO oms_shipment (id, name, active, company_id, direction, state, order_id, picking_id,
        warehouse_id, carrier_id, oms_carrier_id, partner_id, country_id, zip, ordered_at,
        shipped_at, delivered_at, promised_at, cost, tracking_number, tracking_key, event_count,
        create_date, write_date)
    SELECT %(shipment0)s + number, 'WP' || number, true, %(company)s, 'outbound', 'delivered',
           %(order0)s + number, %(picking0)s + number, (%(warehouses)s::int[])[1 + place],
           (%(services)s::int[])[1 + service], (%(carriers)s::int[])[1 + service / 2], buyer.id,
           (%(countries)s::int[])[1 + land], '20121', day - interval '3 days',
           day - interval '1 day', day + interval '14 hours',
           day + interval '18 hours' - late * interval '1 day', 4 + 3 * random(), 'W' || number,
           'W' || number, 0, now(), now()
    FROM world_order JOIN world_buyer buyer ON buyer.at = customer;
    INSERT INTO oms_return (id, company_id, currency_id, order_id, partner_id, warehouse_id, name,
        origin, kind, state, way, refund_on, exchange_ships, requested_at, received_at,
        access_token, units, create_date, write_date)
    SELECT %(return0)s + back.number, %(company)s, %(currency)s, %(order0)s + order_number,
           buyer.id, (%(warehouses)s::int[])[1 + back.place], 'WR' || back.number, 'portal',
           'return', CASE WHEN back_day > %(today)s::date - 8 THEN 'approved' ELSE 'done' END,
           'label', 'receipt', 'receipt', back_day,
           CASE WHEN back_day <= %(today)s::date - 8 THEN back_day + 6 END, 'world' || back.number,
           1, now(), now()
    FROM world_back back
    JOIN world_order ON world_order.number = back.order_number
    JOIN world_buyer buyer ON buyer.at = customer;
    INSERT INTO oms_return_line (id, return_id, company_id, order_line_id, order_id, partner_id,
        product_id, reason_id, outcome, state, quantity, requested_at, refund_amount, keep,
        comment, create_date, write_date)
    SELECT %(back0)s + back.number, %(return0)s + back.number, %(company)s,
           %(line0)s + back.number, %(order0)s + order_number, buyer.id, variant_id,
           (%(reasons)s::int[])[said],
           CASE WHEN random() < 0.8 THEN 'refund' ELSE 'exchange' END,
           CASE WHEN back_day > %(today)s::date - 8 THEN 'approved' ELSE 'done' END, 1, back_day,
           price, false, NULL, now(), now()
    FROM world_back back
    JOIN world_order ON world_order.number = back.order_number
    JOIN world_buyer buyer ON buyer.at = customer;
"""
TABLES = {
    "order0": "sale_order", "line0": "sale_order_line", "picking0": "stock_picking",
    "move0": "stock_move", "detail0": "stock_move_line", "shipment0": "oms_shipment",
    "return0": "oms_return", "back0": "oms_return_line",
}  # fmt: skip


def fill(
    env: Any, lines: int, returns: int, days: int = 730, products: int = 400, since: int = 56
) -> dict[str, int]:
    """Make so many delivered lines and about so many returns. Returns how many there are."""
    values = _shop(env, products, days)
    values |= {
        "lines": lines, "orders": (lines + 1) // 2, "days": days, "since": since,
        "customers": len(CATEGORIES) * 100, "faithful": FAITHFUL, "today": env.cr.now().date(),
        "lot_days": 60,
    }  # fmt: skip
    env.flush_all()
    cr = env.cr
    for name, table in TABLES.items():
        cr.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
        values[name] = cr.fetchone()[0]
    cr.execute("SELECT setseed(0.42)")
    cr.execute(DRAW, values)
    # Rates are about 12 %; the scale brings them to what is asked for.
    cr.execute(BACK, values | {"scale": returns / lines / 0.103})
    cr.execute(FILL, values)
    for table in TABLES.values():
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    cr.execute("DROP TABLE world_order, world_line, world_back, world_product, world_buyer")
    cr.commit()
    with env.registry.cursor() as fresh:
        fresh._cnx.autocommit = True
        for table in TABLES.values():
            fresh._obj.execute(f"VACUUM ANALYZE {table}")
    cr.execute("SELECT count(*) FROM oms_return_line")
    return {"lines": lines, "returns": int(cr.fetchone()[0])}


def _shop(env: Any, products: int, days: int) -> dict[str, Any]:
    """Products in sizes with their lots, warehouses, services, customers."""
    company = env.company
    categories = env["product.category"].create([{"name": name} for name in CATEGORIES])
    size = env["product.attribute"].create(
        {"name": "Size", "value_ids": [(0, 0, {"name": one}) for one in SIZES]}
    )
    vendors = env["res.partner"].create(
        [{"name": f"Supplier {number:02}", "is_company": True} for number in range(1, 41)]
    )
    line = {"attribute_id": size.id, "value_ids": [(6, 0, size.value_ids.ids)]}
    made = env["product.template"].create(
        [
            {
                "name": f"{NAMES[number % len(NAMES)]} {CATEGORIES[number % 12]} {number}",
                "is_storable": True,
                "tracking": "lot",
                "list_price": 15 + number * 7 % 120,
                "standard_price": 8 + number * 7 % 60,
                "categ_id": categories[number % 12].id,
                "attribute_line_ids": [(0, 0, line)],
                "seller_ids": [(0, 0, {"partner_id": vendors[number % 40].id})],
            }
            for number in range(products)
        ]
    )
    made.product_variant_ids.standard_price = 18.0
    warehouses = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=4)
    warehouses |= env["stock.warehouse"].create(
        [
            {"name": f"Warehouse {number}", "code": f"W{number}"}
            for number in range(4 - len(warehouses))
        ]
    )
    parcel = env["product.product"].create({"name": "Parcel service", "type": "service"})
    carriers = [env.ref(f"oms_extension.carrier_{code}").id for code in CARRIERS]
    services = env["delivery.carrier"].create(
        [
            {
                "name": f"{CARRIERS[number // 2].upper()} {('Standard', 'Express')[number % 2]}",
                "delivery_type": "fixed",
                "product_id": parcel.id,
                "oms_carrier_id": carriers[number // 2],
            }
            for number in range(6)
        ]
    )
    teams = env["crm.team"].create([{"name": name} for name in ("Web Shop", "Marketplace", "App")])
    reasons = {one.code: one.id for one in env["oms.return.reason"].search([])}
    unknown = env["oms.return.reason"].search([("parent_id", "=", False)])[-1:].id
    env.flush_all()
    cr = env.cr
    cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, autopost_bills, group_rfq, group_on,
            type, create_date, write_date, country_id, company_id)
        SELECT 'Customer ' || n, 'Customer ' || n, true, 'ask', 'default', 'default', 'contact',
               now(), now(), %s, NULL
        FROM generate_series(0, %s) AS n
        """,
        [env.ref("base.it").id, len(CATEGORIES) * 100],
    )
    cr.execute(
        "CREATE UNLOGGED TABLE world_buyer AS SELECT row_number() OVER (ORDER BY id) - 1 AS at, id "
        "FROM res_partner WHERE name LIKE 'Customer %%' AND complete_name = name"
    )
    lots = -(-days // 60) + 2
    cr.execute("SELECT COALESCE(max(id), 0) FROM stock_lot")
    first = cr.fetchone()[0] + 1
    cr.execute(
        """
        CREATE UNLOGGED TABLE world_product AS
        SELECT variant.id AS variant_id, variant.product_tmpl_id AS template_id,
               template.categ_id - %(category)s AS category, template.list_price AS price,
               (row_number() OVER (ORDER BY variant.id * 7919 %% 1009, variant.id) - 1)::int
                   AS rank,
               (row_number() OVER (PARTITION BY template.id ORDER BY variant.id))::int AS size,
               (%(first)s + %(lots)s * (row_number() OVER (ORDER BY variant.id) - 1))::int
                   AS first_lot
        FROM product_product variant
        JOIN product_template template ON template.id = variant.product_tmpl_id
        WHERE template.id = ANY(%(templates)s)
        """,
        {"category": categories[0].id, "templates": made.ids, "first": first, "lots": lots},
    )
    cr.execute(
        """
        INSERT INTO stock_lot (id, product_id, name, company_id, create_date, write_date)
        SELECT first_lot + n, variant_id, 'L' || (first_lot + n), %s, now(), now()
        FROM world_product, generate_series(0, %s - 1) AS n
        """,
        [company.id, lots],
    )
    cr.execute("SELECT setval('stock_lot_id_seq', (SELECT max(id) FROM stock_lot))")
    return {
        "company": company.id, "currency": company.currency_id.id,
        "uom": env.ref("uom.product_uom_unit").id, "warehouses": warehouses.ids,
        "kinds": warehouses.out_type_id.ids, "shelves": warehouses.lot_stock_id.ids,
        "customers_id": env.ref("stock.stock_location_customers").id, "services": services.ids,
        "carriers": carriers, "teams": teams.ids,
        "countries": [env.ref(f"base.{code.lower()}").id for code in COUNTRIES],
        "reasons": [reasons.get(code, unknown) for code in REASONS],
    }  # fmt: skip
