"""When a warehouse ships and when the parcel arrives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HORIZON_DAYS = 60
"""A warehouse that does not ship within so many days counts as closed."""
DELIVERY_HOUR = 18.0
"""Parcels are taken to arrive by the end of the working day: a date, not an hour, is promised."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShippingDay:
    """A local date, and the moment (UTC) at which that day's parcels leave."""

    on: date
    leaves_at: datetime


def local_moment(on: date, hour: float, tz: str) -> datetime:
    """``hour`` (13.5 is half past one) of the local date ``on``, in UTC.

    Clock changes are honoured: the hour is what the wall clock shows on that day. An hour that a
    change skips is read as if the clock had not yet changed; of one that comes twice, the first.
    Raises ``ValueError`` for an unknown zone.
    """
    minutes = min(max(round(hour * 60), 0), 24 * 60 - 1)
    wall = datetime.combine(on, time(minutes // 60, minutes % 60), _zone(tz))
    return wall.astimezone(UTC)


def local_date(moment: datetime, tz: str) -> date:
    """The date that a calendar on the wall in zone ``tz`` shows at ``moment``."""
    return moment.astimezone(_zone(tz)).date()


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{tz!r} is not a time zone") from error


def shipping_days(
    now: datetime, tz: str, cutoff: float, weekdays: frozenset[int], closed_dates: frozenset[date]
) -> Iterator[ShippingDay]:
    """The next days on which a warehouse ships, first first, at most ``HORIZON_DAYS`` ahead.

    Today is one of them until its cut-off; the cut-off itself still counts.
    """
    today = local_date(now, tz)
    for ahead in range(HORIZON_DAYS):
        on = today + ahead * ONE_DAY
        if _works(on, weekdays, closed_dates):
            leaves_at = local_moment(on, cutoff, tz)
            if leaves_at >= now:
                yield ShippingDay(on, leaves_at)


@lru_cache(maxsize=4096)
def delivery_date(
    ship_on: date, transit_days: int, weekdays: frozenset[int], holidays: frozenset[date]
) -> date:
    """The date on which a parcel arrives that left on ``ship_on``.

    Only days on which the carrier works count; a parcel that needs none of them arrives on the
    first one from ``ship_on`` on. A carrier that never works is taken to work every day.
    """
    if transit_days <= 0:
        return _working_day(ship_on, weekdays, holidays)
    on = ship_on
    for _ in range(transit_days):
        on = _working_day(on + ONE_DAY, weekdays, holidays)
    return on


def working_days(start: date, end: date) -> int:
    """How many days of Monday to Friday :func:`delivery_date` needs from ``start`` to ``end``.

    An arrival at the weekend counts as one on the Monday after it.
    """
    weeks, day = divmod(end.toordinal() - 1, 7)
    arrived = weeks * 5 + min(day, 5) + 1
    weeks, day = divmod(start.toordinal() - 1, 7)
    return max(0, arrived - weeks * 5 - min(day + 1, 5)) if end > start else 0


def _working_day(start: date, weekdays: frozenset[int], closed: frozenset[date]) -> date:
    for ahead in range(HORIZON_DAYS):
        on = start + ahead * ONE_DAY
        if _works(on, weekdays, closed):
            return on
    return start


def _works(on: date, weekdays: frozenset[int], closed: frozenset[date]) -> bool:
    return on.weekday() in weekdays and on not in closed
