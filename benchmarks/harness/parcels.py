"""Many past shipments, made in PostgreSQL, and the two ways to judge their carriers.

Two years of parcels from four warehouses to eight countries by six services of three carriers: most
arrive, a few are late, lost, damaged or come back, those of the last days are on their way.
"""

from __future__ import annotations

from typing import Any

CARRIERS = ("ups", "gls", "dhl_express")
COUNTRIES = ("IT", "DE", "FR", "ES", "PL", "NL", "AT", "BE")
GROUPS = {
    "carrier": "oms_carrier_id",
    "lane": "warehouse_id, country_id",
    "postcodes": "country_id, upper(left(zip, 2))",
    "week": f"date_trunc('week', {(HANDED := 'COALESCE(shipped_at, first_scan_at)')})::date",
}
"""Groupings of the scorecard, as a person would write them."""

SHIPMENTS = """
    INSERT INTO oms_shipment (name, active, company_id, direction, state, warehouse_id, carrier_id,
        oms_carrier_id, country_id, zip, city, ordered_at, shipped_at, first_scan_at,
        first_attempt_at, delivered_at, promised_at, carrier_promised_at, attempts, was_damaged,
        cost, weight, longest_gap, tracking_number, tracking_key, event_count, create_date)
    SELECT 'P' || number, true, %(company)s, 'outbound',
           CASE WHEN NOT arrived THEN 'in_transit' WHEN luck < 0.003 THEN 'lost'
                WHEN luck < 0.012 THEN 'returned' ELSE 'delivered' END,
           (%(warehouses)s::int[])[1 + number %% 4],
           (%(services)s::int[])[1 + service], (%(carriers)s::int[])[1 + service / 2],
           (%(countries)s::int[])[1 + number %% 8], to_char(postcode, 'FM00000'), 'Town',
           shipped - interval '1 day', shipped, shipped + interval '6 hours',
           CASE WHEN arrived AND luck >= 0.003 THEN at END,
           CASE WHEN arrived AND luck >= 0.012 THEN at END,
           date_trunc('day', shipped) + interval '4 days 18 hours',
           date_trunc('day', shipped) + interval '3 days 18 hours',
           (luck < 0.06)::int, luck > 0.996, 4 + 3 * random(), 5 * random(), 6 + 40 * random(),
           '1Z' || number, '1Z' || number, 8, shipped
    FROM (
        SELECT *, shipped + days * interval '1 day' AS at,
               shipped + days * interval '1 day' < now() AT TIME ZONE 'UTC' AS arrived
        FROM (
            SELECT number, (random() * 5)::int AS service, random() AS luck,
                   (random() * 99999)::int AS postcode,
                   exp(0.8 + 0.45 * sqrt(-2 * ln(1 - random())) * cos(6.2831853 * random()))
                       AS days,
                   now() AT TIME ZONE 'UTC' - random() * interval '730 days' AS shipped
            FROM generate_series(1, %(count)s) AS number
        ) drawn
    ) parcel
"""
LATE = "interval '1 minute'"
ENDED = "state IN ('delivered', 'lost', 'returning', 'returned', 'damaged')"
PLAIN = f"""
    SELECT count(*), GROUPING({{first}}), {{keys}},
           count(*) FILTER (WHERE state NOT IN ('delivered', 'lost', 'returned', 'cancelled')),
           count(*) FILTER (WHERE promised_at <= now() AT TIME ZONE 'UTC'),
           count(*) FILTER (WHERE promised_at <= now() AT TIME ZONE 'UTC'
                            AND delivered_at < promised_at + {LATE}),
           count(*) FILTER (WHERE carrier_promised_at <= now() AT TIME ZONE 'UTC'),
           count(*) FILTER (WHERE carrier_promised_at <= now() AT TIME ZONE 'UTC'
                            AND delivered_at < carrier_promised_at + {LATE}),
           count(*) FILTER (WHERE delivered_at IS NOT NULL OR attempts > 0),
           count(*) FILTER (WHERE delivered_at IS NOT NULL AND COALESCE(attempts, 0) = 0),
           count(*) FILTER (WHERE {ENDED}), count(*) FILTER (WHERE {ENDED} AND was_damaged),
           count(*) FILTER (WHERE state = 'lost'),
           count(*) FILTER (WHERE state IN ('returning', 'returned')),
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP
               (ORDER BY EXTRACT(EPOCH FROM delivered_at - {HANDED})::float8 / 86400),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY longest_gap),
           avg(cost::float8) FILTER (WHERE cost > 0), stddev(cost::float8) FILTER (WHERE cost > 0)
    FROM oms_shipment
    WHERE {HANDED} IS NOT NULL AND state <> 'cancelled' AND direction = 'outbound'
        AND company_id = %(company)s AND {HANDED} >= %(since)s
    GROUP BY GROUPING SETS (({{keys}}), ())
"""
TREND = f"""
    SELECT {{keys}}, date_trunc('week', {HANDED})::date, count(*),
           count(*) FILTER (WHERE promised_at <= now() AT TIME ZONE 'UTC'),
           count(*) FILTER (WHERE promised_at <= now() AT TIME ZONE 'UTC'
                            AND delivered_at < promised_at + {LATE})
    FROM oms_shipment
    WHERE {HANDED} IS NOT NULL AND state <> 'cancelled' AND direction = 'outbound'
        AND company_id = %(company)s AND {HANDED} >= %(since)s
    GROUP BY {{keys}}, date_trunc('week', {HANDED})
"""


