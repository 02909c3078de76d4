"""Plays what carriers tell, in the order and at the pace in which it happens."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from ..problem import Problem
from .client import Client
from .ways import BY_RPC, NEXT, Parcel, Step, event, speaks, steps

FIELDS = ("tracking_number", "oms_carrier_id", "state", "city", "country_id")
NEW_PARCELS = (
    ("Berlin", "10117", "DE"),
    ("Torino", "10121", "IT"),
    ("Nantes", "44000", "FR"),
    ("Valencia", "46002", "ES"),
    ("Wrocław", "50-069", "PL"),
)
"""Where new parcels go to, when too few are under way."""


def under_way(client: Client, count: int) -> list[Parcel]:
    """At most ``count`` parcels that will go on without anybody's help: the latest of each carrier
    before the next one of any.
    """
    domain = [
        ["state", "in", list(NEXT)],
        ["direction", "=", "outbound"],
        ["tracking_number", "!=", False],
        ["oms_carrier_id", "!=", False],
        ["country_id", "!=", False],
    ]
    found = client.call(
        "oms.shipment",
        "search_read",
        domain,
        [*FIELDS],
        limit=20 * count,
        order="shipped_at desc, id",
    )
    carriers = _codes(client, "oms.carrier", {one["oms_carrier_id"][0] for one in found})
    countries = _codes(client, "res.country", {one["country_id"][0] for one in found})
    parcels = [
        Parcel(
            one["tracking_number"],
            carriers[one["oms_carrier_id"][0]],
            one["state"],
            one["city"] or "",
            countries[one["country_id"][0]],
        )
        for one in found
    ]
    turn: Counter[str] = Counter()
    ranked = []
    for one in parcels:
        if speaks(one.carrier):
            turn[one.carrier] += 1
            ranked.append((turn[one.carrier], one))
    return [one for _turn, one in sorted(ranked, key=lambda pair: pair[0])][:count]


def send_new(client: Client, count: int, chooser: random.Random) -> list[Parcel]:
    """Register parcels that somebody has just sent with GLS."""
    sent = []
    for _parcel in range(count):
        city, postcode, country = chooser.choice(NEW_PARCELS)
        number = _gls_number(chooser.randrange(10_000_000))
        sent.append((Parcel(number, "gls", "pending", city, country), postcode))
    if sent:
        client.json2(
            "oms.shipment",
            "register",
            shipments=[
                {
                    "tracking_number": one.number,
                    "carrier": one.carrier,
                    "shipped_at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "recipient": {"city": one.city, "postcode": postcode, "country": one.country},
                }
                for one, postcode in sent
            ],
        )
    return [one for one, _postcode in sent]


class Play:
    """One performance.

    :ivar speed: an hour of the parcels takes 3600 / speed seconds.
    """

    def __init__(
        self,
        client: Client,
        speed: float,
        say: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self.seconds = 3600 / speed
        self.say = say
        self.sleep = sleep
        self.clock = clock
        self.sent = 0

    def run(self, parcels: list[Parcel], minutes: float, chooser: random.Random) -> None:
        """Tell what happens to these parcels, for so many minutes or until all have arrived."""
        to_come = sorted(step for one in parcels for step in steps(one, chooser))
        begun = self.clock()
        for step in to_come:
            due = begun + step.at * self.seconds
            if due > begun + minutes * 60:
                break
            self.sleep(max(0.0, due - self.clock()))
            self.tell(step)

    def tell(self, step: Step) -> None:
        """Send one event through the door that its carrier uses, and say so."""
        told = event(step, datetime.now(UTC))
        door = "JSON-2" if step.parcel.carrier in BY_RPC else "webhook"
        if door == "webhook":
            self.client.webhook(told)
        else:
            answer = self.client.json2("oms.shipment", "ingest_events", events=[told])
            if answer["errors"]:
                raise Problem(f"The demo refused an event: {answer['errors'][0]['error']}")
        self.sent += 1
        self.say(
            f"{datetime.now():%H:%M:%S}  {door:7}  {step.parcel.carrier:13}  "
            f"{step.parcel.number:24}  {step.parcel.city[:18]:18}  "
            f"{told['code']}: {told['description']}"
        )


def _codes(client: Client, model: str, ids: set[int]) -> dict[int, str]:
    rows = client.call(model, "read", sorted(ids), ["code"])
    return {row["id"]: row["code"] for row in rows}


def _gls_number(serial: int) -> str:
    """Eleven digits and a check digit: weights 3 and 1, modulo 10."""
    start = f"7299{serial:07d}"
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(start)))
    return f"{start}{-total % 10}"
