from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestPartnerCoordinates(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.italy = cls.env.ref("base.it")

    def _partner(self, **values):
        return self.env["res.partner"].create({"name": "Customer", **values})

    def test_country_and_postcode_give_a_point_and_its_precision(self):
        partner = self._partner(country_id=self.italy.id, zip="20121")
        place = partner._oms_coordinates()[partner.id]
        self.assertAlmostEqual(place.latitude, 45.46, delta=0.1)
        self.assertAlmostEqual(place.longitude, 9.19, delta=0.1)
        self.assertLess(place.precision, 20)

    def test_without_postcode_the_country_stands_in_and_says_so(self):
        partner = self._partner(country_id=self.italy.id)
        self.assertGreater(partner._oms_coordinates()[partner.id].precision, 100)

    def test_entered_coordinates_come_first_and_are_exact(self):
        partner = self._partner(
            country_id=self.italy.id,
            zip="20121",
            partner_latitude=45.4773,
            partner_longitude=9.1815,
        )
        self.assertEqual(partner._oms_coordinates(), {partner.id: (45.4773, 9.1815, 0.0)})

    def test_a_partner_without_country_has_no_coordinates(self):
        partner = self._partner(zip="20121")
        self.assertEqual(partner._oms_coordinates(), {})

    def test_many_partners_take_no_more_queries_than_one(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "country_id": self.italy.id, "zip": f"{number:05}"}
                for number in range(200)
            ]
        )
        partners[0]._oms_coordinates()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            places = partners._oms_coordinates()
        self.assertEqual(len(places), 200)
