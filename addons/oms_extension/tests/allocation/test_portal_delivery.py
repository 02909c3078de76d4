from datetime import datetime

from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestPortalDelivery(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.tea = cls.product("Tea", default_code="TEA", stock={"IT": 5})
        cls.cup = cls.product("Cup", default_code="CUP", stock={"DE": 2})

    def told(self, order, **context):
        return order.with_context(**context)._oms_portal_delivery()

    def contents(self, parts):
        return [(one["product"], one["quantity"]) for one in parts]

    def test_the_parcels_to_come(self):
        order = self.order({self.tea: 2, self.cup: 1})
        told = self.told(order)
        self.assertEqual(told["summary"], "Your order comes in 2 parcels.")
        self.assertEqual(
            [one["title"] for one in told["parcels"]], ["Parcel 1 of 2", "Parcel 2 of 2"]
        )
        self.assertEqual({one["origin"] for one in told["parcels"]}, {"Italy", "Germany"})
        self.assertEqual({one["status"] for one in told["parcels"]}, {"coming"})
        for parcel in told["parcels"]:
            self.assertRegex(parcel["when"], r"^Expected by \w+day, ")

    def test_places_are_told_as_far_as_the_company_chooses(self):
        order = self.order({self.cup: 1})
        for level, origin in (
            ("none", ""),
            ("country", "Germany"),
            ("city", "Leipzig, Germany"),
            ("warehouse", "Leipzig"),
        ):
            self.company.oms_portal_origin = level
            self.assertEqual(self.told(order)["parcels"][0]["origin"], origin)

    def test_what_left_and_what_waits(self):
        order = self.order({self.tea: 2, self.cup: 5})
        picking = order.picking_ids.filtered(
            lambda one: one.picking_type_id.warehouse_id == self.warehouses["IT"]
        )
        picking.move_ids.picked = True
        picking._action_done()
        told = self.told(order)
        shipped, coming = told["parcels"]
        self.assertEqual(shipped["status"], "shipped")
        self.assertIn("Shipped on", shipped["when"])
        self.assertEqual(self.contents(shipped["contents"]), [("Tea", 2)])
        self.assertEqual(
            (coming["status"], self.contents(coming["contents"])), ("coming", [("Cup", 2)])
        )
        self.assertEqual(self.contents(told["waiting"]), [("Cup", 3)])
        self.assertIn("not in stock yet", told["summary"])

    def test_what_arrived_after_all_is_prepared(self):
        order = self.order({self.cup: 3})
        self.assertEqual(self.contents(self.told(order)["waiting"]), [("Cup", 1)])
        warehouse = order.oms_allocation_id.line_ids.filtered(lambda one: one.kind == "backorder")
        self.env["stock.quant"]._update_available_quantity(
            self.cup, warehouse.warehouse_id.lot_stock_id, 1
        )
        order.picking_ids.action_assign()
        told = self.told(order)
        self.assertEqual(told["waiting"], [])
        units = [one["quantity"] for parcel in told["parcels"] for one in parcel["contents"]]
        self.assertEqual(sum(units), 3)

    def test_a_delivery_in_part_is_told_in_two_parcels(self):
        order = self.order({self.tea: 3})
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking._action_done()
        told = self.told(order)
        self.assertEqual([one["status"] for one in told["parcels"]], ["shipped", "coming"])
        self.assertEqual(
            [self.contents(one["contents"]) for one in told["parcels"]],
            [[("Tea", 1)], [("Tea", 2)]],
        )

    def test_days_are_those_of_the_delivery_address(self):
        order = self.order({self.tea: 1})
        order.oms_allocation_id.parcel_ids.deliver_at = datetime(2026, 3, 1, 22, 0)
        for tz, day in (("Europe/Rome", "Sunday, March 1"), ("Asia/Tokyo", "Monday, March 2")):
            order.partner_shipping_id.tz = tz
            self.assertIn(day, self.told(order)["parcels"][0]["when"])

    def test_the_language_is_the_readers(self):
        self.env["res.lang"]._activate_lang("it_IT")
        order = self.order({self.tea: 1})
        order.oms_allocation_id.parcel_ids.deliver_at = datetime(2026, 3, 1, 12, 0)
        told = self.told(order, lang="it_IT")
        self.assertIn("domenica 1 marzo 2026", told["parcels"][0]["when"])
        self.assertEqual(told["direction"], "ltr")

    def test_quotations_and_cancelled_orders_tell_nothing(self):
        self.assertIsNone(self.told(self.order({self.tea: 1}, confirm=False)))
        order = self.order({self.tea: 1})
        order._action_cancel()
        self.assertIsNone(self.told(order))

    def test_nothing_of_costs_is_told(self):
        told = str(self.told(self.order({self.tea: 2, self.cup: 1})))
        for word in ("cost", "total", "freight", "warehouse_id"):
            self.assertNotIn(word, told)
