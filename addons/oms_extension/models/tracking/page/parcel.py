"""What a customer reads about one parcel, as plain values for a template."""

import unicodedata

from odoo import fields

from ....engine.network.cities import spelling
from ....engine.tracking import journey
from ....engine.tracking.timezones import zone_of
from ....engine.tracking.vocabulary import STATES
from ...allocation.sale_order_portal import told_origin
from . import route, words
from .clock import Clock

LONGEST_TEXT = 300
SHOWN_AT_ONCE = 6
UNEXPECTED = ("returning", "damaged")
"""States in which no estimate means anything."""


class Parcel:
    """One shipment in the language of its environment; nothing of costs, nothing internal.

    :param shipment: with the rights to read it
    :param events: of the shipment, the latest first
    :param bool complete: whether the events are all that there are
    """

    def __init__(self, shipment, events, complete=True):
        self.env = shipment.env
        self.shipment = shipment
        self.company = shipment.company_id
        self.events = events
        self.complete = complete
        self.returning = shipment.direction == "return"
        self.clock = Clock(self.env.lang or "en_US", self._zone())
        self.now = fields.Datetime.now()
        self.private = self._private_words()

    def as_dict(self):
        """Values for the template ``oms_extension.tracking_parcel``."""
        shipment = self.shipment
        state = STATES[shipment.state]
        drawing = route.drawing(shipment, self.events[::-1], self._disclosure())
        trouble = state.trouble or shipment.state == "cancelled"
        carrier = shipment.oms_carrier_id.name or shipment.carrier_id.name or ""
        return {
            "id": f"parcel_{shipment.id}",
            "returning": self.returning,
            "state": shipment.state,
            "tone": "trouble"
            if trouble
            else "done"
            if shipment.state == "delivered"
            else "attention"
            if state.action
            else "plain",
            "headline": self._headline(),
            "reason": self._reason(),
            "steps": self._steps(),
            "estimate": self._estimate(),
            "late": self._late(),
            "advice": self._advice(),
            "place": self._waiting_place(),
            "proof": self._proof(),
            "carrier": carrier,
            "number": shipment.tracking_number or "",
            "carrier_page": self._carrier_page(),
            "origin": ""
            if self.returning
            else told_origin(shipment.warehouse_id, self._disclosure()),
            "shipped": self.env._("Shipped on %(date)s", date=self.clock.day(shipment.shipped_at))
            if shipment.shipped_at
            else "",
            "contents": self._contents(),
            "events": self._timeline(),
            "shown": SHOWN_AT_ONCE,
            "complete": self.complete,
            "map": drawing,
            "map_text": self._map_text(drawing) if drawing else "",
            "same_land": "",
        }

    # --- where and whose ---------------------------------------------------------------------

    def _zone(self):
        """The clock of the recipient's place, as well as it is known."""
        shipment = self.shipment
        return (
            zone_of(
                shipment.country_id.code or "",
                shipment.country_state_id.code or "",
                shipment.zip or "",
                shipment.city or "",
            )
            or shipment.partner_id.tz
            or shipment.warehouse_id.oms_tz
            or "UTC"
        )

    def _disclosure(self):
        return self.company.oms_portal_origin or "country"

    def _private_words(self):
        """What no carrier's message may tell on a page that a link opens: the address."""
        partner = self.shipment.partner_id
        told = (partner.street, partner.street2, partner.email, partner.phone, self.shipment.zip)
        return [word for text in told if text and len(word := spelling(text)) >= 4]

    def _public(self, text):
        """A carrier's text without what must not be seen; empty where it tells the address."""
        text = "".join(one for one in text or "" if unicodedata.category(one) not in ("Cc", "Cf"))
        text = " ".join(text.split())
        plain = spelling(text)
        if any(word in plain for word in self.private):
            return ""
        return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"

    def _where(self, event):
        return self._public(event.place) or self._public(event.city)

    # --- what is said first ------------------------------------------------------------------

    def _headline(self):
        shipment = self.shipment
        if self.returning:
            return self.env._(words.RETURN_HEADLINES.get(shipment.state, words.RETURN_ON_ITS_WAY))
        if shipment.state == "delivered" and shipment.reason in words.DELIVERED_HOW:
            return self.env._(words.DELIVERED_HOW[shipment.reason])
        if shipment.state in ("pending", "label_created") and shipment.shipped_at:
            return self.env._(words.HANDED_OVER)
        return self.env._(words.HEADLINES[shipment.state])

    def _reason(self):
        shipment = self.shipment
        if shipment.reason in words.REASONS:
            return self.env._(words.REASONS[shipment.reason])
        if (
            not self.returning
            and shipment.state in ("pending", "label_created")
            and shipment.shipped_at
        ):
            return self.env._(words.NO_SCAN_YET)
        return ""

    def _advice(self):
        state, reason = self.shipment.state, self.shipment.reason
        table = words.RETURN_ADVICE if self.returning else words.ADVICE
        advice = table.get(state)
        if not self.returning and (STATES[state].trouble or state in ("delivered", "customs")):
            advice = words.ADVICE_BY_REASON.get(reason) or advice
        return self.env._(advice) if advice else ""

    def _waiting_place(self):
        """Where a parcel that is ready for pick-up waits."""
        if self.shipment.state != "ready_for_pickup":
            return ""
        for event in self.events:
            if event.state == "ready_for_pickup":
                return self._where(event)
        return ""

    def _carrier_page(self):
        url = self.shipment.tracking_url or ""
        return url if url.startswith(("https://", "http://")) else ""

    # --- progress ----------------------------------------------------------------------------

    def _steps(self):
        shipment = self.shipment
        way = journey.Way(
            state=shipment.state,
            returning=self.returning,
            ordered_at=shipment.ordered_at or None,
            shipped_at=shipment.shipped_at or None,
            first_scan_at=shipment.first_scan_at or None,
            out_at=shipment.out_at or None,
            ready_at=shipment.ready_at or None,
            delivered_at=shipment.delivered_at or None,
            returned_at=shipment.returned_at or None,
            state_at=shipment.state_at or None,
        )
        return [
            {
                "key": step.key,
                "label": self.env._(words.STEPS[step.key]),
                "status": step.status,
                "status_label": self.env._(words.STATUSES[step.status]),
                "day": self.clock.short_day(step.at) if step.at else "",
            }
            for step in journey.steps(way)
        ]

    # --- when --------------------------------------------------------------------------------

    def _estimate(self):
        """When it comes: what is estimated, else promised; with what kind of a date that is."""
        shipment = self.shipment
        nothing_to_expect = STATES[shipment.state].terminal or shipment.state in UNEXPECTED
        if self.returning or nothing_to_expect:
            return None
        if shipment.eta_at:
            low, high = shipment.eta_low_at, shipment.eta_high_at
            # A range that has passed would be no news; what is still ahead of it is.
            if low and high and high >= self.now:
                low = max(low, min(self.now, high))
                return {
                    "label": self.env._("Expected"),
                    "day": self.clock.days(low, high),
                    "likely": self.clock.day(shipment.eta_at)
                    if low < shipment.eta_at < high and self.clock.day(low) != self.clock.day(high)
                    else "",
                    "note": self.env._("This is an estimate, not a promise."),
                }
            if shipment.eta_at >= self.now:
                return {
                    "label": self.env._("Expected"),
                    "day": self.clock.day(shipment.eta_at),
                    "likely": "",
                    "note": self.env._("This is an estimate, not a promise."),
                }
        if shipment.carrier_eta_at and shipment.carrier_eta_at >= self.now:
            return {
                "label": self.env._("Expected"),
                "day": self.clock.day(shipment.carrier_eta_at),
                "likely": "",
                "note": self.env._("This is the carrier's estimate."),
            }
        if shipment.promised_at and shipment.promised_at >= self.now:
            return {
                "label": self.env._("Promised by"),
                "day": self.clock.day(shipment.promised_at),
                "likely": "",
                "note": "",
            }
        return None

    def _late(self):
        """The truth about our promise, where it was or will be broken."""
        shipment = self.shipment
        promised = shipment.promised_at
        if self.returning or not promised or shipment.state == "cancelled":
            return ""
        day = self.clock.day(promised)
        if shipment.delivered_at or STATES[shipment.state].terminal:
            return ""
        if promised < self.now:
            return self.env._("We had promised it by %(day)s. We are sorry.", day=day)
        if shipment.eta_low_at and shipment.eta_low_at > promised:
            return self.env._("It will be later than promised (%(day)s). We are sorry.", day=day)
        return ""

    def _proof(self):
        """When, where and to whom it was delivered."""
        shipment = self.shipment
        if shipment.state != "delivered" or self.returning:
            return None
        event = next((one for one in self.events if one.state == "delivered"), None)
        zone = event.tz if event and event.tz else ""
        how = words.DELIVERED_HOW.get(shipment.reason)
        where = self._where(event) if event else ""
        return {
            "day": self.clock.day(shipment.delivered_at, zone),
            "hour": self.clock.hour(shipment.delivered_at, zone),
            "zone": self.clock.zone_name(shipment.delivered_at, zone),
            "iso": fields.Datetime.to_string(shipment.delivered_at).replace(" ", "T") + "Z",
            "where": where or shipment.city or "",
            "signed_by": self._public(shipment.signed_by),
            "how": self.env._(how) if how else "",
        }

    def _map_text(self, drawing):
        """What the map shows, for those who do not see it."""
        labels = {mark.kind: mark.label for mark in drawing.marks if mark.label}
        parts = []
        if "origin" in labels:
            parts.append(self.env._("from %(place)s", place=labels["origin"]))
        if "here" in labels:
            parts.append(self.env._("last seen in %(place)s", place=labels["here"]))
        if "destination" in labels:
            parts.append(self.env._("on its way to %(place)s", place=labels["destination"]))
        return self.env._("Map of the way: %(parts)s", parts="; ".join(parts))

    # --- contents and messages ---------------------------------------------------------------

    def _contents(self):
        """Products and quantities; the same product of several lots once."""
        contents = {}
        for line in self.shipment.line_ids:
            key = (line.order_line_id, line.product_id)
            contents[key] = contents.get(key, 0) + line.quantity
        return [
            {
                "product": product.with_context(display_default_code=False).display_name,
                "quantity": int(quantity) if quantity == int(quantity) else round(quantity, 3),
            }
            for (_line, product), quantity in contents.items()
        ]

    def _timeline(self):
        """Messages, the latest first; what two doors told in the same words once."""
        messages, before = [], None
        for event in self.events:
            zone = event.tz or ""
            label = self.env._(words.EVENTS[event.state] if event.state else words.MESSAGE)
            text = self._public(event.text)
            place = self._where(event)
            same = (label, text, place, event.occurred_at.replace(second=0))
            if same == before:
                continue
            before = same
            day = self.clock.day(event.occurred_at, zone)
            messages.append(
                {
                    "day": day,
                    "new_day": not messages or messages[-1]["day"] != day,
                    "hour": self.clock.hour(event.occurred_at, zone),
                    "zone": self.clock.zone_name(event.occurred_at, zone),
                    "iso": fields.Datetime.to_string(event.occurred_at).replace(" ", "T") + "Z",
                    "label": label,
                    "reason": self.env._(words.REASONS[event.reason])
                    if event.reason in words.REASONS
                    else "",
                    "text": text if spelling(text) != spelling(label) else "",
                    "place": place,
                    "trouble": bool(event.state) and STATES[event.state].trouble,
                }
            )
        return messages
