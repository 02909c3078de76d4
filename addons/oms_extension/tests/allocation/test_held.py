from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestHeld(OmsCase):
    """Units that no warehouse may send wait until somebody decides, although they are there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.thing = cls.product(stock={"IT": 9, "DE": 9})
        cls.policy.use_rate_curve = False
        cls.zone = cls.env["oms.zone"].create(
            {"name": "France", "country_ids": [(6, 0, cls.env.ref("base.fr").ids)]}
        )

    def lane(self, country="DE"):
        return self.env["oms.lane"].create(
            {
                "warehouse_id": self.warehouses[country].id,
                "zone_id": self.zone.id,
                "base_cost": 5,
                "transit_days": 2,
            }
        )

    def reallocate(self, order):
        run = self.env["oms.reallocate"].browse(order.action_oms_reallocate()["res_id"])
        run.preview_step()
        run.run_step()

    def test_goods_without_a_way_to_the_customer_are_not_reserved(self):
        order = self.order({self.thing: 2}, country="FR")
        self.assertEqual(order.oms_exception_ids.kind, "no_lane")
        order.picking_ids.action_assign()
        self.assertEqual(self.reserved(self.thing), 0)

    def test_the_exception_stays_until_there_is_a_way(self):
        order = self.order({self.thing: 2}, country="FR")
        self.env["oms.exception"]._cron_recheck()
        self.assertEqual(order.oms_exception_ids.state, "open")
        self.assertEqual(order.oms_missing, 2)

    def test_a_new_lane_and_a_new_allocation_release_them(self):
        order = self.order({self.thing: 2}, country="FR")
        held_at = order.oms_allocation_id.line_ids.warehouse_id
        self.lane("IT" if held_at == self.warehouses["IT"] else "DE")
        self.reallocate(order)
        self.assertEqual(order.oms_allocation_id.line_ids.kind, "ship")
        self.assertEqual(self.reserved(self.thing), 2)
        self.assertEqual(order.oms_exception_ids.state, "closed")

    def test_a_lane_from_elsewhere_moves_them_there(self):
        order = self.order({self.thing: 2}, country="FR")
        held_at = order.oms_allocation_id.line_ids.warehouse_id
        self.lane("DE" if held_at == self.warehouses["IT"] else "IT")
        self.reallocate(order)
        self.assertNotEqual(order.oms_allocation_id.line_ids.warehouse_id, held_at)
        self.assertEqual(self.reserved(self.thing), 2)

    def release(self):
        with self.enter_registry_test_mode():
            self.env.ref("oms_extension.cron_release_held").method_direct_trigger()

    def test_they_go_by_themselves_once_there_is_a_way(self):
        order = self.order({self.thing: 2}, country="FR")
        self.release()
        self.assertEqual(order.oms_missing, 2)
        self.lane()
        self.release()
        self.assertEqual(self.reserved(self.thing), 2)
        self.assertEqual(order.oms_exception_ids.state, "closed")
        self.assertEqual(order.oms_allocation_id.trigger, "reallocate")

    def test_units_beyond_the_limit_of_parcels_are_not_sent_all_the_same(self):
        self.policy.write({"max_parcels": 1, "use_rate_curve": True})
        order = self.order({self.thing: 12}, country="FR")
        self.assertEqual(order.oms_missing, 3)
        self.assertEqual(self.reserved(self.thing), 9)
        self.assertEqual(order.oms_exception_ids.kind, "limit")
        self.release()
        self.assertEqual(self.reserved(self.thing), 9)
        self.policy.max_parcels = 2
        self.release()
        self.assertEqual(self.reserved(self.thing), 12)

    def test_an_order_that_ships_complete_waits_as_a_whole_until_all_is_there(self):
        self.policy.write({"ship_complete": True, "use_rate_curve": True})
        rare = self.product("Rare")
        order = self.order({self.thing: 2, rare: 1}, country="FR")
        self.assertEqual(self.reserved(self.thing), 0)
        self.stock(rare, DE=1)
        self.release()
        self.assertEqual((self.reserved(self.thing), self.reserved(rare)), (2, 1))
        self.assertEqual(order.oms_missing, 0)

    def test_the_transfer_tells_the_warehouse_why_it_waits(self):
        order = self.order({self.thing: 2}, country="FR")
        self.assertEqual(order.picking_ids.oms_notice, order.oms_exception_ids.name)
        self.lane()
        self.reallocate(order)
        live = order.picking_ids.filtered(lambda picking: picking.state != "cancel")
        self.assertFalse(live.oms_notice)

    def test_an_order_that_ships_complete_leaves_in_one_transfer(self):
        self.policy.write({"ship_complete": True, "use_rate_curve": True})
        rare = self.product("Rare")
        order = self.order({self.thing: 2, rare: 1}, country="FR")
        self.assertEqual(order.picking_ids.move_type, "one")
        self.assertEqual(order.picking_ids.state, "confirmed")
