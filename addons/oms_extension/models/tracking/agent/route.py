from odoo import fields, models

from ....engine.tracking.message import same_place
from ...network.res_partner import postcode_table
from ..page.route import cities
from ..timeline import iso


class OmsShipment(models.Model):
    """The way of a parcel over the map."""

    _inherit = "oms.shipment"

    route = fields.Json(compute="_compute_route", exportable=False)

    def _compute_route(self):
        for shipment in self:
            shipment.route = shipment._origin._route() if shipment._origin else False

    def _route(self):
        """Dict ``stops``: list of dicts ``kind`` (``origin``, ``seen``, ``destination``),
        ``label``, ``latitude``, ``longitude``, ``at`` (ISO 8601 or false), ``text``; ``reached``:
        how many of the stops the parcel has reached; ``clock``. False where fewer than two
        are known.
        """
        self.ensure_one()
        ends = [self._warehouse_stop(), self._recipient_stop()]
        first, last = reversed(ends) if self.direction == "return" else ends
        stops = [first | {"kind": "origin"}] if first else []
        stops += self._seen_stops(first, last)
        reached = len(stops)
        if last and not (self.direction == "outbound" and self.state in ("returning", "returned")):
            stops.append(last | {"kind": "destination"})
            # Out for delivery, it is in the town already.
            reached += bool(self.delivered_at or _is_same(self._last_city(), last["city"]))
            if self.delivered_at:
                stops[-1] |= {"at": iso(self.delivered_at), "text": self._state_name()}
        return (
            {"stops": stops, "reached": reached, "clock": self._clock()}
            if len(stops) > 1
            else False
        )

    def _last_city(self):
        return self._events().filtered("city").sorted("occurred_at")[-1:].city

    def _state_name(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _warehouse_stop(self):
        warehouse = self.warehouse_id.sudo()
        place = warehouse.partner_id._oms_coordinates().get(warehouse.partner_id.id)
        if not place:
            return None
        return _stop(warehouse.name, place, self.shipped_at, warehouse.partner_id.city)

    def _recipient_stop(self):
        country = self.country_id.code or self.partner_id.country_id.code or ""
        place = None
        if self.partner_id and (self.zip or "") == (self.partner_id.zip or ""):
            place = self.partner_id._oms_coordinates().get(self.partner_id.id)
        if not place and country and (self.zip or self.partner_id.zip):
            place = postcode_table().locate(country, self.zip or self.partner_id.zip or "")
        label = self.city or self.zip or self.country_id.name or self.partner_id.city
        return _stop(label, place, None, self.city) if place and label else None

    def _seen_stops(self, first, last):
        """Where the carrier saw it on the way, each place once in a row."""
        ends = [one for one in (first, last) if one]
        stops = []
        for event in self._events().filtered("place").sorted("occurred_at"):
            point = _point(event)
            if not point or any(_is_same(event.city, one["city"]) for one in ends):
                continue
            stop = {
                "kind": "seen",
                "label": _readable(event.city or event.place),
                "city": event.city,
                "latitude": point[0],
                "longitude": point[1],
                "at": iso(event.occurred_at),
                "text": event.text or "",
            }
            if stops and _is_same(stops[-1]["city"], event.city):
                stops[-1] |= {"at": stop["at"], "text": stop["text"]}
            else:
                stops.append(stop)
        return stops


def _point(event):
    """(latitude, longitude) as the carrier reports it, else of the city; None where unknown."""
    if event.latitude or event.longitude:
        return (event.latitude, event.longitude)
    parts = [part.strip() for part in event.place.split(",")]
    state = parts[1] if len(parts) == 3 else ""
    return cities().locate(event.country_code or "", event.city or "", state)


def _is_same(one, other):
    return bool(one and other) and same_place(one, other)


def _readable(name):
    return name.title() if name.isupper() else name


def _stop(label, place, at, city):
    return {
        "label": label,
        "city": city or "",
        "latitude": place.latitude,
        "longitude": place.longitude,
        "at": iso(at),
        "text": "",
    }
