"""ShipEngine, now ShipStation API: ``API_TRACK``.

https://docs.shipstation.com/apis/shipengine/docs/reference/track. ``occurred_at`` is UTC. Where the
parcel is said to be delivered and no scan says so, that is an event of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .base import Event, Format, Node, event, load, pair
from .names import carrier, country

DELIVERED: Final = "DE"


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    if message["resource_type"].text() not in ("API_TRACK", ""):
        return []
    track = message["data"] if message["data"] else message
    shared = {
        "tracking_number": track["tracking_number"].required(),
        "carrier": carrier(track["carrier_code"].text()),
        "vocabulary": "shipengine",
    }
    events = [_scan(one, shared) for one in track["events"]]
    done = track["status_code"].text() == DELIVERED
    scanned = any(one.get("code", "").startswith(DELIVERED) for one in events)
    if (delivered_at := track["actual_delivery_date"].text()) and done and not scanned:
        events.append(
            event(
                **shared,
                code=pair(DELIVERED, track["status_detail_code"].text()),
                occurred_at=delivered_at,
                description=track["status_detail_description"].text()
                or track["status_description"].text(),
            )
        )
    if (estimate := track["estimated_delivery_date"].text()) and not done:
        events.append(event(**shared, estimated_delivery=estimate))
    return events


def _scan(scan: Node, shared: Event) -> Event:
    code = pair(scan["status_code"].text(), scan["status_detail_code"].text())
    return event(
        **shared,
        code=code or scan["event_code"].text() or scan["carrier_status_code"].text(),
        occurred_at=scan["occurred_at"].text() or scan["carrier_occurred_at"].text(),
        description=scan["description"].text() or scan["carrier_status_description"].text(),
        signed_by=scan["signer"].text(),
        location={
            "city": scan["city_locality"].text(),
            "state": scan["state_province"].text(),
            "postcode": scan["postal_code"].text(),
            "country": country(scan["country_code"].text()),
            "latitude": scan["latitude"].number(),
            "longitude": scan["longitude"].number(),
        },
    )


FORMAT = Format("shipengine", "ShipEngine / ShipStation", read, vocabulary="shipengine")
