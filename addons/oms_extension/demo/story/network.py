"""Five warehouses, the zones they ship to, and what a parcel costs on each lane.

Tariffs are a formula over the distance to the middle of a zone, rounded to ten cents: of the order
of magnitude of European parcel carriers' list prices, and nobody's contract.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...engine.network.geo import great_circle_km


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A logistics centre. ``capacity`` is parcels a day, 0 without limit; money in euro."""

    code: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    latitude: float
    longitude: float
    tz: str
    cutoff: float
    saturdays: bool
    capacity: int
    handling_parcel: float
    handling_line: float


@dataclass(frozen=True, slots=True)
class Zone:
    """Destinations with one tariff; ``latitude`` and ``longitude`` are its middle."""

    key: str
    name: str
    countries: tuple[str, ...]
    prefixes: str
    latitude: float
    longitude: float
    across_water: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A carrier service. ``price`` is what the customer pays for it.

    :ivar carrier: who moves its parcels, a key of ``carriers.CARRIERS``.
    :ivar home: it only serves addresses of this country, from the warehouse there.
    :ivar like: key of the service whose tariff it is close to.
    """

    key: str
    name: str
    price: float
    max_weight: float
    carrier: str
    home: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One tariff row; ``steps`` are (up to kg, price) and replace base and price per kg."""

    warehouse: str
    zone: str
    service: str
    transit_days: int
    base_cost: float
    cost_per_kg: float
    max_weight: float
    steps: tuple[tuple[float, float], ...] = ()


WAREHOUSES = (
    Warehouse("PIA", "Piacenza", "Via Emilia Parmense 210", "29122", "Piacenza", "IT",
              45.0306, 9.7433, "Europe/Rome", 16.0, True, 60, 1.10, 0.30),
    Warehouse("KAS", "Kassel", "Falderbaumstraße 31", "34123", "Kassel", "DE",
              51.2889, 9.5406, "Europe/Berlin", 15.0, False, 50, 1.35, 0.35),
    Warehouse("ORL", "Orléans", "Rue des Châtaigniers 480", "45770", "Saran", "FR",
              47.9497, 1.8761, "Europe/Paris", 14.0, False, 40, 1.25, 0.35),
    Warehouse("ZAR", "Zaragoza", "Calle Osca 12, PLAZA", "50197", "Zaragoza", "ES",
              41.6353, -1.0214, "Europe/Madrid", 13.5, False, 8, 0.95, 0.25),
    Warehouse("LOD", "Łódź", "ul. Smolice 1", "95-010", "Stryków", "PL",
              51.9012, 19.6087, "Europe/Warsaw", 17.0, False, 40, 0.70, 0.20),
)  # fmt: skip
"""Real logistics towns; streets and house numbers need not exist."""

SOUTH_OF_FRANCE = (
    "04,05,06,07,09,11,12,13,24,26,30,31,32,33,34,38,40,46,47,48,64,65,66,73,74,81,82,83,84"
)
ZONES = (
    Zone("it", "Italy", ("IT",), "", 44.0, 11.0),
    Zone("it_islands", "Italy, islands", ("IT",), "07,08,09,90,91,92,93,94,95,96,97,98",
         38.6, 12.5, True),
    Zone("de_north", "Germany, north and east", ("DE",), "0,1,2,3", 52.4, 11.3),
    Zone("de_south", "Germany, west and south", ("DE",), "4,5,6,7,8,9", 49.9, 8.9),
    Zone("fr_north", "France, north", ("FR",), "", 48.6, 2.2),
    Zone("fr_south", "France, south", ("FR",), SOUTH_OF_FRANCE, 44.4, 3.6),
    Zone("es", "Spain", ("ES",), "", 40.4, -2.8),
    Zone("es_islands", "Spain, Balearic Islands", ("ES",), "07", 39.6, 2.9, True),
    Zone("pt", "Portugal", ("PT",), "", 39.9, -8.4),
    Zone("pl", "Poland", ("PL",), "", 51.8, 19.2),
    Zone("at", "Austria", ("AT",), "", 47.7, 14.4),
    Zone("benelux", "Benelux", ("BE", "NL", "LU"), "", 51.5, 4.9),
    Zone("cz", "Czechia and Slovakia", ("CZ", "SK"), "", 49.6, 16.0),
)  # fmt: skip

