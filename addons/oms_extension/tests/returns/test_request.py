from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReturnsCase


@tagged("post_install", "-at_install")
class TestRequest(ReturnsCase):
    def test_a_request_awaits_a_decision_and_its_transfer_comes_with_the_approval(self):
        order = self.delivered({self.thing: 3})
        one = self.ask(order, 2)
        self.assertEqual(one.state, "requested")
        self.assertFalse(one.picking_ids)
        one.action_approve()
        self.assertEqual((one.state, one.receipt_state), ("approved", "awaited"))
        move = one.picking_ids.move_ids
        self.assertEqual((move.product_qty, move.state), (2.0, "assigned"))
        self.assertEqual(move.location_dest_id, self.warehouses["IT"].oms_return_location_id)
        self.assertTrue(move.to_refund)

    def test_a_unit_announced_twice_is_refused(self):
        order = self.delivered({self.thing: 3})
        self.ask(order, 2)
        with self.assertRaisesRegex(UserError, "1 units of Thing can still be returned, not 2"):
            self.ask(order, 2)
        self.ask(order, 1)

    def test_what_was_not_delivered_cannot_be_returned(self):
        order = self.order({self.thing: 3})
        with self.assertRaisesRegex(UserError, "has not been delivered yet"):
            self.ask(order, 1)

    def test_received_units_are_not_for_sale_until_somebody_has_looked_at_them(self):
        order = self.delivered({self.thing: 3})
        free = self.thing.with_context(warehouse_id=self.warehouses["IT"].id).free_qty
        one = self.ask(order, 2)
        one.action_approve()
        one._receive({one.line_ids: 2})
        self.assertEqual(one.receipt_state, "received")
        self.thing.invalidate_recordset()
        self.assertEqual(self.warehouses["IT"].oms_return_location_id.quant_ids.quantity, 2)
        at_shelf = self.env["stock.quant"]._get_available_quantity(
            self.thing, self.warehouses["IT"].lot_stock_id
        )
        self.assertEqual(at_shelf, free)

    def test_a_part_that_came_leaves_the_rest_awaited(self):
        order = self.delivered({self.thing: 3})
        one = self.ask(order, 3)
        one.action_approve()
        one._receive({one.line_ids: 1})
        self.assertEqual((one.state, one.receipt_state), ("approved", "partial"))
        self.assertEqual(len(one.picking_ids), 2)
        one._receive({one.line_ids: 2})
        self.assertEqual(one.receipt_state, "received")

    def test_what_is_cancelled_may_be_announced_again(self):
        order = self.delivered({self.thing: 1})
        one = self.ask(order)
        one.action_approve()
        one.action_cancel()
        self.assertEqual(one.picking_ids.state, "cancel")
        again = self.ask(order)
        with self.assertRaisesRegex(UserError, "announced in another return"):
            one.action_reopen()
        again.action_cancel()
        one.action_reopen()
        self.assertEqual(one.state, "requested")

    def test_a_line_of_another_order_is_refused(self):
        order, other = self.delivered({self.thing: 1}), self.delivered({self.thing: 1})
        with self.assertRaisesRegex(UserError, "no line of order"):
            self.ask(order, line=other.order_line)
