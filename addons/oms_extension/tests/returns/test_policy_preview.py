from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ReturnsCase


@tagged("post_install", "-at_install")
class TestPolicyPreview(ReturnsCase):
    def past(self, *days):
        """Returns of businesses, asked so many days after the dispatch."""
        returns = self.env["oms.return"]
        for number in days:
            buyer = self.customer(is_company=True)
            order = self.delivered({self.thing: 1}, partner_id=buyer.id)
            order.picking_ids.move_ids.date = fields.Datetime.now() - timedelta(days=number)
            returns |= self.ask(order, reason="unwanted")
        return returns

    def preview(self, changes, policy=None):
        policy = self.return_policy if policy is None else policy
        action = policy.try_out(changes, 6)
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_an_edited_policy_is_tried_without_saving_it(self):
        returns = self.past(2, 20, 30)
        found = self.preview({"days": 5})
        self.assertEqual((found.count, found.changed_count), (3, 2))
        self.assertEqual((found.now_refused, found.then_refused), (0, 2))
        self.assertEqual(found.line_ids.return_id, returns[1:])
        self.assertIn("Refused. The last day", found.line_ids[0].then)
        self.assertEqual(self.return_policy.days, 30)
        self.assertEqual(set(returns.mapped("state")), {"requested"})

    def test_edited_rules_and_fees_are_tried_too(self):
        self.past(2, 20)
        rule = {"effect": "exclude", "exclusion": "final"}
        found = self.preview({"rule_ids": [[0, "virtual_1", rule]]})
        self.assertEqual((found.then_allowed, found.then_refused), (0, 2))
        self.assertFalse(self.return_policy.rule_ids)
        self.return_policy.rule_ids = [(0, 0, rule)]
        edit = {"rule_ids": [[1, self.return_policy.rule_ids.id, {"effect": "photo"}]], "fee": 3}
        found = self.preview(edit)
        self.assertEqual((found.now_refused, found.then_allowed, found.then_fee), (2, 2, 6.0))
        self.assertEqual(self.return_policy.rule_ids.effect, "exclude")

    def test_a_new_policy_takes_its_place_in_the_order(self):
        self.past(20)
        values = {"name": "Strict", "code": "strict", "days": 1, "company_id": self.company.id}
        none = self.env["oms.return.policy"]
        self.assertEqual(self.preview(values | {"sequence": -1}, none).then_refused, 1)
        self.assertEqual(self.preview(values | {"sequence": 50}, none).then_refused, 0)

    def test_nothing_is_shown_where_nothing_changes(self):
        self.past(2)
        found = self.preview({})
        self.assertEqual((found.changed_count, found.line_ids.ids), (0, []))

    def test_the_number_of_queries_does_not_depend_on_the_requests(self):
        counts = []
        for days in ((2,), (3, 4, 5, 20)):
            self.past(*days)
            self.env.flush_all()
            policy = self.return_policy._draft({"fee": 1})
            policy._try(6)
            before = self.env.cr.sql_log_count
            policy._try(6)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 20)
