"""The carriers of the story: how good they are, when they deliver, how their numbers look.

None of the figures is measured: they are such that a scorecard has something to tell.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...engine.tracking.numbers import modulo10, s10, ups

SPEECH = Path(__file__).resolve().parent.parent / "data" / "carrier_speech.csv"


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody who moves parcels.

    :ivar door: how its events come in, a value of ``oms.shipment.event.door``.
    :ivar vocabulary: whose status codes these are, where not its own.
    :ivar days: weekdays on which it delivers (0 is Monday).
    :ivar early: share of the parcels that come a day before the lane's time, where that is more
        than one day; ``late``: shares of those that come one, two, three days after it.
    :ivar absent: share of the parcels whose recipient is not at home the first time.
    :ivar shop: share of the parcels that wait for their recipient somewhere.
    :ivar promises: it tells when it will deliver, as soon as it has the parcel.
    :ivar hub: town through which all parcels go, empty: one in each country.
    """

    key: str
    name: str
    door: str
    days: range = range(5)
    vocabulary: str = ""
    early: float = 0.06
    late: tuple[float, ...] = (0.10, 0.03, 0.01)
    absent: float = 0.05
    shop: float = 0.03
    promises: bool = False
    hub: str = ""


CARRIERS = {
    one.key: one
    for one in (
        Carrier("gls", "GLS", "poll", late=(0.13, 0.04, 0.01), absent=0.07),
        Carrier("dhl_parcel_de", "DHL Paket", "poll", range(6), late=(0.08, 0.02), absent=0.03,
                shop=0.12, promises=True),
        Carrier("brt", "BRT", "rpc", late=(0.12, 0.05, 0.02), absent=0.11),
        Carrier("laposte", "La Poste Colissimo", "poll", range(6), late=(0.10, 0.04),
                shop=0.10, promises=True),
        Carrier("correos", "Correos", "webhook", vocabulary="aftership",
                late=(0.18, 0.08, 0.03), absent=0.12, shop=0.08),
        Carrier("inpost", "InPost", "webhook", range(7), early=0.10, late=(0.05, 0.01),
                absent=0.02, shop=0.30),
        Carrier("dhl_express", "DHL Express", "poll", early=0.0, late=(0.05, 0.01), absent=0.04,
                shop=0.01, promises=True, hub="Leipzig"),
        Carrier("ups", "UPS", "webhook", early=0.0, late=(0.07, 0.02), absent=0.05, shop=0.02,
                promises=True, hub="Köln"),
        Carrier("dachser", "Dachser", "file", vocabulary="iftsta:d98a", early=0.0,
                late=(0.15, 0.05), absent=0.0, shop=0.0),
    )
}  # fmt: skip

OWN_CODES = {
    "brt": (
        ("700", "label_created", ""),
        ("701", "picked_up", ""),
        ("702", "in_transit", ""),
        ("027", "in_transit", ""),
        ("703", "in_transit", ""),
        ("707", "delayed", "carrier_sorting_error"),
        ("mic", "out_for_delivery", ""),
        ("704", "delivered", ""),
        ("avv", "attempt_failed", "consignee_not_home"),
        ("722", "ready_for_pickup", ""),
        ("724", "delivered", "picked_up_by_recipient"),
        ("zsc", "delayed", "carrier_strike"),
        ("man", "lost", "carrier_parcel_lost"),
    )
}
"""What the shop's people told of codes that no shipped table knows: (code, state, reason).

BRT publishes no list; these are of its customers' programs, such as PrestaShop's modules.
"""
UNKNOWN_STEP = "slow"
"""A step whose code nobody has told the meaning of yet."""


def number(carrier: str, serial: int) -> str:
    """A tracking number as this carrier's, with right check digits; another for each serial.

    :param serial: below a million

    >>> number("ups", 7), number("correos", 7)
    ('1Z8W41236800000073', 'PQ730000074ES')
    """
    return _NUMBERS[carrier](serial)


def _with_digit(start: str, check: object, digits: str = "0123456789") -> str:
    return next(start + one for one in digits if check(start + one))  # type: ignore[operator]


def _s10(serial: int) -> str:
    start = f"PQ{73000000 + serial:08d}"
    return next(one for digit in range(10) if s10(one := f"{start}{digit}ES"))


def _dhl_express(serial: int) -> str:
    start = 431_000_000 + serial
    return f"{start}{start % 7}"


_NUMBERS = {
    "gls": lambda serial: _with_digit(f"7210{serial:07d}", modulo10),
    "dhl_parcel_de": lambda serial: _with_digit(
        f"0034043457{serial:09d}", lambda one: modulo10(one[2:])
    ),
    "brt": lambda serial: f"0660{61_000_000 + serial:08d}",
    "laposte": lambda serial: f"6A{18_400_000_000 + serial:011d}",
    "correos": _s10,
    "inpost": lambda serial: f"6200{10_034_017_000_000_000_000 + serial:020d}",
    "dhl_express": _dhl_express,
    "ups": lambda serial: _with_digit(f"1Z8W412368{serial:07d}", ups),
    "dachser": lambda serial: _with_digit(f"34026541{serial:09d}", modulo10),
}


@cache
def speech() -> dict[tuple[str, str, str], tuple[str, str]]:
    """(carrier, language, step) → (code, text), from ``data/carrier_speech.csv``."""
    with SPEECH.open(encoding="utf-8", newline="") as stream:
        return {
            (row["carrier"], row["language"], row["step"]): (row["code"], row["text"])
            for row in csv.DictReader(stream)
        }


@cache
def says(carrier: str, country: str, step: str) -> tuple[str, str] | None:
    """What a carrier says of a step, to a recipient in ``country``; None: it never says that."""
    known = speech()
    own = {"AT": "de", "CH": "de"}.get(country, country.lower())
    for language in (own, "en", *sorted({key[1] for key in known if key[0] == carrier})):
        if found := known.get((carrier, language, step)):
            return found
    return None
