"""Parcels of the outlet shop, whose orders are not in Odoo: its system registers what it sends.

They are what arrival times and carriers' scores are learned from: enough of them on each lane, and
with two carriers side by side within each country.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ....engine.network.geo import great_circle_km
from ..carriers import number
from ..network import (
    ECONOMY,
    EXPRESS,
    FREIGHT,
    SERVICES,
    UPS,
    WAREHOUSES,
    ZONES,
    Lane,
    lanes,
    price,
)
from ..people import SHARES, Town, towns
from .dispatch import Dispatch, town_place, warehouse_place

DAYS = 170
PARCELS_A_DAY = 8.2
"""On a working day."""
SLOW_PARCELS = 190
"""Of them to ``LAUSITZ``, where GLS is slow."""
FIRST_SERIAL = 500_000
LAUSITZ = (
    Town("DE", "BB", "03046", "Cottbus", 51.7577, 14.3289, 99_000),
    Town("DE", "BB", "03149", "Forst (Lausitz)", 51.7365, 14.6447, 18_000),
    Town("DE", "BB", "03130", "Spremberg", 51.5714, 14.3741, 21_500),
    Town("DE", "BB", "03222", "Lübbenau", 51.8670, 13.9690, 16_000),
    Town("DE", "BB", "03238", "Finsterwalde", 51.6283, 13.7099, 16_000),
    Town("DE", "BB", "03172", "Guben", 51.9500, 14.7167, 16_500),
)
PLOTTED = (
    ("returned", "correos", 60, 30),
    ("expired", "correos", 60, 32),
    ("cancelled", "gls", 6, 4),
    ("picked_up", "gls", 3, 1),
    ("nothing_yet", "gls", 3, 1),
)
"""What befalls one parcel each, that none of the scenes shows: (plot, carrier, days ago)."""
CARRIER_OF = {service.key: service.carrier for service in SERVICES}


@dataclass(frozen=True, slots=True)
class OutletParcel:
    """A parcel as the outlet's system registers it; money in euro, weight in kg."""

    ref: str
    dispatch: Dispatch
    warehouse: str
    service: str
    town: Town
    weight: float
    cost: float
    promised: date


def outlet(today: date, strike: date, chooser: Random) -> list[OutletParcel]:
    """What the outlet sends in the last ``DAYS`` days and today, by time."""
    made = []
    for serial, (day, town) in enumerate(_destinations(today, chooser), start=1):
        made.append(_parcel(serial, day, town, strike, chooser))
    made.sort(key=lambda one: (one.dispatch.left_at, one.ref))
    for plot, carrier, oldest, latest in PLOTTED:
        days = range(latest, oldest + 1)
        place = next(
            (
                place
                for place, one in enumerate(made)
                if one.dispatch.carrier_key == carrier
                and (today - one.dispatch.left_at.date()).days in days
                and not one.dispatch.plot
            ),
            None,
        )
        if place is not None:
            one = made[place]
            made[place] = replace(one, dispatch=replace(one.dispatch, plot=plot))
    return made


def _destinations(today: date, chooser: Random) -> Iterator[tuple[date, Town]]:
    by_country: dict[str, list[Town]] = {}
    for town in towns():
        by_country.setdefault(town.country, []).append(town)
    days = [today - timedelta(days=age) for age in range(DAYS, -1, -1)]
    days = [day for day in days if day.weekday() < 5]
    for place, day in enumerate(days):
        growth = 0.7 + 0.7 * place / len(days)
        for _parcel_number in range(round(PARCELS_A_DAY * growth * chooser.uniform(0.7, 1.3))):
            country = chooser.choices(list(SHARES), list(SHARES.values()))[0]
            near = by_country[country]
            yield day, chooser.choices(near, [one.population**0.5 for one in near])[0]
    for _parcel_number in range(SLOW_PARCELS):
        yield chooser.choice(days[:-1]), chooser.choice(LAUSITZ)


def _parcel(serial: int, day: date, town: Town, strike: date, chooser: Random) -> OutletParcel:
    place = town_place(town)
    ways = _ways(town)
    weight = round(min(0.3 + chooser.expovariate(0.55), 25.0), 2)
    warehouse, service = _choose(town, ways, chooser)
    if service == FREIGHT:
        weight = round(chooser.uniform(45, 220), 1)
    lane = ways[warehouse, service]
    carrier = CARRIER_OF[service]
    origin = warehouse_place(warehouse)
    home = next(one for one in WAREHOUSES if one.code == warehouse)
    handed = datetime.combine(day, time(), ZoneInfo(home.tz)) + timedelta(
        hours=home.cutoff + chooser.uniform(0.3, 2.2)
    )
    left_at = handed.astimezone(ZoneInfo("UTC")).replace(tzinfo=None, microsecond=0, second=0)
    promised = day
    left = lane.transit_days + 1
    while left:
        promised += timedelta(days=1)
        left -= promised.weekday() < 5
    return OutletParcel(
        ref=f"OUT-{70_000 + serial}",
        dispatch=Dispatch(
            key=f"outlet {serial}",
            number=number(carrier, FIRST_SERIAL + 37 * serial),
            carrier_key=carrier,
            origin=origin,
            target=place,
            left_at=left_at,
            days=lane.transit_days,
            strike=strike,
        ),
        warehouse=warehouse,
        service=service,
        town=town,
        weight=weight,
        cost=price(lane, weight),
        promised=promised,
    )


def zone_of(country: str, postcode: str) -> str:
    """Key of the zone of an address: of those of its country the one with the longest prefix."""
    best, length = "", -1
    for zone in ZONES:
        if country in zone.countries:
            for prefix in zone.prefixes.split(",") if zone.prefixes else ("",):
                if postcode.startswith(prefix) and len(prefix) > length:
                    best, length = zone.key, len(prefix)
    return best


_LANES = {(lane.warehouse, lane.zone, lane.service): lane for lane in lanes()}


def lane_of(warehouse: str, country: str, postcode: str, service: str) -> Lane | None:
    """The tariff row of a parcel."""
    return _LANES.get((warehouse, zone_of(country, postcode), service))


def _ways(town: Town) -> dict[tuple[str, str], Lane]:
    found = {}
    for place in WAREHOUSES:
        for service in SERVICES:
            lane = lane_of(place.code, town.country, town.postcode, service.key)
            if lane:
                found[place.code, service.key] = lane
    return found


def _choose(town: Town, ways: dict[tuple[str, str], Lane], chooser: Random) -> tuple[str, str]:
    """Mostly from the nearest warehouse, at home half with the national carrier."""
    near = sorted(
        {warehouse for warehouse, _service in ways},
        key=lambda code: _km(code, town),
    )
    warehouse = near[0] if chooser.random() < 0.88 else near[1]
    offered = [service for code, service in ways if code == warehouse]
    home = [one.key for one in SERVICES if one.home and one.key in offered]
    chance = chooser.random()
    if town in LAUSITZ:
        return "KAS", ECONOMY if chance < 0.55 else home[0] if home else ECONOMY
    if chance < 0.06:
        return warehouse, UPS if UPS in offered and chance < 0.03 else EXPRESS
    if chance < 0.085 and FREIGHT in offered:
        return warehouse, FREIGHT
    return warehouse, home[0] if home and chance > 0.52 else ECONOMY


def _km(code: str, town: Town) -> float:
    place = next(one for one in WAREHOUSES if one.code == code)
    return great_circle_km(place.latitude, place.longitude, town.latitude, town.longitude)
