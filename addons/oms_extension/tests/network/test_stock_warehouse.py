from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestStockWarehouse(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")

    def test_coordinates_come_from_the_address_and_can_be_corrected(self):
        warehouse = self.warehouses["IT"]
        self.assertAlmostEqual(warehouse.oms_latitude, 45.4642, 3)
        warehouse.oms_latitude = 45.5
        self.assertEqual(warehouse.oms_latitude, 45.5)

    def test_impossible_figures_are_refused_with_a_sentence(self):
        for values in (
            {"oms_cutoff": 25},
            {"oms_latitude": 91},
            {"oms_longitude": -181},
            {"oms_capacity_parcels": -1},
        ):
            with self.assertRaises(ValidationError):
                self.warehouses["IT"].write(values)

    def test_a_country_that_is_not_served_gets_nothing_from_there(self):
        self.warehouses["IT"].oms_country_ids = self.env.ref("base.fr")
        thing = self.product(stock={"IT": 5, "DE": 5})
        self.assertEqual(self.shipping(self.order({thing: 1})), {"DE": 1})

    def test_a_channel_that_is_not_served_gets_nothing_from_there(self):
        team, other = self.env["crm.team"].create([{"name": "Web"}, {"name": "Shop"}])
        self.warehouses["IT"].oms_team_ids = other
        thing = self.product(stock={"IT": 5, "DE": 5})
        self.assertEqual(self.shipping(self.order({thing: 1}, team_id=team.id)), {"DE": 1})

    def test_time_off_of_the_opening_calendar_moves_the_parcel_to_a_later_day(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Milan", "company_id": self.company.id}
        )
        warehouse = self.warehouses["IT"]
        warehouse.oms_calendar_id = calendar
        thing = self.product(stock={"IT": 5})
        before = self.order({thing: 1}).oms_allocation_id.parcel_ids.ship_at
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Stock-taking",
                "calendar_id": calendar.id,
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=10),
            }
        )
        after = self.order({thing: 1}).oms_allocation_id.parcel_ids.ship_at
        self.assertGreater(after, before)
        self.assertGreater(after, now + timedelta(days=9))

    def test_a_full_day_moves_the_next_parcel_to_another_day(self):
        self.warehouses["IT"].oms_capacity_parcels = 1
        self.warehouses["DE"].oms_online = False
        thing = self.product(stock={"IT": 9})
        days = [self.order({thing: 1}).oms_allocation_id.parcel_ids.ship_date for _n in range(3)]
        self.assertEqual(len(set(days)), 3)
        self.assertEqual(days, sorted(days))
