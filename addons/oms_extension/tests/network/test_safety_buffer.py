from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestSafetyBuffer(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.parent = cls.env["product.category"].create({"name": "Goods"})
        cls.child = cls.env["product.category"].create(
            {"name": "Shoes", "parent_id": cls.parent.id}
        )
        cls.shoe = cls.product("Shoe", categ_id=cls.child.id)

    def buffer(self, quantity, **scope):
        return self.env["oms.safety.buffer"].create(
            {"warehouse_id": self.warehouses["IT"].id, "quantity": quantity} | scope
        )

    def kept(self):
        quantities = self.env["oms.safety.buffer"]._quantities(
            self.warehouses["IT"] | self.warehouses["DE"], self.shoe
        )
        return quantities.get((self.warehouses["IT"].id, self.shoe.id))

    def test_the_product_s_buffer_wins_over_the_nearer_category_over_the_further(self):
        self.assertIsNone(self.kept())
        self.buffer(1, categ_id=self.parent.id)
        self.assertEqual(self.kept(), 1)
        self.buffer(2, categ_id=self.child.id)
        self.assertEqual(self.kept(), 2)
        self.buffer(3, product_id=self.shoe.id)
        self.assertEqual(self.kept(), 3)

    @mute_logger("odoo.sql_db")
    def test_a_buffer_is_for_a_product_or_a_category(self):
        for scope in ({}, {"product_id": self.shoe.id, "categ_id": self.child.id}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.buffer(1, **scope)
