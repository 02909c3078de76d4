from odoo import api, fields, models


class OmsReturn(models.Model):
    _inherit = "oms.return"

    refund_on = fields.Selection(
        [
            ("approval", "Approval"),
            ("first_scan", "First Scan by the Carrier"),
            ("receipt", "Receipt"),
            ("inspection", "Inspection"),
        ],
        "Money Due on",
        required=True,
        default="receipt",
    )
    shipping_refund = fields.Monetary(
        "Outbound Freight",
        readonly=True,
        copy=False,
        help="What the customer paid for delivery: due where the whole order is withdrawn from "
        "(Directive 2011/83/EU, art. 13).",
    )
    amount_total = fields.Monetary(
        "Worth", compute="_compute_money", store=True, help="Of all units, less the fee."
    )
    fee_kept = fields.Monetary(readonly=True, copy=False)
    shipping_refunded = fields.Monetary(readonly=True, copy=False)
    paid_back = fields.Monetary(
        "Sent to the Payer",
        readonly=True,
        copy=False,
        help="What went back on the original payment.",
    )

    @api.depends(
        "line_ids.due_amount", "line_ids.refund_amount", "line_ids.credited_amount",
        "line_ids.outcome", "line_ids.deduction", "fee", "shipping_refund", "shipping_refunded",
        "fee_kept", "state",
    )  # fmt: skip
    def _compute_money(self):
        for one in self:
            lines = one.line_ids
            promised = sum(line._worth_of(line.quantity) for line in lines if line._gives_money())
            one.amount_total = max(promised + one.shipping_refund - one.fee, 0.0)
            due = sum(lines.mapped("due_amount"))
            if due:
                due += one._shipping_due()
            one.amount_due = max(due - one.fee, 0.0)
            given = sum(lines.mapped("credited_amount")) + one.shipping_refunded - one.fee_kept
            one.amount_refunded = max(given, 0.0)
            one.money_state = one._money_state()

    def _money_state(self):
        compare = self.currency_id.compare_amounts
        awaits = self.state in ("requested", "approved")
        if not self.amount_total and not self.amount_refunded:
            return "none"
        if compare(self.amount_refunded, self.amount_due) >= 0:
            if self.amount_refunded and not (
                awaits and compare(self.amount_refunded, self.amount_total) < 0
            ):
                return "settled"
            return "later" if awaits else ("settled" if self.amount_refunded else "none")
        return "partial" if self.amount_refunded else "due"

    def _shipping_due(self):
        """The outbound freight, once all units that are to come are accepted."""
        whole = all(
            line.product_id.uom_id.compare(line._accepted_units(), line.quantity) >= 0
            for line in self.line_ids
            if line._gives_money()
        )
        return self.shipping_refund if whole else self.shipping_refunded

    def _note_shipping(self):
        """Outbound freight is due where all of the order comes back for its money."""
        for one in self:
            order = one.order_id
            delivery = order.order_line.filtered("is_delivery")
            if not delivery or (one.verdict and one.verdict.get("refund_shipping") is False):
                continue
            if order.oms_return_ids.filtered(
                lambda other, one=one: (
                    other != one
                    and other.shipping_refund
                    and other.state not in ("rejected", "cancelled")
                )
            ):
                continue
            if all(line._oms_all_given_back() for line in order.order_line):
                paid = order._oms_paid()
                one.shipping_refund = sum(paid[line][1] for line in delivery) * (
                    one.currency_id.rounding or 0.01
                )


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _gives_money(self):
        return self.outcome in ("refund", "credit", "exchange", "discount")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_all_given_back(self):
        """Whether all ordered units are in returns for their money; true for what is no goods."""
        self.ensure_one()
        if self.display_type or self.product_id.type == "service" or self.product_uom_qty <= 0:
            return True
        back = self.oms_return_line_ids.filtered(
            lambda one: (
                one.state not in ("rejected", "cancelled") and one.outcome in ("refund", "credit")
            )
        )
        ordered = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id
        )
        return self.product_id.uom_id.compare(sum(back.mapped("quantity")), ordered) >= 0
