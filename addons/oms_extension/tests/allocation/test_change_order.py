from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestChangeOrder(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE", "FR")
        cls.thing = cls.product(stock={"IT": 6, "DE": 4, "FR": 3})

    def setUp(self):
        super().setUp()
        self.split_order = self.order({self.thing: 10})
        self.line = self.split_order.order_line
        self.before = self.shipping(self.split_order)

    def change(self, quantity):
        self.line.product_uom_qty = quantity

    def ship(self, country, quantity=None, backorder=True):
        """Deliver what is open at a warehouse, or part of it."""
        picking = self.split_order.picking_ids.filtered(
            lambda p: p.state == "assigned" and p.picking_type_id.warehouse_id.code == country
        )[:1]
        for move in picking.move_ids:
            if quantity is not None:
                move.quantity = quantity
            move.picked = True
        context = {} if backorder is None else {"skip_backorder": True}
        if not backorder:
            context["picking_ids_not_to_backorder"] = picking.ids
        picking.with_context(**context).button_validate()
        return picking

    def test_more_units_are_added_and_the_old_ones_stay_where_they_are(self):
        self.change(12)
        after = self.shipping(self.split_order)
        self.assertEqual(sum(after.values()), 12)
        self.assertTrue(all(after[country] >= units for country, units in self.before.items()))
        self.assertEqual(self.reserved(self.thing), 12)
        self.assertFalse(self.receipts(self.split_order))

    def test_fewer_units_cut_open_transfers_and_make_no_receipt(self):
        self.change(3)
        self.assertEqual(sum(self.shipping(self.split_order).values()), 3)
        self.assertEqual(self.reserved(self.thing), 3)
        self.assertFalse(self.receipts(self.split_order))

    def test_quantity_zero_cancels_every_transfer(self):
        self.change(0)
        self.assertEqual(self.shipping(self.split_order), {})
        self.assertEqual(set(self.split_order.picking_ids.mapped("state")), {"cancel"})
        self.assertEqual(self.reserved(self.thing), 0)

    def test_changing_back_and_forth_procures_each_unit_once(self):
        for quantity in (3, 13, 7, 0, 10):
            self.change(quantity)
            self.assertEqual(sum(self.shipping(self.split_order).values()), quantity)
            self.assertEqual(self.reserved(self.thing), quantity)
            self.assertFalse(self.receipts(self.split_order))

    def test_what_was_shipped_stays_when_the_rest_is_lowered(self):
        self.ship("IT")
        self.change(7)
        self.assertEqual(sum(self.shipping(self.split_order).values()), 7)
        self.assertEqual(self.line.qty_delivered, self.before["IT"])
        self.assertFalse(self.receipts(self.split_order))

    def test_partly_shipped_with_a_back_order_can_be_lowered(self):
        self.ship("IT", quantity=2)
        self.change(4)
        self.assertEqual(sum(self.shipping(self.split_order).values()), 4)
        self.assertEqual(self.line.qty_delivered, 2)
        self.assertFalse(self.receipts(self.split_order))

    def test_less_than_delivered_is_refused(self):
        self.ship("IT")
        with self.assertRaises(UserError):
            self.change(1)

    def test_a_printed_transfer_can_be_cut_but_its_warehouse_is_told(self):
        self.split_order.picking_ids.printed = True
        self.change(5)
        self.assertEqual(sum(self.shipping(self.split_order).values()), 5)
        self.assertFalse(self.receipts(self.split_order))
        self.assertTrue(
            any("print" in (m.body or "") for m in self.split_order.picking_ids.message_ids)
        )

    def test_picked_units_are_not_cut_behind_the_warehouse_s_back(self):
        held = {move: move.quantity for move in self.split_order.picking_ids.move_ids}
        self.split_order.picking_ids.move_ids.picked = True
        self.change(2)
        self.assertEqual(sum(self.shipping(self.split_order).values()), 2)
        self.assertEqual({move: move.quantity for move in held}, held)
        self.assertTrue(
            any("put them back" in m.body for m in self.split_order.picking_ids.message_ids)
        )
        self.assertFalse(self.receipts(self.split_order))

    def test_what_nobody_has_picked_is_cut_first(self):
        first, second = self.split_order.picking_ids.sorted("id")
        first.move_ids.picked = True
        demand = first.move_ids.product_qty
        self.change(10 - second.move_ids.product_qty)
        self.assertEqual(first.move_ids.product_qty, demand)
        self.assertEqual(second.state, "cancel")

    def test_goods_in_the_output_zone_go_back_to_the_shelf(self):
        self.warehouses["IT"].delivery_steps = "pick_ship"
        thing = self.product(stock={"IT": 6})
        order = self.order({thing: 6})
        pick = order.picking_ids
        pick.move_ids.picked = True
        pick.button_validate()
        order.order_line.product_uom_qty = 4
        out = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel") and p.location_dest_id.usage == "customer"
        )
        self.assertEqual(out.move_ids.product_qty, 4)
        back = order.picking_ids - pick - out
        self.assertEqual(back.move_ids.location_dest_id, self.warehouses["IT"].lot_stock_id)
        self.assertEqual(back.move_ids.product_qty, 2)
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.order_line._oms_procured(), {self.warehouses["IT"].id: 5})

    def test_a_line_added_to_a_confirmed_order_is_allocated(self):
        other = self.product("Other", stock={"DE": 2})
        self.split_order.write(
            {"order_line": [(0, 0, {"product_id": other.id, "product_uom_qty": 2})]}
        )
        moves = self.split_order.order_line[-1].move_ids
        self.assertEqual(moves.warehouse_id, self.warehouses["DE"])
        self.assertEqual(self.reserved(self.thing), 10)

    def test_returned_units_are_sent_again_only_when_the_quantity_is_changed(self):
        shipped = self.ship("IT")
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=shipped.id, active_ids=shipped.ids, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 2
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(self.line.qty_delivered, self.before["IT"] - 2)
        self.split_order.oms_allocate()
        self.assertEqual(sum(self.shipping(self.split_order).values()), 10)
        self.change(11)
        self.assertEqual(sum(self.shipping(self.split_order).values()), 10 + 1 + 2)
        self.assertFalse(self.env["oms.audit"].run_audit())

    def test_a_locked_order_is_left_alone(self):
        self.split_order.action_lock()
        with self.assertRaises(UserError):
            self.change(4)
        self.assertEqual(self.shipping(self.split_order), self.before)

    def test_a_change_keeps_the_trace_of_the_decision_before(self):
        first = self.split_order.oms_allocation_id
        self.change(12)
        second = self.split_order.oms_allocation_id
        self.assertEqual((second.previous_id, second.trigger), (first, "change"))
        self.assertEqual(first.state, "superseded")
