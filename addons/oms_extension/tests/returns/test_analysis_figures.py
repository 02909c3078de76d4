"""Figures of what was delivered and came back: each unit once, never stale without saying so."""

from odoo import fields

from .common import ReturnsCase


class TestReturnFigures(ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figures = cls.env["oms.return.figures"]
        cls.keep()

    @classmethod
    def keep(cls):
        cls.figures.sudo()._cron_keep()

    def told(self, group_by="product", **more):
        return self.env["oms.return"].analyze(group_by, **more)

    def of(self, product):
        return self.env["oms.delivery.fact"].search(
            [("product_id", "=", product.id), ("company_id", "=", self.company.id)]
        )

    def test_each_delivered_and_returned_unit_is_counted_once(self):
        order = self.delivered({self.thing: 3})
        back = self.ask(order, 2)
        self.keep()
        fact = self.of(self.thing)
        self.assertEqual((fact.units, fact.returned), (3.0, 2.0))
        self.assertEqual(fact.order_line_id, order.order_line)
        self.assertEqual(fact.oms_carrier_id, self.ups)
        self.assertEqual(fact.return_ids.return_id, back)
        self.assertEqual(fact.return_ids.reason_id, back.line_ids.reason_id)

    def test_what_is_on_its_way_has_not_been_delivered_yet(self):
        order = self.delivered({self.thing: 1})
        order.oms_shipment_ids.write({"state": "in_transit", "delivered_at": False})
        self.keep()
        self.assertFalse(self.of(self.thing))
        order.oms_shipment_ids.write({"state": "delivered", "delivered_at": fields.Datetime.now()})
        self.keep()
        self.assertEqual(self.of(self.thing).units, 1.0)

    def test_what_comes_back_had_arrived_whatever_the_carrier_says(self):
        order = self.delivered({self.thing: 1})
        order.oms_shipment_ids.write({"state": "in_transit", "delivered_at": False})
        self.keep()
        self.ask(order)
        self.keep()
        self.assertEqual(self.of(self.thing).returned, 1.0)

    def test_changes_wait_for_the_job_and_are_told(self):
        order = self.delivered_today({self.thing: 1})
        self.keep()
        self.assertEqual(self.told()["waiting"], 0)
        self.ask(order)
        before = self.told()
        self.assertGreaterEqual(before["waiting"], 1)
        self.assertEqual(before["total"]["returned"], 0)
        self.keep()
        after = self.told()
        self.assertEqual((after["waiting"], after["total"]["returned"]), (0, 1))
        self.assertTrue(after["as_of"])

    def test_working_off_the_same_changes_twice_changes_nothing(self):
        order = self.delivered_today({self.thing: 2})
        back = self.ask(order)
        self.keep()
        before = self.told()["total"]
        changes = self.env["oms.return.change"]
        changes._note(order.picking_ids)
        changes._note(back)
        self.keep()
        self.assertEqual(self.told()["total"], before)

    def test_figures_made_anew_are_the_same(self):
        order = self.delivered_today({self.thing: 2})
        self.ask(order)
        self.keep()
        before = self.told("reason")
        self.figures.rebuild()
        self.assertTrue(self.told("reason")["building"])
        self.keep()
        after = self.told("reason")
        self.assertFalse(after["building"])
        self.assertEqual(after["total"], before["total"])
        self.assertEqual(after["groups"], before["groups"])

    def test_a_rejected_return_does_not_count(self):
        order = self.delivered_today({self.thing: 1})
        back = self.ask(order)
        self.keep()
        if back.state in ("requested", "approved"):
            back.action_reject("no")
        self.keep()
        self.assertEqual(self.told()["total"]["returned"], 0)

    def test_a_return_costs_what_its_parts_cost(self):
        self.company.write(
            {
                "oms_return_handling": 2.0,
                "oms_return_support": 3.0,
                "oms_return_freight": 6.0,
                "oms_return_write_down": 0.5,
            }
        )
        thing = self.product("Costly", price=20.0, stock={"IT": 5}, standard_price=8.0, taxes_id=[])
        order = self.delivered_today({thing: 2})
        order.oms_shipment_ids.cost = 4.0
        self.ask(order)
        self.keep()
        fact = self.of(thing).return_ids
        self.assertAlmostEqual(fact.freight_out, 2.0)
        self.assertAlmostEqual(fact.freight_back, 6.0)
        self.assertAlmostEqual(fact.handling, 2.0)
        self.assertAlmostEqual(fact.support, 3.0)
        self.assertAlmostEqual(fact.write_down, 4.0)
        self.assertAlmostEqual(fact.lost_margin, 12.0)
        self.assertAlmostEqual(fact.cost, 29.0 - fact.fee)
        (row,) = self.told("variant", domain=[["variant", "=", thing.id]])["groups"]
        self.assertAlmostEqual(row["cost"], fact.cost, 2)
        self.assertAlmostEqual(row["margin_after_returns"], 24.0 - fact.cost, 2)

    @classmethod
    def delivered_today(cls, lines):
        order = cls.delivered(lines)
        order.oms_shipment_ids.write({"state": "delivered", "delivered_at": fields.Datetime.now()})
        return order
