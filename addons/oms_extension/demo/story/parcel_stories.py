"""The parcels that a visitor is shown: one in each state, and what a person must see to.

They follow the scenes of ``stories.py``, and have a chooser of their own so that they change
nothing in the orders before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from .network import BRT, COLISSIMO, CORREOS, DHL_PAKET, ECONOMY, EXPRESS, INPOST, UPS
from .orders import INVOICED, SHIPPED, Order
from .people import Customer, Town, person
from .stories import SCENES, Scene, order

STRIKE_WEEKS_AGO = 5
PORTAL_CUSTOMER = "S0001"
"""The customer of the first scene, who has a log-in, also has parcels."""
CUSTOMS_TOWN = ("CH", "Zürich")

PARCEL_SCENES = (
    Scene("parcel_portal", "Three parcels, three states", "DE", "Freiburg im Breisgau",
          (("BPK-DAY", 1), ("FOO-SOCK", 3), ("HYD-FLASK", 1)), 4, SHIPPED, promised_in=5,
          service=DHL_PAKET, plots=("delivered_yesterday", "out_today", "ready_yesterday")),
    Scene("parcel_out", "Parcel out for delivery", "PL", "Kraków",
          (("HYD-FLASK", 1), ("LGT-HEAD", 1)), 3, SHIPPED, promised_in=4, service=INPOST,
          plots=("out_today",)),
    Scene("parcel_attempt", "Delivery failed", "IT", "Milano",
          (("HYD-FLASK", 2),), 4, SHIPPED, promised_in=5, service=BRT, plots=("absent_now",)),
    Scene("parcel_ready", "Ready for pick-up", "FR", "Lyon",
          (("FOO-SOCK", 1), ("CLO-MERINO", 1)), 5, SHIPPED, promised_in=5, service=COLISSIMO,
          plots=("ready_now",)),
    Scene("parcel_address", "Address not found", "AT", "Innsbruck",
          (("FOO-TRAIL", 1),), 4, SHIPPED, promised_in=5, service=EXPRESS, plots=("address",)),
    Scene("parcel_returning", "Not collected, coming back", "ES", "Málaga",
          (("BPK-DAY", 1),), 17, SHIPPED, service=CORREOS, plots=("returning",)),
    Scene("parcel_refused", "Refused at the door", "FR", "Rennes",
          (("LGT-HEAD", 2),), 4, SHIPPED, promised_in=5, service=UPS, plots=("refused",)),
    Scene("parcel_lost", "Lost parcel", "IT", "Napoli",
          (("FOO-TRAIL", 1), ("FOO-SOCK", 2)), 16, SHIPPED, service=BRT, plots=("lost",)),
    Scene("parcel_damaged", "Damaged on the way", "DE", "Köln",
          (("HYD-THERM", 2),), 5, SHIPPED, promised_in=6, service=DHL_PAKET, plots=("damaged",)),
    Scene("parcel_silent", "No news for days", "AT", "Graz",
          (("HYD-FLASK", 1), ("FOO-SOCK", 1)), 11, SHIPPED, service=ECONOMY, plots=("silent",)),
    Scene("parcel_not_scanned", "Not scanned since hand-over", "DE", "Hamburg",
          (("LGT-HEAD", 1),), 4, SHIPPED, promised_in=6, service=ECONOMY, plots=("not_scanned",)),
    Scene("parcel_late", "Will miss its promise", "PL", "Gdańsk",
          (("FOO-SOCK", 4),), 4, SHIPPED, promised_in=3, service=INPOST, plots=("delayed",)),
    Scene("parcel_two", "One parcel here, one on its way", "IT", "Verona",
          (("FOO-TRAIL", 1), ("HYD-FLASK", 2)), 4, SHIPPED, promised_in=6, service=ECONOMY,
          plots=("delivered_yesterday", "under_way")),
    Scene("parcel_strike", "Strike week", "IT", "Bari",
          (("FOO-TRAIL", 1), ("LGT-HEAD", 1)), 0, INVOICED, promised_in=3, service=BRT,
          plots=("strike",)),
    Scene("parcel_return", "Return on its way back", "DE", "München",
          (("FOO-TRAIL", 1), ("FOO-SOCK", 2)), 15, INVOICED, service=DHL_PAKET),
)  # fmt: skip
TITLES = {scene.key: scene.title for scene in PARCEL_SCENES}


def strike_from(today: date) -> date:
    """The Monday on which BRT's strike in Italy began."""
    return today - timedelta(days=7 * STRIKE_WEEKS_AGO + today.weekday())


def parcel_stories(
    today: date, towns: list[Town], known: dict[str, Customer], chooser: Random
) -> Iterator[tuple[Customer | None, Order]]:
    """Each scene's order, with its customer unless that is a known one."""
    by_city = {(town.country, town.city): town for town in towns}
    for number, scene in enumerate(PARCEL_SCENES, start=len(SCENES) + 1):
        made = None
        if scene.key == "parcel_portal":
            customer = known[PORTAL_CUSTOMER]
        else:
            town = by_city[scene.country, scene.city]
            customer = made = person(f"T{number:04d}", town, chooser)
        day = today - timedelta(days=scene.days_ago)
        if scene.key == "parcel_strike":
            day = strike_from(today)
        yield made, order(scene.key, f"DEMO-{number:02d}", customer, day, 8 * 60, scene)


def customs_customer(towns: list[Town], chooser: Random) -> Customer:
    """A customer outside the customs union, to whom a sample was sent without an order."""
    town = next(one for one in towns if (one.country, one.city) == CUSTOMS_TOWN)
    return person("T0099", town, chooser)
