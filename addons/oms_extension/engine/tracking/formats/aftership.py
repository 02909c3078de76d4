"""AfterShip: ``tracking_update`` and ``edd_revise``, of the old and the dated interfaces.

https://www.aftership.com/docs/tracking/webhook. Times of a checkpoint have the offset of its place,
or none where AfterShip does not know it.
"""

from __future__ import annotations

from collections.abc import Mapping

from .base import Event, Format, Node, event, load
from .names import carrier, country


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    tracking = message["msg"] if message["msg"] else message.at("data.tracking")
    shared = {
        "tracking_number": tracking["tracking_number"].required(),
        "carrier": carrier(tracking["slug"].text()),
        "vocabulary": "aftership",
    }
    events = [_checkpoint(one, shared) for one in tracking["checkpoints"]]
    delivered = [one for one in events if one.get("code", "").startswith("Delivered")]
    if delivered and (signer := tracking["signed_by"].text()):
        delivered[-1]["signed_by"] = signer
    estimate = (
        tracking.at("courier_estimated_delivery_date.estimated_delivery_date").text()
        or tracking["expected_delivery"].text()
    )
    if estimate and not delivered:
        events.append(event(**shared, estimated_delivery=estimate))
    return events


def _checkpoint(point: Node, shared: Event) -> Event:
    coordinates = list(point["coordinates"]) if point["coordinates"].is_list else []
    longitude, latitude = coordinates if len(coordinates) == 2 else (Node(None), Node(None))
    return event(
        **shared,
        code=point["subtag"].text() or point["tag"].text(),
        occurred_at=point["checkpoint_time"].text(),
        description=point["message"].text() or point["subtag_message"].text(),
        location={
            "name": point["location"].text(),
            "city": point["city"].text(),
            "state": point["state"].text(),
            "postcode": point["zip"].text(),
            "country": country(point["country_iso3"].text() or point["country_region"].text()),
            "latitude": latitude.number(),
            "longitude": longitude.number(),
        },
    )


FORMAT = Format("aftership", "AfterShip", read, vocabulary="aftership")
