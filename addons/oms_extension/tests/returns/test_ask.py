from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestAsk(MoneyCase):
    """Customer service, with the rights it has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "clerk",
            "oms_extension.group_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def as_clerk(self, records):
        return records.with_user(self.clerk).with_context(
            allowed_company_ids=self.company.ids, tracking_disable=True
        )

    def test_a_clerk_makes_a_return_from_the_order_and_pays_it_back(self):
        shirt, hat = self.goods(), self.goods("Hat", 10.0)
        order = self.sold({shirt: 2, hat: 1})
        form = Form(
            self.as_clerk(self.env["oms.return.ask"]).with_context(
                active_model="sale.order", active_id=order.id
            )
        )
        self.assertEqual(len(form.line_ids), 2)
        with form.line_ids.edit(0) as line:
            line.quantity = 1
            line.reason_id = self.env.ref("oms_extension.reason_too_small")
        action = form.save().action_ask()
        one = self.as_clerk(self.env["oms.return"]).browse(action["res_id"])
        self.assertEqual((one.origin, one.line_ids.product_id), ("clerk", shirt))
        if one.state == "requested":
            one.action_approve()
        self.come_back(one.sudo())
        # Who has no access to invoices is told, and led to none.
        self.assertEqual(one.action_refund()["tag"], "display_notification")
        self.assertEqual((one.state, one.money_state), ("done", "settled"))
        self.assertEqual(one.refund_count, 1)

    def test_from_a_delivery_its_order_is_chosen_and_what_is_back_is_not_offered(self):
        order = self.sold({self.goods(): 1})
        picking = order.picking_ids
        ask = self.as_clerk(self.env["oms.return.ask"]).with_context(
            active_model="stock.picking", active_id=picking.id
        )
        form = Form(ask)
        self.assertEqual(form.order_id, order)
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.quantity, 1)
            line.reason_id = self.env.ref("oms_extension.reason_unwanted")
        form.save().action_ask()
        self.assertTrue(Form(ask).nothing)

    def test_the_seal_is_asked_of_goods_whose_return_hangs_on_it_and_of_no_other(self):
        sealed = self.env["product.category"].create({"name": "Sealed"})
        self.return_policy.rule_ids = [
            (0, 0, {"effect": "exclude", "exclusion": "hygiene", "categ_ids": [(6, 0, sealed.ids)]})
        ]
        socks, hat = self.goods("Socks", categ_id=sealed.id), self.goods("Hat", 10.0)
        ask = self.as_clerk(self.env["oms.return.ask"])
        form = Form(ask.with_context(active_model="sale.order", active_id=self.sold({hat: 1}).id))
        self.assertFalse(form.ask_seal)
        order = self.sold({socks: 1, hat: 1})
        form = Form(ask.with_context(active_model="sale.order", active_id=order.id))
        self.assertTrue(form.ask_seal)
        with form.line_ids.edit(1) as line:
            self.assertEqual((line.product_id, line.ask_seal), (hat, False))
        with form.line_ids.edit(0) as line:
            self.assertEqual((line.product_id, line.ask_seal), (socks, True))
            line.quantity = 1
            line.reason_id = self.env.ref("oms_extension.reason_unwanted")
            line.seal = "broken"
        self.assertTrue(form.refused)
        self.assertIn("It cannot be returned", form.verdict)
        with form.line_ids.edit(0) as line:
            line.seal = "closed"
        self.assertFalse(form.refused)
        self.assertNotIn("seal", form.verdict)
        action = form.save().action_ask()
        one = self.env["oms.return"].browse(action["res_id"])
        self.assertEqual((one.line_ids.product_id, one.line_ids.seal), (socks, "closed"))

    def test_no_amount_quantity_or_state_is_set_by_hand(self):
        order = self.sold({self.goods(): 2})
        one = self.as_clerk(self.ask(order, 1))
        with self.assertRaisesRegex(UserError, "New Return"):
            self.as_clerk(self.env["oms.return"]).create({"order_id": order.id})
        for values in (
            {"state": "done"},
            {"pay_back_left": 500.0},
            {"shipping_refund": 500.0},
            {"line_ids": [(1, one.line_ids.id, {"refund_amount": 500.0})]},
            {"line_ids": [(1, one.line_ids.id, {"quantity": 2.0})]},
            {"line_ids": [(0, 0, {"order_line_id": order.order_line.id, "quantity": 1.0})]},
        ):
            with self.assertRaisesRegex(UserError, "follows from"):
                one.write(values)
        with self.assertRaisesRegex(UserError, "Cancel the return"):
            one.line_ids.unlink()
        one.line_ids.write({"outcome": "discount", "keep": True, "discount_percent": 400.0})
        one.action_approve()
        one.action_refund()
        self.assertEqual(one.amount_refunded, 24.4)

    def test_a_refused_return_says_why_and_can_be_taken_up_again(self):
        order = self.sold({self.goods(): 1})
        one = self.as_clerk(self.ask(order, 1))
        if one.state == "approved":
            one.action_cancel()
            one.action_reopen()
        one.action_reject("It was used.")
        self.assertEqual((one.state, one.refusal), ("rejected", "It was used."))
        one.action_reopen()
        self.assertEqual(one.state, "requested")
