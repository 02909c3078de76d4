"""Warehouses with their calendars, carrier services, zones and lanes."""

from datetime import datetime, time

from odoo.fields import Command

from ..story import network as story
from ..story.carriers import CARRIERS
from ..story.story import CLOSED_WAREHOUSE

NOT_SERVED = ("CH", "GB", "NO")
"""Countries outside the customs union, which no warehouse ships to."""


def build(books):
    """Everything between the shelf and the customer's door."""
    _warehouses(books)
    _calendars(books)
    _services(books)
    _zones_and_lanes(books)


def _warehouses(books):
    env = books.env
    places = env["res.partner"].create(
        [
            {
                "name": f"Wanderfield {place.name}",
                "parent_id": books.company.partner_id.id,
                "type": "other",
                "street": place.street,
                "zip": place.postcode,
                "city": place.city,
                "country_id": books.country(place.country).id,
                "partner_latitude": place.latitude,
                "partner_longitude": place.longitude,
                "tz": place.tz,
            }
            for place in story.WAREHOUSES
        ]
    )
    served = env["res.country"].search(
        [
            ("code", "in", sorted({code for zone in story.ZONES for code in zone.countries})),
            ("code", "not in", NOT_SERVED),
        ]
    )
    # A new company comes with a warehouse: it becomes the first of the five.
    first = env["stock.warehouse"].search([("company_id", "=", books.company.id)], limit=1)
    for number, (place, partner) in enumerate(zip(story.WAREHOUSES, places, strict=True)):
        values = {
            "name": place.name,
            "code": place.code,
            "partner_id": partner.id,
            "company_id": books.company.id,
            "sequence": number + 1,
            "oms_latitude": place.latitude,
            "oms_longitude": place.longitude,
            "oms_tz": place.tz,
            "oms_cutoff": place.cutoff,
            "oms_capacity_parcels": place.capacity,
            "oms_handling_parcel": place.handling_parcel,
            "oms_handling_line": place.handling_line,
            "oms_country_ids": [Command.set(served.ids)],
        }
        if number == 0 and first:
            first.write(values)
            warehouse = first
        else:
            warehouse = env["stock.warehouse"].create(values)
        books.warehouses[place.code] = warehouse
        books.name(warehouse, f"warehouse_{place.code.lower()}")


def _calendars(books):
    """Monday to Friday, in one place also on Saturday; one place was closed for a week."""
    for place in story.WAREHOUSES:
        days = range(6 if place.saturdays else 5)
        calendar = books.env["resource.calendar"].create(
            {
                "name": f"Opening hours {place.name}",
                "company_id": books.company.id,
                "tz": place.tz,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": f"Day {day + 1}",
                                "dayofweek": str(day),
                                "hour_from": 8.0,
                                "hour_to": 16.0,
                                "day_period": "full_day",
                            }
                        )
                        for day in days
                    ),
                ],
            }
        )
        books.warehouses[place.code].oms_calendar_id = calendar
    closed = books.warehouses[CLOSED_WAREHOUSE]
    books.env["resource.calendar.leaves"].create(
        {
            "name": "Closed: flooded access road",
            "calendar_id": closed.oms_calendar_id.id,
            "company_id": books.company.id,
            "date_from": datetime.combine(books.story.closed_from, time(0)),
            "date_to": datetime.combine(books.story.closed_until, time(20)),
        }
    )


def _services(books):
    carriers = _carriers(books)
    for service in story.SERVICES:
        product = books.env["product.product"].create(
            {
                "name": service.name,
                "type": "service",
                "list_price": service.price,
                "sale_ok": False,
                "purchase_ok": False,
                "company_id": books.company.id,
                "invoice_policy": "order",
            }
        )
        carrier = books.env["delivery.carrier"].create(
            {
                "name": service.name,
                "delivery_type": "fixed",
                "product_id": product.id,
                "fixed_price": service.price,
                "max_weight": service.max_weight,
                "oms_carrier_id": carriers[service.carrier].id,
                "tracking_url": (carriers[service.carrier].tracking_url or "").replace(
                    "{number}", "<shipmenttrackingnumber>"
                ),
            }
        )
        books.services[service.key] = carrier
        books.name(carrier, f"service_{service.key}")


def _carriers(books):
    """The carriers that the addon knows, and the forwarder, which it does not."""
    known = books.env["oms.carrier"]._by_code()
    found = {code: books.env["oms.carrier"].browse(key) for code, (key, *_rest) in known.items()}
    if "dachser" not in found:
        found["dachser"] = books.env["oms.carrier"].create(
            {
                "name": CARRIERS["dachser"].name,
                "code": "dachser",
                "vocabulary": CARRIERS["dachser"].vocabulary,
                "tracking_url": "https://elogistics.dachser.com/shp2s/?search={number}",
                "tz": "Europe/Berlin",
            }
        )
        books.name(found["dachser"], "carrier_dachser")
    return found


def _zones_and_lanes(books):
    env = books.env
    zones = {}
    for zone in story.ZONES:
        zones[zone.key] = env["oms.zone"].create(
            {
                "name": zone.name,
                "company_id": books.company.id,
                "country_ids": [Command.set([books.country(code).id for code in zone.countries])],
                "zip_prefixes": zone.prefixes,
            }
        )
        books.name(zones[zone.key], f"zone_{zone.key}")
    env["oms.lane"].create(
        [
            {
                "warehouse_id": books.warehouses[lane.warehouse].id,
                "zone_id": zones[lane.zone].id,
                "carrier_id": books.services[lane.service].id,
                "transit_days": lane.transit_days,
                "base_cost": lane.base_cost,
                "cost_per_kg": lane.cost_per_kg,
                "max_parcel_weight": lane.max_weight,
                "rate_ids": [
                    Command.create({"max_weight": limit, "price": price})
                    for limit, price in lane.steps
                ],
            }
            for lane in story.lanes()
        ]
    )
