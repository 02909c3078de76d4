"""A product knows how often it comes back, and why."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from .analyze import Analysis
from .numeric import INSTALLED
from .question import Condition, Question

if INSTALLED:
    from . import measure

TREND_MONTHS = 12


class ReturnRate(models.AbstractModel):
    _name = "oms.return.rate"
    _description = "How Often a Product Comes Back"
    _dimension = "product"

    oms_return_summary = fields.Json(
        compute="_compute_oms_return_summary", groups="oms_extension.group_readonly"
    )
    oms_return_rate_text = fields.Char(
        "Return Rate",
        compute="_compute_oms_return_summary",
        groups="oms_extension.group_readonly",
    )
    oms_return_finding_ids = fields.Many2many(
        "oms.return.finding",
        compute="_compute_oms_return_findings",
        groups="oms_extension.group_readonly",
    )

    @api.depends_context("lang", "allowed_company_ids")
    def _compute_oms_return_summary(self):
        for one in self:
            summary = one._oms_return_summary() if one._origin.id else False
            one.oms_return_summary = summary
            one.oms_return_rate_text = self._oms_rate_text(summary)

    def _oms_return_summary(self):
        """Rate with interval beside the category's, reasons, cost, trend; False without figures."""
        self.ensure_one()
        key = self._origin.id
        if not INSTALLED:
            return False
        analysis = Analysis(self.env)
        asked = Question([self._dimension], [Condition("category", True, [self.categ_id.id], [])])
        figures = analysis.figures([self._dimension], analysis.today - timedelta(days=730))
        if not figures.size:
            return False
        grown = analysis.grown()
        groups = measure.Groups(figures, asked, grown)
        (spots,) = (groups.keys[:, 0] == key).nonzero() if groups.size else ([],)
        if not len(spots):
            return False
        row = int(spots[0])
        groups.bound([row])
        told = analysis.told(groups, row, analysis.reasons(groups))
        mine = [Condition(self._dimension, True, [key], [])]
        months = measure.Groups(figures, Question(["month"], mine), grown)
        names = analysis.names(["month"], months.keys)
        whole = measure.Groups(figures, Question([], asked.conditions), grown)
        return told | {
            "category": self.categ_id.display_name,
            "category_rate": _plain(whole.corrected[0]),
            "currency_id": analysis.currency.id,
            "as_of": analysis.fresh["as_of"],
            "waiting": analysis.fresh["waiting"],
            "trend": [
                {
                    "name": names[spot][0],
                    "sold": int(months.sold[spot]),
                    "returned": int(months.returned[spot]),
                    "rate": _plain(months.rate[spot]),
                }
                for spot in range(max(months.size - TREND_MONTHS, 0), months.size)
            ],
            "dimension": self._dimension,
            "id": key,
        }

    def _oms_rate_text(self, summary):
        if not summary:
            return False
        if summary["rate"] is False:
            return self.env._("Too early")
        return f"{formatLang(self.env, 100 * summary['rate'], digits=1)} %"

    def _compute_oms_return_findings(self):
        field = "product_tmpl_id" if self._dimension == "product" else "product_id"
        found = self.env["oms.return.finding"].search(
            [("state", "=", "open"), (field, "in", self.ids)]
        )
        for one in self:
            one.oms_return_finding_ids = found.filtered(
                lambda finding, one=one: finding[field] == one._origin
            )

    def action_oms_returned(self):
        """The units of it that came back."""
        self.ensure_one()
        return self.env["oms.return"].analysis_units(
            True, [[self._dimension, "=", self.id]], None, self.display_name
        )


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "oms.return.rate"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "oms.return.rate"]
    _dimension = "variant"


def _plain(value):
    return round(float(value), 5) if value == value else False
