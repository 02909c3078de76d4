from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...models.allocation.order_import import oms_order, store
from ..common import OmsCase


class ImportCase(OmsCase):
    """Orders as a shop would send them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.tea = cls.product("Tea", default_code="TEA", stock={"IT": 10, "DE": 10})
        cls.cup = cls.product("Cup", default_code="CUP", barcode="4006381333931", stock={"DE": 5})
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Express Test",
                "product_id": cls.env["product.product"]
                .create({"name": "Express", "type": "service", "default_code": "EXP"})
                .id,
            }
        )
        cls.shop = new_test_user(cls.env, "shop", "oms_extension.group_integrator")
        cls.shop.write({"company_ids": [(6, 0, cls.company.ids)], "company_id": cls.company.id})

    @classmethod
    def sent(cls, reference="1001", **values):
        return {
            "reference": reference,
            "source": "web",
            "customer": {
                "name": "Ada Neri",
                "email": "ada@example.com",
                "street": "Via Po 1",
                "city": "Torino",
                "postcode": "10121",
                "country": "IT",
            },
            "lines": [{"sku": "TEA", "quantity": 2, "unit_price": 8.5}],
        } | values

    def send(self, *orders, user=None, **options):
        model = self.env["oms.order"].with_user(user or self.shop)
        return model.import_orders(list(orders), **options)

    def send_one(self, order=None, **values):
        (answer,) = self.send(order or self.sent(**values))
        return answer

    def stored(self, answer):
        self.assertEqual(answer["errors"], [])
        return self.env["sale.order"].browse(answer["id"])

    def assert_rejected(self, answer, *parts):
        self.assertEqual(answer["status"], "rejected")
        self.assertFalse(answer["id"])
        self.assertEqual(len(answer["errors"]), len(parts), answer["errors"])
        for part, error in zip(parts, answer["errors"], strict=True):
            self.assertIn(part, error)
            self.assertNotIn("Traceback", error)


@tagged("post_install", "-at_install")
class TestOrderImport(ImportCase):
    # --- what is stored ---------------------------------------------------------------------------

    def test_an_order_is_created_confirmed_and_allocated(self):
        answer = self.send_one()
        order = self.stored(answer)
        self.assertEqual(
            {key: answer[key] for key in ("reference", "source", "status", "name")},
            {"reference": "1001", "source": "web", "status": "created", "name": order.name},
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.oms_allocation_id.trigger, "import")
        self.assertEqual(self.shipping(order), {"IT": 2})
        self.assertEqual(order.order_line.price_unit, 8.5)
        self.assertEqual(order.client_order_ref, "1001")
        self.assertFalse(order.user_id)

    def test_everything_that_was_sent_is_kept(self):
        team = self.env["crm.team"].create({"name": "Web Test", "company_id": self.company.id})
        answer = self.send_one(
            lines=[
                {"sku": "CUP", "quantity": 1, "unit_price": 10, "discount": 20},
                {"sku": "TEA", "quantity": 3, "description": "Green tea, gift wrapped"},
            ],
            shipping_address={
                "name": "Bea Blu",
                "street": "Hauptstraße 1",
                "city": "Leipzig",
                "postcode": "04109",
                "country": "Germany",
                "phone": "+49 341 1",
            },
            payment=[
                {"method": "voucher", "amount": 5, "state": "paid"},
                {
                    "method": "card",
                    "amount": 27.5,
                    "reference": "pay_1",
                    "state": "authorized",
                    "paid_at": "2026-01-02T10:00:00+01:00",
                },
            ],
            carrier="express test",
            shipping_price=4.9,
            requested_date="2099-03-04",
            ordered_at="2026-01-02 09:30:00",
            channel="web test",
            policy="test",
            note="Ring twice\n<script>alert(1)</script>",
        )
        order = self.stored(answer)
        self.assertEqual(order.partner_id.name, "Ada Neri")
        self.assertEqual(order.partner_invoice_id, order.partner_id)
        self.assertEqual(order.partner_shipping_id.parent_id, order.partner_id)
        self.assertEqual(order.partner_shipping_id.country_id.code, "DE")
        self.assertEqual(order.partner_shipping_id.phone, "+49 341 1")
        cup, tea, freight = order.order_line.sorted("sequence")
        self.assertEqual((cup.discount, cup.price_subtotal), (20, 8))
        self.assertEqual(tea.name, "Green tea, gift wrapped")
        self.assertEqual(tea.price_unit, 20)
        self.assertTrue(freight.is_delivery)
        self.assertEqual(freight.price_unit, 4.9)
        self.assertEqual(order.carrier_id, self.carrier)
        self.assertEqual(order.oms_payment_ids.mapped("amount"), [5, 27.5])
        self.assertEqual(order.oms_payment_ids[1].paid_at, datetime(2026, 1, 2, 9))
        self.assertEqual(order.oms_payment_ids[1].state, "authorized")
        self.assertEqual(order.commitment_date, datetime(2099, 3, 4, 12))
        self.assertEqual(order.date_order, datetime(2026, 1, 2, 9, 30))
        self.assertEqual(order.team_id, team)
        self.assertEqual(order.oms_policy_id, self.policy)
        self.assertIn("Ring twice", order.note)
        self.assertNotIn("<script", order.note)

    def test_the_price_that_was_sent_stays_when_the_quantity_changes(self):
        order = self.stored(self.send_one(lines=[{"sku": "TEA", "quantity": 1, "unit_price": 0}]))
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.order_line.price_unit, 0)

    def test_a_barcode_is_a_sku_too(self):
        order = self.stored(self.send_one(lines=[{"sku": "4006381333931", "quantity": 1}]))
        self.assertEqual(order.order_line.product_id, self.cup)

    def test_quotations_are_left_to_people_on_request(self):
        (answer,) = self.send(self.sent(), confirm=False)
        self.assertEqual(self.stored(answer).state, "draft")

    def test_units_that_are_nowhere_wait_with_an_exception(self):
        order = self.stored(self.send_one(lines=[{"sku": "CUP", "quantity": 9}]))
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.oms_missing, 4)
        self.assertTrue(order.oms_exception_ids)

    # --- repeating --------------------------------------------------------------------------------

    def test_sending_again_changes_nothing(self):
        first = self.send_one()
        again = self.send_one(lines=[{"sku": "CUP", "quantity": 1}])
        self.assertEqual(again, first | {"status": "unchanged"})
        self.assertEqual(self.stored(again).order_line.product_id, self.tea)
        self.assertEqual(self.reserved(self.tea), 2)

    def test_references_are_unique_within_a_source(self):
        here, there = self.send(self.sent(), self.sent(source="market"))
        self.assertEqual([here["status"], there["status"]], ["created", "created"])
        self.assertNotEqual(here["id"], there["id"])

    def test_a_reference_twice_in_one_call_is_one_order(self):
        first, second = self.send(self.sent(), self.sent())
        self.assertEqual(first["status"], "created")
        self.assertEqual(second, first | {"status": "unchanged"})

    def test_a_corrected_order_behind_a_wrong_one_is_created(self):
        wrong, right = self.send(
            self.sent(lines=[{"sku": "TAE", "quantity": 1}]), self.sent(reference="1001")
        )
        self.assertEqual([wrong["status"], right["status"]], ["rejected", "created"])

    def test_a_cancelled_order_is_not_made_again(self):
        order = self.stored(self.send_one())
        order._action_cancel()
        self.assertEqual(self.send_one()["status"], "unchanged")

    def test_a_copy_is_not_the_imported_order(self):
        order = self.stored(self.send_one())
        self.assertFalse(order.copy().oms_external_reference)

    # --- customers --------------------------------------------------------------------------------

    def test_a_customer_is_known_by_email(self):
        first, second = self.send(
            self.sent("1"), self.sent("2", customer={"email": "ADA@example.com", "country": "IT"})
        )
        self.assertEqual(self.stored(first).partner_id, self.stored(second).partner_id)

    def test_a_customer_is_known_by_reference_within_the_source(self):
        customer = {"reference": "c7", "name": "Ugo", "country": "IT"}
        same, again, other = self.send(
            self.sent("1", customer=customer),
            self.sent("2", customer={"reference": "c7"}),
            self.sent("3", source="market", customer=customer),
        )
        self.assertEqual(self.stored(same).partner_id, self.stored(again).partner_id)
        self.assertNotEqual(self.stored(same).partner_id, self.stored(other).partner_id)

    def test_an_order_does_not_rewrite_a_known_customer(self):
        first = self.stored(self.send_one())
        customer = self.sent()["customer"] | {"street": "Corso Francia 9", "name": "A. Neri"}
        second = self.stored(self.send_one(reference="1002", customer=customer))
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertEqual(
            (second.partner_id.name, second.partner_id.street), ("Ada Neri", "Via Po 1")
        )
        self.assertEqual(second.partner_shipping_id.street, "Corso Francia 9")

    def test_an_address_is_made_once(self):
        address = {"name": "Bea", "street": "Via Blu 2", "postcode": "20121", "country": "IT"}
        orders = [
            self.stored(one)
            for one in self.send(
                self.sent("1", shipping_address=address),
                self.sent("2", shipping_address=address | {"street": " via  blu 2 "}),
            )
        ]
        orders.append(self.stored(self.send_one(reference="3", shipping_address=address)))
        self.assertEqual(len({order.partner_shipping_id for order in orders}), 1)

    def test_without_a_country_nobody_knows_the_way(self):
        self.assert_rejected(
            self.send_one(customer={"name": "Ivo", "street": "Somewhere 1"}), "country: is missing"
        )

    def test_a_customer_of_another_company_is_not_ours(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "email": "ada@example.com", "company_id": other.id}
        )
        self.assertNotEqual(self.stored(self.send_one()).partner_id, theirs)

    # --- rejecting --------------------------------------------------------------------------------

    def test_one_wrong_order_does_not_undo_its_neighbours(self):
        answers = self.send(
            self.sent("1"), self.sent("2", lines=[{"sku": "NOPE", "quantity": 1}]), self.sent("3")
        )
        self.assertEqual([one["status"] for one in answers], ["created", "rejected", "created"])

    def test_an_order_that_cannot_be_confirmed_leaves_nothing_behind(self):
        confirm = type(self.env["sale.order"]).action_confirm

        def refuse(order):
            if order.oms_external_reference == "2":
                raise UserError("Not on a Sunday.")  # pylint: disable=translation-required
            return confirm(order)

        with patch.object(type(self.env["sale.order"]), "action_confirm", refuse):
            answers = self.send(self.sent("1"), self.sent("2"), self.sent("3"))
        self.assertEqual([one["status"] for one in answers], ["created", "rejected", "created"])
        self.assertEqual(answers[1]["errors"], ["Not on a Sunday."])
        known = self.env["sale.order"].search([("oms_source", "=", "web")])
        self.assertEqual(set(known.mapped("oms_external_reference")), {"1", "3"})

    def test_an_unexpected_error_is_logged_and_not_shown(self):
        def fail(order):
            raise KeyError("secret internals")

        with (
            patch.object(type(self.env["sale.order"]), "action_confirm", fail),
            self.assertLogs(store.__name__, level="ERROR") as log,
        ):
            answer = self.send_one()
        self.assert_rejected(answer, "An unexpected error")
        self.assertIn("secret internals", "".join(log.output))

    def test_every_error_of_an_order_is_told_at_once(self):
        answer = self.send_one(
            customer={"name": "Ivo", "country": "Narnia"},
            lines=[
                {"sku": "NOPE", "quantity": 1},
                {"sku": "TEA", "quantity": -1},
                {"sku": "TEA", "quantity": 1, "price": 3},
            ],
            carrier="Pigeon",
            policy="none",
            currency="XXX",
            channel="Nowhere",
            requested_date="soon",
            shipping_price=3,
        )
        self.assert_rejected(
            answer,
            "lines[1].quantity: a number above 0",
            "lines[2]: unknown field 'price'. Did you mean",
            "requested_date: a date such as",
            "carrier: The carrier 'Pigeon' does not exist. Known are:",
            "policy: The sourcing policy 'none' does not exist.",
            "channel: The sales channel 'Nowhere' does not exist.",
            "currency: There is no pricelist in 'XXX'",
            "lines[0].sku: There is no product with the SKU 'NOPE'",
            "customer.country: There is no country 'Narnia'",
        )

    def test_a_code_of_two_products_is_ambiguous(self):
        self.product("Tea again", default_code="TEA")
        self.assert_rejected(self.send_one(), "2 products have the SKU 'TEA'")

    def test_products_that_are_not_sold_are_refused(self):
        self.tea.sale_ok = False
        self.assert_rejected(self.send_one(), "cannot be sold by itself")

    def test_prices_in_another_currency_need_a_price_list(self):
        swiss = self.env.ref("base.CHF")
        swiss.active = True
        self.env["product.pricelist"].create({"name": "Swiss", "currency_id": swiss.id})
        order = self.stored(self.send_one(currency="CHF"))
        self.assertEqual((order.currency_id, order.order_line.price_unit), (swiss, 8.5))
        own = self.stored(self.send_one(reference="2", currency=self.company.currency_id.name))
        self.assertEqual(own.currency_id, self.company.currency_id)
        self.assert_rejected(
            self.send_one(reference="3", currency="USD", pricelist="swiss"),
            "pricelist: The pricelist 'Swiss' is in CHF",
        )

    # --- limits and rights ------------------------------------------------------------------------

    def test_too_many_orders_are_refused_as_a_whole(self):
        with self.assertRaisesRegex(UserError, "2001 orders are too many"):
            self.send(*[None] * 2001)
        for nothing_of_a_list in ({"reference": "1"}, "orders", 5, None):
            with self.assertRaisesRegex(UserError, "Send a list of orders"):
                self.env["oms.order"].with_user(self.shop).import_orders(nothing_of_a_list)

    def test_what_does_not_fit_into_the_time_is_to_be_sent_again(self):
        orders = [self.sent(str(number)) for number in range(oms_order.STORED_TOGETHER + 1)]
        ticks = iter([False, False, True])
        with patch.object(oms_order, "_stopwatch", return_value=lambda: next(ticks)):
            answers = self.send(*orders)
        self.assertEqual({one["status"] for one in answers[:-1]}, {"created"})
        self.assert_rejected(answers[-1], "send it again")
        self.assertEqual(self.send(*orders)[-1]["status"], "created")

    def test_who_may_not_sell_may_not_import(self):
        for group in (
            "oms_extension.group_readonly",
            "base.group_portal",
            "stock.group_stock_user",
        ):
            user = new_test_user(self.env, f"no_{group}", group)
            with self.subTest(group), self.assertRaises(AccessError):
                self.send(self.sent(), user=user)

    def test_a_salesperson_imports_for_himself(self):
        seller = new_test_user(
            self.env,
            "seller",
            "sales_team.group_sale_salesman,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        (answer,) = self.send(self.sent(), user=seller)
        self.assertEqual(self.stored(answer).user_id, seller)

    def test_an_order_that_the_user_may_not_see_is_not_told(self):
        self.stored(self.send_one()).user_id = self.env.user
        seller = new_test_user(
            self.env,
            "seller",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        (answer,) = self.send(self.sent(), user=seller)
        self.assert_rejected(answer, "an order that you may not see")

    def test_orders_of_another_company_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        for wanted in (other.id, "Other Shop"):
            self.assert_rejected(self.send_one(company=wanted), "is not a company you may work for")

    def test_the_company_may_be_named(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        self.shop.company_ids |= other
        order = self.stored(
            self.send_one(company="Other Shop", customer={"name": "X", "country": "IT"})
        )
        self.assertEqual(order.company_id, other)
        self.assertEqual(self.stored(self.send_one()).company_id, self.company)

    def test_a_foreign_product_is_not_sold(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        self.product("Theirs", default_code="THEIRS", company_id=other.id)
        self.assert_rejected(
            self.send_one(lines=[{"sku": "THEIRS", "quantity": 1}]),
            "There is no product with the SKU 'THEIRS'",
        )

    # --- one order does not cost what a thousand cost ---------------------------------------------

    def test_lookups_do_not_grow_with_the_orders(self):
        def queries(prefix, count):
            orders = [
                self.sent(f"{prefix}{number}", lines=[{"sku": "NOPE", "quantity": 1}])
                for number in range(count)
            ]
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.send(*orders)
            return self.cr.sql_log_count - before

        queries("warm", 2)
        self.assertLessEqual(queries("many", 60), queries("few", 2))

    def test_dates_stay_as_they_are_where_none_was_sent(self):
        before = fields.Datetime.now()
        order = self.stored(self.send_one())
        self.assertGreaterEqual(order.date_order, before.replace(microsecond=0))
