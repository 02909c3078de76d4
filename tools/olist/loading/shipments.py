"""Olist's delivery histories as shipments with their events, through the doors of any program.

Each order of the past that was handed to a carrier is one shipment of Correios: Olist tells one
hand-over and one delivery, whatever the number of sellers. Times are local to Brazil, without
offset; the zone follows from the state of the place. An event is dropped, and counted, where the
source contradicts itself (delivered before it was handed over).
"""

from __future__ import annotations

from typing import Any

from ..reading import Order
from .target import Target

CARRIER = "correios"
REGISTER_BATCH, EVENT_BATCH = 500, 1000
OFFSET = "-03:00"
"""Of Brasília: good enough for what is only a date in the source."""


def make_shipments(target: Target) -> dict[str, int]:
    """Register what was sent and tell its events; counts of both, and of rows dropped."""
    sent = [order for order in target.olist.orders if order.lines and order.shipped]
    counts = {"shipments": 0, "events": 0, "contradictory": 0}
    for batch in target.batches(sent, REGISTER_BATCH, "shipments"):
        answers = target.odoo.call(
            "oms.shipment",
            "register",
            [_shipment(target, order) for order in batch],
            context={"allowed_company_ids": [target.company]},
        )
        for answer in answers:
            if answer["errors"]:
                target.say(f"  {answer['tracking_number']}: {' '.join(answer['errors'])}")
        counts["shipments"] += sum(answer["status"] == "created" for answer in answers)
    events: list[dict[str, Any]] = []
    for order in sent:
        events += _events(target, order, counts)
    for told in target.batches(events, EVENT_BATCH, "events"):
        answer = target.odoo.call(
            "oms.shipment",
            "ingest_events",
            told,
            context={"allowed_company_ids": [target.company]},
        )
        counts["events"] += answer["stored"]
        for error in answer["errors"][:5]:
            target.say(f"  {told[error['index']]['tracking_number']}: {error['error']}")
    return counts


def _shipment(target: Target, order: Order) -> dict[str, Any]:
    assert order.shipped
    shipment: dict[str, Any] = {
        "tracking_number": order.id,
        "carrier": CARRIER,
        "order": order.id,
        "shipped_at": f"{order.shipped + target.shift:%Y-%m-%dT%H:%M:%S}{OFFSET}",
        "cost": round(sum(line.freight for line in order.lines), 2),
    }
    if order.estimated:
        # The whole day was promised.
        day = (order.estimated + target.shift).date()
        shipment["promised_at"] = f"{day}T23:59:59{OFFSET}"
    return shipment


def _events(target: Target, order: Order, counts: dict[str, int]) -> list[dict[str, Any]]:
    assert order.shipped
    events = [
        _event(target, order, "picked_up", order.shipped, "Entregue à transportadora", {}),
    ]
    if order.delivered and order.delivered < order.shipped:
        counts["contradictory"] += 1
    elif order.delivered:
        customer = order.customer
        place = {
            "city": customer.city,
            "state": customer.state,
            "postcode": f"{customer.prefix}-000",
            "country": "BR",
        }
        events.append(
            _event(target, order, "delivered", order.delivered, "Entregue ao cliente", place)
        )
    return events


def _event(
    target: Target, order: Order, status: str, at: Any, text: str, place: dict[str, str]
) -> dict[str, Any]:
    return {
        "tracking_number": order.id,
        "carrier": CARRIER,
        "status": status,
        "occurred_at": f"{at + target.shift:%Y-%m-%dT%H:%M:%S}",
        "description": text,
    } | ({"location": place} if place else {})
