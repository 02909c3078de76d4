from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestLane(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.zone = cls.env["oms.zone"].create(
            {"name": "Italy", "country_ids": [(6, 0, cls.env.ref("base.it").ids)]}
        )

    def lane(self, country="IT", **values):
        return self.env["oms.lane"].create(
            {
                "warehouse_id": self.warehouses[country].id,
                "zone_id": self.zone.id,
                "base_cost": 5.0,
                "transit_days": 2,
            }
            | values
        )

    def lanes(self, country="IT"):
        return self.env["oms.snapshot"]._lanes(
            self.env["stock.warehouse"].concat(*self.warehouses.values()), self.customer(country)
        )

    @mute_logger("odoo.sql_db")
    def test_there_is_one_lane_per_warehouse_zone_and_service(self):
        self.lane()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.lane()

    def test_negative_figures_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "negative"):
            self.lane(base_cost=-1)

    def test_the_lane_of_the_narrowest_zone_wins(self):
        self.lane(base_cost=9)
        narrow = self.zone.copy({"name": "Milan", "zip_prefixes": "20"})
        self.lane(base_cost=3, zone_id=narrow.id)
        self.assertEqual([lane.base_cost for lane in self.lanes()], [3])

    def test_weight_steps_replace_the_base_cost(self):
        self.lane(
            rate_ids=[
                (0, 0, {"max_weight": 2, "price": 4}),
                (0, 0, {"max_weight": 10, "price": 7}),
            ]
        )
        lane = self.lanes()[0]
        self.assertEqual((lane.base_cost, lane.steps), (0.0, ((2.0, 4.0), (10.0, 7.0))))

    def test_the_lane_decides_which_warehouse_is_cheaper(self):
        self.lane("IT", base_cost=30)
        self.lane("DE", base_cost=3)
        thing = self.product(stock={"IT": 5, "DE": 5})
        order = self.order({thing: 1})
        self.assertEqual(self.shipping(order), {"DE": 1})
        self.assertEqual(order.oms_allocation_id.freight, 3)

    def test_without_a_lane_and_without_the_curve_the_warehouse_is_ruled_out(self):
        self.policy.use_rate_curve = False
        thing = self.product(stock={"IT": 5, "DE": 5})
        order = self.order({thing: 1})
        self.assertEqual(order.oms_missing, 1)
        self.assertEqual(order.oms_exception_ids.kind, "no_lane")

    def test_the_allocated_service_becomes_the_transfer_s_carrier(self):
        express = self.env["delivery.carrier"].create(
            {
                "name": "Express",
                "product_id": self.env["product.product"]
                .create({"name": "Express", "type": "service"})
                .id,
                "company_id": self.company.id,
            }
        )
        self.lane("DE", carrier_id=express.id, base_cost=1)
        thing = self.product(stock={"IT": 2, "DE": 2})
        order = self.order({thing: 4})
        carriers = {
            picking.picking_type_id.warehouse_id.code: picking.carrier_id
            for picking in order.picking_ids
        }
        self.assertEqual(carriers["DE"], express)
        self.assertFalse(carriers["IT"])
        order.order_line.product_uom_qty = 3
        self.assertEqual(len(order.picking_ids.filtered(lambda p: p.state != "cancel")), 2)

    def test_lanes_are_imported_from_csv(self):
        result = self.env["oms.lane"].load(
            [
                "warehouse_id",
                "zone_id",
                "transit_days",
                "base_cost",
                "cost_per_kg",
                "rate_ids/max_weight",
                "rate_ids/price",
            ],
            [
                ["Milano", "Italy", "1", "0", "0.5", "2", "4.20"],
                ["", "", "", "", "", "5", "6.10"],
                ["Leipzig", "Italy", "3", "8", "0.9", "", ""],
            ],
        )
        self.assertFalse(result["messages"])
        lanes = self.env["oms.lane"].browse(result["ids"])
        self.assertEqual(lanes.mapped("transit_days"), [1, 3])
        self.assertEqual(lanes[0].rate_ids.mapped("price"), [4.20, 6.10])
