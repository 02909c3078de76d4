from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import OmsCase
from .test_preview import holds_none


@tagged("post_install", "-at_install")
class TestAvailabilityPromise(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.tea = cls.product("Tea", default_code="TEA", stock={"IT": 5})
        cls.cup = cls.product("Cup", default_code="CUP", barcode="4006381333931", stock={"DE": 2})
        cls.shop = new_test_user(cls.env, "shop", "oms_extension.group_integrator")
        cls.shop.write({"company_ids": [(6, 0, cls.company.ids)], "company_id": cls.company.id})

    def promise(self, *lines, country="IT", postcode="20121", user=None, **options):
        return (
            self.env["oms.availability"]
            .with_user(user or self.shop)
            .promise(
                [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
                {"country": country, "postcode": postcode},
                **options,
            )
        )

    def test_what_is_there_is_promised_with_its_dates(self):
        answer = self.promise(("TEA", 2), ("4006381333931", 1))
        self.assertEqual((answer["status"], answer["confidence"]), ("available", 1.0))
        self.assertEqual(len(answer["parcels"]), 2)
        tea, cup = answer["lines"]
        self.assertEqual(tea["warehouses"][0]["warehouse_name"], "Milano")
        self.assertEqual(cup["warehouses"][0]["warehouse_name"], "Leipzig")
        self.assertEqual(answer["delivery_date"], max(tea["delivery_date"], cup["delivery_date"]))
        self.assertEqual(answer["ship_date"], min(tea["ship_date"], cup["ship_date"]))
        self.assertLess(tea["ship_date"], tea["delivery_date"])
        self.assertFalse(holds_none(answer))

    def test_the_promise_is_what_an_order_would_get(self):
        answer = self.promise(("TEA", 2), ("CUP", 3))
        order = self.order({self.tea: 2, self.cup: 3})
        self.assertEqual(
            {(one["warehouse"], one["delivery_date"]) for one in answer["parcels"]},
            {
                (parcel.warehouse_id.id, parcel.deliver_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
                for parcel in order.oms_allocation_id.parcel_ids
            },
        )
        self.assertEqual(answer["missing"], order.oms_missing)

    def test_confidence_is_the_share_that_stock_covers(self):
        answer = self.promise(("TEA", 3), ("CUP", 5))
        self.assertEqual((answer["status"], answer["confidence"]), ("partial", 5 / 8))
        cup = answer["lines"][1]
        self.assertEqual((cup["available"], cup["missing"], cup["confidence"]), (2, 3, 0.4))
        self.assertEqual(cup["reason"], "No warehouse that may ship has them.")

    def test_what_is_promised_to_others_is_not_promised_again(self):
        self.order({self.cup: 2})
        answer = self.promise(("CUP", 1))
        self.assertEqual((answer["status"], answer["confidence"]), ("unavailable", 0.0))
        self.assertFalse(answer["delivery_date"])

    def test_where_nobody_ships_nothing_is_promised(self):
        for warehouse in self.warehouses.values():
            warehouse.oms_country_ids = self.env.ref("base.de")
        self.assertEqual(self.promise(("TEA", 1))["status"], "unavailable")
        self.assertEqual(self.promise(("TEA", 1), country="Germany")["status"], "available")

    def test_services_need_no_parcel(self):
        self.product("Advice", type="service", is_storable=False, default_code="ADVICE")
        answer = self.promise(("ADVICE", 1))
        self.assertEqual((answer["status"], answer["parcels"]), ("available", []))
        self.assertEqual(answer["lines"][0]["reason"], "Nothing to ship.")

    def test_every_error_is_told_at_once(self):
        with self.assertRaises(UserError) as refusal:
            self.promise(("NOPE", 1), ("TEA", 1.5), ("TEA", 0), country="Narnia")
        self.assertEqual(
            [line.split(":")[0] for line in str(refusal.exception).splitlines()],
            ["lines[2].quantity", "lines[0].sku", "lines[1].quantity", "destination.country"],
        )
        for lines, destination in (([], {}), (None, None), ({}, []), ([1], "IT")):
            with self.assertRaises(UserError):
                self.env["oms.availability"].with_user(self.shop).promise(lines, destination)
        with self.assertRaisesRegex(UserError, "There is no sourcing policy"):
            self.promise(("TEA", 1), policy="nope")

    def test_customers_and_pickers_may_not_ask(self):
        for group in ("base.group_portal", "stock.group_stock_user"):
            user = new_test_user(self.env, f"no_{group}", group)
            with self.subTest(group), self.assertRaises(AccessError):
                self.promise(("TEA", 1), user=user)

    def test_a_promise_changes_nothing(self):
        self.env.flush_all()
        # PostgreSQL itself refuses every write from here on.
        self.cr.execute("SAVEPOINT reading; SET TRANSACTION READ ONLY")
        self.promise(("TEA", 1), ("CUP", 9))
        self.env.flush_all()
        self.cr.execute("ROLLBACK TO SAVEPOINT reading")

    def test_queries_do_not_grow_with_lines(self):
        for number in range(30):
            self.product(f"P{number}", default_code=f"P{number}", stock={"IT": 1})

        def queries(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.promise(*((f"P{number}", 1) for number in range(count)))
            return self.cr.sql_log_count - before

        # The first calls fill caches of access rules and policies.
        queries(2)
        queries(2)
        self.assertLessEqual(queries(30), queries(2))
