from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestSettings(OmsCase):
    def test_each_team_has_its_own_deadline(self):
        self.network("IT")
        self.company.oms_hours_planning = 3
        order = self.order({self.product(): 1})
        deadline = order.oms_exception_ids.deadline
        self.assertEqual(order.oms_exception_ids.owner, "planning")
        self.assertLess(
            abs(deadline - fields.Datetime.now() - timedelta(hours=3)), timedelta(minutes=5)
        )

    def test_settings_belong_to_the_company(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        settings = self.env["res.config.settings"].create({"company_id": self.company.id})
        settings.oms_portal_origin = "city"
        settings.oms_hours_sales = 5
        settings.execute()
        self.assertEqual(
            (self.company.oms_portal_origin, self.company.oms_hours_sales), ("city", 5)
        )
        self.assertEqual((other.oms_portal_origin, other.oms_hours_sales), ("country", 24))
