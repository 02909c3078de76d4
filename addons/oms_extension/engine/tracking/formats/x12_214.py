"""X12 214, Transportation Carrier Shipment Status: ``LX`` → ``AT7`` (status) → ``MS1`` (place).

Elements after https://www.stedi.com/edi/x12-004010/214. Status (1650) and reason (1651) are one
code, ``AH/AG``. ``AG`` in 1650 is an *estimated delivery*, and the appointment ``AB`` (1652) the
appointed one: both lie ahead and are estimates, no events; ``AA``, the appointed pick-up, is
neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .base import Event, Format, Unreadable, event, pair
from .names import country
from .x12 import Segment, segments

ESTIMATED: Final = "AG"
APPOINTED_DELIVERY: Final = "AB"
APPOINTED_PICKUP: Final = "AA"

CARRIERS: Final = {
    "CPCC": "canadapost",
    "FDE": "fedex",
    "FDEG": "fedex",
    "FDXE": "fedex",
    "FDXG": "fedex",
    "FXFE": "fedex",
    "FXNL": "fedex",
    "PRLA": "purolator",
    "UPSN": "ups",
    "UPSS": "ups",
    "USPS": "usps",
}
"""Carrier by its Standard Carrier Alpha Code."""

ZONES: Final = {
    "AD": "-08:00",
    "AS": "-09:00",
    "AT": "America/Anchorage",
    "CD": "-05:00",
    "CS": "-06:00",
    "CT": "America/Chicago",
    "ED": "-04:00",
    "ES": "-05:00",
    "ET": "America/New_York",
    "GM": "+00:00",
    "HD": "-09:00",
    "HS": "-10:00",
    "HT": "Pacific/Honolulu",
    "MD": "-06:00",
    "MS": "-07:00",
    "MT": "America/Denver",
    "ND": "-02:30",
    "NS": "-03:30",
    "NT": "America/St_Johns",
    "PD": "-07:00",
    "PS": "-08:00",
    "PT": "America/Los_Angeles",
    "TD": "-03:00",
    "TS": "-04:00",
    "TT": "America/Halifax",
    "UT": "+00:00",
}
"""Element 623: a letter and T follow the calendar, S is always standard and D daylight time; LT, or
nothing, is the place's own."""


@dataclass
class _Status:
    """An AT7 and what follows it."""

    line: Segment
    place: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Shipment:
    """One transaction set as far as it is read."""

    reference: str
    number: str = ""
    carrier: str = ""
    loop_number: str = ""
    statuses: list[tuple[str, _Status]] = field(default_factory=list)


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    events: list[Event] = []
    shipment: _Shipment | None = None
    interchange = ""
    found = False
    for line in segments(body):
        tag = line[0]
        if tag == "ISA":
            interchange = _element(line, 13)
        elif tag == "ST":
            shipment = None
            if _element(line, 1) == "214":
                found = True
                shipment = _Shipment(f"{interchange}/{_element(line, 2)}")
        elif tag == "SE" and shipment:
            events.extend(_events(shipment))
            shipment = None
        elif shipment:
            _take(shipment, line)
    if shipment:
        events.extend(_events(shipment))
    if not found:
        raise Unreadable("not_edi", detail="there is no transaction set 214 in it")
    return events


def _element(line: Segment, number: int) -> str:
    return line[number] if len(line) > number else ""


def _take(shipment: _Shipment, line: Segment) -> None:
    tag = line[0]
    if tag == "B10":
        shipment.number = shipment.number or _element(line, 1) or _element(line, 2)
        shipment.carrier = CARRIERS.get(_element(line, 3).upper(), "")
    elif tag == "L11" and _element(line, 2) == "2I":  # tracking number
        if shipment.statuses or shipment.loop_number:
            shipment.loop_number = _element(line, 1)
        else:
            shipment.number = _element(line, 1) or shipment.number
    elif tag == "LX":
        shipment.loop_number = ""
    elif tag == "AT7":
        shipment.statuses.append((shipment.loop_number, _Status(line)))
    elif tag == "MS1" and shipment.statuses:
        shipment.statuses[-1][1].place.update(_place(line))


def _place(line: Segment) -> dict[str, Any]:
    longitude, latitude = (_degrees(_element(line, at)) for at in (4, 5))
    if _element(line, 6).upper() == "W" and longitude:
        longitude = -abs(longitude)
    if _element(line, 7).upper() == "S" and latitude:
        latitude = -abs(latitude)
    both = latitude is not None and longitude is not None
    return {
        "city": _element(line, 1),
        "state": _element(line, 2),
        "country": country(_element(line, 3)),
        "latitude": latitude if both else None,
        "longitude": longitude if both else None,
    }


def _degrees(text: str) -> float | None:
    """Degrees as element 1654 has them: seven digits, the last four of them minutes and seconds."""
    if len(text) not in (6, 7) or not text.isdecimal():
        return None
    degrees = int(text[:-4]) + int(text[-4:-2]) / 60 + int(text[-2:]) / 3600
    return round(degrees, 6) if degrees <= 180 else None


def _events(shipment: _Shipment) -> Iterator[Event]:
    for count, (number, status) in enumerate(shipment.statuses, 1):
        line = status.line
        moment, zone = _moment(_element(line, 5), _element(line, 6), _element(line, 7))
        shared = {
            "tracking_number": number or shipment.number,
            "carrier": shipment.carrier,
            "vocabulary": "x12_214",
            "timezone": zone,
            "location": status.place,
        }
        kind, appointment = _element(line, 1), _element(line, 3)
        if kind == ESTIMATED or (not kind and appointment == APPOINTED_DELIVERY):
            yield event(**shared, estimated_delivery=moment)
        elif kind or appointment not in ("", APPOINTED_PICKUP):
            reason = _element(line, 2) if kind else _element(line, 4)
            yield event(
                **shared,
                code=pair(kind or appointment, reason),
                occurred_at=moment,
                event_id=f"{shipment.reference}/{count}",
            )


def _moment(day: str, time: str, zone: str) -> tuple[str, str]:
    """(ISO 8601, IANA zone) of elements 373, 337 and 623; what is no date remains as it is."""
    if len(day) == 6 and day.isdecimal():  # before release 004010
        day = f"20{day}"
    if len(day) != 8 or not day.isdecimal():
        return day, ""
    text = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if len(time) not in (4, 6, 7, 8) or not time.isdecimal():
        return text, ""
    text += f"T{time[:2]}:{time[2:4]}:{time[4:6] or '00'}"
    rule = ZONES.get(zone.upper(), "")
    if zone.isdecimal() and len(zone) == 2 and 1 <= int(zone) <= 24:
        # 01 … 12 are hours ahead of Greenwich, 13 … 24 are 12 … 1 hours behind it.
        hours = int(zone) if int(zone) <= 12 else int(zone) - 25
        rule = f"{hours:+03d}:00"
    return (text + rule, "") if rule[:1] in ("+", "-") else (text, rule)


FORMAT = Format("x12_214", "X12 214", read, vocabulary="x12_214", content="edi")
