"""Easyship: ``shipment.tracking.checkpoints.created`` and ``shipment.tracking.status.changed``.

https://developers.easyship.com/reference/webhook-1. Times of checkpoints are the carrier's local
ones, whatever offset they are written with (Easyship's own reference says so). A changed status has
no time of its own: it gets that of its arrival.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from .base import RECEIVED_AT, Event, Format, Node, event, load
from .names import carrier, country

_OFFSET: Final = re.compile(r"(?<=\d)(?:Z|[+-]\d\d:?\d\d)$")


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    if not message["event_type"].text().startswith("shipment.tracking."):
        return []
    data = message["data"] if message["data"] else message["tracking_status"]
    shared = {"tracking_number": data["tracking_number"].required(), "vocabulary": "easyship"}
    events = [_checkpoint(one, shared) for one in data["checkpoints"] if one]
    if not events and (status := data["status"].text()) and headers.get(RECEIVED_AT):
        events = [event(**shared, code=status, occurred_at=round(float(headers[RECEIVED_AT])))]
    return events


def _checkpoint(point: Node, shared: Event) -> Event:
    place = {
        "name": point["location"].text(),
        "city": point["city"].text(),
        "state": point["state"].text(),
        "postcode": point["postal_code"].text(),
        "country": country(point["country_iso3"].text() or point["country_alpha3"].text()),
    }
    moment = point["checkpoint_time"].text()
    return event(
        **shared,
        carrier=carrier(point["handler"].text()),
        code=point["primary_status"].text(),
        occurred_at=_OFFSET.sub("", moment) if any(place.values()) else moment,
        description=point["message"].text(),
        location=place,
    )


FORMAT = Format("easyship", "Easyship", read, vocabulary="easyship")
