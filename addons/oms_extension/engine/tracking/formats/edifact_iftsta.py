"""EDIFACT IFTSTA, International Multimodal Status Report: ``CNI`` → ``STS`` → ``RFF DTM LOC FTX``.

The status list changes with the directory (``meaning.iftsta``), and partners use lists of their
own, which element 3055 of C555 names: those are a vocabulary of their own, never looked up in the
general one. Times that lie ahead (2005: 17, 69, 191, and 132 at the place of delivery) are
estimates, no events. Segments after https://service.unece.org/trade/untdid/d01b/trmd/iftsta_c.htm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..meaning import iftsta
from .base import Event, Format, Unreadable, event, pair
from .edifact import Segment, part, segments
from .names import country
from .x12_214 import CARRIERS

HAPPENED: Final = ("334", "35", "178", "186", "200", "7")
"""2005, the best first: status changed; delivered, arrived, departed, collected; in effect."""
AHEAD: Final = ("17", "69", "191")
"""2005: delivery estimated, promised for, expected."""
ARRIVAL_ESTIMATED: Final = "132"
PLACE_OF_DELIVERY: Final = "7"
NUMBERS: Final = ("CN", "SRN", "BM", "BN", "AAS", "DQ", "CU", "EQ")
"""1153, the best first: carrier's, shipment, bill of lading, booking, transport document, delivery
note, consignor's, equipment."""
PUBLIC_LISTS: Final = frozenset({"", "6", "9"})
"""3055: who keeps the list of codes: nobody named, UN/ECE, GS1."""
SSCC: Final = "BJ"
MOST_PACKAGES: Final = 10_000


@dataclass
class _Status:
    """An STS and what follows it up to the next."""

    line: Segment
    references: dict[str, str] = field(default_factory=dict)
    packages: list[str] = field(default_factory=list)
    times: dict[str, str] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    estimate: str = ""
    destination: dict[str, Any] = field(default_factory=dict)
    in_leg: bool = False
    location_kind: str = ""


@dataclass
class _Message:
    """One IFTSTA message as far as it is read."""

    vocabulary: str
    reference: str
    carrier: str = ""
    references: dict[str, str] = field(default_factory=dict)
    consignment: dict[str, str] | None = None
    status: _Status | None = None
    count: int = 0


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    events: list[Event] = []
    message: _Message | None = None
    interchange = ""
    found = False
    for line in segments(body):
        tag = part(line, 0)
        if tag == "UNB":
            interchange = part(line, 5)
        elif tag == "UNH":
            message = None
            if part(line, 2) == "IFTSTA":
                found = True
                directory = f"{part(line, 2, 1)}:{part(line, 2, 2)}"
                message = _Message(iftsta(directory) or "iftsta", f"{interchange}/{part(line, 1)}")
        elif message and tag in ("UNT", "CNI", "STS"):
            events.extend(_finish(message))
            _begin(message, tag, line)
        elif message:
            _take(message, tag, line)
    if message:
        events.extend(_finish(message))
    if not found:
        raise Unreadable("not_edi", detail="there is no IFTSTA message in it")
    return events


def _begin(message: _Message, tag: str, line: Segment) -> None:
    if tag == "CNI":
        number = part(line, 2)
        message.consignment = {"CNI": number} if number else {}
    elif tag == "STS":
        message.count += 1
        message.status = _Status(line)


def _take(message: _Message, tag: str, line: Segment) -> None:
    status = message.status
    if tag == "NAD" and part(line, 1) == "CA":
        message.carrier = CARRIERS.get(part(line, 2).upper(), message.carrier)
    elif tag == "RFF":
        known = message.references if message.consignment is None else message.consignment
        if status:
            known = status.references
        known.setdefault(part(line, 1), part(line, 1, 1))
    elif status is None:
        return
    elif tag == "TDT":
        status.in_leg = True
    elif tag == "LOC":
        status.location_kind = part(line, 1)
        if not status.in_leg and not status.place:
            status.place = _place(line)
        elif status.location_kind == PLACE_OF_DELIVERY:
            status.destination = _place(line)
    elif tag == "DTM":
        _time(status, part(line, 1), _moment(part(line, 1, 1), part(line, 1, 2)))
    elif tag == "FTX":
        status.texts.extend(filter(None, (part(line, 4, number) for number in range(5))))
    elif tag == "GIN" and part(line, 1) == SSCC:
        status.packages.extend(filter(None, (part(line, at) for at in range(2, len(line)))))
        del status.packages[MOST_PACKAGES:]


