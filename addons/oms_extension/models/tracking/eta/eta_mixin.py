from datetime import UTC

from odoo import api, fields, models

from ....engine.network.calendar import DELIVERY_HOUR, local_moment
from .lanes import Lanes
from .numeric import INSTALLED
from .rows import day_of
from .words import in_words

if INSTALLED:
    from .columns import Columns
    from .forecast import Forecast

CLOSING_HOUR = 21.0
"""An arrival that is expected today is expected until then."""


class OmsEtaMixin(models.AbstractModel):
    """When a parcel arrives: what it rests on, and the same in words.

    The estimate is what people read; the promise is what was committed. Neither changes the other.
    """

    _name = "oms.eta.mixin"
    _description = "Arrival Estimate"

    eta_terms = fields.Json("Sum of the Estimate", readonly=True, copy=False)
    eta_explanation = fields.Text(
        "Why This Arrival", compute="_compute_eta_explanation", compute_sudo=True
    )

    @api.depends("eta_terms")
    @api.depends_context("lang")
    def _compute_eta_explanation(self):
        for one in self:
            city, carrier_says = one._eta_place()
            one.eta_explanation = in_words(self.env, one.eta_terms, city, carrier_says)

    def _eta_place(self):
        """(name of the destination, the carrier's own estimate as a date)"""
        return "", None

    @api.model
    def _eta_values(self, rows, allocated=False):
        """Field values by id for each of ``rows`` (:class:`rows.Rows`) whose arrival can be told.

        What was learned, by company; where nothing was, the lanes' days, and why.
        """
        learned = self.env["oms.eta.model"]._of_companies(rows.column("company"))
        found, notes = {}, {}
        for company in set(rows.column("company")):
            found |= self._eta_learned(rows, learned[company], company, allocated)
            notes[company] = learned[company]._lack()
        lanes = None
        values = {}
        for number, (one, company, tz, now) in enumerate(
            zip(*map(rows.column, ("id", "company", "tz", "now")), strict=True)
        ):
            said = found.get(number)
            if said is None:
                lanes = lanes or Lanes(self.env, rows)
                said = self._eta_by_lane(rows, number, lanes, notes[company], allocated)
            if said is not None:
                values[one] = _values(said, tz, now)
        return values

    @api.model
    def _eta_learned(self, rows, model, company, allocated):
        """What the company's models say, by number of the row."""
        engine = model._engine() if INSTALLED else {}
        if not engine:
            return {}
        columns = Columns(rows)
        forecast = Forecast(columns, engine, model.tells_late)
        found = forecast.of_allocated() if allocated else forecast.of_shipments()
        companies = rows.column("company")
        return {number: said for number, said in found.items() if companies[number] == company}

    @api.model
    def _eta_by_lane(self, rows, number, lanes, note, allocated):
        """From the hand-over, else from the order; a parcel out for delivery says it itself, and
        of one that is allocated the promise was made from the lane.
        """
        state, handed, ordered, since, due, now = rows.get(
            number, "state", "handed", "ordered", "since", "due", "now"
        )
        if state == "out_for_delivery" and since is not None:
            days = (int(now), int(now), int(now) + 1)
            return {"days": days, "terms": {"source": "state", "start": int(since)}, "late": None}
        start = None if allocated and due else handed if handed is not None else ordered
        arrival = lanes.arrival(number, start) if start is not None else None
        if arrival:
            day, source, transit = arrival
            terms = {"source": source, "days": transit} | note
            return {"days": (day, None, None), "terms": terms, "late": None}
        if due is not None and due >= now:
            terms = {"source": "promise"} | note
            return {"days": (int(due), None, None), "terms": terms, "late": None}
        return None


def _values(said, tz, now):
    """Days as moments: by the end of the working day, and later today if that is past."""
    values = {"eta_terms": said["terms"], "eta_late_risk": said["late"]}
    for name, day in zip(("eta_at", "eta_low_at", "eta_high_at"), said["days"], strict=True):
        values[name] = None
        if day is not None:
            past = day == int(now) and now % 1 >= DELIVERY_HOUR / 24
            moment = local_moment(day_of(day), CLOSING_HOUR if past else DELIVERY_HOUR, tz)
            values[name] = moment.astimezone(UTC).replace(tzinfo=None)
    return values
