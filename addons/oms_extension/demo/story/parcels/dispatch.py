"""A parcel as it leaves, and the places it may pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from ....engine.network.geo import great_circle_km
from ....engine.tracking.timezones import zone_of
from ..carriers import CARRIERS, Carrier
from ..network import WAREHOUSES
from ..people import Town, towns

DEPOT_TOWN = 90_000
"""Carriers have their depots in towns of so many people."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a parcel is scanned."""

    country: str
    city: str
    postcode: str
    latitude: float
    longitude: float

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(zone_of(self.country, postcode=self.postcode) or "UTC")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A parcel that leaves ``origin`` for ``target``.

    :ivar key: tells parcels apart, and decides about its luck.
    :ivar left_at: UTC, without time zone as Odoo stores it.
    :ivar days: working days that the lane usually takes.
    :ivar plot: what is to happen to it (``plots.py``), empty: what usually happens.
    :ivar strike: first day of the week in which BRT was on strike in Italy.
    """

    key: str
    number: str
    carrier_key: str
    origin: Place
    target: Place
    left_at: datetime
    days: int
    plot: str = ""
    strike: date | None = None

    @property
    def carrier(self) -> Carrier:
        return CARRIERS[self.carrier_key]


HUBS = {
    "IT": Place("IT", "Bologna", "40127", 44.4938, 11.3387),
    "DE": Place("DE", "Neuenstein", "36286", 50.8667, 9.5667),
    "FR": Place("FR", "Gennevilliers", "92230", 48.9333, 2.3000),
    "ES": Place("ES", "Madrid", "28052", 40.4168, -3.7038),
    "PL": Place("PL", "Głuchów", "95-080", 51.6167, 19.6500),
    "AT": Place("AT", "Ansfelden", "4052", 48.2097, 14.2900),
    "CH": Place("CH", "Pratteln", "4133", 47.5207, 7.6936),
    "NL": Place("NL", "Utrecht", "3542", 52.0908, 5.1222),
    "BE": Place("BE", "Machelen", "1830", 50.9105, 4.4418),
    "LU": Place("LU", "Bettembourg", "3225", 49.5185, 6.1028),
    "CZ": Place("CZ", "Jihlava", "586 01", 49.3961, 15.5912),
    "SK": Place("SK", "Senec", "903 01", 48.2195, 17.4004),
    "PT": Place("PT", "Lisboa", "1800-001", 38.7167, -9.1333),
    "Leipzig": Place("DE", "Leipzig", "04435", 51.4239, 12.2364),
    "Köln": Place("DE", "Köln", "51147", 50.8659, 7.1427),
}
"""Where parcels are sorted by night: by country, or by the one hub of a carrier."""


@cache
def warehouse_place(code: str) -> Place:
    """Where a warehouse's parcels are scanned first."""
    one = next(place for place in WAREHOUSES if place.code == code)
    return Place(one.country, one.name, one.postcode, one.latitude, one.longitude)


def town_place(town: Town) -> Place:
    """The recipient's own town."""
    return Place(town.country, town.city, town.postcode, town.latitude, town.longitude)


@cache
def depot_of(place: Place) -> Place:
    """The depot that delivers in a place: in the nearest larger town of the country."""
    near = [
        town for town in towns() if town.country == place.country and town.population >= DEPOT_TOWN
    ]
    if not near:
        return place
    town = min(
        near,
        key=lambda one: (
            great_circle_km(place.latitude, place.longitude, one.latitude, one.longitude),
            one.city,
        ),
    )
    return town_place(town)


def hubs_between(dispatch: Dispatch) -> list[Place]:
    """The hubs on the way, in order, none of them twice."""
    carrier, origin, target = dispatch.carrier, dispatch.origin, dispatch.target
    if carrier.hub:
        return [HUBS[carrier.hub]]
    ways = [HUBS[origin.country], HUBS[target.country]]
    return ways if origin.country != target.country else ways[:1]
