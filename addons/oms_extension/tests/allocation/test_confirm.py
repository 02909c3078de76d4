from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestConfirm(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE", "FR")

    def test_an_order_ships_from_the_cheapest_warehouse_that_has_it(self):
        thing = self.product(stock={"IT": 5, "DE": 5, "FR": 5})
        order = self.order({thing: 2}, country="DE")
        self.assertEqual(self.shipping(order), {"DE": 2})
        self.assertEqual(order.oms_allocation_id.state, "committed")
        self.assertEqual(order.oms_parcel_count, 1)

    def test_a_line_is_split_where_no_warehouse_has_it_all(self):
        thing = self.product(stock={"IT": 6, "DE": 4})
        order = self.order({thing: 10})
        self.assertEqual(self.shipping(order), {"IT": 6, "DE": 4})
        self.assertEqual(self.reserved(thing), 10)
        self.assertEqual(len(order.picking_ids), 2)

    def test_each_allocation_has_its_cost_parcels_and_cards(self):
        thing = self.product(stock={"IT": 6, "DE": 4})
        allocation = self.order({thing: 10}).oms_allocation_id
        self.assertEqual(len(allocation.parcel_ids), 2)
        self.assertAlmostEqual(allocation.total, sum(allocation.parcel_ids.mapped("total")), 4)
        self.assertGreater(allocation.freight, 0)
        cards = allocation.decision["cards"]
        self.assertEqual(len(cards), 1)
        self.assertEqual(
            {candidate["warehouse"] for candidate in cards[0]["candidates"]},
            set(self.env["stock.warehouse"].browse(w.id for w in self.warehouses.values()).ids),
        )

    def test_what_no_warehouse_has_waits_with_an_exception(self):
        thing = self.product(stock={"DE": 1})
        order = self.order({thing: 3})
        self.assertEqual(sum(self.shipping(order).values()), 3)
        self.assertEqual(self.reserved(thing), 1)
        self.assertEqual(order.oms_missing, 2)
        exception = order.oms_exception_ids
        self.assertEqual((exception.kind, exception.state), ("no_stock", "open"))
        self.assertTrue(exception.owner and exception.action and exception.deadline)

    def test_stock_that_an_older_order_waits_for_is_not_promised_again(self):
        thing = self.product()
        older = self.order({thing: 3})
        self.stock(thing, IT=3)
        newer = self.order({thing: 3})
        self.assertEqual(newer.oms_missing, 3)
        self.assertTrue(older)

    def test_a_closed_warehouse_gets_no_order(self):
        thing = self.product(stock={"IT": 5, "DE": 5})
        self.warehouses["IT"].oms_online = False
        self.assertEqual(self.shipping(self.order({thing: 1})), {"DE": 1})

    def test_the_safety_buffer_of_a_category_stays_on_the_shelf(self):
        thing = self.product(stock={"IT": 5, "DE": 5})
        self.env["oms.safety.buffer"].create(
            {
                "warehouse_id": self.warehouses["IT"].id,
                "categ_id": thing.categ_id.id,
                "quantity": 4,
            }
        )
        order = self.order({thing: 3})
        self.assertEqual(self.shipping(order), {"DE": 3})

    def test_cancelling_gives_every_unit_back(self):
        thing = self.product(stock={"IT": 6, "DE": 4})
        order = self.order({thing: 10})
        order._action_cancel()
        self.assertEqual(self.reserved(thing), 0)
        self.assertFalse(order.oms_allocation_id)
        self.assertEqual(order.oms_allocation_ids.mapped("state"), ["cancelled"])

    def test_a_cancelled_order_is_decided_anew_when_confirmed_again(self):
        thing = self.product(stock={"IT": 6, "DE": 4})
        order = self.order({thing: 10})
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.shipping(order), {"IT": 6, "DE": 4})
        self.assertEqual(self.reserved(thing), 10)

    def test_a_copied_order_has_no_allocation(self):
        thing = self.product(stock={"IT": 6})
        copy = self.order({thing: 1}).copy()
        self.assertFalse(copy.oms_allocation_id or copy.oms_allocation_ids)

    def test_orders_confirmed_together_are_decided_on_what_is_left(self):
        thing = self.product(stock={"IT": 1, "DE": 1})
        orders = self.order({thing: 1}, confirm=False) | self.order({thing: 1}, confirm=False)
        orders.action_confirm()
        self.assertEqual([self.shipping(order) for order in orders], [{"IT": 1}, {"DE": 1}])
        self.assertEqual(self.reserved(thing), 2)

    def test_a_salesman_without_stock_rights_can_confirm(self):
        thing = self.product(stock={"IT": 6, "DE": 4})
        salesman = self.env["res.users"].create(
            {
                "name": "Sally",
                "login": "oms_test_sally",
                "company_id": self.company.id,
                "company_ids": self.company.ids,
                "group_ids": [(6, 0, [self.env.ref("sales_team.group_sale_salesman").id])],
            }
        )
        order = self.order({thing: 10}, confirm=False, user_id=salesman.id)
        order.with_user(salesman).action_confirm()
        self.assertEqual(self.shipping(order), {"IT": 6, "DE": 4})

    def test_multi_step_warehouses_start_with_their_first_step(self):
        self.warehouses["IT"].delivery_steps = "pick_ship"
        self.warehouses["DE"].delivery_steps = "pick_pack_ship"
        thing = self.product(stock={"IT": 6, "DE": 4})
        order = self.order({thing: 10})
        first_steps = order.picking_ids.move_ids
        self.assertEqual(
            {move.warehouse_id.code: move.product_qty for move in first_steps}, {"IT": 6, "DE": 4}
        )
        for _step in range(3):
            for picking in order.picking_ids.filtered(lambda p: p.state == "assigned"):
                picking.move_ids.picked = True
                picking.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(order.delivery_status, "full")

    def test_the_number_of_queries_does_not_grow_with_the_warehouses(self):
        thing = self.product(stock={"IT": 60})

        def queries():
            order = self.order({thing: 1}, confirm=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["oms.decision"]._decide(order)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        self.network("ES", "PL")
        self.stock(thing, ES=5, PL=5)
        queries()
        self.assertLessEqual(queries(), few)

    def test_what_to_lock_for_many_orders_is_asked_as_for_one(self):
        thing = self.product(stock={"IT": 6})
        orders = self.env["sale.order"].concat(
            *(self.order({thing: 1}, confirm=False) for _ in range(6))
        )

        def asked(some):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._oms_ledger_keys()
            return self.cr.sql_log_count - before

        asked(orders)
        self.assertEqual(asked(orders), asked(orders[:1]))
