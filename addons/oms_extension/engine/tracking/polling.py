"""When to ask a carrier about a parcel again, and how long to leave alone a carrier that fails.

A parcel is asked about the more often the sooner something can happen to it: every half hour while
it is out for delivery, every few hours on its way, more often around the day it is expected, and
the less often the longer nothing has been heard of it. Nothing is asked about a parcel whose way
has ended, or of which nothing was heard for :data:`GIVE_UP`.

A carrier that fails rests for an exponentially growing time with jitter, so that many who wait for
it do not all come back at once (Brooker, *Exponential Backoff and Jitter*, AWS 2015), then is
probed with one number, as a circuit breaker in its half-open state does (Nygard, *Release It!*,
2007, ch. 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from .vocabulary import STATES

Health = Literal["new", "ok", "shaky", "down"]

INTERVALS: Final[dict[str, timedelta]] = {
    "pending": timedelta(hours=4),
    "expired": timedelta(hours=24),
    "label_created": timedelta(hours=6),
    "picked_up": timedelta(hours=4),
    "in_transit": timedelta(hours=4),
    "customs": timedelta(hours=6),
    "delayed": timedelta(hours=4),
    "on_hold": timedelta(hours=6),
    "out_for_delivery": timedelta(minutes=30),
    "attempt_failed": timedelta(hours=3),
    "ready_for_pickup": timedelta(hours=6),
    "exception": timedelta(hours=4),
    "damaged": timedelta(hours=12),
    "returning": timedelta(hours=12),
}
"""How long after the last question the next one is asked, as long as the parcel is not silent."""

QUIET: Final = timedelta(hours=36)
"""A gap between two scans at which nobody wonders; from there on a parcel counts as silent."""
QUIET_OUT: Final = timedelta(hours=12)
"""The same for a parcel that is out for delivery: the day is over."""
SLOWEST: Final = timedelta(hours=24)
NEAR: Final = timedelta(hours=2)
"""Longest interval on the days on which the parcel is expected."""
BEFORE: Final = timedelta(hours=6)
AFTER: Final = timedelta(hours=24)
"""How far around the expected arrival the parcel counts as near."""
GIVE_UP: Final = timedelta(days=60)
SPREAD: Final = 0.1
"""Share by which an interval is shorter or longer, so that parcels of one day part ways."""

FIRST_REST: Final = timedelta(minutes=1)
LONGEST_REST: Final = timedelta(hours=6)
REFUSED_REST: Final = timedelta(hours=1)
"""After refused credentials: a person has to act, and repeating them locks accounts."""
LONGEST_WISH: Final = timedelta(hours=24)
"""A carrier that asks to be left alone for longer than this is not believed."""
NUMBER_REST: Final = timedelta(minutes=30)
DOWN_AFTER: Final = 3
"""Failures in a row after which a carrier counts as down."""

_MOVING: Final = frozenset(
    {"picked_up", "in_transit", "customs", "delayed", "on_hold", "attempt_failed"}
)
_GOLDEN: Final = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the next question depends on; all times in one zone, or all without.

    :ivar state: key of :data:`vocabulary.STATES`. :ivar since: handed over, or else recorded.
    :ivar heard: the last event. :ivar expected: earliest and latest arrival, as predicted.
    """

    state: str
    since: datetime
    heard: datetime | None = None
    expected: tuple[datetime, datetime] | None = None

    @property
    def last_sign(self) -> datetime:
        """The last sign of life: the last event, or the hand-over where none came since."""
        return max(self.since, self.heard) if self.heard else self.since


def interval(parcel: Parcel, now: datetime) -> timedelta | None:
    """How long to wait from ``now`` until the next question; None: ask no more.

    >>> way = Parcel("in_transit", datetime(2025, 3, 3), datetime(2025, 3, 4))
    >>> interval(way, datetime(2025, 3, 4, 6))
    datetime.timedelta(seconds=14400)
    """
    state = STATES[parcel.state]
    silent = now - parcel.last_sign
    if state.terminal or silent >= GIVE_UP:
        return None
    wait = INTERVALS[parcel.state]
    quiet = QUIET_OUT if parcel.state == "out_for_delivery" else QUIET
    if silent > quiet:
        wait *= silent / quiet
    wait = min(wait, SLOWEST)
    if parcel.expected and parcel.state in _MOVING:
        earliest, latest = parcel.expected
        if earliest - BEFORE <= now <= latest + AFTER:
            wait = min(wait, NEAR)
        elif now < earliest - BEFORE:
            wait = min(wait, max(earliest - BEFORE - now, NEAR))
    return wait


def next_poll(parcel: Parcel, now: datetime, spread: float = 0.5) -> datetime | None:
    """When to ask about the parcel next; None: never again.

    :param spread: 0 to 1, of :func:`spread_of`: a tenth earlier or later
    """
    wait = interval(parcel, now)
    return None if wait is None else now + wait * (1 + SPREAD * (2 * spread - 1))


def spread_of(identifier: int) -> float:
    """A number from 0 to 1, evenly spread over successive ``identifier``, always the same for one.

    >>> [round(spread_of(one), 2) for one in (1, 2, 3)]
    [0.62, 0.24, 0.85]
    """
    return (identifier * _GOLDEN) % 1.0


def rest(
    failures: int, spread: float = 1.0, wish: timedelta | None = None, refused: bool = False
) -> timedelta:
    """How long to leave a carrier alone after so many failures in a row.

    :param spread: 0 to 1: half of the time is fixed, the other half is drawn
    :param wish: what its ``Retry-After`` asks for; never shortened, but see :data:`LONGEST_WISH`
    :param refused: it did not accept the credentials

    >>> [rest(failures).total_seconds() / 60 for failures in (1, 2, 3, 20)]
    [1.0, 2.0, 4.0, 360.0]
    """
    wait = FIRST_REST * 2.0 ** min(max(failures - 1, 0), 16)
    wait = min(max(wait, REFUSED_REST) if refused else wait, LONGEST_REST)
    wait *= 0.5 + 0.5 * spread
    if wish is not None:
        wait = max(wait, min(wish, LONGEST_WISH) * (1 + SPREAD * spread))
    return wait


def rest_of_number(failures: int, spread: float = 1.0) -> timedelta:
    """How long to leave alone a number about which no sense was to be got, so many times in a row.

    So one number that a carrier stumbles over never stands in front of the others.
    """
    wait = min(NUMBER_REST * 2.0 ** min(max(failures - 1, 0), 16), SLOWEST)
    return wait * (0.5 + 0.5 * spread)


def wish(header: str, now: datetime) -> timedelta | None:
    """What a ``Retry-After`` header asks for: seconds or a date (RFC 9110 §10.2.3).

    :param now: with zone
    :return: None where it says nothing intelligible

    >>> wish("120", datetime(2025, 3, 3, tzinfo=UTC))
    datetime.timedelta(seconds=120)
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())


def health(asked: bool, failures: int) -> Health:
    """How a carrier does: ``failures`` in a row, the last question included."""
    if failures >= DOWN_AFTER:
        return "down"
    if failures:
        return "shaky"
    return "ok" if asked else "new"


def lot(failures: int, most: int) -> int:
    """How many numbers to ask about at once: one as long as the carrier has to prove itself."""
    return 1 if failures else max(most, 1)
