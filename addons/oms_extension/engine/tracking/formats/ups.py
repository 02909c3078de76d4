"""UPS: answers of its Track interface, and the messages of Track Alert.

https://developer.ups.com/api/reference?loc=en_US#tag/Tracking_other. Times are local to the place,
with the offset beside them where UPS knows it. A code is the kind of activity and its own code:
``D/F4``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .base import Event, Format, Node, event, load, pair
from .names import country

SHARED: Final = {"carrier": "ups", "vocabulary": "ups"}
PLANNED: Final = ("SDD", "RDD")
"""Kinds of delivery date that lie ahead: scheduled and rescheduled. ``DEL`` is the real one."""


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    if message["activityStatus"]:
        return list(_alert(message))
    return [
        one
        for shipment in message.at("trackResponse.shipment")
        for package in shipment["package"]
        for one in _package(package, shipment["inquiryNumber"].text())
    ]


def _package(package: Node, asked: str) -> Iterator[Event]:
    number = package["trackingNumber"].text() or asked
    shared = {"tracking_number": number, **SHARED}
    signer = package.at("deliveryInformation.receivedBy").text()
    delivered = False
    for activity in package["activity"]:
        status = activity["status"]
        kind = status["type"].text()
        delivered = delivered or kind == "D"
        yield event(
            **shared,
            code=pair(kind, status["code"].text()),
            occurred_at=_moment(
                activity["date"].text(), activity["time"].text(), activity["gmtOffset"].text()
            ),
            description=status["description"].text(),
            # In UPS' own sample a time of day stands where the name should.
            signed_by=signer if kind == "D" and not signer.isdigit() else "",
            location=_place(activity.at("location.address")),
        )
    for planned in package["deliveryDate"]:
        if planned["type"].text() in PLANNED and not delivered:
            day = _moment(planned["date"].text(), "", "")
            yield event(**shared, estimated_delivery=day)


def _alert(message: Node) -> Iterator[Event]:
    shared = {"tracking_number": message["trackingNumber"].required(), **SHARED}
    status = message["activityStatus"]
    kind = status["type"].text()
    yield event(
        **shared,
        code=pair(kind, status["code"].text()),
        occurred_at=_moment(
            message["localActivityDate"].text(), message["localActivityTime"].text(), ""
        ),
        description=status["description"].text(),
        location=_place(message["activityLocation"]),
    )
    if kind != "D" and (day := message["scheduledDeliveryDate"].text()):
        yield event(**shared, estimated_delivery=_moment(day, "", ""))


def _place(address: Node) -> dict[str, str]:
    return {
        "city": address["city"].text(),
        "state": address["stateProvince"].text(),
        "postcode": address["postalCode"].text(),
        "country": country(address["countryCode"].text() or address["country"].text()),
    }


def _moment(day: str, time: str, offset: str) -> str:
    """``20220126``, ``163000`` and ``-05:00`` in ISO 8601; what is no date stays as it is."""
    if len(day) != 8 or not day.isdigit():
        return day
    text = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if len(time) == 6 and time.isdigit():
        text += f"T{time[:2]}:{time[2:4]}:{time[4:]}{offset}"
    return text


FORMAT = Format("ups", "UPS", read, vocabulary="ups", carrier="ups")
