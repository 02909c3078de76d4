from odoo.exceptions import UserError
from odoo.tests import tagged

from .money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestPayBack(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("payment.payment_provider_demo").copy(
            {"company_id": cls.company.id, "state": "test"}
        )
        cls.method = cls.env.ref("payment_demo.payment_method_demo", False) or cls.env[
            "payment.method"
        ].search([], limit=1)
        cls.provider.journal_id = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )

    def paid_online(self, order, *amounts):
        """Pay an order through the demo provider, in one or more payments, and invoice it."""
        payments = self.env["payment.transaction"]
        for amount in amounts or [order.amount_total]:
            payments |= payments.create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "reference": f"{order.name}-{len(payments)}-{amount}",
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "operation": "online_direct",
                    "sale_order_ids": [(6, 0, order.ids)],
                }
            )
        payments._set_done()
        invoice = self.invoice(order, paid=False)
        payments.invoice_ids = invoice
        payments._post_process()
        return payments

    def back(self, payments):
        return [-amount for amount in payments.child_transaction_ids.mapped("amount")]

    def test_the_money_goes_back_on_the_payment_it_came_with(self):
        order = self.delivered({self.goods(): 3})
        payment = self.paid_online(order)
        one = self.come_back(self.ask(order, 1))
        note = one._refund()
        self.assertEqual(one.pay_back_left, 24.4)
        self.env["oms.return"]._cron_pay_back()
        self.assertEqual(self.back(payment), [24.4])
        self.assertEqual(payment.child_transaction_ids.state, "done")
        payment.child_transaction_ids._post_process()
        self.assertEqual((one.pay_back_left, one.paid_back), (0.0, 24.4))
        self.assertEqual(note.amount_residual, 0.0)
        self.env["oms.return"]._cron_pay_back()
        self.assertEqual(self.back(payment), [24.4])

    def test_several_payments_give_back_the_latest_first_and_none_more_than_it_brought(self):
        order = self.delivered({self.goods(): 3})
        first, second = self.paid_online(order, 60.0, 13.2)
        for units in (1, 2):
            self.come_back(self.ask(order, units))._refund()
            self.env["oms.return"]._cron_pay_back()
        self.assertEqual(sum(self.back(second)), 13.2)
        self.assertEqual(self.currency.round(sum(self.back(first))), 60.0)

    def test_what_no_provider_can_pay_back_is_an_exception_for_a_person(self):
        order = self.sold({self.goods(): 1})
        one = self.come_back(self.ask(order, 1))
        one._refund()
        self.env["oms.return"]._cron_pay_back()
        found = self.env["oms.exception"].search([("return_id", "=", one.id)])
        self.assertEqual((found.kind, found.state), ("refund", "open"))
        self.assertIn("24.40", found.name)
        self.assertEqual((one.pay_back_left, one.paid_back), (0.0, 0.0))

    def test_a_refused_payment_is_told_and_not_counted(self):
        order = self.delivered({self.goods(): 1})
        payment = self.paid_online(order)
        one = self.come_back(self.ask(order, 1))
        one._refund()
        self.env["oms.return"]._cron_pay_back()
        payment.child_transaction_ids.state = "pending"
        payment.child_transaction_ids._set_error("Card closed")
        self.assertEqual(one.paid_back, 0.0)
        found = self.env["oms.exception"].search([("return_id", "=", one.id)])
        self.assertIn("Card closed", found.name)

    def test_units_paid_in_advance_and_never_invoiced_are_paid_back(self):
        order = self.order({self.goods(): 2})
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "reference": f"{order.name}-advance",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        payment._set_done()
        self.send(order)
        one = self.come_back(self.ask(order, 1))
        self.assertFalse(one._refund())
        self.env["oms.return"]._cron_pay_back()
        self.assertEqual(self.back(payment), [24.4])

    def test_store_credit_is_loaded_once_and_leaves_nothing_open(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "company_id": self.company.id,
                "trigger_product_ids": [
                    (0, 0, {"name": "Top-up", "type": "service", "taxes_id": [(5,)]})
                ],
            }
        )
        order = self.sold({self.goods(): 2})
        one = self.come_back(self.ask(order, 1, outcome="credit"))
        note = one._refund()
        card = program.coupon_ids
        self.assertEqual((card.points, card.partner_id), (24.4, order.partner_id))
        self.assertEqual((note.amount_total, note.amount_residual), (0.0, 0.0))
        self.assertEqual((one.money_state, one.pay_back_left), ("settled", 0.0))


