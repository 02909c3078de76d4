"""Money goes back on the payment it came with, where the provider can.

A provider is asked outside the transaction that decides it: what is to be sent is written down and
committed first, so that a server that dies in between neither pays twice nor forgets.
"""

from datetime import timedelta

from odoo import api, fields, models, modules

from ....engine.returns.money import give_back

STUCK_AFTER = timedelta(minutes=15)


class OmsReturn(models.Model):
    _inherit = "oms.return"

    pay_back_left = fields.Monetary(
        "Still to Send", readonly=True, copy=False, help="Waits to go back to the payer."
    )
    transaction_ids = fields.One2many("payment.transaction", "oms_return_id", "Payments Back")
    exception_ids = fields.One2many("oms.exception", "return_id")

    _to_pay_back = models.Index("(id) WHERE pay_back_left > 0")

    def _settle_notes(self, notes, given, uninvoiced):
        """Set credit notes against what is open of their invoices; give back what remains."""
        self.ensure_one()
        for note in notes:
            note._oms_reconcile_with(note.reversed_entry_id)
            for order in self.exchange_ids:
                note._oms_reconcile_with(order.invoice_ids)
        open_money = self._unused_of(notes)
        kept_for_exchange = min(given["exchange"], self._exchange_open())
        money = max(open_money - kept_for_exchange - given["credit"], 0.0)
        if uninvoiced:
            money += min(uninvoiced, self._paid_in_advance())
        money = self.currency_id.round(money)
        if money > 0:
            self.sudo().pay_back_left += money
            self.env.ref("oms_extension.cron_pay_back")._trigger()

    def _posted_notes(self):
        return self.refund_ids.filtered(lambda note: note.state == "posted")

    def _unused_of(self, notes):
        """Money of credit notes that nothing was set against yet."""
        return sum(self._in_currency_of_return(note, note.amount_residual) for note in notes)

    def _in_currency_of_return(self, move, amount):
        if move.currency_id == self.currency_id:
            return amount
        return move.currency_id._convert(
            amount, self.currency_id, self.company_id, move.invoice_date
        )

    def _paid_in_advance(self):
        """What the order's payments brought beyond its invoices."""
        order = self.order_id.sudo()
        paid = sum(one._oms_left_in(self.currency_id) for one in order._oms_payments())
        invoiced = sum(
            self._in_currency_of_return(move, -move.direction_sign * move.amount_total)
            for move in order.invoice_ids
            if move.state == "posted"
        )
        return max(paid - invoiced, 0.0)

    @api.model
    def _cron_pay_back(self, limit=100):
        """Send back what waits for it."""
        returns = self.search([("pay_back_left", ">", 0)], limit=limit, order="id")
        for one in returns:
            one._pay_back()
        stuck = self.env["payment.transaction"].search(
            [
                ("oms_return_id", "!=", False),
                ("state", "=", "draft"),
                ("create_date", "<", fields.Datetime.now() - STUCK_AFTER),
            ]
        )
        for transaction in stuck:
            transaction.oms_return_id._money_needs_a_person(
                "stuck",
                transaction.company_id._oms_speaking()._(
                    "Whether %(payment)s was paid back is not known: look at %(provider)s.",
                    payment=transaction.reference,
                    provider=transaction.provider_id.name,
                ),
            )

    def _pay_back(self):
        """Write down which payment gives back how much, then ask the providers."""
        self.ensure_one()
        self.env.cr.execute(
            "SELECT pay_back_left FROM oms_return WHERE id = %s FOR UPDATE SKIP LOCKED", self.ids
        )
        row = self.env.cr.fetchone()
        if not row or not row[0]:
            return
        notes = self._posted_notes()
        payments = self.order_id.sudo()._oms_payments().filtered(lambda one: one._oms_gives_back())
        rounding = self.currency_id.rounding
        parts = give_back(
            round(self.pay_back_left / rounding),
            [(round(one._oms_left_in(self.currency_id) / rounding), 0) for one in payments],
        )
        children = self.env["payment.transaction"]
        left = self.pay_back_left
        for payment, cents in zip(payments, parts, strict=True):
            if not cents:
                continue
            amount = self.currency_id.round(cents * rounding)
            child = payment._oms_child(self, notes, amount)
            if child:
                children |= child
                left -= amount
        self.sudo().write(
            {"pay_back_left": 0.0, "paid_back": self.paid_back + self.pay_back_left - left}
        )
        if self.currency_id.round(left) > 0:
            self._money_needs_a_person(
                "by_hand",
                self.company_id._oms_speaking()._(
                    "Pay %(amount)s back to %(customer)s by hand: no payment provider can.",
                    amount=self.currency_id.format(left),
                    customer=self.partner_id.display_name,
                ),
            )
        # Neither in a test, nor while modules are being installed: what they do is one whole.
        commits = self.pool.ready and not modules.module.current_test
        if commits:
            self.env.cr.commit()  # pylint: disable=invalid-commit
        for child in children:
            child._oms_send()
            if commits:
                self.env.cr.commit()  # pylint: disable=invalid-commit

    def _money_needs_a_person(self, what, name):
        self.env["oms.exception"]._raise_all(
            [
                {
                    "cause_key": f"return-money-{what}-{self.id}",
                    "kind": "refund",
                    "name": name,
                    "owner": "service",
                    "severity": "1",
                    "company_id": self.company_id.id,
                    "order_id": self.order_id.id,
                    "return_id": self.id,
                }
            ]
        )


