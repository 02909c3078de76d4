"""What happens next to a parcel, when, and what its carrier says of it."""

import csv
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ..platform import ADDON, ADDONS

SPEECH = ADDONS / ADDON / "demo" / "data" / "carrier_speech.csv"
VOCABULARY = {"correos": "aftership", "dachser": "iftsta:d98a"}
BY_RPC = ("brt",)
"""Carriers whose events another program brings over JSON-2; the others send webhooks."""

HOURS = {
    "picked_up": 1.0,
    "depot": 3.0,
    "hub": 7.0,
    "arrived": 6.0,
    "out": 2.0,
    "delivered": 3.5,
    "absent": 3.5,
    "ready": 2.0,
    "collected": 5.0,
}
"""How long each step usually takes after the one before it."""
NEXT = {
    "pending": ("picked_up", "depot", "hub", "arrived", "out"),
    "label_created": ("picked_up", "depot", "hub", "arrived", "out"),
    "picked_up": ("depot", "hub", "arrived", "out"),
    "in_transit": ("arrived", "out"),
    "delayed": ("arrived", "out"),
    "out_for_delivery": (),
}
"""State → steps until the van is at the door."""
ENDINGS: tuple[tuple[str, ...], ...] = (
    ("delivered",),
    ("absent", "out", "delivered"),
    ("ready", "collected"),
)
SHARES = (80, 12, 8)
"""How many of a hundred parcels end in each way."""
ENGLISH = "en"


@dataclass(frozen=True)
class Parcel:
    """A parcel under way, as the server tells it."""

    number: str
    carrier: str
    state: str
    city: str
    country: str


@dataclass(frozen=True, order=True)
class Step:
    """Something that happens ``at`` so many hours from now."""

    at: float
    name: str
    parcel: Parcel


def steps(parcel: Parcel, chooser: random.Random) -> list[Step]:
    """Everything that is still to happen to a parcel; the first of it soon."""
    ending = chooser.choices(ENDINGS, SHARES)[0]
    at = 0.0
    made: list[Step] = []
    for position, name in enumerate((*NEXT.get(parcel.state, ()), *ending)):
        if not said(parcel.carrier, parcel.country, name):
            continue
        hours = HOURS[name] * chooser.uniform(0.6, 1.5)
        at += hours * chooser.random() if position == 0 else hours
        made.append(Step(at, name, parcel))
    return made


def event(step: Step, now: datetime) -> dict[str, Any]:
    """The event dict of a step that happens now (see docs/api.md, ingest_events)."""
    parcel = step.parcel
    found = said(parcel.carrier, parcel.country, step.name)
    if found is None:
        raise ValueError(f"{parcel.carrier} has no words for {step.name}")
    code, text = found
    made = {
        "tracking_number": parcel.number,
        "carrier": parcel.carrier,
        "code": code,
        "description": text,
        "occurred_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "location": {"city": parcel.city, "country": parcel.country},
    }
    if parcel.carrier in VOCABULARY:
        made["vocabulary"] = VOCABULARY[parcel.carrier]
    return made


def speaks(carrier: str) -> bool:
    """Whether the words of a carrier are known."""
    return any(key[0] == carrier for key in _speech())


def said(carrier: str, country: str, step: str) -> tuple[str, str] | None:
    """(code, text) of a carrier for a step, in the recipient's language where it has it."""
    own = {"AT": "de", "CH": "de"}.get(country, country.lower())
    known = _speech()
    languages = (own, ENGLISH, *dict.fromkeys(key[1] for key in known if key[0] == carrier))
    return next((known[key] for one in languages if (key := (carrier, one, step)) in known), None)


@cache
def _speech() -> dict[tuple[str, str, str], tuple[str, str]]:
    with SPEECH.open(encoding="utf-8", newline="") as stream:
        return {
            (row["carrier"], row["language"], row["step"]): (row["code"], row["text"])
            for row in csv.DictReader(stream)
        }