def fill(env: Any, count: int) -> int:
    """Make ``count`` shipments. Returns how many there are."""
    product = env["product.product"].create({"name": "Parcel service", "type": "service"})
    carriers = [env.ref(f"oms_extension.carrier_{code}").id for code in CARRIERS]
    services = env["delivery.carrier"].create(
        [
            {
                "name": f"Service {number}",
                "delivery_type": "fixed",
                "product_id": product.id,
                "oms_carrier_id": carriers[number // 2],
            }
            for number in range(6)
        ]
    )
    warehouses = env["stock.warehouse"].search([("company_id", "=", env.company.id)])
    warehouses |= env["stock.warehouse"].create(
        [
            {"name": f"Warehouse {number}", "code": f"W{number}"}
            for number in range(4 - len(warehouses))
        ]
    )
    env.flush_all()
    env.cr.execute(
        SHIPMENTS,
        {
            "count": count,
            "company": env.company.id,
            "warehouses": warehouses.ids,
            "services": services.ids,
            "carriers": carriers,
            "countries": [env.ref(f"base.{code.lower()}").id for code in COUNTRIES],
        },
    )
    env.cr.commit()
    with env.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr._obj.execute("VACUUM ANALYZE oms_shipment")
    env.cr.execute("SELECT count(*) FROM oms_shipment")
    return int(env.cr.fetchone()[0])


def scorecard(env: Any, by: str, weeks: int) -> int:
    """What people see. Returns how many parcels it counts."""
    card = env["oms.carrier.score"].scorecard(by=by, weeks=weeks)
    return int(card["total"]["parcels"])


def plain(env: Any, by: str, since: str) -> int:
    """The same numbers without intervals, names and links, in SQL written by hand."""
    keys = GROUPS[by]
    values = {"company": env.company.id, "since": since}
    # What sorts a million numbers in memory, there as here.
    env.cr.execute("SET LOCAL work_mem = '64MB'")
    first = keys if by == "week" else keys.split(", ")[0]
    env.cr.execute(PLAIN.format(keys=keys, first=first), values)
    (parcels,) = (row[0] for row in env.cr.fetchall() if row[1])
    if by != "week":
        env.cr.execute(TREND.format(keys=keys), values)
        env.cr.fetchall()
    return int(parcels)


def since(env: Any, by: str, weeks: int) -> str:
    """From when on a scorecard counts."""
    card = env["oms.carrier.score"].scorecard(by=by, weeks=weeks, limit=1)
    return str(card["since"] or "1970-01-01")
