"""What a customer is told about a parcel, and when.

:func:`due` is a pure function of a parcel's standing and of what was told before; nothing is told
twice, nothing that is old, and nothing that better news has overtaken. :func:`send_at` keeps quiet
hours in the customer's own time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Final, Literal
from zoneinfo import ZoneInfo

Kind = Literal[
    "shipped",
    "out_for_delivery",
    "delay",
    "attempt_failed",
    "ready_for_pickup",
    "delivered",
    "returning",
    "lost",
]

KINDS: Final[tuple[Kind, ...]] = (
    "shipped",
    "out_for_delivery",
    "delay",
    "attempt_failed",
    "ready_for_pickup",
    "delivered",
    "returning",
    "lost",
)
IMPORTANT: Final[frozenset[Kind]] = frozenset(
    {"delay", "attempt_failed", "ready_for_pickup", "returning", "lost"}
)
"""What a customer wants to know who wants to know little: something is to be done or goes wrong."""
FRESH: Final[Mapping[Kind, timedelta]] = {
    kind: timedelta(hours=16 if kind == "out_for_delivery" else 48) for kind in KINDS
}
"""How old news may be when it arrives."""
LINGERS: Final = timedelta(hours=24)
"""How much longer news may have waited for its turn (quiet hours, a server that stood still)."""
FORGOTTEN: Final = timedelta(days=7)
"""News that is older is history: nobody asks why it was not told."""
AHEAD: Final = timedelta(hours=1)
"""Clocks differ: what lies further ahead has not happened."""
MOVED: Final = timedelta(days=1)
"""An arrival that moves by less is no news."""
DELAY_AGAIN: Final = timedelta(hours=48)
DELAYS: Final = 3
"""At most so many notices of delay for a parcel, and none sooner after another."""

_ON_ITS_WAY: Final = frozenset(
    {"pending", "label_created", "picked_up", "in_transit", "customs", "delayed", "on_hold"}
)
"""States in which that a parcel was sent is still news, and when it comes a question."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as its customer sees it; all moments in one zone.

    :ivar estimate_at: when it probably comes. :ivar told_until: the last day that the customer was
        told, or promised. :ivar delays: notices of delay so far, the latest at ``delay_at``.
    """

    state: str
    outbound: bool = True
    since: datetime | None = None
    shipped_at: datetime | None = None
    first_scan_at: datetime | None = None
    last_attempt_at: datetime | None = None
    ready_at: datetime | None = None
    delivered_at: datetime | None = None
    estimate_at: datetime | None = None
    told_until: datetime | None = None
    delays: int = 0
    delay_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell.

    :ivar occasion: 0; for delays 1, 2, …: what is told once is told once by this pair.
    :ivar at: when it happened. :ivar stale: too old when it came: to be noted, and not sent.
    """

    kind: Kind
    at: datetime
    occasion: int = 0
    stale: bool = False


def due(parcel: Parcel, told: Collection[str], now: datetime) -> tuple[News, ...]:
    """What is to be told now: at most one thing about where it is, and a delay.

    :param told: kinds of which something was told, or decided not to be, before
    """
    if not parcel.outbound:
        return ()
    found = []
    happened = _happened(parcel)
    if happened and happened[0] not in told:
        kind, at = happened
        age = now - at
        if -AHEAD <= age <= FORGOTTEN:
            found.append(News(kind, at, stale=age > FRESH[kind]))
    # Who is told that a parcel was sent is told when it comes.
    tells_date = any(news.kind == "shipped" and not news.stale for news in found)
    if not tells_date and _is_late(parcel, now):
        found.append(News("delay", now, parcel.delays + 1))
    return tuple(found)


def still_true(kind: str, parcel: Parcel, at: datetime, now: datetime) -> bool:
    """Whether what was to be told is still so, and still news, when its turn comes.

    :param at: when it happened
    """
    if kind == "delay":
        return _moved(parcel, now)
    happened = _happened(parcel)
    fresh = now - at <= FRESH[kind] + LINGERS  # type: ignore[index]
    return bool(happened and happened[0] == kind and fresh)


def send_at(now: datetime, zone: str | None, quiet_from: float, quiet_until: float) -> datetime:
    """The next moment that is not in the quiet hours of a place.

    :param quiet_from, quiet_until: local hours of the day (21.5 is half past nine); equal hours
        mean that no time is quiet
    :return: ``now``, or the end of the quiet hours, in UTC

    >>> night = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    >>> send_at(night, "Europe/Rome", 21, 8).isoformat()
    '2026-03-29T06:00:00+00:00'
    """
    local = now.astimezone(ZoneInfo(zone or "UTC"))
    hour = local.hour + local.minute / 60 + local.second / 3600
    across = quiet_from > quiet_until
    evening, morning = hour >= quiet_from, hour < quiet_until
    if not ((evening or morning) if across else (evening and morning)):
        return now.astimezone(UTC)
    day = local.date() + timedelta(days=1 if across and evening else 0)
    minutes = round(quiet_until * 60)
    days, minutes = divmod(minutes, 24 * 60)
    at = datetime.combine(
        day + timedelta(days=days), clock(*divmod(minutes, 60)), ZoneInfo(zone or "UTC")
    )
    return at.astimezone(UTC)


def _happened(parcel: Parcel) -> tuple[Kind, datetime] | None:
    """What the parcel's state says to its customer, and when it came to pass."""
    at: datetime | None
    kind: Kind
    match parcel.state:
        case "out_for_delivery":
            kind, at = "out_for_delivery", parcel.since
        case "attempt_failed":
            kind, at = "attempt_failed", parcel.last_attempt_at or parcel.since
        case "ready_for_pickup":
            kind, at = "ready_for_pickup", parcel.ready_at or parcel.since
        case "delivered":
            kind, at = "delivered", parcel.delivered_at
        case "returning":
            kind, at = "returning", parcel.since
        case "lost":
            kind, at = "lost", parcel.since
        case state if state in _ON_ITS_WAY:
            kind, at = "shipped", parcel.shipped_at or parcel.first_scan_at
        case _:
            return None
    return (kind, at) if at else None


def _is_late(parcel: Parcel, now: datetime) -> bool:
    if parcel.delays >= DELAYS or (parcel.delay_at and now - parcel.delay_at < DELAY_AGAIN):
        return False
    return _moved(parcel, now)


def _moved(parcel: Parcel, now: datetime) -> bool:
    """It will come later than was told, by more than a day."""
    estimate, told = parcel.estimate_at, parcel.told_until
    if parcel.state not in _ON_ITS_WAY or not estimate or not told:
        return False
    return estimate > now and estimate - told > MOVED
