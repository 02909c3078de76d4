"""The orders that a visitor is shown: each tells one thing that allocation does.

They carry a tag with their title, so that a filter on the orders' list finds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from .network import EXPRESS, FREIGHT
from .orders import INVOICED, MARKETPLACE, OPEN, PARTLY, QUOTATION, SHIPPED, WEB, WHOLESALE, Order
from .people import FIRM_NAMES, Customer, Town, person

RUSH_ORDERS = 14


@dataclass(frozen=True, slots=True)
class Scene:
    """A story: its title, and the order that tells it. ``plots``: of its parcels."""

    key: str
    title: str
    country: str
    city: str
    lines: tuple[tuple[str, int], ...]
    days_ago: int = 1
    fate: str = OPEN
    channel: str = WEB
    promised_in: int | None = None
    service: str | None = None
    plots: tuple[str, ...] = ()


SCENES = (
    Scene("cheap_split", "Split that pays", "DE", "Freiburg im Breisgau",
          (("COK-IRON", 2), ("LGT-LANT", 2))),
    Scene("split_quotation", "Split that pays", "DE", "München",
          (("COK-IRON", 2), ("LGT-LANT", 1), ("CLB-HARN", 1)), fate=QUOTATION),
    Scene("no_split", "Split not worth it", "FR", "Lyon",
          (("CLB-ROPE", 1), ("CLB-HARN", 1))),
    Scene("closed_1", "Closed warehouse", "FR", "Lyon",
          (("HYD-FLASK", 1), ("FOO-SOCK", 2)), 0, INVOICED, promised_in=3),
    Scene("closed_2", "Closed warehouse", "FR", "Annecy",
          (("LGT-HEAD", 1),), 0, INVOICED, promised_in=3),
    Scene("closed_3", "Closed warehouse", "FR", "Strasbourg",
          (("BPK-DAY", 1),), 0, SHIPPED, promised_in=3),
    Scene("offline_1", "Warehouse switched off", "PL", "Kraków",
          (("HYD-THERM", 1), ("FOO-SOCK", 2))),
    Scene("offline_2", "Warehouse switched off", "PL", "Gdańsk", (("BPK-DAY", 1),)),
    Scene("backorder", "Back-order", "DE", "Hamburg", (("TNT-BASE", 1), ("LGT-HEAD", 2)), 3),
    Scene("backorder_part", "Back-order", "IT", "Trento", (("FRN-BED", 9),), 2),
    Scene("no_warehouse", "No way there", "CH", "Zürich", (("CLO-DOWN", 1),)),
    Scene("ship_complete", "Waits for the rest", "IT", "Bologna",
          (("CLO-FLEECE", 4), ("TNT-BASE", 2)), 2, channel=WHOLESALE),
    Scene("by_hand", "Changed by hand", "IT", "Milano",
          (("SLP-PAD", 2), ("HYD-THERM", 2))),
    Scene("reallocated", "Re-allocated", "FR", "Rennes", (("SLP-PAD", 1),), 2),
    Scene("marketplace", "Decided by rules", "ES", "Barcelona",
          (("SLP-LITE", 1), ("CLO-MERINO", 2)), channel=MARKETPLACE),
    Scene("express", "Express, to keep the promise", "DE", "Leipzig",
          (("LGT-STAT", 1),), promised_in=1),
    Scene("service", "Service asked for", "AT", "Innsbruck", (("BPK-CITY", 1),), service=EXPRESS),
    Scene("freight", "Freight", "DE", "Leipzig", (("WTR-RAFT", 1),), service=FREIGHT),
    Scene("partly", "Partly delivered", "DE", "Freiburg im Breisgau",
          (("COK-IRON", 2), ("LGT-LANT", 3)), 5, PARTLY),
)  # fmt: skip
TITLES = {scene.key: scene.title for scene in SCENES} | {"rush": "Full warehouse"}


def stories(
    today: date, closed_from: date, towns: list[Town], chooser: Random
) -> Iterator[tuple[Customer, Order]]:
    """Each scene's customer and order; the scenes of the closure happen on its first days."""
    by_city = {(town.country, town.city): town for town in towns}
    for number, scene in enumerate(SCENES, start=1):
        town = by_city[scene.country, scene.city]
        firm = scene.channel == WHOLESALE and scene.country in FIRM_NAMES
        customer = person(f"S{number:04d}", town, chooser, firm=firm)
        day = closed_from if scene.key.startswith("closed") else today - timedelta(scene.days_ago)
        yield customer, order(scene.key, f"DEMO-{number:02d}", customer, day, 8 * 60, scene)
    spanish = [town for town in towns if town.country == "ES" and town.state != "PM"]
    for number in range(RUSH_ORDERS):
        customer = person(f"R{number + 1:04d}", chooser.choice(spanish), chooser)
        scene = Scene("rush", "", "ES", "", (("HYD-FLASK", 1),), promised_in=3)
        minute = 9 * 60 + 11 * number
        yield (
            customer,
            order("rush", f"DEMO-R{number + 1:02d}", customer, today - timedelta(1), minute, scene),
        )


def order(key: str, ref: str, customer: Customer, day: date, minute: int, scene: Scene) -> Order:
    return Order(
        ref=ref,
        placed_at=datetime.combine(day, time()) + timedelta(minutes=minute),
        channel=scene.channel,
        customer=customer.key,
        lines=scene.lines,
        fate=scene.fate,
        promised=day + timedelta(scene.promised_in) if scene.promised_in else None,
        service=scene.service,
        story=key,
        plots=scene.plots,
    )
