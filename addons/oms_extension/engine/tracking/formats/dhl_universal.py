"""DHL: answers of its Shipment Tracking – Unified interface, and its pushes.

https://developer.dhl.com/api-reference/shipment-tracking. Times of events are local to their place.
The broad ``statusCode`` is one of six; divisions add their own ``status``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .base import Event, Format, Node, event, load
from .names import country

DIVISIONS: Final = {
    "express": "dhl_express",
    "parcel-de": "dhl_parcel_de",
    "post-de": "dhl_parcel_de",
    "ecommerce": "dhl_ecommerce",
    "ecommerce-europe": "dhl_ecommerce",
    "ecommerce-apac": "dhl_ecommerce",
    "parcel-nl": "dhl_parcel_nl",
    "parcel-uk": "dhl_parcel_uk",
    "parcel-pl": "dhl_poland",
    "freight": "dhl_freight",
}
"""Carrier by DHL's ``service``."""


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    answer = message["trackingResponse"] if message["trackingResponse"] else message
    return [one for shipment in answer["shipments"] for one in _shipment(shipment)]


def _shipment(shipment: Node) -> Iterator[Event]:
    shared = {
        "tracking_number": shipment["id"].required(),
        "carrier": DIVISIONS.get(shipment["service"].text(), "dhl"),
        "vocabulary": "dhl_universal",
    }
    proof = shipment.at("details.proofOfDelivery.signed")
    signer = proof["name"].text() or " ".join(
        filter(None, (proof["givenName"].text(), proof["familyName"].text()))
    )
    delivered = False
    for scan in shipment["events"] or shipment["status"]:
        code = scan["statusCode"].text() or scan["status"].text()
        delivered = delivered or code == "delivered"
        address = scan.at("location.address")
        said = (scan["status"].text(), scan["description"].text(), scan["remark"].text())
        yield event(
            **shared,
            code=code,
            occurred_at=scan["timestamp"].text(),
            description=" – ".join(dict.fromkeys(filter(None, said))),
            signed_by=signer if code == "delivered" else "",
            location={
                "city": address["addressLocality"].text(),
                "postcode": address["postalCode"].text(),
                "country": country(address["countryCode"].text()),
            },
        )
    expected = (
        shipment.at("estimatedDeliveryTimeFrame.estimatedThrough").text()
        or shipment["estimatedTimeOfDelivery"].text()
    )
    if expected and not delivered:
        yield event(**shared, estimated_delivery=expected)


FORMAT = Format("dhl_universal", "DHL (unified tracking)", read, vocabulary="dhl_universal")