def _time(status: _Status, kind: str, moment: str) -> None:
    at_destination = status.in_leg and status.location_kind == PLACE_OF_DELIVERY
    if kind in AHEAD or (kind == ARRIVAL_ESTIMATED and at_destination):
        status.estimate = moment
    elif not status.in_leg or kind == HAPPENED[0]:
        status.times.setdefault(kind, moment)


def _place(line: Segment) -> dict[str, Any]:
    code, name = part(line, 2), part(line, 2, 3)
    locode = bool(re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}", code))
    return {
        "name": name or code,
        "city": name,
        "country": country(part(line, 3)) or (code[:2] if locode else ""),
    }


def _finish(message: _Message) -> Iterator[Event]:
    """The event and the estimate of the status that ends here."""
    status, message.status = message.status, None
    if status is None:
        return
    line = status.line
    lists = "-".join(filter(None, (part(line, 2, 1), part(line, 2, 2)))).casefold()
    private = part(line, 2, 2) not in PUBLIC_LISTS
    vocabulary = f"iftsta:{lists}"[:64] if private else message.vocabulary
    texts = [part(line, 2, 3), part(line, 3, 3), *status.texts]
    moment = next((status.times[kind] for kind in HAPPENED if kind in status.times), "")
    for number in status.packages or [_number(message, status)]:
        shared = {"tracking_number": number, "carrier": message.carrier, "vocabulary": vocabulary}
        yield event(
            **shared,
            code=pair(part(line, 2), part(line, 3)),
            occurred_at=moment,
            description=" – ".join(dict.fromkeys(filter(None, texts))),
            event_id=f"{message.reference}/{message.count}",
            location=status.place,
        )
        if status.estimate:
            place = status.destination or status.place
            yield event(**shared, estimated_delivery=status.estimate, location=place)


def _number(message: _Message, status: _Status) -> str:
    levels = (status.references, message.consignment or {}, message.references)
    found = (known[kind] for kind in ("CNI", *NUMBERS) for known in levels if known.get(kind))
    return next(found, "")


_SHAPES: Final = {
    "101": "yymmdd",
    "102": "ccyymmdd",
    "201": "yymmddhhnn",
    "203": "ccyymmddhhnn",
    "204": "ccyymmddhhnnss",
    "303": "ccyymmddhhnn",
    "304": "ccyymmddhhnnss",
}
_OFFSETS: Final = {"UTC": "+00:00", "GMT": "+00:00", "CET": "+01:00", "EET": "+02:00"}
"""303 and 304 end with a zone of three characters; what is not here is taken as local."""


def _moment(value: str, shape: str) -> str:
    """ISO 8601 of a date as element 2379 says; what is no such date remains as it is."""
    pattern = _SHAPES.get(shape, "")
    digits, zone = value[: len(pattern)], value[len(pattern) :].strip()
    if not pattern or len(digits) < len(pattern) or not digits.isdecimal():
        return value
    if not pattern.startswith("cc"):
        digits = f"20{digits}"
    text = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    if len(digits) > 8:
        text += f"T{digits[8:10]}:{digits[10:12]}:{digits[12:14] or '00'}"
        if re.fullmatch(r"[+-]\d\d", zone):
            text += f"{zone}:00"
        else:
            text += _OFFSETS.get(zone.upper(), "")
    return text


FORMAT = Format("edifact_iftsta", "EDIFACT IFTSTA", read, content="edi")
