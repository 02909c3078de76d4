"""The stops of a parcel's way, as far as customers may know them, and the map of them."""

from functools import cache

from odoo.tools.misc import file_open

from ....engine.network.cities import CityTable
from ....engine.tracking.route_map import Land, Stop, draw
from ...network.res_partner import postcode_table

CITIES = "oms_extension/data/geography/cities.csv"
OUTLINES = "oms_extension/static/lib/world-atlas/countries-50m.json"
LONGEST_LABEL = 18
NEVER_ARRIVES = ("returning", "returned", "lost", "cancelled")
"""States in which no way to the customer lies ahead."""


@cache
def cities():
    """The shipped table of cities; a country's rows are read when it is first asked for."""
    return CityTable(lambda: file_open(CITIES))


@cache
def land():
    """The outlines of the countries, read once per process (0.3 s)."""
    with file_open(OUTLINES) as stream:
        return Land.load(stream)


def drawing(shipment, events, disclosure):
    """The map of a parcel's way, or None where fewer than two of its places are known.

    :param events: of the shipment, in the order of time
    :param disclosure: what the company tells of its own places, see ``res.company``
    """
    home = _home(shipment)
    ours = _ours(shipment, disclosure)
    country = shipment.warehouse_id.partner_id.country_id.code
    if disclosure == "country" and any(event.country_code == country for event in events):
        ours = None  # a scan there says more than the middle of the country
    start, end = (home, ours) if shipment.direction == "return" else (ours, home)
    stops = [Stop(*start[0], "origin", start[1])] if start else []
    domestic = shipment.country_id == shipment.warehouse_id.partner_id.country_id
    scans = [
        (point, event)
        for event in events
        if (point := _scan(event, shipment.country_id.code if domestic else ""))
    ]
    for point, event in scans:
        kind = "here" if event is scans[-1][1] else "scan"
        named = kind == "here" or not stops
        stops.append(Stop(*point, kind, _label(event.city) if named else ""))
    if shipment.direction == "outbound" and shipment.state in NEVER_ARRIVES:
        end = None
    if shipment.state == "delivered":
        # Its last scan is the door, unless the carrier does not say where that is.
        end = None if scans and scans[-1][1].state == "delivered" else end
    if end:
        kind = "here" if shipment.state == "delivered" else "destination"
        stops.append(Stop(*end[0], kind, end[1]))
    return draw(stops, land())


def _home(shipment):
    """(point, label) of the customer's town: of the town, not of the house."""
    country = shipment.country_id
    point = cities().locate(
        country.code or "", shipment.city or "", shipment.country_state_id.code or ""
    )
    if not point and shipment.zip:
        place = postcode_table().locate(country.code or "", shipment.zip)
        point = place and (place.latitude, place.longitude)
    return (point, _label(shipment.city or country.name)) if point else None


def _ours(shipment, disclosure):
    """(point, label) of our place, as far as the company tells it."""
    warehouse = shipment.warehouse_id
    partner = warehouse.partner_id
    country = partner.country_id
    if disclosure == "country" and country and country != shipment.country_id:
        place = postcode_table().locate(country.code, "")
        return ((place.latitude, place.longitude), _label(country.name)) if place else None
    if disclosure in ("city", "warehouse"):
        point = cities().locate(country.code or "", partner.city or "", partner.state_id.code or "")
        if disclosure == "warehouse" and warehouse.oms_latitude and warehouse.oms_longitude:
            point = point or (warehouse.oms_latitude, warehouse.oms_longitude)
        label = warehouse.name if disclosure == "warehouse" else partner.city
        return (point, _label(label)) if point else None
    return None


def _scan(event, home_country):
    """Where an event happened, as far as it says; None where nobody knows."""
    if event.latitude or event.longitude:
        return (event.latitude, event.longitude)
    state = ""
    parts = [part.strip() for part in (event.place or "").split(",")]
    if len(parts) == 3:
        state = parts[1]
    return cities().locate(event.country_code or home_country or "", event.city or "", state)


def _label(name):
    name = (name or "").strip()
    if name.isupper():
        name = name.title()
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"
