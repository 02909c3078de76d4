"""Where a parcel is scanned, and when: on working days, in the hours of depots and of vans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from ..carriers import UNKNOWN_STEP, Carrier, says
from .dispatch import Dispatch, Place, depot_of, hubs_between

SLOW_REGION = ("gls", "DE", "03")
"""Carrier, country and postcodes between Cottbus and Finsterwalde where it needs longer."""
SLOW_DAYS = (0.50, 0.40, 0.10)
"""Shares of parcels that need 0, 1, 2 days more there."""
FRIDAY_LATER = 0.15
"""Share of the parcels handed over on a Friday that miss the weekend's line haul."""
STRIKE = ("brt", "IT")
STRIKE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Scan:
    """A step of the way. ``at`` is in UTC, with zone; ``estimate``: day told with it."""

    step: str
    at: datetime
    place: Place
    estimate: date | None = None
    signed_by: str = ""


def local(place: Place, day: date, hour: float) -> datetime:
    """A moment by the clock of a place, in UTC."""
    moment = datetime.combine(day, time(), place.zone) + timedelta(hours=hour)
    return moment.astimezone(UTC).replace(microsecond=0)


def local_day(place: Place, at: datetime) -> date:
    return at.astimezone(place.zone).date()


def add_days(day: date, days: int, carrier: Carrier, strike: date | None = None) -> date:
    """The day of delivery: ``days`` days further on which the carrier works.

    :param strike: the first of ``STRIKE_DAYS`` days on which nothing moves
    """
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() in carrier.days and not _struck(day, strike):
            days -= 1
    return day


def _struck(day: date, strike: date | None) -> bool:
    return bool(strike) and 0 <= (day - strike).days < STRIKE_DAYS  # type: ignore[operator]


def usual(dispatch: Dispatch) -> list[Scan]:
    """A way as parcels usually go, with the small mishaps that belong to it, to its end."""
    luck = Random(f"{dispatch.key} {dispatch.number}")
    carrier, target = dispatch.carrier, dispatch.target
    left_at = dispatch.left_at.replace(tzinfo=UTC)
    handed = local_day(dispatch.origin, left_at)
    strike = dispatch.strike if (dispatch.carrier_key, target.country) == STRIKE else None
    day = add_days(handed, _days(dispatch, handed, luck), carrier, strike)
    scans = [*_departure(dispatch, left_at, luck), *_on_the_way(dispatch, handed, day, luck)]
    scans += _strike(dispatch, strike, handed, day, luck)
    scans += _arrival(dispatch, day, luck)
    scans.sort(key=lambda scan: scan.at)
    return [scan for scan in scans if says(dispatch.carrier_key, target.country, scan.step)]


def _days(dispatch: Dispatch, handed: date, luck: Random) -> int:
    carrier, days = dispatch.carrier, dispatch.days
    chance = luck.random()
    if days > 1 and chance < carrier.early:
        days -= 1
    else:
        chance -= carrier.early
        for more, share in enumerate(carrier.late, start=1):
            if 0 <= chance < share:
                days += more
                break
            chance -= share
    if handed.weekday() == 4 and luck.random() < FRIDAY_LATER:
        days += 1
    target = dispatch.target
    if (dispatch.carrier_key, target.country) == SLOW_REGION[:2] and target.postcode.startswith(
        SLOW_REGION[2]
    ):
        days += luck.choices(range(len(SLOW_DAYS)), SLOW_DAYS)[0]
    return max(days, 1)


def _departure(dispatch: Dispatch, left_at: datetime, luck: Random) -> list[Scan]:
    origin = dispatch.origin
    day = local_day(origin, left_at)
    estimate = None
    if dispatch.carrier.promises:
        # What leaves on a Friday may miss the weekend's line haul, and carriers know it.
        estimate = add_days(day, dispatch.days + (day.weekday() == 4), dispatch.carrier)
    label = max(left_at - timedelta(hours=luck.uniform(1, 5)), local(origin, day, 6.5))
    label = min(label, left_at - timedelta(minutes=12)).replace(microsecond=0)
    picked_up = left_at + timedelta(minutes=luck.randint(6, 80))
    depot = max(local(origin, day, luck.uniform(18.5, 22.3)), picked_up + timedelta(minutes=70))
    return [
        Scan("label", label, origin, estimate),
        Scan("picked_up", picked_up, origin),
        Scan("depot", depot, depot_of(origin)),
    ]


