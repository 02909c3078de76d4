"""What the ledger has to know of late parcels, in a number of statements that does not grow."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from odoo import fields

from ....engine.allocation import reasons
from ....engine.tracking.ledger import Opening, Way, plan_for
from ....engine.tracking.rules import Fact

# The parcel of the allocation that made the promise; of several the last before it left.
MILESTONES = """
    SELECT shipment.id, shipment.state, shipment.promised_at, shipment.ordered_at,
           shipment.shipped_at, shipment.first_scan_at, shipment.delivered_at,
           shipment.returned_at, shipment.state_at, shipment.warehouse_id,
           decided.ship_at, decided.deliver_at, paid.at AS paid_at, ready.at AS ready_at,
           lane.transit_days
    FROM oms_shipment shipment
    LEFT JOIN oms_lane lane ON lane.id = shipment.lane_id
    LEFT JOIN LATERAL (
        SELECT parcel.ship_at, parcel.deliver_at
        FROM oms_allocation_parcel parcel
        JOIN oms_allocation allocation ON allocation.id = parcel.allocation_id
        WHERE parcel.order_id = shipment.order_id
            AND parcel.warehouse_id = shipment.warehouse_id
            AND allocation.state IN ('committed', 'superseded')
            AND parcel.ship_at IS NOT NULL AND parcel.deliver_at > parcel.ship_at
        ORDER BY parcel.deliver_at = shipment.promised_at DESC NULLS LAST,
                 allocation.decided_at <= shipment.shipped_at DESC NULLS LAST,
                 allocation.decided_at DESC, parcel.deliver_at DESC, parcel.id
        LIMIT 1
    ) decided ON true
    LEFT JOIN LATERAL (
        SELECT max(known.at) AS at FROM (
            SELECT paid_at AS at FROM oms_payment
            WHERE order_id = shipment.order_id AND state IN ('authorized', 'paid', 'refunded')
            UNION ALL
            SELECT last_state_change FROM payment_transaction
            JOIN sale_order_transaction_rel rel ON rel.transaction_id = payment_transaction.id
            WHERE rel.sale_order_id = shipment.order_id AND state IN ('authorized', 'done')
        ) known
    ) paid ON true
    LEFT JOIN LATERAL (
        SELECT max(picking.oms_ready_at) AS at FROM (
            WITH RECURSIVE chain (id) AS (
                SELECT id FROM stock_move WHERE picking_id = shipment.picking_id
                UNION
                SELECT rel.move_orig_id FROM chain
                JOIN stock_move_move_rel rel ON rel.move_dest_id = chain.id
            )
            SELECT move.picking_id FROM chain JOIN stock_move move ON move.id = chain.id
        ) step JOIN stock_picking picking ON picking.id = step.picking_id
    ) ready ON true
    WHERE shipment.id = ANY(%s)
"""
DECISIONS = """
    SELECT content.shipment_id, allocation.decided_at,
           bool_or(line.kind = 'ship'), array_agg(line.cause) FILTER (WHERE line.kind <> 'ship')
    FROM oms_shipment_line content
    JOIN oms_allocation_line line ON line.order_line_id = content.order_line_id
    JOIN oms_allocation allocation ON allocation.id = line.allocation_id
    WHERE content.shipment_id = ANY(%s) AND allocation.state IN ('committed', 'superseded')
    GROUP BY content.shipment_id, allocation.id
    ORDER BY allocation.decided_at, allocation.id
"""
EVENTS = """
    SELECT shipment_id, occurred_at, COALESCE(state, ''), COALESCE(reason, ''),
           COALESCE(party, ''), COALESCE(code, status, ''), COALESCE(text, ''), COALESCE(place, '')
    FROM oms_shipment_event WHERE shipment_id = ANY(%s)
"""
OPENINGS = """
    SELECT warehouse.id, oms_tz AS tz, oms_cutoff AS cutoff, oms_calendar_id AS calendar_id,
           ARRAY(SELECT DISTINCT dayofweek::int FROM resource_calendar_attendance
                 WHERE calendar_id = warehouse.oms_calendar_id AND display_type IS NULL) AS weekdays
    FROM stock_warehouse warehouse WHERE id = ANY(%s)
"""


def events_of(env, ids):
    """Dict shipment id → facts, from the events of these shipments."""
    env.cr.execute(EVENTS, [ids])
    found = defaultdict(list)
    for key, at, *rest in env.cr.fetchall():
        found[key].append(Fact(at.replace(tzinfo=UTC), *rest))
    return found


def ways_of(env, ids, events):
    """Dict shipment id → (way, plan), as ``engine/tracking/ledger.py`` reads them.

    :param ids: of shipments with a promise. :param events: as :func:`events_of` gives them
    """
    if not ids:
        return {}
    env.flush_all()
    env.cr.execute(MILESTONES, [ids])
    names = [column.name for column in env.cr.description]
    rows = [
        {
            name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in env.cr.fetchall()
    ]
    gates = _gates(env, ids)
    openings = _openings(env, rows)
    now = fields.Datetime.now().replace(tzinfo=UTC)
    ways = {}
    for row in rows:
        released, stocked = gates.get(row["id"], (None, None))
        ended = row["delivered_at"] or row["returned_at"]
        if not ended and row["state"] in ("lost", "cancelled"):
            ended = row["state_at"]
        way = Way(
            promised_at=row["promised_at"],
            ended_at=ended or now,
            done=bool(row["delivered_at"]),
            ordered_at=row["ordered_at"],
            released_at=released,
            paid_at=row["paid_at"],
            ready_at=max(filter(None, (stocked, row["ready_at"])), default=None),
            handed_at=row["shipped_at"],
            scanned_at=row["first_scan_at"],
            events=events.get(row["id"], ()),
        )
        opening = openings.get(row["warehouse_id"], Opening())
        plan = plan_for(way, opening, row["ship_at"], row["deliver_at"], row["transit_days"])
        ways[row["id"]] = (way, plan)
    return ways


def _gates(env, ids):
    """Dict shipment id → (when sales let it go, when its goods were there), from the decisions.

    A decision that held the goods lasts until the next one; so does one that found no stock.
    """
    env.cr.execute(DECISIONS, [ids])
    decisions = defaultdict(list)
    for key, at, ships, causes in env.cr.fetchall():
        decisions[key].append((at.replace(tzinfo=UTC), ships, set(causes or ())))
    gates = {}
    for key, known in decisions.items():
        released, stocked = known[0][0], None
        for (_at, ships, causes), (following, *_rest) in pairwise(known):
            if causes & set(reasons.HELD_CAUSES):
                released = following
            elif not ships and reasons.NO_STOCK in causes:
                stocked = following
        gates[key] = (released, stocked)
    return gates


def _openings(env, rows):
    """Dict warehouse id → when it ships, over the time in which these parcels were to leave."""
    ids = sorted({row["warehouse_id"] for row in rows if row["warehouse_id"]})
    if not ids:
        return {}
    env.cr.execute(OPENINGS, [ids])
    names = [column.name for column in env.cr.description]
    warehouses = [dict(zip(names, row, strict=True)) for row in env.cr.fetchall()]
    start = min(row["ordered_at"] or row["promised_at"] for row in rows)
    closed = env["oms.snapshot"]._closures(
        warehouses,
        start.replace(tzinfo=None) - timedelta(days=1),
        (datetime.now(UTC) - start).days + 60,
    )
    return {
        one["id"]: Opening(
            one["tz"] or "UTC",
            one["cutoff"] or 0.0,
            frozenset(one["weekdays"] or range(5)),
            closed[one["id"]],
        )
        for one in warehouses
    }
