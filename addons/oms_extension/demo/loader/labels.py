"""Puts parcels of the orders into boxes and a tracking number on each."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from ..story.carriers import number
from ..story.network import ECONOMY, SERVICES
from ..story.parcels import Dispatch, Place

TWO_BOXES = 0.16
"""Share of the deliveries of several things that leave in two boxes."""
CARRIER_OF = {service.key: service.carrier for service in SERVICES}


@dataclass
class Label:
    """A tracking number on a parcel of a transfer, and what is to happen to it."""

    number: str
    service: str
    picking: Any
    order: Any
    left_at: datetime
    plot: str


class Labels:
    """Hands out numbers, one after the other."""

    def __init__(self, books):
        self.books = books
        self.service_of = {record.id: key for key, record in books.services.items()}
        self.serial = 0

    def put_on(self, picking, order, left_at):
        """Pack a transfer that is ready and write its numbers on it."""
        service = self.service_of.get(picking.carrier_id.id, ECONOMY)
        lines = picking.move_line_ids.filtered("quantity")
        count = min(len(order.plots) or self._boxes(order, lines), max(len(lines), 1))
        if count > 1:
            boxes = self.books.env["stock.package"].create([{} for _box in range(count)])
            for place, line in enumerate(lines):
                line.result_package_id = boxes[place % count]
        numbers = [self._next(service) for _parcel in range(count)]
        picking.carrier_tracking_ref = ", ".join(numbers)
        for place, one in enumerate(numbers):
            plot = order.plots[place] if place < len(order.plots) else ""
            self.books.labels[one] = Label(one, service, picking, order, left_at, plot)

    def _boxes(self, order, lines):
        return 2 if len(lines) > 1 and Random(order.ref).random() < TWO_BOXES else 1

    def _next(self, service):
        self.serial += 1
        return number(CARRIER_OF[service], 617 * self.serial % 400_000)


def dispatch_of(books, shipment, label):
    """The story's view of a shipment that Odoo made."""
    town = shipment.partner_id
    origin = place_of(shipment.warehouse_id.partner_id)
    return Dispatch(
        key=label.order.ref,
        number=label.number,
        carrier_key=CARRIER_OF[label.service],
        origin=origin,
        target=place_of(town),
        left_at=label.left_at,
        days=books.transit_days(shipment.warehouse_id, town, label.service),
        plot=label.plot,
        strike=books.story.strike_from,
    )


def place_of(partner):
    """Where somebody is."""
    return Place(
        partner.country_id.code,
        partner.city or "",
        partner.zip or "",
        partner.partner_latitude,
        partner.partner_longitude,
    )
