from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import RecordCapturer

from .common import ReturnsCase


@tagged("post_install", "-at_install")
class TestPolicy(ReturnsCase):
    def judge(self, order, quantity=1, reason="unwanted", outcome="refund", **more):
        reasons = self.env["oms.return.reason"]._by_code([reason])
        line = order.order_line[0]
        one = {"order_line": line, "product": line.product_id, "quantity": quantity,
               "reason": reasons[reason], "outcome": outcome, "photos": 0} | more  # fmt: skip
        return self.env["oms.return"]._judge(order, [one])

    def delivered_ago(self, days, country="IT", reported=True, **values):
        """An order that was delivered so many days ago, by the carrier's word or the transfer's."""
        order = self.delivered({self.thing: 3}, country, **values)
        at = fields.Datetime.now() - timedelta(days=days)
        order.picking_ids.move_ids.date = at
        if reported:
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE oms_shipment SET delivered_at = %s, state = 'delivered' WHERE id = ANY(%s)",
                [at, order.oms_shipment_ids.ids],
            )
            self.env.invalidate_all()
        return order

    def company_buys(self, **values):
        return self.customer("IT", is_company=True, vat="IT00743110157", **values)

    # --- the verdict ------------------------------------------------------------------------------

    def test_the_window_counts_from_the_carriers_delivery(self):
        order = self.delivered_ago(40)
        verdict = self.judge(order)
        self.assertFalse(verdict["allowed"])
        self.assertIn("Thing: The last day to return it was", verdict["text"])
        self.assertIn("It was delivered on", verdict["text"])
        self.assertTrue(self.judge(self.delivered_ago(29))["allowed"])

    def test_without_news_of_the_carrier_it_counts_from_dispatch_and_says_so(self):
        verdict = self.judge(self.delivered_ago(35, reported=False))
        self.assertTrue(verdict["allowed"])
        self.assertIn("seven days were added", verdict["text"])
        self.assertFalse(self.judge(self.delivered_ago(38, reported=False))["allowed"])

    def test_what_is_on_its_way_has_not_begun(self):
        order = self.delivered({self.thing: 1})
        self.ingest(self.event("in_transit"))
        verdict = self.judge(order)
        self.assertTrue(verdict["allowed"])
        self.assertFalse(verdict["lines"][0]["until"])

    def test_a_consumer_keeps_14_days_and_a_business_has_the_policy(self):
        self.return_policy.days = 0
        verdict = self.judge(self.delivered_ago(10))
        self.assertEqual((verdict["allowed"], verdict["fee"]), (True, 0.0))
        self.assertEqual(verdict["lines"][0]["ground"], "withdrawal")
        business = self.delivered_ago(10, partner_id=self.company_buys().id)
        self.assertFalse(self.judge(business)["allowed"])

    def test_a_defect_is_guaranteed_long_after_the_window(self):
        order = self.delivered_ago(400)
        self.assertFalse(self.judge(order)["allowed"])
        verdict = self.judge(order, reason="defective", outcome="repair")
        self.assertEqual((verdict["allowed"], verdict["needs"]), (True, ["photo"]))
        self.assertEqual(verdict["freight_paid_by"], "shop")

    def test_rules_speak_of_category_discount_and_customer(self):
        tag = self.env["res.partner.category"].create({"name": "Club"})
        above = self.env["product.category"].create({"name": "Above"})
        self.category.parent_id = above
        self.return_policy.rule_ids = [
            (0, 0, {"tag_ids": [(6, 0, tag.ids)], "effect": "window", "days": 100, "sequence": 1}),
            (0, 0, {"discount_from": 20, "effect": "window", "days": 5, "sequence": 2}),
            (0, 0, {"categ_ids": [(6, 0, above.ids)], "effect": "window", "days": 60,
                    "sequence": 3}),
        ]  # fmt: skip
        business = self.company_buys()
        order = self.delivered_ago(50, partner_id=business.id)
        self.assertTrue(self.judge(order)["allowed"])
        order.order_line.discount = 30
        self.assertFalse(self.judge(order)["allowed"])
        business.category_id = tag
        self.assertTrue(self.judge(order)["allowed"])

    def test_the_fee_is_in_the_orders_currency(self):
        self.return_policy.write({"fee": 4, "fee_percent": 10})
        order = self.delivered_ago(20)
        worth = order.order_line.price_total / 3
        self.assertEqual(self.judge(order)["fee"], order.currency_id.round(4 + worth / 10))

    def test_a_small_return_is_approved_by_itself_and_keeps_its_terms(self):
        self.return_policy.write({"automatic_below": 100, "refund_on": "approval",
                                  "exchange_ships": "approval"})  # fmt: skip
        one = self.ask(self.delivered_ago(5))
        self.assertEqual((one.state, one.approved_by), ("approved", "policy"))
        self.assertEqual(one.policy_id, self.return_policy)
        self.assertEqual((one.refund_on, one.exchange_ships), ("approval", "approval"))
        self.assertEqual(self.ask(self.delivered_ago(5), 3, reason="defective").state, "requested")

    def test_the_verdict_is_read_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        one = self.ask(self.delivered_ago(5))
        day = one.verdict["lines"][0]["until"]
        self.assertIn(day[:4], one.verdict_text)
        self.assertNotEqual(
            one.with_context(lang="it_IT").verdict_text, False, "it is made for each reader"
        )

    def test_who_returns_most_is_flagged_and_not_refused(self):
        self.return_policy.write({"automatic_below": 100, "review_share": 50, "review_returns": 5})
        buyer = self.customer()
        for _number in range(8):
            self.ask(self.delivered_ago(5, partner_id=buyer.id))
        self.env.cr.execute(
            "UPDATE oms_return SET requested_at = requested_at - INTERVAL '1 day'"
            " WHERE partner_id = %s", [buyer.id])  # fmt: skip
        self.env.invalidate_all()
        one = self.ask(self.delivered_ago(5, partner_id=buyer.id))
        self.assertEqual(one.state, "requested")
        self.assertIn("8 of", one.review)
        self.assertNotIn("came back in", one.verdict_text)

    def test_a_return_is_judged_in_few_queries_whatever_its_lines(self):
        order = self.delivered({self.product(f"P{n}", stock={"IT": 9}): 1 for n in range(8)})
        reason = self.env["oms.return.reason"]._by_code(["unwanted"])["unwanted"]
        lines = [
            {"order_line": line, "product": line.product_id, "quantity": 1, "reason": reason,
             "outcome": "refund", "photos": 0}
            for line in order.order_line
        ]  # fmt: skip
        counts = []
        for some in (lines[:1], lines):
            self.env["oms.return"]._judge(order, some)
            before = self.env.cr.sql_log_count
            self.env["oms.return"]._judge(order, some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 10)

    # --- against the policy -----------------------------------------------------------------------

    def refused(self):
        order = self.delivered_ago(100)
        line = {"order_line_id": order.order_line.id, "quantity": 1, "reason": "unwanted"}
        return order, [line]

    def test_a_clerk_decides_against_the_policy_with_a_reason_that_stays(self):
        order, lines = self.refused()
        returns = self.env["oms.return"]
        with self.assertRaisesRegex(UserError, "last day"):
            returns._request(order, lines, "clerk")
        with self.assertRaisesRegex(UserError, "last day"):
            returns._request(order, lines, "clerk", override=" ")
        one = returns._request(order, lines, "clerk", override="He was ill")
        self.assertEqual((one.override_reason, one.override_user_id), ("He was ill", self.env.user))
        self.assertEqual(one.state, "requested")
        self.assertIn("He was ill", one.message_ids[0].body)

    def test_a_customer_cannot_decide_against_the_policy(self):
        order, lines = self.refused()
        customer = new_test_user(self.env, "customer", "base.group_portal")
        returns = self.env["oms.return"].with_user(customer).sudo()
        with self.assertRaises(AccessError):
            returns._request(order.with_env(returns.env), lines, "portal", override="Please")

    # --- who may, and what stays on record --------------------------------------------------------

    def test_only_managers_change_policies_and_customers_read_none(self):
        own = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        clerk = new_test_user(self.env, "clerk", "oms_extension.group_user", **own)
        policy = self.return_policy.with_user(clerk)
        self.assertEqual(policy.days, 30)
        for forbidden in (
            lambda: policy.write({"days": 1}),
            lambda: policy.try_out({"days": 1}),
            lambda: policy.rule_ids.create({"policy_id": policy.id, "effect": "photo"}),
        ):
            with self.assertRaises(AccessError):
                forbidden()
        customer = new_test_user(self.env, "customer2", "base.group_portal")
        for model in ("oms.return.policy", "oms.return.policy.rule", "oms.return.policy.preview"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(customer).search_read([])

    def test_every_change_is_in_the_chatter_with_what_was_before(self):
        policy = self.return_policy
        with RecordCapturer(self.env["mail.message"], [("res_id", "=", policy.id),
                                ("model", "=", policy._name)]) as captured:  # fmt: skip
            policy.write({"days": 20, "rule_ids": [(0, 0, {"effect": "exclude"})]})
            policy.rule_ids.exclusion = "hygiene"
            policy.days = 20
        bodies = captured.records.sorted("id").mapped("body")
        self.assertEqual((len(bodies), policy.version), (2, 3))
        self.assertIn("Window (Days): 30", bodies[0])
        self.assertIn("cannot be returned (Final sale)", bodies[0])
        self.assertIn("Hygiene", bodies[1])

    def test_a_saved_change_holds_at_once(self):
        order = self.delivered_ago(40)
        self.assertFalse(self.judge(order)["allowed"])
        self.return_policy.days = 60
        self.assertTrue(self.judge(order)["allowed"])
        self.return_policy.rule_ids = [(0, 0, {"effect": "window", "days": 10})]
        self.assertFalse(self.judge(order)["allowed"])

    def test_figures_that_make_no_sense_are_refused(self):
        for name, value in (("days", -1), ("fee_percent", 101), ("review_share", 200)):
            with self.assertRaises(ValidationError):
                self.return_policy[name] = value
