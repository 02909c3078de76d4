"""What ``oms.return.analyze`` answers, and what it refuses."""

import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import ReturnsCase


class AnalysisCase(ReturnsCase):
    """Figures written directly: what a shop delivered in a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["oms.return.figures"].sudo()._cron_keep()
        cls.returns = cls.env["oms.return"]
        cls.today = fields.Date.context_today(cls.returns)
        cls.reasons = {one.code: one.id for one in cls.env["oms.return.reason"].search([])}

    @classmethod
    def history(
        cls, product, lines, share, days=(60, 360), reason="unwanted", company=None, **more
    ):
        """``lines`` units delivered between so many days ago, of which ``share`` came back."""
        draw = random.Random(product.name)
        company = company or cls.company
        cr = cls.env.cr
        for number in range(lines):
            day = cls.today - timedelta(days=draw.randint(*days))
            values = {
                "company_id": company.id,
                "product_id": product.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "category_id": product.categ_id.id,
                "delivered_on": day,
                "month": day.replace(day=1),
                "units": 1,
                "returned": 0,
                "revenue": 20,
                "margin": 8,
            } | more
            names = ", ".join(values)
            places = ", ".join(["%s"] * len(values))
            cr.execute(
                f"INSERT INTO oms_delivery_fact ({names}) VALUES ({places}) RETURNING id",
                [*values.values()],
            )
            (key,) = cr.fetchone()
            back = day + timedelta(days=1 + int(min(45, draw.lognormvariate(2.08, 0.6))))
            if number < lines * share and back <= cls.today:
                for name in ("units", "returned", "revenue", "margin"):
                    values.pop(name)
                values |= {
                    "delivery_id": key,
                    "requested_on": back,
                    "age": (back - day).days,
                    "reason_id": cls.reasons[reason],
                    "units": 1,
                    **dict.fromkeys(
                        ("freight_out", "freight_back", "handling", "support", "write_down"), 2
                    ),
                    "lost_margin": 8,
                    "fee": 0,
                    "cost": 18,
                }
                names = ", ".join(values)
                places = ", ".join(["%s"] * len(values))
                cr.execute(
                    f"INSERT INTO oms_return_fact ({names}) VALUES ({places})", [*values.values()]
                )

    @classmethod
    def pack(cls):
        cr = cls.env.cr
        cr.execute("SELECT DISTINCT company_id, month FROM oms_delivery_fact")
        cls.env["oms.return.figures"]._pack(set(cr.fetchall()))
        cr.execute("UPDATE oms_return_figures SET version = COALESCE(version, 0) + 1")
        cls.env.invalidate_all()


class TestAnalyze(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good, cls.bad, cls.rare = (
            cls.product(name) for name in ("Good Shoe", "Bad Shoe", "Rare Shoe")
        )
        cls.history(cls.good, 400, 0.05)
        cls.history(cls.bad, 200, 0.30, reason="defective")
        cls.history(cls.rare, 3, 1.0)
        cls.pack()

    def row(self, product, **more):
        answer = self.returns.analyze("variant", **more)
        return next(one for one in answer["groups"] if one["key"] == {"variant": product.id})

    def test_a_group_tells_rate_interval_cost_and_reasons(self):
        row = self.row(self.bad)
        self.assertEqual((row["sold"], row["returned"], row["sample"]), (200, 60, 200))
        self.assertAlmostEqual(row["raw_rate"], 0.3)
        self.assertAlmostEqual(row["rate"], 0.3, delta=0.05)
        self.assertLess(row["interval"][0], row["rate"])
        self.assertGreater(row["interval"][1], row["rate"])
        self.assertGreater(row["maturity"], 0.9)
        self.assertEqual((row["cost"], row["cost_per_return"]), (1080.0, 18.0))
        self.assertEqual(row["margin_after_returns"], 200 * 8 - 1080)
        self.assertEqual(row["reasons"][0]["code"], "defective")

    def test_a_product_sold_three_times_is_drawn_towards_its_category(self):
        row = self.row(self.rare)
        self.assertEqual(row["raw_rate"], 1.0)
        self.assertLess(row["rate"], 0.6)

    def test_no_rate_is_told_of_what_is_too_young(self):
        new = self.product("New Shoe")
        self.history(new, 30, 0.1, days=(0, 1))
        self.pack()
        row = self.row(new)
        self.assertLess(row["maturity"], 0.3)
        self.assertIs(row["rate"], False)
        self.assertIs(row["interval"], False)
        self.assertEqual(row["sold"], 30)

    def test_the_total_is_the_sum_of_the_groups(self):
        for by in ("variant", "month", "week", ["variant", "month"]):
            answer = self.returns.analyze(by, limit=0)
            for name in ("sold", "returned", "sample"):
                self.assertEqual(
                    sum(one[name] for one in answer["groups"]), answer["total"][name], (by, name)
                )

    def test_reasons_share_the_returns_and_not_what_was_sold(self):
        answer = self.returns.analyze("reason")
        self.assertEqual({one["sold"] for one in answer["groups"]}, {603})
        self.assertEqual(sum(one["returned"] for one in answer["groups"]), 83)

    def test_conditions_and_period_narrow_down(self):
        answer = self.returns.analyze("variant", [["reason", "=", "defective"]])
        self.assertEqual(answer["total"]["returned"], 60)
        answer = self.returns.analyze("variant", [["variant", "not in", [self.bad.id]]])
        self.assertEqual(answer["total"]["sold"], 403)
        first = self.today - timedelta(days=90)
        answer = self.returns.analyze("month", None, {"from": first.isoformat()})
        self.assertGreater(answer["total"]["sold"], 0)
        self.assertEqual(
            answer["total"]["sold"],
            self.env["oms.delivery.fact"].search_count(
                [("company_id", "=", self.company.id), ("delivered_on", ">=", first)]
            ),
        )

    def test_a_wrong_question_is_answered_with_what_to_ask(self):
        for question in (
            {"group_by": "colour"},
            {"group_by": ["product", "product"]},
            {"group_by": [["product"]]},
            {"group_by": None},
            {"group_by": "product", "domain": [["lot", "like", "x"]]},
            {"group_by": "product", "domain": [["company_id", "=", 1]]},
            {"group_by": "product", "domain": [["warehouse", "=", "'; DROP TABLE x; --"]]},
            {"group_by": "product", "domain": [["product", "in", 3]]},
            {"group_by": "product", "domain": [["product", "=", {"a": 1}]]},
            {"group_by": "product", "domain": [["product", "=", 10**12]]},
            {"group_by": "product", "domain": "product"},
            {"group_by": "month", "domain": [["month", "=", "2026-13"]]},
            {"group_by": "product", "period": {"from": "yesterday"}},
            {"group_by": "product", "period": {"from": "2026-02-01", "to": "2026-01-01"}},
            {"group_by": "product", "period": ["2026-02-01"]},
            {"group_by": "product", "limit": -1},
            {"group_by": "product", "order": "id; DROP TABLE x"},
        ):
            with self.subTest(question), self.assertRaises(UserError):
                self.returns.analyze(**question)

    def test_other_companies_figures_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        self.history(self.good, 50, 0.5, company=other)
        self.pack()
        self.assertEqual(self.returns.analyze("variant")["total"]["sold"], 603)
        user = new_test_user(
            self.env,
            "returns reader",
            "oms_extension.group_readonly",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        answer = (
            self.returns.with_user(user)
            .with_context(allowed_company_ids=[self.company.id])
            .analyze("variant")
        )
        self.assertEqual(answer["total"]["sold"], 603)
        with self.assertRaises(AccessError):
            self.returns.with_user(user).with_context(allowed_company_ids=[other.id]).analyze(
                "variant"
            )

    def test_only_order_management_reads_figures(self):
        user = new_test_user(
            self.env, "no reader", "base.group_user",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.returns.with_user(user).analyze("product")
