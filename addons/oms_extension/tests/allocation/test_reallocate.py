from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.allocation import reallocate
from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestReallocate(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.company.oms_reallocation_gain = 1.0

    def far_order(self, product, quantity=1, country="IT"):
        """An order whose goods are only far away; near stock comes later."""
        order = self.order({product: quantity}, country=country)
        self.assertEqual(order.state, "sale")
        return order

    def look(self, orders):
        run = self.env["oms.reallocate"].browse(orders.action_oms_reallocate()["res_id"])
        while run.preview_step()["done"] < len(run.line_ids):
            pass
        return run

    def move(self, run):
        while run.run_step()["left"]:
            pass

    def line(self, run, order):
        return run.line_ids.filtered(lambda line: line.order_id == order)

    def test_looking_shows_the_gain_and_changes_nothing(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        self.stock(lamp, IT=5)
        before = order.oms_allocation_id
        line = self.line(self.look(order), order)
        self.assertEqual(line.state, "better")
        self.assertTrue(line.accept)
        self.assertEqual(line.moves, "2 × Lamp: Leipzig → Milano")
        self.assertGreater(line.gain, 1.0)
        self.assertAlmostEqual(line.cost_now - line.cost_then, line.gain, 4)
        self.assertEqual(order.oms_allocation_id, before)
        self.assertEqual(self.shipping(order), {"DE": 2})

    def test_who_waits_takes_nothing_from_who_has_reserved(self):
        lamp = self.product("Lamp", stock={"IT": 1})
        served, waiting = self.order({lamp: 1}), self.order({lamp: 1})
        self.env["oms.safety.buffer"].create(
            {
                "warehouse_id": self.warehouses["IT"].id,
                "product_id": lamp.id,
                "quantity": 2,
            }
        )
        served.oms_allocate()
        self.assertEqual((served.oms_missing, waiting.oms_missing), (0, 1))
        self.assertEqual(served.picking_ids.move_ids.quantity, 1)

    def test_a_unit_that_was_given_up_goes_to_the_order_that_waits(self):
        lamp = self.product("Lamp", stock={"IT": 1})
        served, waiting = self.order({lamp: 1}), self.order({lamp: 1})
        served._action_cancel()
        waiting.oms_allocate()
        self.assertEqual(waiting.oms_missing, 0)
        self.assertEqual(self.reserved(lamp), 1)
        self.assertEqual(waiting.oms_exception_ids.state, "closed")

    def test_moving_puts_the_cheaper_allocation_in_force(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        self.stock(lamp, IT=5)
        run = self.look(order)
        gain = run.line_ids.gain
        self.move(run)
        self.assertEqual(run.line_ids.state, "moved")
        self.assertEqual(self.shipping(order), {"IT": 2})
        self.assertEqual(self.reserved(lamp), 2)
        allocation = order.oms_allocation_id
        self.assertEqual(allocation.trigger, "reallocate")
        self.assertAlmostEqual(allocation.gain, gain, 4)
        self.assertTrue(allocation.decision["cards"])
        self.assertFalse(self.receipts(order))
        self.assertEqual((run.moved_count, run.accepted_count), (1, 0))

    def test_an_order_that_is_as_good_as_it_can_be_stays(self):
        lamp = self.product("Lamp", stock={"IT": 5, "DE": 5})
        order = self.far_order(lamp, 2)
        run = self.look(order)
        self.assertEqual(run.line_ids.state, "unchanged")
        self.assertFalse(run.line_ids.accept)
        self.assertEqual(run.run_step()["left"], 0)

    def test_a_gain_below_the_minimum_is_shown_but_not_accepted(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        self.stock(lamp, IT=5)
        run = self.look(order)
        run.min_gain = run.line_ids.gain + 1
        self.assertEqual(run.line_ids.state, "better")
        self.assertFalse(run.line_ids.accept)
        run.min_gain = 1
        self.assertTrue(run.line_ids.accept)

    def test_what_a_person_does_not_accept_stays(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        orders = self.far_order(lamp) | self.far_order(lamp)
        self.stock(lamp, IT=5)
        run = self.look(orders)
        self.line(run, orders[0]).accept = False
        self.move(run)
        self.assertEqual(self.shipping(orders[0]), {"DE": 1})
        self.assertEqual(self.shipping(orders[1]), {"IT": 1})

    def test_orders_compete_for_the_same_stock(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        orders = self.env["sale.order"]
        for _number in range(3):
            orders |= self.far_order(lamp)
        self.stock(lamp, IT=2)
        run = self.look(orders)
        self.assertEqual(len(run.line_ids.filtered(lambda line: line.state == "better")), 2)
        self.move(run)
        self.assertEqual(run.moved_count, 2)
        self.assertEqual(self.reserved(lamp), 3)

    def test_orders_looked_at_later_do_not_get_what_earlier_ones_were_promised(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        orders = self.far_order(lamp) | self.far_order(lamp)
        self.stock(lamp, IT=1)
        self.patch(reallocate, "ORDERS_PER_BATCH", 1)
        run = self.look(orders)
        self.assertEqual(sorted(run.line_ids.mapped("state")), ["better", "unchanged"])

    def test_orders_that_exchange_their_warehouses_move_together(self):
        lamp = self.product("Lamp", stock={"IT": 1, "DE": 1})
        # Decided in the wrong order and held there by hand, then set free.
        in_italy = self.order({lamp: 1}, country="IT", confirm=False)
        in_germany = self.order({lamp: 1}, country="DE", confirm=False)
        self.warehouses["IT"].oms_online = False
        in_italy.action_confirm()
        self.warehouses["IT"].oms_online = True
        in_germany.action_confirm()
        self.assertEqual(self.shipping(in_italy), {"DE": 1})
        self.assertEqual(self.shipping(in_germany), {"IT": 1})
        run = self.look(in_italy | in_germany)
        self.assertEqual(set(run.line_ids.mapped("state")), {"better"})
        self.assertEqual(len(set(run.line_ids.mapped("group"))), 1)
        self.assertIn(in_germany.name, self.line(run, in_italy).message)
        run.line_ids[0].accept = False
        self.assertFalse(any(run.line_ids.mapped("accept")))
        run.line_ids[1].accept = True
        self.assertTrue(all(run.line_ids.mapped("accept")))
        self.assertEqual(run.run_step()["moved"], 2)
        self.assertEqual(self.shipping(in_italy), {"IT": 1})
        self.assertEqual(self.shipping(in_germany), {"DE": 1})
        self.assertEqual(self.reserved(lamp), 2)

    def test_picked_orders_are_skipped_with_the_reason(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        self.stock(lamp, IT=5)
        run = self.look(order)
        self.assertEqual(run.line_ids.state, "skipped")
        self.assertIn("picked", run.line_ids.message)

    def test_an_order_picked_after_looking_is_skipped(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        self.stock(lamp, IT=5)
        run = self.look(order)
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        self.move(run)
        self.assertEqual(run.line_ids.state, "skipped")
        self.assertEqual(self.shipping(order), {"DE": 2})

    def test_quotations_and_locked_orders_are_skipped(self):
        lamp = self.product("Lamp", stock={"IT": 5})
        quotation = self.order({lamp: 1}, confirm=False)
        locked = self.order({lamp: 1})
        locked.locked = True
        run = self.look(quotation | locked)
        self.assertEqual(set(run.line_ids.mapped("state")), {"skipped"})
        self.assertTrue(all(run.line_ids.mapped("message")))

    def test_stock_gone_after_looking_leaves_the_order_where_it_is(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        self.stock(lamp, IT=2)
        run = self.look(order)
        self.order({lamp: 2}, country="IT")
        self.move(run)
        self.assertEqual(run.line_ids.state, "unchanged")
        self.assertIn("any more", run.line_ids.message)
        self.assertEqual(self.shipping(order), {"DE": 2})

    def test_missing_units_move_to_goods_that_have_come(self):
        lamp = self.product("Lamp", stock={"DE": 1})
        order = self.far_order(lamp, 3)
        self.assertEqual(order.oms_missing, 2)
        self.stock(lamp, IT=5)
        run = self.look(order)
        self.assertEqual((run.line_ids.missing_now, run.line_ids.missing_then), (2, 0))
        self.move(run)
        self.assertEqual(order.oms_missing, 0)
        self.assertEqual(self.reserved(lamp), 3)

    def test_locked_units_do_not_move(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        order.oms_allocation_id.line_ids.sudo().locked = True
        self.stock(lamp, IT=5)
        self.assertEqual(self.look(order).line_ids.state, "unchanged")

    def test_units_locked_after_looking_do_not_move(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        self.stock(lamp, IT=5)
        run = self.look(order)
        order.oms_allocation_id.line_ids.sudo().locked = True
        self.move(run)
        self.assertEqual(run.line_ids.state, "unchanged")
        self.assertEqual(self.shipping(order), {"DE": 2})

    def test_a_run_that_was_cut_off_goes_on(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        orders = self.far_order(lamp) | self.far_order(lamp)
        self.stock(lamp, IT=5)
        run = self.look(orders)
        self.assertEqual(run.run_step()["left"], 1)
        again = self.env["oms.reallocate"].browse(run.id)
        self.assertEqual(again.run_step()["left"], 0)
        self.assertEqual(again.moved_count, 2)
        self.assertEqual(again.run_step(), {"left": 0, "moved": 2, "gain": again.moved_gain})

    def test_looking_again_finds_what_has_become_better(self):
        lamp = self.product("Lamp", stock={"DE": 5})
        order = self.far_order(lamp, 2)
        run = self.look(order)
        self.assertEqual(run.line_ids.state, "unchanged")
        self.stock(lamp, IT=5)
        run.preview_again()
        run.preview_step()
        self.assertEqual(run.line_ids.state, "better")

    def test_allocations_lead_to_their_orders(self):
        lamp = self.product("Lamp", stock={"IT": 5})
        orders = self.order({lamp: 1}) | self.order({lamp: 1})
        action = orders.oms_allocation_id.action_oms_reallocate()
        run = self.env["oms.reallocate"].browse(action["res_id"])
        self.assertEqual(run.line_ids.order_id, orders)

    def test_orders_of_two_companies_are_refused(self):
        lamp = self.product("Lamp", stock={"IT": 5})
        order = self.order({lamp: 1})
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        elsewhere = self.env["sale.order"].create(
            {
                "partner_id": order.partner_id.id,
                "company_id": other.id,
                "order_line": [Command.create({"name": "Note", "display_type": "line_note"})],
            }
        )
        with self.assertRaisesRegex(UserError, "one company"):
            (order | elsewhere).action_oms_reallocate()