ECONOMY, EXPRESS, FREIGHT = "economy", "express", "freight"
DHL_PAKET, BRT, COLISSIMO, CORREOS, INPOST, UPS = (
    "dhl_paket",
    "brt",
    "colissimo",
    "correos",
    "inpost",
    "ups",
)
SERVICES = (
    Service(ECONOMY, "GLS Economy", 5.90, 31.5, "gls"),
    Service(DHL_PAKET, "DHL Paket", 5.90, 31.5, "dhl_parcel_de", "DE", ECONOMY),
    Service(BRT, "BRT Espresso", 5.90, 31.5, "brt", "IT", ECONOMY),
    Service(COLISSIMO, "Colissimo", 5.90, 31.5, "laposte", "FR", ECONOMY),
    Service(CORREOS, "Correos Paq", 5.90, 31.5, "correos", "ES", ECONOMY),
    Service(INPOST, "InPost Kurier", 5.90, 31.5, "inpost", "PL", ECONOMY),
    Service(EXPRESS, "DHL Express", 14.90, 31.5, "dhl_express"),
    Service(UPS, "UPS Express Saver", 14.90, 31.5, "ups", like=EXPRESS),
    Service(FREIGHT, "Dachser Freight", 49.00, 400.0, "dachser"),
)
HOME_LIGHT, HOME_RATE = 0.12, 0.08
"""National carriers are cheaper than GLS for light parcels and dearer for heavy ones."""
UPS_FROM, UPS_RATE = ("KAS", "ORL"), 1.04
WEIGHT_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 31.5)
FREIGHT_REACH_KM = 1300.0


def lanes() -> list[Lane]:
    """Every tariff row, by warehouse, zone and service."""
    return [
        lane
        for warehouse in WAREHOUSES
        for zone in ZONES
        for service in SERVICES
        if (lane := _lane(warehouse, zone, service)) is not None
    ]


def price(lane: Lane, weight: float) -> float:
    """What a parcel of ``weight`` kg costs on a lane."""
    for limit, money in lane.steps:
        if weight <= limit:
            return money
    return _cents(lane.base_cost + lane.cost_per_kg * weight)


def _lane(warehouse: Warehouse, zone: Zone, service: Service) -> Lane | None:
    km = great_circle_km(warehouse.latitude, warehouse.longitude, zone.latitude, zone.longitude)
    abroad = warehouse.country not in zone.countries
    base = 3.60 + 0.0034 * km + (2.20 if abroad else 0.0) + (3.50 if zone.across_water else 0.0)
    per_kg = 0.16 + 0.00042 * km + (0.08 if abroad else 0.0)
    days = 1 + int(km // 550) + int(abroad) + int(zone.across_water)
    kind = service.like or service.key
    if service.home and (warehouse.country != service.home or abroad):
        return None
    if service.key == UPS and warehouse.code not in UPS_FROM:
        return None
    if kind == EXPRESS:
        base, per_kg, days = base * 1.9, per_kg * 1.8, 1 + int(km > 1000 or zone.across_water)
        if service.key == UPS:
            base, per_kg = base * UPS_RATE, per_kg * UPS_RATE
    elif kind == FREIGHT:
        if km > FREIGHT_REACH_KM or zone.across_water:
            return None
        base, per_kg, days = 29.0 + 0.03 * km, 0.10 + 0.00012 * km, days + 1
    steps: tuple[tuple[float, float], ...] = ()
    if service.home:
        base, per_kg = base - HOME_LIGHT, per_kg + HOME_RATE
    if kind == ECONOMY and not abroad:
        steps = tuple((limit, _cents(base + per_kg * limit)) for limit in WEIGHT_STEPS)
    return Lane(
        warehouse=warehouse.code,
        zone=zone.key,
        service=service.key,
        transit_days=days,
        base_cost=_cents(base),
        cost_per_kg=round(per_kg, 2),
        max_weight=service.max_weight,
        steps=steps,
    )


def _cents(money: float) -> float:
    return round(money, 1)
