"""The other product that a customer gets: a new order, priced so that an even exchange is even."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class OmsReturn(models.Model):
    _inherit = "oms.return"

    exchange_ships = fields.Selection(
        [("approval", "Approval"), ("receipt", "Receipt")],
        "Exchange Ships on",
        required=True,
        default="receipt",
    )

    def _on_approved(self):
        result = super()._on_approved()
        self.filtered(lambda one: one.exchange_ships == "approval")._exchange()
        return result

    def _on_received(self):
        result = super()._on_received()
        self.filtered(
            lambda one: (
                one.receipt_state in ("received", "none") and one.exchange_ships == "receipt"
            )
        )._exchange()
        return result

    def action_exchange(self):
        """Send what was asked for in exchange now."""
        self.check_access("write")
        if any(one.state not in ("approved", "received") for one in self):
            raise UserError(self.env._("Approve the return first."))
        self._exchange()
        return self.action_exchanges()

    def action_exchanges(self):
        """The orders that were made in exchange."""
        return self.exchange_ids._get_records_action(name=self.env._("Exchange Orders"))

    def _exchange(self):
        """Make the order for what is wanted in exchange, once.

        It is confirmed where nothing is to be paid on top; else it stays a quotation for the
        customer to accept: nobody is charged silently.
        """
        for one in self:
            lines = one._exchange_lines()
            if not lines or one.exchange_ids.filtered(lambda order: order.state != "cancel"):
                continue
            order = self.env["sale.order"].sudo().create(one._exchange_values())
            for line in lines:
                line._exchange_line(order)
            order.note = one._exchange_note(order)
            extra = order.amount_total - sum(lines.mapped("refund_amount"))
            if one.currency_id.compare_amounts(extra, 0.0) <= 0:
                order.action_confirm()
            else:
                one._money_needs_a_person(
                    "exchange",
                    one.company_id._oms_speaking()._(
                        "%(order)s, in exchange for %(name)s, costs %(extra)s more: let "
                        "%(customer)s accept it before it is sent.",
                        order=order.name,
                        name=one.name,
                        extra=one.currency_id.format(extra),
                        customer=one.partner_id.display_name,
                    ),
                )

    def _exchange_lines(self):
        return self.line_ids.filtered(lambda line: line.outcome == "exchange")

    def _exchange_values(self):
        order = self.order_id
        return {
            "partner_id": order.partner_id.id,
            "partner_invoice_id": order.partner_invoice_id.id,
            "partner_shipping_id": order.partner_shipping_id.id,
            "company_id": order.company_id.id,
            "pricelist_id": order.pricelist_id.id,
            "fiscal_position_id": order.fiscal_position_id.id,
            "warehouse_id": order.warehouse_id.id,
            "team_id": order.team_id.id,
            "user_id": order.user_id.id,
            "client_order_ref": order.client_order_ref,
            "origin": self.name,
            "oms_return_id": self.id,
            "note": False,
        }

    def _exchange_note(self, order):
        """What the customer reads on the order: that its total is not what is left to pay."""
        self.ensure_one()
        credit = min(
            sum(line._worth_of(line.quantity) for line in self._exchange_lines()),
            self.amount_total,
            order.amount_total,
        )
        money = self.currency_id.with_context(lang=self.partner_id.lang)
        return self.with_context(lang=self.partner_id.lang).env._(
            "In exchange for what you send back (%(name)s): %(credit)s of the total are set off by "
            "it, %(rest)s remain to be paid.",
            name=self.name,
            credit=money.format(credit),
            rest=money.format(order.amount_total - credit),
        )

    def _exchange_open(self):
        """Money of the exchange orders that no invoice has taken yet."""
        return sum(
            order.amount_total
            - sum(
                move.amount_total
                for move in order.invoice_ids
                if move.state == "posted" and move.move_type == "out_invoice"
            )
            for order in self.exchange_ids
            if order.state != "cancel"
        )

    def _exchange_left_over(self):
        """Credit for goods in exchange that no exchange order will take any more."""
        self.ensure_one()
        unused = self._unused_of(self._posted_notes())
        credited = sum(self._exchange_lines().mapped("credited_amount"))
        return self.currency_id.round(min(unused - self._exchange_open(), credited))

    def _exchange_cancelled(self):
        """Tell customer service of credit that is left where an exchange order was cancelled."""
        for one in self:
            left = one._exchange_left_over()
            if one.currency_id.compare_amounts(left, 0.0) > 0:
                one._money_needs_a_person(
                    "cancelled",
                    one.company_id._oms_speaking()._(
                        "The exchange for %(name)s was cancelled, and %(amount)s of its credit are "
                        "left: pay them to %(customer)s, or send other goods.",
                        name=one.name,
                        amount=one.currency_id.format(left),
                        customer=one.partner_id.display_name,
                    ),
                )


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _exchange_line(self, order):
        """The other product, at what was paid for these units and the difference of list prices."""
        self.ensure_one()
        wanted = self.exchange_product_id or self.product_id
        line = (
            self.env["sale.order.line"]
            .sudo()
            .create(
                {
                    "order_id": order.id,
                    "product_id": wanted.id,
                    "product_uom_qty": self.quantity,
                    "product_uom_id": wanted.uom_id.id,
                }
            )
        )
        difference = 0.0
        if wanted != self.product_id:
            difference = line.price_total - self._price_today(order)
        gross = max(self.refund_amount + difference, 0.0)
        line.write({"discount": 0.0, "price_unit": line._oms_net(gross / self.quantity)})
        # A cent may be left by rounding the unit's price.
        rest = order.currency_id.round(gross - line.price_total)
        if rest:
            order.order_line = [
                Command.create(
                    {
                        "product_id": order._oms_rounding_product().id,
                        "name": self.env._("Rounding"),
                        "product_uom_qty": 1,
                        "price_unit": rest,
                        "tax_ids": [Command.clear()],
                    }
                )
            ]
        return line

    def _price_today(self, order):
        """What the returned units cost today, taxes included, by the order's pricelist."""
        price = (
            order.pricelist_id._get_product_price(self.product_id, self.quantity)
            if (order.pricelist_id)
            else self.product_id.lst_price
        )
        taxes = order.fiscal_position_id.map_tax(
            self.product_id.taxes_id._filter_taxes_by_company(order.company_id)
        )
        return taxes.compute_all(price, order.currency_id, self.quantity)["total_included"]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_net(self, gross):
        """The unit price that makes ``gross``, taxes included, of one unit."""
        self.ensure_one()
        taxes = self.tax_ids
        if not taxes or all(tax.price_include for tax in taxes):
            return gross
        return taxes._get_tax_details(
            gross, 1.0, rounding_method="round_globally", special_mode="total_included"
        )["total_excluded"]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        """The customer has accepted a dearer exchange: nobody needs to ask any more."""
        result = super()._action_confirm()
        self.sudo().oms_return_id.exception_ids._recheck()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.sudo().oms_return_id._exchange_cancelled()
        return result

    def _oms_rounding_product(self):
        """The product of lines that even out a cent."""
        return self.env.ref("oms_extension.product_rounding")
