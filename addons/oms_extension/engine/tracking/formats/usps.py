"""USPS: answers of its Tracking interface, version 3, and of its subscriptions.

https://developers.usps.com/trackingv3r2. ``eventTimestamp`` is local, even where it ends with Z;
its offset is beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from .base import Event, Format, Node, event, load
from .names import country

SHARED: Final = {"carrier": "usps", "vocabulary": "usps"}
_OFFSET: Final = re.compile(r"([+-])(\d{1,2}):?(\d\d)")


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body)
    items = message if message.is_list else message.must_be(dict)
    return [one for item in items for one in _item(item)]


def _item(item: Node) -> Iterator[Event]:
    if item["error"]:
        return
    shared = {"tracking_number": item["trackingNumber"].required(), **SHARED}
    delivered = False
    for scan in item["trackingEvents"]:
        code = scan["eventCode"].text()
        delivered = delivered or code == "01"
        yield event(
            **shared,
            code=code,
            occurred_at=_local(scan["eventTimestamp"].text(), scan["GMTOffset"].text()),
            description=scan["eventType"].text(),
            signed_by=scan["name"].text() if code == "01" else "",
            location={
                "city": scan["eventCity"].text(),
                "state": scan["eventState"].text(),
                "postcode": scan["eventZIP"].text(),
                # Left out at home.
                "country": country(scan["eventCountry"].text() or "US"),
            },
        )
    expected = (
        item["expectedDeliveryTimeStamp"].text()
        or item["predictedDeliveryTimeStamp"].text()
        or item["predictedDeliveryDate"].text()
    )
    if expected and not delivered:
        yield event(
            **shared, estimated_delivery=expected.removesuffix("Z"), location={"country": "US"}
        )


def _local(moment: str, offset: str) -> str:
    moment = moment.removesuffix("Z")
    match = _OFFSET.fullmatch(offset)
    return f"{moment}{match[1]}{match[2]:0>2}:{match[3]}" if match and "T" in moment else moment


FORMAT = Format("usps", "USPS", read, vocabulary="usps", carrier="usps")
