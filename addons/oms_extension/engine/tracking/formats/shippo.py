"""Shippo: ``track_updated``, or the answer of its tracking interface.

https://docs.goshippo.com/docs/tracking/webhooks. Times are UTC. A status may contradict its
substatus (``DELIVERED`` beside ``information_received``): both are kept as a pair.
"""

from __future__ import annotations

from collections.abc import Mapping

from .base import Event, Format, Node, event, load, pair
from .names import carrier, country


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    if message["event"].text() not in ("track_updated", ""):
        return []
    track = message["data"] if message["data"] else message
    shared = {
        "tracking_number": track["tracking_number"].required(),
        "carrier": carrier(track["carrier"].text()),
        "vocabulary": "shippo",
    }
    scans = track["tracking_history"] or track["tracking_status"]
    events = [_scan(one, shared) for one in scans]
    delivered = any(one.get("code", "").startswith("DELIVERED") for one in events)
    if (estimate := track["eta"].text()) and not delivered:
        events.append(event(**shared, estimated_delivery=estimate))
    return events


def _scan(scan: Node, shared: Event) -> Event:
    place = scan["location"]
    substatus = scan["substatus"]
    detail = substatus if substatus.is_text else substatus["code"]
    return event(
        **shared,
        code=pair(scan["status"].text(), detail.text()),
        occurred_at=scan["status_date"].text(),
        description=scan["status_details"].text(),
        event_id=scan["object_id"].text(),
        location={
            "city": place["city"].text(),
            "state": place["state"].text(),
            "postcode": place["zip"].text(),
            "country": country(place["country"].text()),
        },
    )


FORMAT = Format("shippo", "Shippo", read, vocabulary="shippo")
