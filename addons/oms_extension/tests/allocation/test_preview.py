from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import OmsCase


def holds_none(value):
    """Whether null is anywhere in a JSON value, which XML-RPC could not carry."""
    if isinstance(value, dict):
        return any(holds_none(one) for one in value.values())
    if isinstance(value, list):
        return any(holds_none(one) for one in value)
    return value is None


@tagged("post_install", "-at_install")
class TestPreview(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.tea = cls.product("Tea", default_code="TEA", stock={"IT": 5})
        cls.cup = cls.product("Cup", default_code="CUP", stock={"DE": 2})

    def test_a_preview_tells_the_plan_and_the_alternatives(self):
        order = self.order({self.tea: 2, self.cup: 3}, confirm=False)
        (answer,) = order.oms_preview_allocation()
        self.assertEqual(
            [answer[key] for key in ("order", "name", "state", "policy")],
            [order.id, order.name, "draft", "test"],
        )
        plan = answer["plan"]
        shipped = {
            (parcel["warehouse_name"], line["sku"]): line["quantity"]
            for parcel in plan["parcels"]
            for line in parcel["lines"]
        }
        self.assertEqual(shipped, {("Milano", "TEA"): 2, ("Leipzig", "CUP"): 2})
        self.assertAlmostEqual(plan["total"], sum(one["total"] for one in plan["parcels"]))
        self.assertAlmostEqual(plan["total"], plan["cost"]["total"])
        for parcel in plan["parcels"]:
            parts = {name: part for name, part in parcel["cost"].items() if name != "total"}
            self.assertAlmostEqual(sum(parts.values()), parcel["total"])
            self.assertRegex(parcel["ship_date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertLess(parcel["ship_date"], parcel["delivery_date"])
        (missing,) = plan["missing"]
        self.assertEqual(
            (missing["sku"], missing["quantity"], missing["cause"]), ("CUP", 1, "no_stock")
        )
        self.assertIn("wait", answer["reason"])
        card = next(card for card in answer["cards"] if card["sku"] == "CUP")
        milano = next(one for one in card["candidates"] if one["warehouse_name"] == "Milano")
        self.assertEqual(
            (milano["ruled_out"], milano["reason"]), ("no_stock", "Has none in stock.")
        )
        self.assertFalse(holds_none(answer))

    def test_alternatives_say_what_they_would_have_cost(self):
        self.stock(self.tea, DE=5)
        (answer,) = self.order({self.tea: 1}, confirm=False).oms_preview_allocation()
        self.assertEqual(answer["plan"]["parcels"][0]["warehouse_name"], "Milano")
        other = answer["alternatives"][0]
        self.assertEqual(other["parcels"][0]["warehouse_name"], "Leipzig")
        self.assertAlmostEqual(other["total"] - answer["plan"]["total"], other["difference"])
        self.assertEqual(other["reason"], "Without Milano")

    def test_a_preview_of_several_orders_answers_each(self):
        orders = self.order({self.tea: 1}) | self.order({self.cup: 1}, confirm=False)
        self.assertEqual([one["order"] for one in orders.oms_preview_allocation()], orders.ids)

    def test_a_preview_follows_the_policy_that_is_named(self):
        self.env["oms.policy"].create(
            {
                "name": "By priority",
                "code": "by-priority",
                "mode": "rules",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {"kind": "priority"})],
            }
        )
        order = self.order({self.tea: 1}, confirm=False)
        (answer,) = order.oms_preview_allocation(policy="by-priority")
        self.assertEqual(answer["policy"], "by-priority")
        with self.assertRaisesRegex(UserError, "Known codes: .*by-priority"):
            order.oms_preview_allocation(policy="nope")

    def test_a_preview_changes_nothing(self):
        order = self.order({self.tea: 2})
        self.env.flush_all()
        # PostgreSQL itself refuses every write from here on.
        self.cr.execute("SAVEPOINT reading; SET TRANSACTION READ ONLY")
        order.invalidate_recordset()
        order.oms_preview_allocation()
        self.env.flush_all()
        self.cr.execute("ROLLBACK TO SAVEPOINT reading")

    def test_what_is_begun_is_told_apart(self):
        order = self.order({self.tea: 3})
        order.picking_ids.printed = True
        (answer,) = order.oms_preview_allocation()
        self.assertEqual(answer["plan"]["parcels"], [])
        self.assertEqual(
            [(one["sku"], one["warehouse_name"], one["quantity"]) for one in answer["begun"]],
            [("TEA", "Milano", 3)],
        )

    def test_nothing_to_allocate_is_said(self):
        service = self.product("Advice", type="service", is_storable=False)
        (answer,) = self.order({service: 1}, confirm=False).oms_preview_allocation()
        self.assertFalse(answer["plan"])
        self.assertEqual(answer["reason"], "Nothing in this order has to be allocated.")
        self.assertFalse(holds_none(answer))
        order = self.order({self.tea: 1})
        order._action_cancel()
        (answer,) = order.oms_preview_allocation()
        self.assertEqual(answer["reason"], "The order is cancelled.")

    def test_allocating_puts_in_force_what_is_answered(self):
        order = self.order({self.cup: 2})
        self.stock(self.cup, IT=2)
        (answer,) = order.oms_allocate()
        self.assertEqual(answer["plan"]["parcels"][0]["warehouse_name"], "Milano")
        self.assertEqual(self.shipping(order), {"IT": 2})
        self.assertEqual(order.oms_allocation_id.trigger, "reallocate")

    def test_only_confirmed_orders_are_allocated(self):
        with self.assertRaisesRegex(UserError, "Confirm or unlock it first"):
            self.order({self.tea: 1}, confirm=False).oms_allocate()
        order = self.order({self.tea: 1})
        order.locked = True
        with self.assertRaisesRegex(UserError, "Confirm or unlock it first"):
            order.oms_allocate()

    def test_a_customer_learns_nothing_of_costs(self):
        order = self.order({self.tea: 1})
        customer = new_test_user(
            self.env, "customer", "base.group_portal", partner_id=order.partner_id.id
        )
        order.with_user(customer).check_access("read")
        for name in ("oms_preview_allocation", "oms_allocate"):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(order.with_user(customer), name)()

    def test_readers_preview_and_do_not_allocate(self):
        order = self.order({self.tea: 1})
        reader = new_test_user(
            self.env,
            "reader",
            "oms_extension.group_readonly",
            company_id=self.company.id,
            company_ids=[fields.Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            order.with_user(reader).oms_allocate()
