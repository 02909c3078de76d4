"""A look for causes: arrays to the detector, and what it says into findings."""

import logging
from datetime import timedelta

from odoo import api, fields, models

from .analyze import Analysis
from .numeric import INSTALLED, detect, finding, follow, np
from .numeric import columns as engine

if INSTALLED:
    from . import measure

_logger = logging.getLogger(__name__)
MEMORY = 460
"""Days of deliveries that a look reads: the longest window, what it is compared with, and returns'
time to come."""
SIDES = {"supplier": "vendor"}
"""What the detector calls otherwise."""


class Arrays:
    """Deliveries and returns of one company as the engine reads them.

    :ivar names: dict dimension of the engine → dimension of ours
    :ivar values: dict dimension of the engine → ids by code
    """

    def __init__(self, env, company):
        analysis = Analysis(env(context=env.context | {"allowed_company_ids": company.ids}))
        self.day = analysis.today
        self.today = measure.number(self.day)
        held = analysis.figures(
            ["product", "variant", "lot", "vendor", "category", "carrier", "warehouse", "region",
             "country", "lateness"],
            self.day - timedelta(days=MEMORY),
        )  # fmt: skip
        columns = held.held
        states = columns["region"]
        # Where most addresses know no state, the country is the region.
        region = "region" if states.size and (states > 0).mean() > 0.5 else "country"
        self.names = {name: SIDES.get(name, name) for name in engine.DIMENSIONS}
        self.names["region"] = region
        codes, self.values = {}, {}
        for name, column in self.names.items():
            at, keys = measure.dense(columns[column])
            if keys.size and keys[0] == 0:
                at, keys = at - 1, keys[1:]
            codes[name], self.values[name] = at, keys
        self.units = engine.Units(
            held.day, columns["units"].astype(np.int64), codes, columns["lateness"] > 1
        )
        at, keys = measure.dense(columns["reason"])
        if keys.size and keys[0] == 0:
            at, keys = at - 1, keys[1:]
        self.reasons = keys
        self.returns = engine.Returns(
            held.line, held.r_day, at, columns["r_units"].astype(np.int64),
            columns["cost"].astype(np.float64),
        )  # fmt: skip

    def plain(self, group):
        """A group of the engine as ours: list of [dimension, id]."""
        return [
            [self.names[name], int(self.values[name][value])]
            for name, value in zip(group.dimensions, group.values, strict=True)
        ]

    def group(self, plain):
        """Ours as the engine's; None where the data knows it no longer."""
        sides = {ours: name for name, ours in self.names.items()}
        names, values = [], []
        for ours, key in plain:
            name = sides.get(ours)
            spot = np.flatnonzero(self.values[name] == key) if name else ()
            if not len(spot):
                return None
            names.append(name)
            values.append(int(spot[0]))
        return finding.Group(tuple(names), tuple(values))

    def reason(self, key):
        """The code of a reason; −1 for none."""
        spot = np.flatnonzero(self.reasons == key)
        return int(spot[0]) if spot.size else -1


