from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestPolicy(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE", "FR")
        cls.thing = cls.product(stock={"IT": 6, "DE": 9, "FR": 3})

    def another(self, **values):
        return self.env["oms.policy"].create(
            {"name": "Another", "code": "another", "company_id": self.company.id, "sequence": -1}
            | values
        )

    def test_the_first_policy_whose_conditions_fit_decides(self):
        team = self.env["crm.team"].create({"name": "Web"})
        special = self.another(team_ids=[(6, 0, team.ids)])
        web = self.order({self.thing: 1}, confirm=False, team_id=team.id)
        shop = self.order({self.thing: 1}, confirm=False)
        self.assertEqual(self.env["oms.policy"]._for_order(web), special)
        self.assertEqual(self.env["oms.policy"]._for_order(shop), self.policy)

    def test_conditions_look_at_customer_category_and_value(self):
        order = self.order({self.thing: 10}, confirm=False)
        category = self.env["product.category"].create({"name": "Elsewhere"})
        for condition, fits in (
            ({"partner_ids": [(6, 0, order.partner_id.ids)]}, True),
            ({"partner_ids": [(6, 0, self.customer("FR").ids)]}, False),
            ({"categ_ids": [(6, 0, self.thing.categ_id.ids)]}, True),
            ({"categ_ids": [(6, 0, category.ids)]}, False),
            ({"min_order_value": order.amount_untaxed}, True),
            ({"max_order_value": order.amount_untaxed}, False),
        ):
            policy = self.another(code=f"policy {condition}", **condition)
            self.assertEqual(policy._fits(order), fits, condition)

    def test_an_unknown_code_names_the_known_ones(self):
        order = self.order({self.thing: 1}, confirm=False)
        with self.assertRaisesRegex(UserError, "test"):
            order.oms_preview_allocation(policy="no such policy")

    def test_every_change_is_a_version_with_its_author(self):
        self.policy.extra_parcel_penalty = 5
        self.policy.write({"mode": "rules", "rule_ids": [(0, 0, {"kind": "nearest"})]})
        self.policy.rule_ids.kind = "priority"
        versions = self.policy.version_ids
        self.assertEqual(versions.mapped("number"), [4, 3, 2, 1])
        self.assertEqual(versions.user_id, self.env.user)
        self.assertIn("nearest", versions[0].changes)
        self.assertIn("5", versions[2].changes)

    def test_writing_the_same_makes_no_version(self):
        self.policy.extra_parcel_penalty = self.policy.extra_parcel_penalty
        self.assertEqual(self.policy.version, 1)

    def test_rules_need_at_least_one_rule(self):
        with self.assertRaisesRegex(ValidationError, "at least one rule"):
            self.another(mode="rules")

    def test_the_first_rule_that_does_not_tie_decides(self):
        self.policy.write(
            {
                "mode": "rules",
                "rule_ids": [
                    (0, 0, {"kind": "stay_in_country", "sequence": 1}),
                    (0, 0, {"kind": "balance_stock", "sequence": 2}),
                ],
            }
        )
        self.assertEqual(self.shipping(self.order({self.thing: 1}, country="FR")), {"FR": 1})
        self.assertEqual(self.shipping(self.order({self.thing: 1}, country="ES")), {"DE": 1})

    def test_at_most_so_many_parcels_and_the_rest_waits(self):
        self.policy.max_parcels = 1
        order = self.order({self.thing: 12})
        self.assertEqual(order.oms_parcel_count, 1)
        self.assertEqual(order.oms_missing, 3)
        self.assertEqual(order.oms_exception_ids.kind, "limit")

    def test_ship_complete_ships_all_or_nothing(self):
        self.policy.ship_complete = True
        rare = self.product("Rare")
        order = self.order({self.thing: 2, rare: 1})
        self.assertEqual(order.oms_missing, 3)
        self.assertEqual(order.oms_parcel_count, 0)
        self.assertFalse(self.reserved(self.thing))
        self.assertFalse(self.env["oms.audit"].run_audit())

    def test_a_cheap_line_is_not_divided(self):
        self.policy.min_split_value = 1000
        order = self.order({self.thing: 12})
        self.assertEqual(len(order.oms_allocation_id.parcel_ids.warehouse_id), 1)
        self.assertEqual(order.oms_missing, 3)

    def test_without_any_policy_the_order_is_confirmed_with_an_exception(self):
        self.env["oms.policy"].search([]).active = False
        order = self.order({self.thing: 2})
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.shipping(order), {"IT": 2})
        self.assertIn("policy", order.oms_exception_ids.action)
