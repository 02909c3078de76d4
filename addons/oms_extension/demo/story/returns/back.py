"""What the club's customers sent back: when, why, in which state, and where it went then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import exp, log
from random import Random

from .causes import CAUSES, FOUND, RATES, REASONS, USED, WEARABLES, WORN, Cause
from .club import REPEATER, ClubOrder, SoldLine
from .said import LANGUAGE_OF, WORDS

MEDIAN_DAYS, SPREAD, LONGEST = 8.0, 0.6, 45
WRONG_TICK = 0.3
"""Share of customers who tick a reason that is not theirs."""
WRITES = 0.45
OFTEN = 0.97
"""Share of its units that the customer sends back who sends back nearly everything."""
CLAIMS = ("arrived_damaged", "wrong_item")
CONDITIONS = {
    "good": (("a", 70), ("b", 24), ("c", 6)),
    "defective": (("c", 25), ("d", 75)),
}
GOES = {"a": "restock", "b": "restock", "c": "refurbish", "d": "scrap"}
WORTH = {"restock": 1.0, "refurbish": 0.6, "vendor": 0.5, "scrap": 0.0}
"""Share of its cost that a unit is worth where it goes."""
MOVED_ON_AFTER = 40
"""Days until goods set apart for work or for their vendor are gone from there."""


@dataclass(frozen=True, slots=True)
class Back:
    """Units of one line of a club order that came back, or were claimed.

    :ivar place: position of the order, and of its line in it.
    :ivar keep: the goods stay with the customer, as do those of most claims.
    :ivar received_at: None as long as they are awaited.
    :ivar cause: key of the planted cause, or empty.
    """

    place: tuple[int, int]
    units: int
    requested_at: datetime
    received_at: datetime | None
    reason: str
    found: str
    comment: str
    outcome: str
    keep: bool
    condition: str
    goes: str
    cause: str


def came_back(today: date, orders: list[ClubOrder], chooser: Random,
              country_of: dict[str, str]) -> Iterator[Back]:  # fmt: skip
    """All returns that were asked for before ``today``."""
    odd = {}
    for number, order in enumerate(orders):
        for position, line in enumerate(order.lines):
            product = line.article.product
            if product.code not in odd:
                odd[product.code] = exp(chooser.gauss(0, 0.18))
            usual = RATES[product.category] * odd[product.code]
            if order.customer == REPEATER:
                usual = OFTEN
            for _unit in range(line.units):
                planted = _planted(today, order, line, chooser)
                if planted is None and chooser.random() >= usual:
                    continue
                took = chooser.lognormvariate(log(MEDIAN_DAYS), SPREAD)
                requested_at = order.delivered_at + timedelta(days=min(took, LONGEST))
                if requested_at.date() >= today:
                    continue
                yield _back(
                    today, (number, position), line, requested_at, planted,
                    country_of[order.customer], chooser, order.customer == REPEATER,
                )  # fmt: skip
                break


def _planted(today: date, order: ClubOrder, line: SoldLine, chooser: Random) -> Cause | None:
    age = (today - order.delivered_at.date()).days
    for cause in CAUSES:
        if age <= cause.since and cause.touches(order, line) and chooser.random() < cause.adds:
            return cause
    return None


def _back(
    today: date, place: tuple[int, int], line: SoldLine, requested_at: datetime,
    planted: Cause | None, country: str, chooser: Random, often: bool,
) -> Back:  # fmt: skip
    worn = line.article.product.category in WEARABLES
    true = planted.reason if planted else chooser.choices(REASONS, WORN if worn else USED)[0]
    reason = true
    if often:
        reason = true = "unwanted"
    elif chooser.random() < WRONG_TICK:
        reason = chooser.choices(REASONS, WORN if worn else USED)[0]
    found = planted.found if planted and not often else chooser.choice(FOUND[true])
    keep = reason in CLAIMS and chooser.random() < 0.8
    kinds = CONDITIONS["defective" if true in ("defective", "arrived_damaged") else "good"]
    condition = chooser.choices([one for one, _w in kinds], [weight for _one, weight in kinds])[0]
    goes = "vendor" if planted and planted.key == "lot" else GOES[condition]
    arrived = _office(requested_at + timedelta(days=chooser.uniform(2.5, 7)), chooser)
    received_at = None
    if not keep and arrived.date() < today:
        received_at = arrived
    exchange = worn and reason in ("too_small", "too_large") and chooser.random() < 0.4
    outcome = "credit" if chooser.random() < 0.08 else "exchange" if exchange else "refund"
    return Back(
        place=place,
        units=line.units if chooser.random() < 0.6 else 1,
        requested_at=requested_at,
        received_at=received_at,
        reason=reason,
        found=found,
        comment=_words(planted.key if planted else reason, country, chooser)
        if planted or chooser.random() < WRITES
        else "",
        outcome="refund" if keep else outcome,
        keep=keep,
        condition=condition,
        goes=goes,
        cause=planted.key if planted else "",
    )


def _words(key: str, country: str, chooser: Random) -> str:
    known = WORDS.get(key)
    if not known or chooser.random() > 0.85:
        return ""
    return chooser.choice(known.get(LANGUAGE_OF.get(country, country), known[""]))


def _office(moment: datetime, chooser: Random) -> datetime:
    """A working hour of that day, or of the next working day."""
    day = moment.date()
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(8)) + timedelta(minutes=chooser.randint(0, 420))
