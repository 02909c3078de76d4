"""How many working days a lane really takes, for the promises of later orders."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import Final, NamedTuple

TRUST: Final = 20
"""What a person wrote counts like so many parcels."""
LEAST: Final = 10
"""So many parcels must have arrived before anything is learned."""


class Observed(NamedTuple):
    """``parcels`` parcels that took ``days`` working days, or have been on the way that long."""

    days: int
    arrived: bool
    parcels: int


def days_needed(observed: Iterable[Observed], share: float) -> int | None:
    """Working days within which ``share`` of the parcels arrive.

    Parcels that are still on their way count as long as they have been (Kaplan & Meier, JASA 53,
    1958): leaving them out would learn from the fast ones only. None where so many have not arrived
    yet that nobody can tell.

    >>> days_needed([Observed(1, True, 70), Observed(2, True, 30)], 0.9)
    2
    """
    arrived: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for one in observed:
        side = arrived if one.arrived else waiting
        side[one.days] = side.get(one.days, 0) + one.parcels
    at_risk = sum(arrived.values()) + sum(waiting.values())
    left = 1.0
    for days in sorted(arrived.keys() | waiting.keys()):
        if at_risk > 0:
            left *= 1 - arrived.get(days, 0) / at_risk
        # Rounding must not cost a day: 1 - 0.9 is less than a tenth.
        if left <= 1 - share + 1e-9:
            return days
        at_risk -= arrived.get(days, 0) + waiting.get(days, 0)
    return None


def shrunk(days: int, parcels: int, configured: int) -> int:
    """What to promise: what was observed, drawn to what a person wrote while parcels are few.

    >>> shrunk(5, 10, 2), shrunk(5, 200, 2)
    (3, 5)
    """
    mixed = (days * parcels + configured * TRUST) / (parcels + TRUST)
    return floor(mixed + 0.5)


def learn(observed: Iterable[Observed], share: float, configured: int) -> tuple[int, int] | None:
    """(working days to promise, parcels that they were learned from), or None: too few yet."""
    observed = list(observed)
    parcels = sum(one.parcels for one in observed if one.arrived)
    days = days_needed(observed, share) if parcels >= LEAST else None
    return None if days is None else (shrunk(days, parcels, configured), parcels)
