"""A parcel's way as its recipient sees it: five steps, the one it is at, and what went wrong.

The steps follow from the shipment's state and its milestones. What is trouble is shown as such, at
the step at which it happened; nothing is shown as reached that was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from .vocabulary import STATES

Status = Literal["done", "current", "trouble", "ahead"]

OUTWARD: Final = ("ordered", "handed_over", "on_its_way", "out_for_delivery", "delivered")
COLLECTED: Final = ("ordered", "handed_over", "on_its_way", "ready_for_pickup", "delivered")
"""Where the parcel waits at a pick-up point."""
SENT_BACK: Final = ("ordered", "handed_over", "on_its_way", "returning", "returned")
"""Where the parcel did not find its recipient."""
RETURN: Final = ("announced", "handed_over", "on_its_way", "arrived")
"""What a customer sends back."""

_POSITION: Final = {
    "pending": 0,
    "label_created": 0,
    "picked_up": 1,
    "in_transit": 2,
    "customs": 2,
    "out_for_delivery": 3,
    "attempt_failed": 3,
    "ready_for_pickup": 3,
    "returning": 3,
    "delivered": 4,
    "returned": 4,
}
"""Where a state stands on the way; the others happen wherever the parcel is."""


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of a parcel's way: its state and when it came to which point.

    :ivar returning: a customer sends it back. Times may be None where they are unknown.
    """

    state: str
    returning: bool = False
    ordered_at: datetime | None = None
    shipped_at: datetime | None = None
    first_scan_at: datetime | None = None
    out_at: datetime | None = None
    ready_at: datetime | None = None
    delivered_at: datetime | None = None
    returned_at: datetime | None = None
    state_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way. ``at``: when it was reached, as far as known."""

    key: str
    status: Status
    at: datetime | None = None


def steps(way: Way) -> list[Step]:
    """The steps of a parcel's way, from the first to the last.

    >>> [(one.key, one.status) for one in steps(Way("out_for_delivery"))][2:]
    [('on_its_way', 'done'), ('out_for_delivery', 'current'), ('delivered', 'ahead')]
    """
    keys = _keys(way)
    position = min(_position(way), len(keys) - 1)
    state = STATES.get(way.state, STATES["pending"])
    finished = way.state in ("delivered", "returned")
    times = _times(way)
    found = []
    for index, key in enumerate(keys):
        status: Status
        if index < position or (index == position and finished and not state.trouble):
            status = "done"
        elif index > position:
            status = "ahead"
        else:
            status = "trouble" if state.trouble or way.state == "cancelled" else "current"
        found.append(Step(key, status, times.get(key) if status != "ahead" else None))
    return found


def _keys(way: Way) -> tuple[str, ...]:
    if way.returning:
        return RETURN
    if way.state in ("returning", "returned"):
        return SENT_BACK
    if way.state == "ready_for_pickup" or (way.ready_at and way.state == "delivered"):
        return COLLECTED
    return OUTWARD


def _position(way: Way) -> int:
    """How far the parcel has come."""
    seen = 2 if way.first_scan_at else 0
    left = max(seen, 1 if way.shipped_at else 0)
    reached = max(left, 3 if way.out_at or way.ready_at else 0, 4 if way.delivered_at else 0)
    if way.returning:
        # The shop's receipt, or the carrier's delivery to it, ends a return.
        done = way.state in ("delivered", "returned")
        return 3 if done else min(max(left, _POSITION.get(way.state, 0)), 2)
    if way.state in ("pending", "label_created"):
        return left
    return _POSITION.get(way.state, reached)


def _times(way: Way) -> dict[str, datetime | None]:
    known = [one for one in (way.shipped_at, way.first_scan_at) if one]
    return {
        "ordered": way.ordered_at,
        # Who books a transfer after the carrier has come does not turn the time back.
        "handed_over": min(known, default=None),
        "on_its_way": way.first_scan_at,
        "out_for_delivery": way.out_at,
        "ready_for_pickup": way.ready_at,
        "delivered": way.delivered_at,
        "returning": way.state_at if way.state == "returning" else None,
        "returned": way.returned_at,
        "arrived": way.delivered_at or way.returned_at,
    }
