"""FedEx: answers of its Track interface, whose results its webhooks carry as well.

https://developer.fedex.com/api/en-us/catalog/track. A number may be in use a second time: of
several results for one number the one with the latest scan is the parcel's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .base import Event, Format, Node, event, load, pair
from .names import country

SHARED: Final = {"carrier": "fedex", "vocabulary": "fedex"}


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    output = message["output"] if message["output"] else message
    return [one for parcel in output["completeTrackResults"] for one in _parcel(parcel)]


def _parcel(parcel: Node) -> Iterator[Event]:
    results = [one for one in parcel["trackResults"] if one["scanEvents"]]
    if not results:
        return  # unknown to FedEx; the reason is in the body
    result = max(results, key=lambda one: max(scan["date"].text() for scan in one["scanEvents"]))
    number = (
        parcel["trackingNumber"].text() or result.at("trackingNumberInfo.trackingNumber").required()
    )
    shared = {"tracking_number": number, **SHARED}
    details = result["deliveryDetails"]
    signer = details["signedByName"].text() or details["receivedByName"].text()
    delivered = False
    for scan in result["scanEvents"]:
        kind = scan["eventType"].text()
        delivered = delivered or kind == "DL"
        place = scan["scanLocation"]
        said = (scan["eventDescription"].text(), scan["exceptionDescription"].text())
        yield event(
            **shared,
            code=pair(kind, scan["exceptionCode"].text()),
            occurred_at=scan["date"].text(),
            description=" – ".join(filter(None, said)),
            signed_by=signer if kind == "DL" else "",
            location={
                "city": place["city"].text(),
                "state": place["stateOrProvinceCode"].text(),
                "postcode": place["postalCode"].text(),
                "country": country(place["countryCode"].text()),
            },
        )
    window = result.at("estimatedDeliveryTimeWindow.window")
    if (day := window["ends"].text() or window["begins"].text()) and not delivered:
        yield event(**shared, estimated_delivery=day)


FORMAT = Format("fedex", "FedEx", read, vocabulary="fedex", carrier="fedex")