@tagged("post_install", "-at_install")
class TestExchange(MoneyCase):
    def variants(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [(0, 0, {"name": "S"}), (0, 0, {"name": "M"})],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Jacket",
                "is_storable": True,
                "list_price": 33.33,
                "taxes_id": [(6, 0, self.tax.ids)],
                "invoice_policy": "delivery",
                "categ_id": self.category.id,
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [(6, 0, attribute.value_ids.ids)],
                        },
                    )
                ],
            }
        )
        small, medium = template.product_variant_ids
        self.stock(small, IT=10)
        self.stock(medium, IT=10)
        return small, medium

    def test_an_even_exchange_is_even_and_ships_after_receipt(self):
        small, medium = self.variants()
        order = self.sold([{"product_id": small.id, "product_uom_qty": 3, "discount": 7.0}])
        one = self.ask(order, 2, "too_small", outcome="exchange", exchange_product_id=medium.id)
        one.action_approve()
        self.assertFalse(one.exchange_ids)
        self.come_back(one)
        exchange = one.exchange_ids
        self.assertEqual((exchange.state, exchange.order_line[0].product_id), ("sale", medium))
        self.assertEqual(exchange.amount_total, one.line_ids.refund_amount)
        one._refund()
        self.assertFalse(one.pay_back_left)
        self.send(exchange, "T-9")
        invoice = self.invoice(exchange, paid=False)
        self.assertEqual((invoice.amount_residual, one.refund_ids.amount_residual), (0.0, 0.0))
        self.assertEqual(one.state, "done")

    def test_a_dearer_exchange_waits_for_the_customer_and_charges_nothing_silently(self):
        small, medium = self.variants()
        medium.product_template_attribute_value_ids.price_extra = 10.0
        order = self.sold({small: 1})
        one = self.come_back(
            self.ask(order, 1, "too_small", outcome="exchange", exchange_product_id=medium.id)
        )
        exchange = one.exchange_ids
        self.assertEqual(exchange.state, "draft")
        extra = exchange.amount_total - one.line_ids.refund_amount
        self.assertEqual(self.currency.round(extra), 12.2)
        found = self.env["oms.exception"].search([("return_id", "=", one.id)])
        self.assertIn("costs", found.name)
        self.assertIn(exchange.name, one.next_step)
        note = str(exchange.note).replace("&nbsp;", "\xa0")
        for part in (one.name, self.currency.format(one.line_ids.refund_amount), "12.20"):
            self.assertIn(part, note)
        exchange.action_confirm()
        self.assertEqual(found.state, "closed")
        self.assertIn("set against", one.next_step)

    def test_what_was_paid_back_by_hand_needs_nobody_any_more(self):
        one = self.come_back(self.ask(self.sold({self.goods(): 1})))
        one._refund()
        one._pay_back()
        one.exception_ids._recheck()
        self.assertEqual(one.exception_ids.state, "open")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=one.refund_ids.ids
        ).create({})._create_payments()
        one.exception_ids._recheck()
        self.assertEqual(one.exception_ids.state, "closed")

    def test_what_accounting_credited_by_itself_is_not_credited_again(self):
        for made in ("by the invoice's button", "from the order"):
            order = self.sold({self.goods(): 5})
            one = self.come_back(self.ask(order, 2))
            self.assertEqual(one.money_state, "due")
            if made == "from the order":
                note = order._create_invoices(final=True)
            else:
                action = (
                    self.env["account.move.reversal"]
                    .with_context(active_model="account.move", active_ids=order.invoice_ids.ids)
                    .create({"journal_id": order.invoice_ids.journal_id.id})
                    .refund_moves()
                )
                note = self.env["account.move"].browse(action["res_id"])
                note.invoice_line_ids.quantity = 2
            note.action_post()
            self.assertEqual(one.amount_refunded, note.amount_total, made)
            self.assertEqual((one.money_state, one.state), ("settled", "done"), made)
            self.assertEqual(one.refund_ids, note, made)
            with self.assertRaises(UserError):
                one._refund()

    def test_the_rest_of_a_cheaper_exchange_is_paid_back(self):
        small, medium = self.variants()
        small.product_template_attribute_value_ids.price_extra = 10.0
        order = self.sold({small: 1})
        one = self.come_back(
            self.ask(order, 1, "too_small", outcome="exchange", exchange_product_id=medium.id)
        )
        self.assertEqual(one.exchange_ids.state, "sale")
        one._refund()
        self.assertEqual(one.pay_back_left, 12.2)

    def test_credit_that_a_cancelled_exchange_leaves_is_somebodys_task_until_it_is_used(self):
        small, medium = self.variants()
        order = self.sold({small: 1})
        one = self.come_back(
            self.ask(order, 1, "too_small", outcome="exchange", exchange_product_id=medium.id)
        )
        one._refund()
        exceptions = self.env["oms.exception"].search([("return_id", "=", one.id)])
        self.assertFalse(exceptions)
        one.exchange_ids._action_cancel()
        found = self.env["oms.exception"].search([("return_id", "=", one.id)])
        self.assertIn(self.currency.format(one.refund_ids.amount_residual), found.name)
        found._recheck()
        self.assertEqual(found.state, "open")
        one.state = "received"
        one.action_exchange()
        found._recheck()
        self.assertEqual(found.state, "closed")

    def test_an_exchange_in_advance_ships_at_approval_and_once(self):
        small, medium = self.variants()
        order = self.sold({small: 1})
        one = self.ask(order, 1, "too_small", outcome="exchange", exchange_product_id=medium.id)
        one.exchange_ships = "approval"
        one.action_approve()
        self.assertEqual(one.exchange_ids.state, "sale")
        self.come_back(one)
        self.assertEqual(len(one.exchange_ids), 1)
        self.assertEqual(self.shipping(one.exchange_ids), {"IT": 1})
