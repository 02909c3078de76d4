"""Sendcloud: ``parcel_status_changed``; its other actions are about the account.

https://api.sendcloud.dev/docs/sendcloud-public-api/parcels. One status with the time of the
message, and no place: the address in it is the recipient's.
"""

from __future__ import annotations

from collections.abc import Mapping

from .base import Event, Format, Unreadable, event, load
from .names import carrier


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    if message["action"].text() not in ("parcel_status_changed", ""):
        return []
    parcel = message["parcel"].must_be(dict)
    number = parcel["tracking_number"].text()
    if not number:
        return []  # announced, but not labelled yet
    milliseconds = message["timestamp"].number()
    if milliseconds is None:
        raise Unreadable("missing", "timestamp")
    status = parcel["status"]
    return [
        event(
            tracking_number=number,
            carrier=carrier(parcel.at("carrier.code").text()),
            vocabulary="sendcloud",
            code=status["id"].text(),
            occurred_at=milliseconds / 1000,
            description=status["message"].text(),
        )
    ]


FORMAT = Format("sendcloud", "Sendcloud", read, vocabulary="sendcloud")
