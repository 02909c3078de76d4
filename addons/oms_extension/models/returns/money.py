from odoo import api, models


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.depends("line_ids.refund_amount", "refund_ids.state", "refund_ids.amount_total", "fee")
    def _compute_money(self):
        for one in self:
            one.amount_due = max(sum(one.line_ids.mapped("refund_amount")) - one.fee, 0.0)
            posted = one.refund_ids.filtered(lambda move: move.state == "posted")
            one.amount_refunded = sum(posted.mapped("amount_total"))
            if one.currency_id.compare_amounts(one.amount_refunded, one.amount_due) >= 0:
                one.money_state = "settled" if one.amount_due else "none"
            else:
                one.money_state = "partial" if one.amount_refunded else "due"


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _note_worth(self):
        """Write down what was really paid for the units."""
