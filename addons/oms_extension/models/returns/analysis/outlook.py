"""What is to come: returns per warehouse and week, and the supply that they make probable; and what
comments speak of.
"""

from datetime import timedelta

from odoo import api, models

from . import question
from .look import Arrays
from .numeric import INSTALLED

if INSTALLED:
    from ....engine.returns.analysis import forecast, topics

WEEKS = 6
MOST_COMMENTS = 5000
MOST_QUOTES = 3


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    @api.readonly
    def analysis_outlook(self):
        """Returned units to be expected per warehouse and week, of what has been delivered.

        :return: dict ``weeks`` (first days), ``rows``: ``warehouse_id``, ``name``, ``weeks`` (dicts
            ``mean``, ``low``, ``high``: 90 % of the weeks lie between) and ``supply`` (units fit
            for sale of approved returns on their way, expected per week); false without numpy
        """
        self.env["oms.return.fact"].check_access("read")
        if not INSTALLED:
            return False
        rows, days = [], []
        supply = self.env["oms.return.supply"]._weeks(self.env.companies, WEEKS)
        for company in self.env.companies:
            arrays = Arrays(self.env, company)
            if not len(arrays.returns):
                continue
            found = forecast.forecast(
                arrays.units, arrays.returns, arrays.today, arrays.units.code("warehouse"),
                WEEKS, size=arrays.values["warehouse"].size,
            )  # fmt: skip
            days = [
                (arrays.day + timedelta(days=1 + 7 * week)).isoformat() for week in range(WEEKS)
            ]
            ids = [int(one) for one in arrays.values["warehouse"]]
            names = {
                one.id: one.name for one in self.env["stock.warehouse"].sudo().browse(ids).exists()
            }
            rows += [
                {
                    "warehouse_id": key,
                    "name": names.get(key, self.env._("Deleted")),
                    "weeks": [
                        {
                            "mean": round(float(found.mean[row, week]), 1),
                            "low": int(found.low[row, week]),
                            "high": int(found.high[row, week]),
                        }
                        for week in range(WEEKS)
                    ],
                    "supply": supply.get(key, [0.0] * WEEKS),
                }
                for row, key in enumerate(ids)
            ]
        return {"weeks": days, "rows": rows}

    @api.model
    @api.readonly
    def analysis_topics(self, domain=None, period=None):
        """What customers' comments speak of, grouped by their words.

        :return: list of dicts ``label``, ``language``, ``count``, ``quotes``, ``ids`` (of
            ``oms.return.fact``)
        """
        facts = self.env["oms.return.fact"]
        facts.check_access("read")
        asked = question.read(self.env, [], domain, period)
        if not INSTALLED:
            return []
        found = facts.search(
            [
                *asked.facts(returned=True),
                ("company_id", "in", self.env.companies.ids),
                ("return_line_id.comment", "!=", False),
            ],
            limit=MOST_COMMENTS,
        )
        lines = found.sudo().return_line_id
        comments = {line.id: line.comment for line in lines}
        texts = [comments.get(one.return_line_id.id) or "" for one in found.sudo()]
        languages = [one.partner_id.lang or "" for one in found.sudo()]
        usual = (self.env.company.partner_id.lang or "en")[:2]
        # What customers write in is not always the language of their account.
        told = topics.topics(texts, None if len(set(languages)) < 2 else languages, usual=usual)
        return [
            {
                "label": one.label,
                "language": one.language,
                "count": len(one.comments),
                "quotes": list(dict.fromkeys(texts[spot][:240] for spot in one.comments))[
                    :MOST_QUOTES
                ],
                "ids": [found[spot].id for spot in one.comments],
            }
            for one in told
        ]
