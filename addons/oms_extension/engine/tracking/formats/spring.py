"""Spring (PostNL's international parcels): answers of ``TrackShipment``.

As karrio (LGPL-3) describes them. ``Timestamp`` is the moment itself, ``DateTime`` the same on the
clock of the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .base import Event, Format, Node, event, load
from .names import country


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body)
    items = message if message.is_list else message.must_be(dict)
    return [one for item in items for one in _shipment(item["Shipment"])]


def _shipment(shipment: Node) -> Iterator[Event]:
    if not shipment:
        return  # unknown to Spring
    number = shipment["TrackingNumber"].required()
    for scan in shipment["Events"]:
        moment = scan["Timestamp"].number()
        yield event(
            tracking_number=number,
            carrier="spring",
            vocabulary="spring",
            code=scan["Code"].text(),
            occurred_at=scan["DateTime"].text() if moment is None else moment,
            description=scan["Description"].text() or scan["CarrierDescription"].text(),
            location={
                "city": scan["City"].text(),
                "state": scan["State"].text(),
                "postcode": scan["Zip"].text(),
                "country": country(scan["Country"].text()),
            },
        )


FORMAT = Format("spring", "Spring", read, vocabulary="spring", carrier="spring")
