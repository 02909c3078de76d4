"""17TRACK: ``TRACKING_UPDATED`` of its interface since version 2.

https://api.17track.net/en/doc. A time is given with offset, in UTC, or only as the carrier wrote
it; the latter is local. ``TRACKING_STOPPED`` says nothing about the parcel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .base import Event, Format, Node, event, load
from .names import carrier, country

_CARRIERS: Final = {
    "2151": "correios",
    "7041": "dhl_parcel_de",
    "21051": "usps",
    "100001": "dhl_express",
    "100002": "ups",
    "100003": "fedex",
    "100005": "gls",
    "100007": "dpd",
}
"""17TRACK's numbers of carriers; the others by the name that comes with their scans."""


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    return [one for data in message["data"] for one in _parcel(data)]


def _parcel(data: Node) -> Iterator[Event]:
    number = data["number"].required()
    info = data["track_info"]
    shared = {"tracking_number": number, "vocabulary": "17track"}
    delivered = False
    for provider in info.at("tracking.providers"):
        key = provider.at("provider.key").text()
        name = _CARRIERS.get(key) or carrier(provider.at("provider.name").text())
        for scan in provider["events"]:
            found = _scan(scan, {**shared, "carrier": name})
            delivered = delivered or found.get("code", "").startswith("Delivered")
            yield found
    estimate = info.at("time_metrics.estimated_delivery_date")
    day = estimate["to"].text() or estimate["from"].text()
    if day and not delivered:
        name = _CARRIERS.get(data["carrier"].text(), "")
        yield event(**shared, carrier=name, estimated_delivery=day)


def _scan(scan: Node, shared: Event) -> Event:
    address = scan["address"]
    point = address["coordinates"]
    return event(
        **shared,
        code=scan["sub_status"].text() or scan["stage"].text(),
        occurred_at=scan["time_iso"].text()
        or scan["time_utc"].text()
        or _raw_time(scan["time_raw"]),
        description=scan["description"].text(),
        location={
            "name": scan["location"].text(),
            "city": address["city"].text(),
            "state": address["state"].text(),
            "postcode": address["postal_code"].text(),
            "country": country(address["country"].text()),
            "latitude": point["latitude"].number(),
            "longitude": point["longitude"].number(),
        },
    )


def _raw_time(raw: Node) -> str:
    day, time = raw["date"].text(), raw["time"].text()
    return f"{day}T{time or '00:00:00'}{raw['timezone'].text()}" if day else ""


FORMAT = Format("17track", "17TRACK", read, vocabulary="17track")