def _on_the_way(dispatch: Dispatch, handed: date, day: date, luck: Random) -> list[Scan]:
    """Scans at the hubs, spread over the evenings and early mornings before the day it comes."""
    hubs = hubs_between(dispatch)
    nights = max((day - handed).days, 1)
    if nights == 1:
        hubs = hubs[-1:]
    scans = []
    for position, hub in enumerate(hubs):
        on = handed + timedelta(days=(position * nights) // len(hubs) + 1)
        if on.weekday() == 6 and on < day:
            on += timedelta(days=1)
        if on >= day:
            on, hour = day, luck.uniform(3.4, 4.6) if luck.random() < 0.85 else luck.uniform(0.3, 3)
        else:
            hour = luck.uniform(4.2, 6.4) if luck.random() < 0.3 else luck.uniform(19, 23)
        scans.append(Scan("hub", local(hub, on, hour), hub))
    before = day - timedelta(days=1)
    if nights > dispatch.days + 3 and luck.random() < 0.6:
        scans.append(Scan("missorted", local(hubs[-1], before, luck.uniform(14, 19)), hubs[-1]))
    if dispatch.carrier_key == "brt" and nights > 1 and luck.random() < 0.08:
        scans.append(Scan(UNKNOWN_STEP, local(hubs[-1], before, luck.uniform(16, 18)), hubs[-1]))
    return scans


def _strike(
    dispatch: Dispatch, strike: date | None, handed: date, day: date, luck: Random
) -> list[Scan]:
    if strike is None:
        return []
    depot = depot_of(dispatch.target)
    days = [strike + timedelta(days=number) for number in range(STRIKE_DAYS)]
    return [
        Scan("strike", local(depot, one, luck.uniform(8, 11)), depot)
        for one in days
        if handed < one < day
    ][:3]


def _arrival(dispatch: Dispatch, day: date, luck: Random) -> list[Scan]:
    carrier, target = dispatch.carrier, dispatch.target
    depot = depot_of(target)
    scans = [
        Scan("arrived", local(depot, day, luck.uniform(5.0, 7.2)), depot),
        Scan("out", local(depot, day, luck.uniform(7.4, 9.3)), depot),
    ]
    at = local(target, day, luck.uniform(9.4, 18.3))
    chance = luck.random()
    if chance < carrier.shop:
        return [*scans, *_collected(dispatch, day, at, luck)]
    if chance < carrier.shop + carrier.absent:
        scans.append(Scan("absent", at, target))
        if luck.random() < 0.35:
            return [*scans, *_collected(dispatch, day, at + timedelta(hours=2.5), luck)]
        day = add_days(day, 1, carrier)
        scans.append(Scan("out", local(depot, day, luck.uniform(7.4, 9.3)), depot))
        at = local(target, day, luck.uniform(9.4, 18.3))
    step = "neighbour" if luck.random() < 0.06 else "delivered"
    if not says(dispatch.carrier_key, target.country, step):
        step = "delivered"
    return [*scans, Scan(step, at, target)]


def _collected(dispatch: Dispatch, day: date, at: datetime, luck: Random) -> list[Scan]:
    place = dispatch.target
    same_day = at < local(place, day, 16)
    on = day + timedelta(days=luck.choice((0 if same_day else 1, 1, 1, 1, 2, 2, 3)))
    if on.weekday() not in (*range(6), *dispatch.carrier.days):
        on += timedelta(days=1)
    collected = max(local(place, on, luck.uniform(10, 19.5)), at + timedelta(hours=1.5))
    return [Scan("ready", at, place), Scan("collected", collected, place)]