class OmsReturnFinding(models.Model):
    _inherit = "oms.return.finding"

    @api.model
    def _cron_look(self):
        """Bring the figures up to date, then look for causes, company by company."""
        if not INSTALLED:
            return
        self.env["oms.return.figures"].sudo()._cron_keep()
        companies = (
            self.env["oms.return.figures"].sudo().search([("company_id", "!=", False)]).company_id
        )
        for company in companies:
            self.sudo().with_company(company)._look(company)
            if self.env.context.get("cron_id"):
                self.env["ir.cron"]._commit_progress(1)

    @api.model
    def look(self):
        """Look for causes now, in the user's companies.

        :return: how many findings are open
        :raise AccessError: the user may not work on findings
        """
        self.check_access("write")
        for company in self.env.companies:
            self.sudo().with_company(company)._look(company)
        return self.search_count([("state", "=", "open")])

    @api.model
    def _look(self, company):
        """One look: what is found, what is over, what the actions did."""
        arrays = Arrays(self.env, company)
        mine = self.search([("company_id", "=", company.id)])
        flagged = mine.filtered(lambda one: one.state == "open" and one.level == "flag")
        known = [(one, arrays.group(one.place)) for one in flagged]
        known = [(one, group) for one, group in known if group]
        found = detect.detect(
            arrays.units, arrays.returns, arrays.today, known=[group for _one, group in known]
        )
        seen = self.browse()
        for one in found:
            record = known[one.known][0] if one.known >= 0 else mine._same(arrays, one)
            if record and record in seen:
                continue
            values = self._values_of(arrays, one, company)
            if not record:
                record = self.create(values)
                mine |= record
            elif record.state == "dismissed":
                continue
            else:
                if record.level == "flag":
                    # What was worth a person's look stays so until it is over.
                    values["level"] = "flag"
                values.pop("found_on")
                record.write(values | {"state": "open", "closed_on": False})
            seen |= record
        for one in mine.filtered(lambda one: one.state == "open") - seen:
            one._settle(arrays)
        mine.filtered("done_on")._judge_action(arrays)
        seen._remember(arrays.day)
        mine._raise_or_close()
        return seen

    def _same(self, arrays, found):
        """The finding among these that is about the same matter, open ones first."""
        place = {tuple(part) for part in arrays.plain(found.group)}
        product = self._product_of(arrays, found)
        waits = self.env.context.get("oms_forget_after", 180)
        limit = arrays.day - timedelta(days=waits)
        for one in self.sorted(lambda one: (one.state != "open", -one.id)):
            if one.state == "over" and (one.closed_on or limit) < limit:
                continue
            same = place & {tuple(part) for part in one.place}
            if same or (product and product == one.product_tmpl_id.id):
                return one
        return self.browse()

    def _product_of(self, arrays, found):
        if found.product < 0:
            return False
        return int(arrays.values["product"][found.product])

    def _values_of(self, arrays, found, company):
        place = arrays.plain(found.group)
        of = dict(place)
        rate = found.rate if np.isfinite(found.rate) else 0.0
        return {
            "company_id": company.id,
            "level": found.level,
            "place": place,
            "weight": found.weight,
            "alternatives": [
                {"place": arrays.plain(other.group), "weight": round(other.weight, 3)}
                for other in found.alternatives
            ],
            "product_tmpl_id": self._product_of(arrays, found),
            "product_id": of.get("variant", False),
            "lot_id": of.get("lot", False),
            "category_id": of.get("category", False),
            "vendor_id": of.get("vendor", False),
            "warehouse_id": of.get("warehouse", False),
            "oms_carrier_id": of.get("carrier", False),
            "reason_id": int(arrays.reasons[found.reason]) if found.reason >= 0 else False,
            "late": found.late,
            "window": found.window,
            "delivered": found.delivered,
            "observed": found.observed,
            "expected": found.expected,
            "reason_observed": found.reason_observed,
            "reason_expected": found.reason_expected,
            "ratio": found.ratio,
            "ratio_low": found.ratio_low,
            "ratio_high": found.ratio_high,
            "rate": rate,
            "usual": found.usual,
            "maturity": found.maturity,
            "chance": found.q,
            "cost": found.cost,
            "money": found.money,
            "money_ahead": found.money_ahead,
            "since": fields.Date.to_date("1970-01-01") + timedelta(days=found.since),
            "found_on": arrays.day,
            "seen_on": arrays.day,
        }

    def _settle(self, arrays):
        """Close what is over. A flag needs two normal periods; what was only watched, none."""
        self.ensure_one()
        group = arrays.group(self.place)
        over = self.level != "flag" or group is None
        if not over:
            since = (self.since - fields.Date.to_date("1970-01-01")).days if self.since else None
            course = follow.course(
                arrays.units, arrays.returns, arrays.today, group,
                arrays.reason(self.reason_id.id), since, max(self.ratio, 1.25),
            )  # fmt: skip
            over = course.over
        if over:
            self.write({"state": "over", "closed_on": arrays.day})

    def _judge_action(self, arrays):
        """Compare deliveries before what was done with those since."""
        for one in self:
            group = arrays.group(one.place)
            action = measure.number(one.done_on)
            if group is None or action > arrays.today or arrays.today - action > MEMORY - 182:
                continue
            effect = follow.effect(arrays.units, arrays.returns, arrays.today, group, action)
            one.effect = {
                name: round(value, 5) if np.isfinite(value) else False
                for name, value in (
                    ("delivered_before", effect.delivered_before),
                    ("delivered_after", effect.delivered_after),
                    ("returned_before", effect.returned_before),
                    ("returned_after", effect.returned_after),
                    ("rate_before", effect.rate_before),
                    ("rate_after", effect.rate_after),
                    ("ratio", effect.ratio),
                    ("ratio_low", effect.ratio_low),
                    ("ratio_high", effect.ratio_high),
                )
            } | {"verdict": effect.verdict, "as_of": arrays.day.isoformat()}

    def _remember(self, day):
        """Keep what this look saw, for the course of each finding."""
        for one in self:
            history = [entry for entry in one.history or [] if entry["on"] != day.isoformat()]
            entry = {
                "on": day.isoformat(),
                "level": one.level,
                "delivered": one.delivered,
                "observed": one.observed,
                "expected": round(one.expected, 2),
                "money": round(one.money, 2),
            }
            one.history = [*history, entry][-104:]

    def _raise_or_close(self):
        """Exceptions for open flags; what is over or dismissed needs none."""
        flags = self.filtered(lambda one: one.state == "open" and one.level == "flag")
        exceptions = self.env["oms.exception"].sudo()
        if flags:
            for one, raised in zip(
                flags, exceptions._raise_all([one._cause() for one in flags]), strict=True
            ):
                if one.exception_id != raised:
                    one.exception_id = raised
        (self - flags).exception_id._close_solved()
