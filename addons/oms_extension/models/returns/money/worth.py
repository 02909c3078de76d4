from odoo import api, fields, models

from ....engine.returns.money import part, spread, worth

GIVES_MONEY = ("refund", "credit", "exchange", "discount")


class OmsReturnLine(models.Model):
    """What the units of a line are worth: the share of what was paid, see ``engine/returns``."""

    _inherit = "oms.return.line"

    discount_percent = fields.Float(
        "Discount (%)", default=15.0, help="Of what was paid, for who keeps the goods."
    )
    deduction = fields.Monetary(
        help="Value lost by use beyond trying; kept from the refund. Say why in the comment.",
        copy=False,
    )
    credited_qty = fields.Float("Credited", readonly=True, copy=False, digits="Product Unit")
    credited_amount = fields.Monetary(readonly=True, copy=False)
    accepted_qty = fields.Float(
        "Accepted",
        compute="_compute_accepted_qty",
        digits="Product Unit",
        help="Units whose money is due.",
    )
    due_amount = fields.Monetary("Due", compute="_compute_accepted_qty")

    _deduction_positive = models.Constraint("CHECK(deduction >= 0)", "A deduction is positive.")

    @api.depends(
        "received_qty", "quantity", "keep", "outcome", "state", "refund_amount", "deduction",
        "discount_percent", "return_id.refund_on", "return_id.receipt_state",
    )  # fmt: skip
    def _compute_accepted_qty(self):
        for line in self:
            line.accepted_qty = line._accepted_units()
            line.due_amount = line._worth_of(line.accepted_qty)

    def _accepted_units(self):
        """Units for which money is due by now, by the policy's ``refund_on``."""
        self.ensure_one()
        one = self.return_id
        if one.state not in ("approved", "received", "done") or self.outcome not in GIVES_MONEY:
            return 0.0
        if self.keep:
            return self.quantity
        came = min(self.received_qty, self.quantity)
        if one.state in ("received", "done") or one.refund_on == "receipt":
            return came
        if one.refund_on == "approval":
            return self.quantity
        if one.refund_on == "first_scan":
            return self.quantity if one.receipt_state in ("underway", "partial") else came
        inspected = one.inspection_ids.filtered(
            lambda unit: unit.return_line_id == self and unit.problem == "none"
        )
        return min(sum(inspected.mapped("quantity")), came)

    def _worth_of(self, units):
        """Money for so many of the line's units, in the return's currency."""
        self.ensure_one()
        rounding = self.currency_id.rounding or 0.01
        whole = round(self.refund_amount / rounding)
        amount = part(whole, self.quantity, units)
        if self.outcome == "discount":
            amount = round(amount * min(max(self.discount_percent, 0.0), 100.0) / 100)
        amount -= part(round(self.deduction / rounding), self.quantity, units)
        return self.currency_id.round(max(amount, 0) * rounding)

    def _note_worth(self):
        """Write down what was really paid for these units, beside what others are worth."""
        paid_for = {order: order._oms_paid() for order in self.order_line_id.order_id}
        for line in self.filtered("order_line_id"):
            order_line = line.order_line_id
            sold, paid = paid_for[order_line.order_id][order_line]
            others = order_line.oms_return_line_ids.filtered(
                lambda one, line=line: (
                    one != line
                    and one.state not in ("rejected", "cancelled")
                    and one.outcome in GIVES_MONEY
                )
            )
            rounding = line.currency_id.rounding or 0.01
            amount = worth(
                line.quantity,
                sold,
                paid,
                sum(others.mapped("quantity")),
                sum(round(one.refund_amount / rounding) for one in others),
            )
            line.refund_amount = line.currency_id.round(amount * rounding)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_total(self):
        """Units and cents of this line alone, taxes included."""
        self.ensure_one()
        posted = self._oms_posted()
        rounding = self.currency_id.rounding or 0.01
        units, total = 0.0, 0.0
        for one in posted.filtered(lambda one: one.move_id.move_type == "out_invoice"):
            units += one.product_uom_id._compute_quantity(one.quantity, self.product_id.uom_id)
            total += self._oms_in_order_currency(one, one.price_total)
        ordered = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id
        )
        if ordered and self.product_id.uom_id.compare(ordered, units) > 0:
            total += self.price_total * (ordered - units) / ordered
            units = ordered
        return units, round(total / rounding)

    def _oms_posted(self):
        """Lines of posted invoices and credit notes."""
        return self.sudo().invoice_lines.filtered(lambda one: one.move_id.state == "posted")

    def _oms_in_order_currency(self, invoice_line, amount):
        if invoice_line.currency_id == self.currency_id:
            return amount
        return invoice_line.currency_id._convert(
            amount, self.currency_id, self.company_id, invoice_line.move_id.invoice_date
        )

    def _oms_discounted(self, goods):
        """Which lines a discount line takes from: those that its promotion names, else all."""
        reward = self.reward_id if "reward_id" in self._fields else None
        if not reward or reward.discount_applicability == "order":
            return goods
        if reward.discount_applicability == "cheapest":
            return sorted(goods, key=lambda one: one.price_unit)[:1]
        products = reward.sudo().all_discount_product_ids
        return [one for one in goods if one.product_id in products] or goods


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_paid(self):
        """What the customer paid, or is to pay, for each line, with its share of order discounts.

        Of what is invoiced the invoices say it, else the order.

        :return: dict order line → (units in the product's unit, cents)
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda one: not one.display_type)
        totals = {one: one._oms_total() for one in lines}
        goods = [one for one in lines if totals[one][1] > 0 and not one.is_delivery]
        takers = [
            (cents, discount._oms_discounted(goods))
            for discount, (_units, cents) in totals.items()
            if cents < 0
        ]
        # Taxes are rounded on the whole invoice: what its lines lack, or have too much.
        rest = self._oms_paid_total() - sum(cents for _units, cents in totals.values())
        if abs(rest) <= len(lines) + 1:
            takers.append((rest, goods))
        paid = {one: cents for one, (_units, cents) in totals.items()}
        for cents, taking in takers:
            shares = spread(cents, [totals[one][1] for one in taking])
            for one, share in zip(taking, shares, strict=True):
                paid[one] += share
        return {one: (units, max(paid[one], 0)) for one, (units, _cents) in totals.items()}

    def _oms_paid_total(self):
        """Cents of the whole order: of its posted invoices, else of the order itself."""
        self.ensure_one()
        rounding = self.currency_id.rounding or 0.01
        invoices = self.sudo().invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        total = sum(
            move.currency_id._convert(
                move.amount_total, self.currency_id, self.company_id, move.invoice_date
            )
            for move in invoices
        )
        return round((total if invoices else self.amount_total) / rounding)
