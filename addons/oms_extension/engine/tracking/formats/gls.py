"""GLS Group: answers of its Track and Trace interface.

https://dev-portal.gls-group.net. Times have an offset, the codes are ``GROUP.DETAIL``. The parcel's
own status may be newer than its last scan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .base import Event, Format, Node, event, load
from .names import country

ROUTINE: Final = ("PREADVICE", "INTRANSIT", "FINAL")
"""Statuses that say no more than the scan of the same moment. The others do: all of them are
documented, but few codes of scans."""


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    return [one for parcel in message["parcels"] for one in _parcel(parcel)]


def _parcel(parcel: Node) -> Iterator[Event]:
    if parcel["errorCode"]:
        return
    number = parcel["unitno"].text() or parcel["requested"].required()
    shared = {"tracking_number": number, "carrier": "gls", "vocabulary": "gls"}
    latest = ""
    for scan in parcel["events"]:
        latest = max(latest, scan["eventDateTime"].text())
        yield event(
            **shared,
            code=scan["code"].text(),
            occurred_at=scan["eventDateTime"].text(),
            description=scan["description"].text(),
            location={
                "city": scan["city"].text(),
                "postcode": scan["postalCode"].text(),
                "country": country(scan["country"].text()),
            },
        )
    # All times of an answer have the same offset, but for the two hours when the clocks change.
    moment, status = parcel["statusDateTime"].text(), parcel["status"].text()
    if moment > latest or (moment and moment == latest and status not in ROUTINE):
        yield event(**shared, code=status, occurred_at=moment)


FORMAT = Format("gls", "GLS", read, vocabulary="gls", carrier="gls")
