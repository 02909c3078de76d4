from odoo.exceptions import UserError
from odoo.tests import tagged

from .money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestMoney(MoneyCase):
    def test_received_units_are_credited_at_what_was_paid_for_them(self):
        order = self.sold({self.goods(): 3})
        one = self.come_back(self.ask(order, 2))
        self.assertEqual((one.money_state, one.amount_due), ("due", 48.8))
        note = one._refund()
        self.assertEqual(
            (note.move_type, note.state, note.amount_total), ("out_refund", "posted", 48.8)
        )
        self.assertEqual((one.money_state, one.state), ("settled", "done"))
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_nothing_is_paid_back_before_it_is_due_and_nothing_twice(self):
        order = self.sold({self.goods(): 3})
        one = self.ask(order, 2)
        with self.assertRaisesRegex(UserError, "Approve"):
            one._refund()
        one.action_approve()
        self.assertEqual(one.money_state, "later")
        with self.assertRaisesRegex(UserError, "due yet: it is on receipt"):
            one._refund()
        self.come_back(one)
        one._refund()
        with self.assertRaisesRegex(UserError, "paid back already"):
            one._refund()

    def test_a_partial_receipt_is_paid_in_part_and_the_rest_later(self):
        order = self.sold({self.goods(price=3.33): 3})
        whole = order.invoice_ids.amount_total
        one = self.come_back(self.ask(order, 3), 1)
        first = one._refund()
        self.assertEqual(one.state, "approved")
        one._receive({one.line_ids: 2})
        second = one._refund()
        self.assertEqual(self.currency.round(first.amount_total + second.amount_total), whole)
        self.assertEqual(one.state, "done")

    def test_returns_one_by_one_add_up_to_the_whole_invoice(self):
        order = self.sold({self.goods(price=3.33): 7})
        whole = order.invoice_ids.amount_total
        paid = 0.0
        for _unit in range(7):
            paid += self.come_back(self.ask(order, 1))._refund().amount_total
        self.assertEqual(self.currency.round(paid), whole)
        invoices = order.invoice_ids
        residual = sum(invoices.mapped("amount_residual_signed"))
        self.assertEqual(self.currency.round(residual), -whole)

    def test_discounts_and_coupons_are_not_paid_back(self):
        shirt, hat = self.goods(), self.goods("Hat", 10.0)
        coupon = self.env["product.product"].create(
            {"name": "Coupon", "type": "service", "taxes_id": [(6, 0, self.tax.ids)]}
        )
        order = self.sold(
            [
                {"product_id": shirt.id, "product_uom_qty": 2, "discount": 10.0},
                {"product_id": hat.id, "product_uom_qty": 1},
                {"product_id": coupon.id, "product_uom_qty": 1, "price_unit": -5.0},
            ]
        )
        paid = order.invoice_ids.amount_total
        self.assertEqual(paid, 50.02)
        # 36 of 46 of the coupon belong to the shirts, 10 to the hat.
        one = self.come_back(self.ask(order, 1))
        self.assertEqual(one._refund().amount_total, self.currency.round((43.92 - 4.77) / 2 + 0.0))
        two = self.come_back(self.ask(order, 1))._refund().amount_total
        hat_back = self.come_back(self.ask(order, 1, line=order.order_line[1]))._refund()
        self.assertEqual(
            self.currency.round(one.amount_refunded + two + hat_back.amount_total), paid
        )

    def test_outbound_freight_is_paid_back_with_the_last_unit_only(self):
        order = self.delivered({self.goods(): 2})
        order.set_delivery_line(self.service, 6.0)
        self.invoice(order)
        freight = order.order_line.filtered("is_delivery").price_total
        one = self.come_back(self.ask(order, 1))
        self.assertEqual((one.shipping_refund, one._refund().amount_total), (0.0, 24.4))
        two = self.come_back(self.ask(order, 1))
        self.assertEqual(two.shipping_refund, freight)
        self.assertEqual(two._refund().amount_total, self.currency.round(24.4 + freight))
        self.assertEqual(two.state, "done")

    def test_a_fee_is_kept_once(self):
        order = self.sold({self.goods(): 2})
        one = self.ask(order, 2)
        one.fee = 5.0
        self.come_back(one, 1)
        self.assertEqual(one._refund().amount_total, 19.4)
        one._receive({one.line_ids: 1})
        self.assertEqual(one._refund().amount_total, 24.4)
        self.assertEqual((one.state, one.amount_refunded), ("done", 43.8))

    def test_an_unpaid_invoice_is_reduced_and_no_money_sent(self):
        order = self.sold({self.goods(): 2}, paid=False)
        one = self.come_back(self.ask(order, 1))
        one._refund()
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        self.assertEqual(invoice.amount_residual, 24.4)
        self.assertFalse(one.pay_back_left)

    def test_what_was_never_invoiced_needs_no_credit_note(self):
        order = self.sold({self.goods(): 2}, invoiced=False)
        one = self.come_back(self.ask(order, 1))
        self.assertFalse(one._refund())
        self.assertEqual(one.state, "done")
        self.assertEqual(order.order_line.qty_to_invoice, 1)

    def test_who_keeps_the_goods_gets_the_discount_at_once(self):
        order = self.sold({self.goods(): 2})
        one = self.ask(order, 1, outcome="discount", reason="arrived_damaged")
        one.line_ids.discount_percent = 25
        one.action_approve()
        self.assertFalse(one.picking_ids)
        self.assertEqual(one._refund().amount_total, 6.1)
        self.assertEqual(one.state, "done")
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_a_deduction_for_use_lowers_the_refund(self):
        order = self.sold({self.goods(): 1})
        one = self.come_back(self.ask(order, 1))
        one.line_ids.deduction = 10.0
        self.assertEqual(one._refund().amount_total, 14.4)