class OmsException(models.Model):
    _inherit = "oms.exception"

    kind = fields.Selection(
        selection_add=[("refund", "Money to Pay Back")], ondelete={"refund": "cascade"}
    )
    return_id = fields.Many2one(
        "oms.return", ondelete="cascade", index="btree_not_null", readonly=True
    )

    def _still_true(self):
        gone = self.filtered(lambda one: one.kind == "refund" and one._money_is_settled())
        return super()._still_true() - gone

    def _money_is_settled(self):
        """Whether the customer accepted the exchange, or got by hand what was to be given so."""
        one = self.return_id.sudo()
        if self.cause_key == f"return-money-exchange-{one.id}":
            return any(order.state == "sale" for order in one.exchange_ids)
        if self.cause_key == f"return-money-cancelled-{one.id}":
            return one._exchange_left_over() <= 0
        if self.cause_key == f"return-money-by_hand-{one.id}":
            notes = one._posted_notes()
            return bool(notes) and all(
                note.currency_id.is_zero(note.amount_residual) for note in notes
            )
        return False


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_payments(self):
        """Payments that brought the order's money, oldest first."""
        return (
            (self.transaction_ids | self.invoice_ids.transaction_ids)
            .filtered(lambda one: one.state == "done" and one.operation != "refund")
            .sorted("id")
        )


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    oms_return_id = fields.Many2one(
        "oms.return", "Return", index="btree_not_null", copy=False, readonly=True
    )

    def _oms_given_back(self):
        """What was sent back, or is on its way back, in the payment's currency."""
        self.ensure_one()
        return -sum(
            child.amount
            for child in self.child_transaction_ids
            if child.operation == "refund" and child.state not in ("error", "cancel")
        )

    def _oms_left_in(self, currency):
        """What this payment can still give back."""
        self.ensure_one()
        return self.currency_id._convert(
            self.amount - self._oms_given_back(),
            currency,
            self.company_id,
            self.create_date.date(),
        )

    def _oms_gives_back(self):
        self.ensure_one()
        return self.provider_id.support_refund != "none" and self.provider_id.state != "disabled"

    def _oms_child(self, one, notes, amount):
        """The refund to be sent, written down; none where the provider refunds in full only."""
        self.ensure_one()
        own = one.currency_id._convert(
            amount, self.currency_id, self.company_id, self.create_date.date()
        )
        own = min(own, self.amount - self._oms_given_back())
        if (
            self.provider_id.support_refund == "full_only"
            and self.currency_id.compare_amounts(own, self.amount) != 0
        ):
            return self.browse()
        return self._create_child_transaction(
            own,
            is_refund=True,
            oms_return_id=one.id,
            invoice_ids=[(6, 0, notes.ids)],
            sale_order_ids=[(6, 0, one.order_id.ids)],
        )

    def _oms_send(self):
        """Ask the provider; what it refuses is told to a person."""
        self.ensure_one()
        try:
            self._log_sent_message()
            self._send_refund_request()
        except Exception as error:  # whatever a provider's module raises
            self._set_error(str(error))

    def _set_error(self, state_message, **kwargs):
        result = super()._set_error(state_message, **kwargs)
        for refund in self.filtered(lambda one: one.oms_return_id and one.state == "error"):
            one = refund.oms_return_id.sudo()
            one.paid_back += refund.currency_id._convert(
                refund.amount, one.currency_id, one.company_id, refund.create_date.date()
            )
            one._money_needs_a_person(
                f"failed-{refund.id}",
                one.company_id._oms_speaking()._(
                    "%(provider)s did not pay %(amount)s back: %(why)s",
                    provider=refund.provider_id.name,
                    amount=refund.currency_id.format(-refund.amount),
                    why=state_message or "",
                ),
            )
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _oms_reconcile_with(self, others):
        """Set what is open of these moves against what is open of others."""
        lines = (
            (self | others)
            .filtered(lambda move: move.state == "posted")
            .line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "asset_receivable" and not line.reconciled
                )
            )
        )
        for account in lines.account_id:
            own = lines.filtered(lambda line, account=account: line.account_id == account)
            if any(line.balance > 0 for line in own) and any(line.balance < 0 for line in own):
                own.reconcile()

    def _post(self, soft=True):
        """The invoice of an exchange is set against the credit note of what came back."""
        posted = super()._post(soft)
        for invoice in posted.filtered(lambda move: move.move_type == "out_invoice"):
            returned = invoice.line_ids.sale_line_ids.order_id.sudo().oms_return_id
            if returned.refund_ids:
                invoice.sudo()._oms_reconcile_with(returned.refund_ids)
        return posted
