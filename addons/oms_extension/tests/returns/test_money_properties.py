"""Whatever is sold, and however it comes back: money in is money out, units in are units out."""

import random

from odoo.exceptions import UserError
from odoo.tests import tagged

from .money_case import MoneyCase

STORIES = 8


@tagged("post_install", "-at_install")
class TestMoneyProperties(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new = cls.env["account.tax"].create
        cls.taxes = [
            cls.tax,
            new(
                {"name": "10%", "amount": 10, "type_tax_use": "sale", "company_id": cls.company.id}
            ),
            new(
                {
                    "name": "19% included",
                    "amount": 19,
                    "price_include_override": "tax_included",
                    "type_tax_use": "sale",
                    "company_id": cls.company.id,
                }
            ),
            cls.env["account.tax"],
        ]
        cls.foreign = cls.env.ref("base.EUR")
        cls.foreign.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.foreign.id,
                "company_id": cls.company.id,
                "rate": 0.87,
                "name": "2020-01-01",
            }
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": cls.foreign.id, "company_id": cls.company.id}
        )

    def tell(self, dice):
        """An order, delivered, invoiced in one or two parts, and what its customer paid."""
        lines = []
        for number in range(dice.randint(1, 3)):
            tax = dice.choice(self.taxes)
            product = self.product(
                f"P{number}",
                price=dice.choice([3.33, 9.99, 17.0, 0.07, 129.9]),
                stock={"IT": 50},
                taxes_id=[(6, 0, tax.ids)],
                invoice_policy=dice.choice(["delivery", "order"]),
            )
            lines.append(
                {
                    "product_id": product.id,
                    "product_uom_qty": dice.randint(1, 6),
                    "discount": dice.choice([0, 0, 5, 33.33]),
                }
            )
        if dice.random() < 0.5:
            coupon = self.env["product.product"].create(
                {
                    "name": "Coupon",
                    "type": "service",
                    "taxes_id": [(6, 0, dice.choice(self.taxes).ids)],
                }
            )
            lines.append(
                {
                    "product_id": coupon.id,
                    "product_uom_qty": 1,
                    "price_unit": -dice.choice([0.05, 0.02]),
                }
            )
        more = {"pricelist_id": self.pricelist.id} if dice.random() < 0.3 else {}
        return self.sold(lines, paid=dice.random() < 0.7, **more)

    def give_back_all(self, dice, order):
        """Return everything in random pieces, some received in parts, some cancelled."""
        goods = order.order_line.filtered(lambda line: line.product_id.type != "service")
        for _turn in range(200):
            left = {line: units for line, units in goods._oms_returnable().items() if units > 0}
            if not left:
                break
            line = dice.choice(list(left))
            units = dice.randint(1, round(left[line]))
            one = self.ask(order, units, line=line)
            if dice.random() < 0.2:
                one.action_cancel()
                continue
            one.action_approve()
            first = dice.randint(1, units)
            one._receive({one.line_ids: first})
            if dice.random() < 0.5 or first == units:
                one._refund()
            if first < units:
                one._receive({one.line_ids: units - first})
                one._refund()
            self.assertEqual(one.state, "done")
            with self.assertRaises(UserError):
                one._refund()
        else:
            self.fail("It did not come to an end.")

    def test_all_that_was_paid_comes_back_with_the_last_unit_and_never_a_cent_more(self):
        for seed in range(STORIES):
            with self.subTest(seed=seed):
                dice = random.Random(seed)
                order = self.tell(dice)
                sold = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
                whole = sum(sold.mapped("amount_total"))
                self.give_back_all(dice, order)
                notes = order.oms_return_ids.refund_ids
                self.assertEqual(set(notes.mapped("state")), {"posted"})
                given = order.currency_id.round(sum(notes.mapped("amount_total")))
                self.assertEqual(given, order.currency_id.round(whole))
                self.assertEqual(
                    given,
                    order.currency_id.round(sum(order.oms_return_ids.mapped("amount_refunded"))),
                )
                by_delivery = order.order_line.filtered(
                    lambda line: (
                        line.product_id.type != "service"
                        and line.product_id.invoice_policy == "delivery"
                    )
                )
                self.assertFalse(any(by_delivery.mapped("qty_to_invoice")))
                self.assertFalse(any(by_delivery.mapped("qty_delivered")))

    def test_all_units_are_where_they_were_or_in_the_place_for_returns(self):
        for seed in range(100, 100 + STORIES // 2):
            with self.subTest(seed=seed):
                dice = random.Random(seed)
                order = self.tell(dice)
                self.give_back_all(dice, order)
                products = order.order_line.product_id.filtered("is_storable")
                for product in products:
                    quants = product.stock_quant_ids
                    inside = quants.filtered(lambda one: one.location_id.usage == "internal")
                    self.assertEqual(sum(inside.mapped("quantity")), 50)
                    customers = quants.filtered(lambda one: one.location_id.usage == "customer")
                    self.assertEqual(sum(customers.mapped("quantity")), 0)
                journal = order.oms_return_ids.refund_ids.line_ids
                self.assertEqual(self.currency.round(sum(journal.mapped("balance"))), 0)

    def test_a_credit_note_that_accounting_made_by_hand_is_not_given_twice(self):
        order = self.sold({self.goods(): 2})
        invoice = order.invoice_ids
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "by hand"})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.invoice_line_ids.quantity = 1
        note.action_post()
        first = self.come_back(self.ask(order, 1))
        self.assertEqual(first._refund().amount_total, 24.4)
        second = self.come_back(self.ask(order, 1))
        self.assertFalse(second._refund())

    def test_an_order_in_dozens_is_credited_by_the_piece(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.sold(
            [{"product_id": self.goods(price=2.0).id, "product_uom_qty": 2,
              "product_uom_id": dozen.id}]
        )  # fmt: skip
        whole = order.invoice_ids.amount_total
        one = self.come_back(self.ask(order, 5))
        self.assertEqual(one._refund().amount_total, self.currency.round(whole * 5 / 24))
        rest = self.come_back(self.ask(order, 19))._refund()
        self.assertEqual(self.currency.round(one.amount_refunded + rest.amount_total), whole)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
