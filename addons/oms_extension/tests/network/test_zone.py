from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestZone(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.italy = cls.env.ref("base.it")
        cls.milan = cls.env.ref("base.state_it_mi")
        cls.rome = cls.env.ref("base.state_it_rm")

    def zone(self, **values):
        return self.env["oms.zone"].create(
            {"name": "Zone", "country_ids": [(6, 0, self.italy.ids)]} | values
        )

    def test_a_zone_without_more_covers_its_whole_country(self):
        zone = self.zone()
        self.assertIsNotNone(zone._specificity(self.italy, self.milan, "20121"))
        self.assertIsNone(zone._specificity(self.env.ref("base.de"), self.milan, "20121"))

    def test_the_narrower_zone_is_the_closer_one(self):
        country, state = self.zone(), self.zone(state_ids=[(6, 0, self.milan.ids)])
        short, long = self.zone(zip_prefixes="2"), self.zone(zip_prefixes="20, 21")
        place = (self.italy, self.milan, "20121")
        order = [zone._specificity(*place) for zone in (country, state, short, long)]
        self.assertEqual(order, sorted(order))
        self.assertEqual(len(set(order)), 4)

    def test_a_state_or_prefix_outside_does_not_fit(self):
        self.assertIsNone(
            self.zone(state_ids=[(6, 0, self.rome.ids)])._specificity(self.italy, self.milan, "2")
        )
        self.assertIsNone(
            self.zone(zip_prefixes="00")._specificity(self.italy, self.milan, "20121")
        )

    def test_prefixes_ignore_case_and_blanks(self):
        zone = self.zone(zip_prefixes=" sw1 , ec ")
        self.assertIsNotNone(zone._specificity(self.italy, self.milan, "SW1A 1AA"))

    def test_a_prefix_that_cannot_be_one_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not a postcode prefix"):
            self.zone(zip_prefixes="20; DROP TABLE")
