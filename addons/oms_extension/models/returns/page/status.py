"""What a customer reads about one return, as plain values for the page and the mails."""

from odoo import api, models
from odoo.exceptions import UserError

from ...tracking.page.clock import Clock
from ..money.worth import GIVES_MONEY

SLIP = "oms_extension.report_return_slip"
CLOSED = ("rejected", "cancelled")


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _approve(self, by):
        # What is only looked at is not approved: it would be undone, but for what it sets going.
        if not self.env.context.get("oms_return_preview"):
            return super()._approve(by)
        return None

    @api.private
    def mail_facts(self):
        """What a mail template can say, see :meth:`_told_to_customer`; nothing internal.

        Public so that templates may call it; no other program may.
        """
        return self.sudo()._told_to_customer()

    def _told_to_customer(self):
        """Values in the language of the environment; nothing of costs, nothing internal.

        :return: dict ``name``, ``order``, ``customer``, ``state``, ``page`` (address), ``lines``,
            ``gets`` (what the customer gets, texts), ``fee`` (text), ``freight``
            (``shop``, ``customer`` or nothing), ``automatic``, ``terms`` (text), ``keeps_all``,
            ``headline``, ``tone``, ``why``, ``steps``, ``todo`` (texts), ``slip`` (whether there
            is one to print), ``money`` (text), ``cancel`` (whether the customer may)
        """
        self.ensure_one()
        verdict = self.verdict or {}
        keeps_all = all(self.line_ids.mapped("keep"))
        headline, tone = self._headline()
        clock = Clock(self.env.lang or "en_US", self.partner_id.tz or "UTC")
        return {
            "id": self.id,
            "name": self.name,
            "order": self.order_id.name or "",
            "customer": self.partner_id.name or "",
            "state": self.state,
            "page": f"{self.get_base_url()}/return/{self.sudo().access_token}",
            "direction": self.env["res.lang"]._get_data(code=self.env.lang).direction or "ltr",
            "lines": [line._told_to_customer() for line in self.line_ids],
            "gets": self._gets(),
            "fee": self.currency_id.format(self.fee) if self.fee else "",
            "freight": verdict.get("freight_paid_by", "shop") if not keeps_all else "",
            "automatic": bool(verdict.get("automatic")),
            "terms": self._terms(),
            "keeps_all": keeps_all,
            "way": self.way,
            "headline": headline,
            "tone": tone,
            "why": self.refusal or "" if self.state == "rejected" else "",
            "steps": self._steps(clock),
            "todo": self._instructions() if self.state not in (*CLOSED, "done") else [],
            "slip": self._has_slip(),
            "money": self._money_told(),
            "paid_back": self.currency_id.format(self.amount_refunded),
            "cancel": self._customer_may_cancel(),
        }

    def _terms(self):
        """What the policy says of the goods, in the reader's language; not of fee and freight."""
        if self.receipt_state in ("underway", "partial", "received"):
            # Until when goods may come back is no question once they do.
            return ""
        verdict = self.verdict or {}
        if "said" not in verdict:
            return self.verdict_text or ""
        needs = [pair for pair in verdict["said"] if pair[0].startswith("needs_")]
        names = self.line_ids.product_id.with_context(display_default_code=False)
        names = {product.id: product.display_name for product in names}
        return self._verdict_in_words(
            verdict | {"said": needs},
            [names[line.product_id.id] for line in self.line_ids],
            self.currency_id,
        )

    # --- where it stands --------------------------------------------------------------------------

    def _headline(self):
        """(text, tone)"""
        if self.state == "requested":
            return self.env._("We look at your request"), "plain"
        if self.state == "rejected":
            return self.env._("We cannot take this back"), "trouble"
        if self.state == "cancelled":
            return self.env._("This return is cancelled"), "plain"
        if self.receipt_state == "awaited":
            return self.env._("Your return is approved: send the goods"), "attention"
        if self.receipt_state == "underway":
            return self.env._("The goods are on their way to us"), "plain"
        if self.receipt_state == "partial":
            return self.env._("A part of the goods is with us"), "plain"
        if self.state == "done":
            return self.env._("Your return is settled"), "done"
        if self.receipt_state == "received":
            return self.env._("The goods are with us"), "plain"
        return self.env._("Your return is approved"), "plain"

    def _steps(self, clock):
        """Steps for the progress line, as those of a parcel: ``label``, ``status``, ``day``."""

        def day(moment):
            return clock.short_day(moment) if moment else ""

        asked = (self.env._("Requested"), True, day(self.requested_at))
        if self.state in CLOSED:
            end = self.env._("Refused") if self.state == "rejected" else self.env._("Cancelled")
            return self._with_status([asked], [(end, "trouble")])
        steps = [asked, (self.env._("Approved"), self.state != "requested", day(self.approved_at))]
        if not all(self.line_ids.mapped("keep")):
            here = self.receipt_state == "received"
            gone = here or self.receipt_state in ("underway", "partial")
            steps += [
                (self.env._("Sent back"), gone, ""),
                (self.env._("Received"), here, day(self.received_at) if here else ""),
            ]
        outcomes = set(self.line_ids.mapped("outcome"))
        settled = self.money_state == "settled"
        if outcomes & {"refund", "discount"}:
            steps.append((self.env._("Paid back"), settled, ""))
        if "credit" in outcomes:
            steps.append((self.env._("Store credit"), settled, ""))
        if "exchange" in outcomes:
            sent = self.exchange_ids.oms_shipment_ids.filtered("shipped_at")
            first = min(sent.mapped("shipped_at"), default=None)
            steps.append((self.env._("Exchange sent"), bool(first), day(first)))
        if "repair" in outcomes:
            steps.append((self.env._("Repaired"), self.state == "done", ""))
        return self._with_status(steps)

    def _with_status(self, steps, ends=()):
        words = {
            "done": self.env._("done"),
            "current": self.env._("next"),
            "ahead": self.env._("still to come"),
            "trouble": self.env._("ended"),
        }
        ahead = False
        told = []
        for label, done, day in steps:
            status = "done" if done else ("ahead" if ahead else "current")
            ahead = ahead or not done
            told.append((label, status, day if done else ""))
        told += [(label, status, "") for label, status in ends]
        return [
            {"label": label, "status": status, "status_label": words[status], "day": day}
            for label, status, day in told
        ]

    def _customer_may_cancel(self):
        """While nothing was sent, received or paid."""
        return (
            self.state in ("requested", "approved")
            and self.receipt_state in ("none", "awaited")
            and not self.refund_ids
            and not self.exchange_ids.filtered(lambda order: order.state == "sale")
        )

    def _cancel_by_customer(self):
        """Give the return up in the customer's name.

        :raise UserError: the goods are on their way, or more
        """
        self.ensure_one()
        if not self._customer_may_cancel():
            raise UserError(self.env._("This return can no longer be cancelled here."))
        self.action_cancel()
        self.message_post(body=self.env._("The customer cancelled the return."))

    def _has_slip(self):
        return (
            self.state == "approved"
            and self.receipt_state in ("awaited", "underway", "partial")
            and bool(self.env.ref(SLIP, raise_if_not_found=False))
        )

    # --- money ------------------------------------------------------------------------------------

    def _amounts(self):
        """dict ``refund`` (with discounts and freight), ``exchange``, ``credit`` → money, less the
        fee, which is taken in this order as the credit note takes it.
        """
        amounts = dict.fromkeys(("refund", "exchange", "credit"), 0.0)
        for line in self.line_ids.filtered(lambda one: one.outcome in GIVES_MONEY):
            kind = "refund" if line.outcome == "discount" else line.outcome
            amounts[kind] += line._worth_of(line.quantity)
        amounts["refund"] += self.shipping_refund
        fee = self.fee
        for kind in amounts:
            taken = min(fee, amounts[kind])
            amounts[kind] -= taken
            fee -= taken
        return amounts

    def _gets(self):
        """What the customer gets, a text for each kind of outcome."""
        amounts = {
            kind: self.currency_id.format(amount)
            for kind, amount in self._amounts().items()
            if not self.currency_id.is_zero(amount)
        }
        gets = []
        if "refund" in amounts:
            gets.append(self.env._("We pay %s back, the way you paid.", amounts["refund"]))
        if "credit" in amounts:
            gets.append(self.env._("You get store credit of %s.", amounts["credit"]))
        if any(line.outcome == "exchange" for line in self.line_ids):
            gets.append(
                self.env._("You get the goods you chose in exchange. Nothing is charged unasked.")
            )
        if any(line.outcome == "repair" for line in self.line_ids):
            gets.append(self.env._("We repair the goods and send them back to you."))
        return gets

    def _money_told(self):
        """Where the money stands, in one sentence."""
        if self.state in CLOSED or self.state == "requested":
            return ""
        due = self.currency_id.format(self._amounts()["refund"])
        has_money = not self.currency_id.is_zero(self.amount_refunded)
        if self.money_state == "settled" and has_money:
            return self.env._(
                "%s is settled. A bank may take some days to show it.",
                self.currency_id.format(self.amount_refunded),
            )
        if self.money_state == "partial":
            return self.env._(
                "%(paid)s of %(all)s is settled so far.",
                paid=self.currency_id.format(self.amount_refunded),
                all=self.currency_id.format(self.amount_total),
            )
        if not self._amounts()["refund"]:
            return ""
        if self.money_state == "due":
            return self.env._("We are paying %s back to you.", due)
        if self.money_state == "later":
            return self.env._("We pay %s back when the goods are with us.", due)
        return ""


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _told_to_customer(self):
        self.ensure_one()
        product = self.product_id.with_context(display_default_code=False)
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        other = self.exchange_product_id.with_context(display_default_code=False)
        return {
            "product": product.display_name,
            "quantity": f"{self.quantity:g}",
            "reason": self.reason_id.name or "",
            "outcome": outcomes[self.outcome],
            "exchange": other.display_name if other and other != self.product_id else "",
            "worth": self.currency_id.format(self._worth_of(self.quantity))
            if self.outcome in GIVES_MONEY
            else "",
            "comment": self.comment or "",
            "photos": len(self.photo_ids),
            "keep": self.keep,
        }
