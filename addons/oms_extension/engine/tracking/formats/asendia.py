"""Asendia: answers of its tracking interface, as karrio (LGPL-3) describes them. Times are UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .base import Event, Format, Node, event, load
from .names import country


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body)
    items = message if message.is_list else message.must_be(dict)
    return [one for item in items for one in _item(item)]


def _item(item: Node) -> Iterator[Event]:
    number = item["trackingNumber"].required()
    for scan in item["trackingEvents"]:
        yield event(
            tracking_number=number,
            carrier="asendia",
            vocabulary="asendia",
            code=scan["code"].text(),
            occurred_at=scan["time"].text(),
            description=scan["carrierEventDescription"].text(),
            location={
                "city": scan["locationName"].text(),
                "country": country(scan["locationCountry"].text()),
            },
        )


FORMAT = Format("asendia", "Asendia", read, vocabulary="asendia", carrier="asendia")
