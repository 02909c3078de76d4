import re

from rpc_case import RpcCase

from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestPortal(RpcCase):
    """What a customer reads about the delivery of an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for warehouse, name in (("IT", "Secret Depot North"), ("DE", "Secret Depot South")):
            cls.warehouses[warehouse].name = name
        cls.placed = cls.order({cls.tea: 2, cls.cup: 12})
        cls.account("rpc_customer", "base.group_portal", partner_id=cls.placed.partner_id.id)

    def page(self, order, **query):
        self.env.flush_all()
        return self.url_open(
            f"/my/orders/{order.id}?" + "&".join(f"{key}={value}" for key, value in query.items())
        )

    def delivery(self, text):
        found = re.search(r'<section[^>]*id="oms_delivery".*?</section>', text, re.DOTALL)
        self.assertTrue(found, "the page says nothing about the delivery")
        return found.group()

    def test_parcels_places_days_and_what_waits(self):
        self.authenticate("rpc_customer", "rpc_customer-secret")
        section = self.delivery(self.page(self.placed).text)
        self.assertIn("Your order comes in 2 parcels.", section)
        for word in ("Parcel 1 of 2", "Parcel 2 of 2", "Italy", "Germany", "Not in stock yet"):
            self.assertIn(word, section)
        self.assertEqual(section.count("Expected by"), 2)

    def test_the_company_chooses_what_is_told_of_places(self):
        self.authenticate("rpc_customer", "rpc_customer-secret")
        for level, told, kept in (
            ("none", (), ("Italy", "Germany", "Leipzig", "Secret Depot", "DE/OUT", "IT/OUT")),
            ("country", ("Germany",), ("Leipzig", "Secret Depot", "DE/OUT", "IT/OUT")),
            ("city", ("Leipzig, Germany",), ("Secret Depot", "DE/OUT", "IT/OUT")),
            ("warehouse", ("Secret Depot North", "Secret Depot South"), ()),
        ):
            with self.subTest(level):
                self.company.oms_portal_origin = level
                text = self.page(self.placed).text
                section = self.delivery(text)
                for word in told:
                    self.assertIn(word, section)
                for word in kept:
                    self.assertNotIn(word, section)
                if level != "warehouse":
                    self.assertNotIn("Secret Depot", text)
                    self.assertNotIn("DE/OUT", text)

    def test_nothing_of_costs_is_told(self):
        allocation = self.placed.oms_allocation_id
        allocation.sudo().total = 98765.43
        allocation.parcel_ids.sudo().write({"total": 98765.43, "freight": 98765.43})
        self.authenticate("rpc_customer", "rpc_customer-secret")
        text = self.page(self.placed).text
        self.assertNotRegex(text, r"98[.,]?765")
        for word in ("freight", "handling", "oms_allocation", "Sourcing"):
            self.assertNotIn(word, self.delivery(text))

    def test_another_customers_order_is_refused(self):
        foreign = self.order({self.tea: 1})
        foreign._portal_ensure_token()
        self.placed._portal_ensure_token()
        self.authenticate("rpc_customer", "rpc_customer-secret")
        for query in ({}, {"access_token": "x"}, {"access_token": self.placed.access_token}):
            with self.subTest(query):
                response = self.page(foreign, **query)
                self.assertNotIn("oms_delivery", response.text)
                self.assertNotIn(foreign.name, response.text)

    def test_a_link_with_a_token_needs_no_account(self):
        self.placed._portal_ensure_token()
        response = self.page(self.placed, access_token=self.placed.access_token)
        self.assertIn("2 parcels", self.delivery(response.text))

    def test_names_of_products_are_escaped(self):
        self.tea.name = "<script>alert(1)</script>"
        self.authenticate("rpc_customer", "rpc_customer-secret")
        section = self.delivery(self.page(self.placed).text)
        self.assertNotIn("<script>", section)
        self.assertIn("&lt;script&gt;", section)
