"""What the page *Why Goods Come Back* shows, in one answer."""

from datetime import date

from odoo import api, models
from odoo.exceptions import UserError

from . import question
from .analyze import MOST_ROWS, Analysis
from .dimensions import DIMENSIONS
from .numeric import INSTALLED, np

if INSTALLED:
    from ....engine.returns.analysis import cohort, maturity, table
    from . import measure

COHORTS = 13
AGES = 91
STEP = 7
HOT_ROWS = 12


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    @api.readonly
    def analysis_page(self, by="product", domain=None, period=None, limit=MOST_ROWS):
        """Everything on the page, of the same figures: see :meth:`analyze` for the arguments.

        :return: dict ``table`` (of :meth:`analyze`), ``findings``, ``triangle``, ``curve``,
            ``pareto``, ``heat``; ``missing`` where numpy is not installed, and nothing else
        """
        self.env["oms.return.fact"].check_access("read")
        asked = question.read(self.env, by, domain, period)
        if not INSTALLED:
            return {"missing": True}
        return Page(self.env, asked).answer(limit)

    @api.model
    @api.readonly
    def analysis_units(self, returned=False, domain=None, period=None, name="", within=None):
        """The action that lists the delivered or returned units behind a number.

        :param list domain: and ``period``: as of :meth:`analyze`
        :param within: days; of returned units only those that came back so soon after delivery
        """
        asked = question.read(self.env, [], domain, period)
        if within is not None and (isinstance(within, bool) or not isinstance(within, int)):
            raise UserError(self.env._("within is a number of days."))
        model = "oms.return.fact" if returned else "oms.delivery.fact"
        self.env[model].check_access("read")
        title = self.env._("Returned units") if returned else self.env._("Delivered units")
        return {
            "type": "ir.actions.act_window",
            "name": f"{name} · {title}" if name else title,
            "res_model": model,
            "view_mode": "list,pivot,graph",
            "views": [[False, "list"], [False, "pivot"], [False, "graph"]],
            "domain": [
                *asked.facts(returned),
                ("company_id", "in", self.env.companies.ids),
                *([("delivery_id", "!=", False)] if returned else []),
                *([("age", "<=", within)] if returned and within is not None else []),
            ],
        }


class Page(Analysis):
    def __init__(self, env, asked):
        super().__init__(env)
        self.asked = asked
        self.held = self.figures([*self.named(asked), "product"], asked.first, asked.last)
        inside, back = self.held.chosen(asked)
        self.rows, self.came = np.flatnonzero(inside), np.flatnonzero(back)
        place = np.full(self.held.size + 1, -1, dtype=np.int64)
        place[self.rows] = np.arange(self.rows.size)
        engine = measure.engine
        self.units = engine.Units(
            self.held.day[self.rows],
            self.held.held["units"][self.rows].astype(np.int64),
            {"category": self.held.kinds[self.rows]},
        )
        reason, self.reason_ids = measure.dense(self.held.held["reason"][self.came])
        self.back = engine.Returns(
            place[self.held.line[self.came]],
            self.held.r_day[self.came],
            reason,
            self.held.held["r_units"][self.came].astype(np.int64),
            self.held.held["cost"][self.came].astype(np.float64),
        )

    def answer(self, limit=MOST_ROWS, *_more):
        """The page."""
        fresh = {
            name: self.fresh[name]
            for name in ("as_of", "waiting", "building", "months_done", "months_all")
        }
        shown = super().answer(self.asked, limit, "cost", self.held)
        return fresh | {
            "table": shown,
            "findings": self.env["oms.return.finding"]._for_page(),
            "triangle": self.triangle(),
            "curve": self.curve(),
            "pareto": self.pareto(),
            "heat": self.heat(),
        }

    def triangle(self):
        """Months of delivery by age in weeks: shares that had come back by then."""
        if not self.rows.size:
            return {"step": STEP, "rows": []}
        code, names = cohort.months(self.units.delivered)
        found = cohort.triangle(
            self.units, self.back, self.held.today, code, AGES, STEP, len(names)
        )
        rows = []
        for spot in range(len(names) - 1, max(len(names) - 1 - COHORTS, -1), -1):
            day = date.fromisoformat(f"{names[spot]}-01")
            number = day.year * 12 + day.month
            rows.append(
                {
                    "month": names[spot],
                    "name": self.column_names("month", [number])[number],
                    "delivered": int(found.delivered[spot]),
                    "shares": [_share(one) for one in found.share[spot]],
                }
            )
        return {"step": STEP, "rows": rows}

    def curve(self):
        """Share that had come back by each age, of those asked about."""
        if not self.came.size:
            return []
        found = maturity.curve(self.units, self.back, self.held.today, AGES)
        return [
            {"age": age, "share": round(float(share), 5), "at_risk": int(found.at_risk[age])}
            for age, share in enumerate(found.share)
            if found.at_risk[age] > 0
        ]

    def pareto(self):
        """Reasons in money, the dearest first."""
        found = table.reason_pareto(self.back)
        names = self.column_names("reason", self.reason_ids)
        rows = []
        for spot, code in enumerate(found.reason):
            key = int(self.reason_ids[code])
            rows.append(
                {
                    "id": key or False,
                    "name": names[key] if key else self.env._("No reason given"),
                    "returned": int(found.units[spot]),
                    "cost": round(float(found.cost[spot]), 2),
                    "share": round(float(found.share[spot]), 4),
                    "running": round(float(found.running[spot]), 4),
                }
            )
        return rows

    def heat(self):
        """The dearest groups by reason: what stands out against the reasons of all."""
        name = next((one for one in self.asked.groups if not DIMENSIONS[one].returned), "product")
        column = self.held.column(name)[self.rows]
        at, keys = measure.dense(column)
        if not self.came.size:
            return {"by": name, "reasons": [], "rows": []}
        cost = np.bincount(at[self.back.line], weights=self.back.cost, minlength=keys.size)
        top = np.argsort(-cost, kind="stable")[:HOT_ROWS]
        found = table.heat_map(
            self.units, self.back, self.held.today, at, self.reason_ids.size, keys.size
        )
        most = np.argsort(-found.cost.sum(axis=0), kind="stable")
        names = self.column_names(name, keys[top])
        reasons = self.column_names("reason", self.reason_ids)
        return {
            "by": name,
            "reasons": [
                {
                    "id": int(self.reason_ids[one]) or False,
                    "name": reasons[int(self.reason_ids[one])],
                }
                for one in most
            ],
            "rows": [
                {
                    "key": self.plain(name, keys[row]),
                    "name": names[int(keys[row])],
                    "cells": [
                        {
                            "returned": int(found.observed[row, one]),
                            "ratio": round(float(found.ratio[row, one]), 2),
                            "expected": round(float(found.expected[row, one]), 1),
                            "cost": round(float(found.cost[row, one]), 2),
                        }
                        for one in most
                    ],
                }
                for row in top
                if cost[row] > 0
            ],
        }


def _share(value):
    return round(float(value), 4) if np.isfinite(value) else False
