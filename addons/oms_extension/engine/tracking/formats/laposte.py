"""La Poste: answers of Suivi, version 2 (Colissimo, letters, Chronopost).

https://developer.laposte.fr/products/suivi/2. No places but the two countries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .base import Event, Format, Node, event, load


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body)
    if not message.is_list:
        message = message.must_be(dict)
        if message["responses"]:
            message = message["responses"]
    return [one for answer in message for one in _shipment(answer["shipment"])]


def _shipment(shipment: Node) -> Iterator[Event]:
    if not shipment:
        return  # unknown to La Poste
    shared = {
        "tracking_number": shipment["idShip"].required(),
        "carrier": "chronopost" if shipment["product"].text() == "chronopost" else "laposte",
        "vocabulary": "laposte",
    }
    for scan in shipment["event"]:
        yield event(
            **shared,
            code=scan["code"].text(),
            occurred_at=scan["date"].text(),
            description=scan["label"].text(),
        )
    # Once the parcel is there the estimate is the delivery itself.
    if (day := shipment["estimDate"].text()) and shipment["isFinal"].raw is not True:
        yield event(**shared, estimated_delivery=day)


FORMAT = Format("laposte", "La Poste", read, vocabulary="laposte")
