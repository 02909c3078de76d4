"""The credit note: returned units at the price of the invoice that sold them."""

from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def action_refund(self):
        """Credit what is due, post it, and send it back to the payer where the provider can."""
        self.check_access("write")
        notes = self._refund()
        if (
            notes
            and self.env["account.move"].has_access("read")
            and self.env.user.has_group("account.group_account_invoice")
        ):
            return self.action_refunds()
        return self._say_refunded(notes)

    def action_refunds(self):
        """The credit notes."""
        return self.refund_ids._get_records_action(name=self.env._("Credit Notes"))

    def _refund(self):
        """Credit all that is due by now; what was credited before is not credited again.

        :return: the posted credit notes
        :raise UserError: nothing is due
        """
        made = self.env["account.move"]
        for one in self:
            one._take_turn()
            owed = {
                line: line.due_amount - line.credited_amount
                for line in one.line_ids
                if one.currency_id.compare_amounts(line.due_amount, line.credited_amount) > 0
            }
            shipping = max(one._shipping_due() - one.shipping_refunded, 0.0)
            if not owed:
                raise UserError(one._why_nothing_is_due())
            made |= one._credit(owed, shipping)
        self._progress()
        return made

    def _take_turn(self):
        """Two clerks who refund at once: the second sees what the first did."""
        self.order_id.order_line._oms_take_turn()
        self.line_ids.invalidate_recordset(
            ["credited_amount", "credited_qty", "accepted_qty", "due_amount"]
        )

    def _why_nothing_is_due(self):
        self.ensure_one()
        if self.state == "requested":
            return self.env._("Approve %s first.", self.name)
        if self.money_state == "settled":
            return self.env._("All of %s is paid back already.", self.name)
        if self.state == "approved":
            return self.env._(
                "Nothing of %(name)s is due yet: it is on %(when)s. To pay back earlier, change "
                "'Money Due on'.",
                name=self.name,
                when=dict(self._fields["refund_on"]._description_selection(self.env))[
                    self.refund_on
                ].lower(),
            )
        return self.env._("Nothing is due for %s.", self.name)

    def _say_refunded(self, notes):
        """Tell who does not work with invoices what was done."""
        money = [note.currency_id.format(note.amount_total) for note in notes]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if money else "info",
                "message": self.env._("%s are credited to the customer.", ", ".join(money))
                if money
                else self.env._("These units were not invoiced, and will not be."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _credit(self, owed, shipping):
        """Post credit notes of these amounts, one per invoice, and give the money back.

        :param dict owed: return line → money
        :param float shipping: outbound freight
        """
        self.ensure_one()
        by_invoice, uninvoiced = self._spread_over_invoices(owed, shipping)
        notes = self.env["account.move"].sudo()
        given = dict.fromkeys(("refund", "exchange", "credit"), 0.0)
        for line, amount in owed.items():
            given["refund" if line.outcome == "discount" else line.outcome] += amount
        given["refund"] += shipping
        fee_left = self.fee - self.fee_kept
        for invoice, parts in by_invoice.items():
            fee = min(fee_left, sum(part["amount"] for part in parts))
            fee_left -= fee
            notes |= self._credit_note(invoice, parts, fee)
        fee = self.fee - self.fee_kept - fee_left
        for kind in given:
            taken = min(fee, given[kind])
            given[kind] -= taken
            fee -= taken
        self._note_credited(owed, shipping, self.fee - fee_left)
        self._give_store_credit(notes, given)
        if notes:
            notes._post(soft=False)
        for note in notes:
            self.message_post(
                body=self.env._(
                    "Credit note %(name)s over %(amount)s.",
                    name=note.name,
                    amount=note.currency_id.format(note.amount_total),
                )
            )
        if uninvoiced:
            self.message_post(
                body=self.env._(
                    "Of this, %s had not been invoiced: no credit note is needed for it.",
                    self.currency_id.format(uninvoiced),
                )
            )
        self._settle_notes(notes, given, uninvoiced)
        return notes

    def _note_credited(self, owed, shipping, fee_kept):
        for line, amount in owed.items():
            line.sudo().write(
                {
                    "credited_amount": line.credited_amount + amount,
                    "credited_qty": line.accepted_qty,
                }
            )
        self.sudo().write(
            {"shipping_refunded": self.shipping_refunded + shipping, "fee_kept": fee_kept}
        )

    # --- what goes on which credit note -------------------------------------------------------

    def _spread_over_invoices(self, owed, shipping):
        """Divide units and money over the invoices that sold them, the latest first.

        :return: (dict invoice → list of dicts ``line`` (invoice line), ``quantity``, ``amount``,
            ``return_line``; money for what was never invoiced)
        """
        by_invoice, uninvoiced = defaultdict(list), 0.0
        for line, amount in owed.items():
            units = line.accepted_qty - line.credited_qty or line.accepted_qty
            left_units, left_amount = units, amount
            for invoice_line, free in line.order_line_id._oms_creditable():
                part = min(free, left_units)
                if part <= 0:
                    continue
                money = (
                    left_amount
                    if line.uom_id.compare(part, left_units) >= 0
                    else line.currency_id.round(amount * part / units)
                )
                by_invoice[invoice_line.move_id].append(
                    {"line": invoice_line, "quantity": part, "amount": money, "return_line": line}
                )
                left_units -= part
                left_amount -= money
                if left_units <= 0:
                    break
            uninvoiced += max(left_amount, 0.0) if left_units > 0 else 0.0
        if shipping:
            delivery = self.order_id.order_line.filtered("is_delivery")
            for order_line in delivery:
                for invoice_line, _free in order_line._oms_creditable()[:1]:
                    by_invoice[invoice_line.move_id].append(
                        {
                            "line": invoice_line,
                            "quantity": invoice_line.quantity,
                            "amount": shipping / len(delivery),
                            "return_line": self.env["oms.return.line"],
                        }
                    )
        return by_invoice, uninvoiced

    def _credit_note(self, invoice, parts, fee):
        """A draft credit note of exactly the sum of its parts, less the fee."""
        lines = []
        for part in parts:
            lines += self._credit_lines(invoice, part)
        if fee:
            taxes = parts[0]["line"].tax_ids
            lines.append(self._amount_line(invoice, self.env._("Fee for the return"), -fee, taxes))
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(invoice.company_id)
            .create(
                {
                    "move_type": "out_refund",
                    "partner_id": invoice.partner_id.id,
                    "partner_shipping_id": invoice.partner_shipping_id.id,
                    "currency_id": invoice.currency_id.id,
                    "journal_id": invoice.journal_id.id,
                    "fiscal_position_id": invoice.fiscal_position_id.id,
                    "invoice_origin": self.order_id.name,
                    "invoice_date": fields.Date.context_today(self),
                    "ref": f"{self.name}, {invoice.name}",
                    "reversed_entry_id": invoice.id,
                    "oms_return_id": self.id,
                    "team_id": invoice.team_id.id,
                    "invoice_user_id": invoice.invoice_user_id.id,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create(values) for values in lines],
                }
            )
        )
        wanted = sum(self._in_currency_of(invoice, part["amount"]) for part in parts) - fee
        difference = invoice.currency_id.round(wanted - move.amount_total)
        if difference:
            move.write(
                {
                    "invoice_line_ids": [
                        Command.create(
                            self._amount_line(invoice, self.env._("Rounding"), difference, None)
                        )
                    ]
                }
            )
        return move

    def _in_currency_of(self, invoice, amount):
        if invoice.currency_id == self.currency_id:
            return amount
        return self.currency_id._convert(
            amount, invoice.currency_id, self.company_id, invoice.invoice_date
        )

    def _credit_lines(self, invoice, part):
        """The units at the invoice's price, and what of it order discounts took off."""
        sold, return_line = part["line"], part["return_line"]
        quantity, exact = self._credit_quantity(sold, part["quantity"], return_line)
        order_line = sold.sale_line_ids[:1]
        came_back = return_line and not return_line.keep
        values = {
            "product_id": sold.product_id.id,
            "name": sold.name,
            "product_uom_id": sold.product_uom_id.id,
            "quantity": quantity,
            "oms_sold_units": part["quantity"],
            "price_unit": sold.price_unit * (exact / quantity if quantity else 1.0),
            "discount": sold.discount,
            "tax_ids": [Command.set(sold.tax_ids.ids)],
            "account_id": sold.account_id.id,
            "oms_sold_line_id": sold.id,
            "oms_kept": bool(return_line.keep),
            "analytic_distribution": sold.analytic_distribution,
            # What is invoiced by delivery is no longer delivered: else it would be invoiced again.
            "sale_line_ids": [
                Command.set(
                    order_line.ids
                    if came_back and sold.product_id.invoice_policy == "delivery"
                    else []
                )
            ],
        }
        full = sold.price_total * exact / (sold.quantity or 1.0)
        difference = self._in_currency_of(invoice, part["amount"]) - full
        tolerance = invoice.currency_id.rounding * 2
        if abs(difference) <= tolerance:
            return [values]
        name = self.env._("Discounts and deductions: %s", sold.product_id.display_name)
        return [values, self._amount_line(invoice, name, difference, sold.tax_ids, sold.account_id)]

    def _credit_quantity(self, sold, units, return_line):
        """So many units in the invoice line's measure: as it is written, and exactly.

        Written so that all parts of a dozen add up to it, whatever each is rounded to.
        """
        measure = sold.product_uom_id
        unit = return_line.uom_id or measure
        if unit == measure:
            return units, units
        per_unit = unit.factor / measure.factor
        before = sum(sold.oms_credit_line_ids.mapped("oms_sold_units"))
        quantity = measure.round((before + units) * per_unit) - measure.round(before * per_unit)
        return quantity, units * per_unit

    def _amount_line(self, invoice, name, amount, taxes, account=None):
        """A line that adds ``amount``, taxes included, to a credit note."""
        untaxed = amount
        if taxes and not all(tax.price_include for tax in taxes):
            details = taxes._get_tax_details(
                amount, 1.0, rounding_method="round_globally", special_mode="total_included"
            )
            untaxed = details["total_excluded"]
        account = (
            account
            or invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product")[
                :1
            ].account_id
        )
        return {
            "name": name,
            "quantity": 1,
            "price_unit": untaxed,
            "tax_ids": [Command.set(taxes.ids if taxes else [])],
            "account_id": account.id,
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_creditable(self):
        """Posted invoice lines of this line with the units that no credit note took back.

        :return: list of (invoice line, units in the product's unit), the latest first
        """
        self.ensure_one()
        posted = self._oms_posted()
        sold = posted.filtered(lambda one: one.move_id.move_type == "out_invoice")
        credited, by_hand = defaultdict(float), defaultdict(float)
        notes = sold.move_id.reversal_move_ids.filtered(lambda move: move.state == "posted")
        back = notes.invoice_line_ids.filtered(
            lambda one: one.product_id == self.product_id and one.display_type == "product"
        )
        for one in back:
            if one.oms_sold_line_id:
                credited[one.oms_sold_line_id] += one.oms_sold_units
            else:
                by_hand[one.move_id.reversed_entry_id] += one.product_uom_id._compute_quantity(
                    one.quantity, self.product_id.uom_id
                )
        free = []
        for one in sold.sorted(lambda one: (one.move_id.invoice_date, one.id), reverse=True):
            units = one.product_uom_id._compute_quantity(one.quantity, self.product_id.uom_id)
            units -= credited[one]
            taken = min(by_hand[one.move_id], units)
            by_hand[one.move_id] -= taken
            free.append((one, units - taken))
        return free


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    oms_sold_line_id = fields.Many2one(
        "account.move.line", "Takes back", index="btree_not_null", copy=False
    )
    oms_sold_units = fields.Float("Units Taken back", copy=False)
    oms_kept = fields.Boolean("Kept by the Customer", copy=False)
    oms_credit_line_ids = fields.One2many("account.move.line", "oms_sold_line_id")

    def _eligible_for_stock_account(self):
        """Money for goods that the customer keeps: they are sold as before, at their cost."""
        return not self.oms_kept and super()._eligible_for_stock_account()
