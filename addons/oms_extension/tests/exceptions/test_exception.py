from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestException(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT")
        cls.thing = cls.product(stock={"IT": 1})

    def test_one_cause_has_one_open_exception(self):
        order = self.order({self.thing: 3})
        self.assertEqual(order.oms_missing, 2)
        first = order.oms_exception_ids
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.oms_exception_ids, first)
        self.assertIn("4", first.name)

    def test_it_closes_by_itself_when_the_cause_is_gone(self):
        order = self.order({self.thing: 3})
        exception = order.oms_exception_ids
        order.order_line.product_uom_qty = 1
        self.assertEqual((exception.state, exception.closed_by), ("closed", "cause"))

    def test_it_closes_when_the_order_is_cancelled(self):
        order = self.order({self.thing: 3})
        order._action_cancel()
        self.assertEqual(order.oms_exception_ids.state, "closed")

    def test_it_closes_when_the_goods_have_come(self):
        order = self.order({self.thing: 3})
        self.stock(self.thing, IT=5)
        order.picking_ids.action_assign()
        self.env["oms.exception"]._cron_recheck()
        self.assertEqual(order.oms_exception_ids.state, "closed")
        self.assertEqual(order.oms_missing, 0)

    def test_what_a_person_closed_is_not_raised_again(self):
        order = self.order({self.thing: 3})
        order.oms_exception_ids.action_close()
        self.env["oms.exception"]._cron_recheck()
        self.assertEqual(order.oms_exception_ids.mapped("state"), ["closed"])
        self.assertFalse(self.env["oms.audit"].run_audit())

    def test_what_is_put_aside_comes_back(self):
        exception = self.order({self.thing: 3}).oms_exception_ids
        exception.action_snooze()
        exception.snoozed_until = fields.Datetime.now() - timedelta(minutes=1)
        self.env["oms.exception"]._cron_recheck()
        self.assertEqual(exception.state, "open")

    def test_a_reader_cannot_close_it(self):
        exception = self.order({self.thing: 3}).oms_exception_ids
        reader = new_test_user(
            self.env,
            "oms_reader",
            "oms_extension.group_readonly",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            exception.with_user(reader).action_close()
