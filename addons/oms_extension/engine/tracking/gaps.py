"""How long a carrier left a parcel without a scan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from .ledger import holder
from .rules import Fact
from .vocabulary import STATES


def longest_gap(events: Iterable[Fact]) -> float | None:
    """Hours between two scans, the most of them, while the carrier held the parcel and it was on
    its way.

    What follows a hand-over to customs, a counter or a recipient who was not there is nobody's
    silence, nor is what follows the delivery. None with fewer than two scans.

    :param events: in any order and any number of times
    """
    scans = sorted(
        (one for one in set(events) if one.state in STATES and STATES[one.state].physical),
        key=lambda one: one.order,
    )
    gaps: list[timedelta] = []
    for one, following in pairwise(scans):
        if STATES[one.state].terminal:
            break
        if holder(one) == "carrier":
            gaps.append(following.at - one.at)
    return max(gaps) / timedelta(hours=1) if gaps else None
