from odoo import api, fields, models
from odoo.tools import SQL, format_date

AVERAGES = ("mae", "bias", "coverage_80", "coverage_90", "width_90", "interval", "promise_late")


class OmsEtaScore(models.Model):
    """How right the estimates of one carrier's parcels of one month were, judged week by week."""

    _name = "oms.eta.score"
    _description = "Accuracy of Arrival Estimates"
    _order = "month desc, stage desc, parcels desc, id"
    _log_access = False

    model_id = fields.Many2one("oms.eta.model", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="model_id.company_id", store=True, index=True)
    stage = fields.Selection(
        [("order", "At Order Time"), ("handover", "At Hand-over")], "Said", required=True
    )
    carrier_id = fields.Many2one("oms.carrier", ondelete="cascade")
    month = fields.Date(required=True, help="Month of the order, or of the hand-over.")
    month_name = fields.Char("Month of the Start", compute="_compute_month_name")
    parcels = fields.Integer(aggregator="sum")
    mae = fields.Float("Mean Error (days)", digits=(6, 2), aggregator="avg")
    median_error = fields.Float("Median Error (days)", digits=(6, 1), aggregator=None)
    bias = fields.Float(
        "Bias (days)",
        digits=(6, 2),
        aggregator="avg",
        help="Positive: parcels came earlier than estimated.",
    )
    coverage_80 = fields.Float("Held by the 80 % Range", digits=(5, 3), aggregator="avg")
    coverage_90 = fields.Float("Held by the 90 % Range", digits=(5, 3), aggregator="avg")
    width_90 = fields.Float(
        "Width of the 90 % Range (days)", digits=(6, 1), aggregator="avg", help="Its median."
    )
    interval = fields.Float(
        "Interval Score",
        digits=(6, 1),
        aggregator="avg",
        help="Width of the range and 20 times the distance of a miss: lower is better.",
    )
    pinball = fields.Float(
        "Pinball Loss of the Promise",
        digits=(6, 3),
        aggregator=None,
        help="Of a promise that 93.5 % should keep: lower is better.",
    )
    promise_late = fields.Float("After the Learned Promise", digits=(5, 3), aggregator="avg")
    missed = fields.Boolean(
        "Range Missed",
        help="The range held so few parcels of this month that chance does not explain it.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """Averages count each month by its parcels."""
        name, _, function = aggregate_spec.partition(":")
        if function == "avg" and name in AVERAGES:
            value = self._field_to_sql(self._table, name, query)
            weight = self._field_to_sql(self._table, "parcels", query)
            return SQL("SUM(%s * %s) / NULLIF(SUM(%s), 0)", value, weight, weight)
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for score in self:
            score.month_name = format_date(self.env, score.month, date_format="LLLL yyyy")

    @api.depends("stage", "carrier_id", "month")
    def _compute_display_name(self):
        names = dict(self._fields["stage"]._description_selection(self.env))
        for score in self:
            score.display_name = (
                f"{score.carrier_id.name or '–'}, {score.month:%Y-%m}, " + (names[score.stage])
            )

    def action_shipments(self):
        """The parcels that were judged."""
        self.ensure_one()
        begun = "ordered_at" if self.stage == "order" else "shipped_at"
        end = fields.Date.add(self.month, months=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "oms.shipment",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("direction", "=", "outbound"),
                ("oms_carrier_id", "=", self.carrier_id.id),
                ("delivered_at", "!=", False),
                (begun, ">=", self.month),
                (begun, "<", end),
            ],
        }
