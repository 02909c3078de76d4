"""What is usual on each lane, from the shop's own parcels, in SQL.

One pass over half a year of parcels and one over their events give the quantile of every level at
once: lane with state, lane with country, carrier, all. Each level is drawn towards the one above it
(``engine/tracking/watch.py``), so that a lane with nine parcels does not raise alarms of its own.
"""

from psycopg2.extras import execute_values

from ....engine.tracking import watch

DAYS = 180
MOST = 400_000
"""Parcels with events that are looked at; of more, an even share."""

_LEVELS = """
    GROUP BY GROUPING SETS (
        (company_id, share),
        (company_id, share, oms_carrier_id),
        (company_id, share, oms_carrier_id, warehouse_id, country_id),
        (company_id, share, oms_carrier_id, warehouse_id, country_id, country_state_id)
    )
    HAVING count(*) >= %(least)s
"""
_ANSWER = """
    SELECT company_id, oms_carrier_id, warehouse_id, country_id, country_state_id,
           GROUPING(oms_carrier_id, warehouse_id, country_id, country_state_id), count(*),
           percentile_cont(share) WITHIN GROUP (ORDER BY hours)
"""
_PARCELS = """
    SELECT shipment.id, shipment.company_id, oms_carrier_id, warehouse_id,
           shipment.country_id, country_state_id,
           shipped_at, first_scan_at, delivered_at, event_count,
           COALESCE(company.oms_watch_share, %(share)s) / 100 AS share
    FROM oms_shipment shipment JOIN res_company company ON company.id = shipment.company_id
    WHERE shipped_at >= (now() at time zone 'UTC') - %(days)s * interval '1 day'
        AND direction = 'outbound' AND first_scan_at IS NOT NULL
"""
FIRST_SCAN = f"""
    WITH parcel AS ({_PARCELS}),
    wait AS (
        SELECT *, GREATEST(EXTRACT(EPOCH FROM first_scan_at - shipped_at) / 3600, 0) AS hours
        FROM parcel
    )
    {_ANSWER} FROM wait {_LEVELS}
"""
# Only after a scan that lets another one be expected soon: who fetches a parcel after three days
# says nothing of the carrier.
GAP = f"""
    WITH parcel AS (
        SELECT * FROM ({_PARCELS}) one WHERE delivered_at IS NOT NULL AND event_count > 1
            AND id %% (SELECT 1 + count(*) / %(most)s FROM ({_PARCELS}) all_of_them) = 0
    ),
    scan AS (
        SELECT event.shipment_id, event.state, event.occurred_at,
               LEAD(event.occurred_at) OVER (PARTITION BY event.shipment_id
                                             ORDER BY event.occurred_at, event.id) AS next_at
        FROM oms_shipment_event event JOIN parcel ON parcel.id = event.shipment_id
        WHERE event.occurred_at BETWEEN parcel.first_scan_at AND parcel.delivered_at
    ),
    longest AS (
        SELECT shipment_id, max(EXTRACT(EPOCH FROM next_at - occurred_at)) / 3600 AS hours
        FROM scan WHERE next_at IS NOT NULL AND (state IS NULL OR state = ANY(%(moving)s))
        GROUP BY shipment_id
    ),
    gap AS (SELECT parcel.*, hours FROM parcel JOIN longest ON longest.shipment_id = parcel.id)
    {_ANSWER} FROM gap {_LEVELS}
"""
QUERIES = {
    "first_scan": (FIRST_SCAN, watch.FIRST_SCAN_HOURS),
    "gap": (GAP, watch.GAP_HOURS),
}


def learn(cr, uid):
    """Bring the thresholds of all companies up to date, in a handful of statements."""
    cr.execute("SELECT now() at time zone 'UTC'")
    (now,) = cr.fetchone()
    learned = []
    for kind, (query, default) in QUERIES.items():
        cr.execute(
            query,
            {
                "days": DAYS,
                "share": watch.USUAL_SHARE * 100,
                "least": watch.MIN_SAMPLE,
                "most": MOST,
                "moving": sorted(watch.MOVING),
            },
        )
        for (company, *lane), sample, hours in _drawn(cr.fetchall(), default):
            learned.append((company, kind, *lane, hours, sample, now, uid, now, uid, now))
    if learned:
        execute_values(
            cr._obj,
            "INSERT INTO oms_watch_threshold AS known (company_id, kind, carrier_id, warehouse_id, "
            "country_id, country_state_id, learned_hours, sample, learned_at, "
            "create_uid, create_date, write_uid, write_date) VALUES %s "
            "ON CONFLICT (company_id, kind, COALESCE(carrier_id, 0), COALESCE(warehouse_id, 0), "
            "COALESCE(country_id, 0), COALESCE(country_state_id, 0)) DO UPDATE "
            "SET learned_hours = EXCLUDED.learned_hours, sample = EXCLUDED.sample, "
            "learned_at = EXCLUDED.learned_at",
            learned,
            page_size=1000,
        )
    # Lanes without parcels of late go, unless a person set something there.
    cr.execute(
        "DELETE FROM oms_watch_threshold WHERE learned_at < %s AND COALESCE(override_hours, 0) = 0",
        [now],
    )
    cr.execute(
        "UPDATE oms_watch_threshold SET learned_hours = 0, sample = 0 WHERE learned_at < %s", [now]
    )


def _drawn(rows, default):
    """Yield (lane, sample, hours), each level drawn towards the one above it.

    :param rows: as ``_ANSWER`` gives them; the more bits of ``GROUPING`` are set, the wider
    """
    by_lane = {}
    for company, carrier, warehouse, country, state, grouping, sample, hours in sorted(
        rows, key=lambda row: -row[5]
    ):
        lane = (company, carrier, warehouse, country, state)
        above = {
            0b1111: None,
            0b0111: (company, None, None, None, None),
            0b0001: (company, carrier, None, None, None),
            0b0000: (company, carrier, warehouse, country, None),
        }[grouping]
        # Parcels without carrier, country or state count for the levels above only.
        unknown = (
            (grouping != 0b1111 and not carrier)
            or (grouping == 0b0001 and not country)
            or (grouping == 0b0000 and not state)
        )
        if unknown or lane in by_lane:
            continue
        start = by_lane.get(above, default) if above else default
        by_lane[lane] = watch.shrunk(float(hours), sample, start)
        yield lane, sample, by_lane[lane]
