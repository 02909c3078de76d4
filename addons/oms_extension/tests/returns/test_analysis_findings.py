"""What stands out is found once, said in sentences, told to somebody, and closes by itself."""

import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .test_analysis_analyze import AnalysisCase


class TestFindings(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.findings = cls.env["oms.return.finding"]
        for number in range(6):
            cls.history(cls.product(f"Usual {number}"), 220, 0.06, days=(1, 300))
        cls.lamp = cls.product("Lamp", tracking="lot")
        cls.lots = cls.env["stock.lot"].create(
            [{"name": name, "product_id": cls.lamp.id} for name in ("GOOD", "BAD")]
        )
        cls.history(cls.lamp, 200, 0.06, days=(1, 300), lot_id=cls.lots[0].id)
        cls.history(cls.lamp, 60, 0.6, days=(14, 45), lot_id=cls.lots[1].id, reason="defective")
        cls.pack()

    def found(self):
        return self.findings.search([("company_id", "=", self.company.id)])

    def test_a_bad_lot_is_found_with_evidence_money_and_owner(self):
        self.findings.look()
        found = self.found()
        self.assertEqual(len(found), 1, found.mapped("name"))
        self.assertEqual(found.level, "flag")
        self.assertEqual(found.lot_id, self.lots[1])
        self.assertEqual(found.product_tmpl_id, self.lamp.product_tmpl_id)
        self.assertEqual(found.reason_id.code, "defective")
        self.assertIn("BAD", found.name)
        self.assertIn("Lamp", found.name)
        self.assertIn(found.reason_id.name, found.evidence)
        self.assertGreater(found.money, 0)
        exception = found.exception_id
        self.assertEqual((exception.kind, exception.state), ("return_cause", "open"))
        self.assertEqual(exception.owner, "planning")
        self.assertEqual(exception.action, found.action)

    def test_the_same_matter_is_one_finding_however_often_it_is_looked_at(self):
        self.findings.look()
        self.findings.look()
        self.assertEqual(len(self.found()), 1)
        self.assertEqual(len(self.found().history), 1)

    def test_what_a_person_dismissed_with_a_reason_is_not_found_again(self):
        self.findings.look()
        found = self.found()
        with self.assertRaises(UserError):
            found.action_dismiss()
        found.action_dismiss("A test of the press")
        self.assertEqual(found.exception_id.state, "closed")
        self.findings.look()
        self.assertEqual(self.found(), found)
        self.assertEqual(found.state, "dismissed")
        found.action_reopen()
        self.assertEqual(found.exception_id.state, "open")

    def test_what_is_over_closes_by_itself_with_its_exception(self):
        self.findings.look()
        found = self.found()
        self.env.cr.execute(
            "UPDATE oms_delivery_fact SET delivered_on = delivered_on - 150, "
            "month = date_trunc('month', delivered_on - 150) WHERE lot_id = %s",
            [self.lots[1].id],
        )
        self.env.cr.execute(
            "UPDATE oms_return_fact SET requested_on = requested_on - 150, "
            "month = date_trunc('month', delivered_on - 150) WHERE lot_id = %s",
            [self.lots[1].id],
        )
        self.env.cr.execute("DELETE FROM oms_return_column")
        self.pack()
        self.findings.look()
        self.assertEqual(found.state, "over")
        self.assertEqual(found.exception_id.state, "closed")

    def test_an_action_is_compared_with_what_was_before(self):
        self.findings.look()
        found = self.found()
        with self.assertRaises(UserError):
            found.action_done()
        found.action_done("Took it off sale", self.today - timedelta(days=30))
        self.findings.look()
        self.assertEqual(found.effect["delivered_before"] + found.effect["delivered_after"], 60)
        self.assertTrue(found.effect_text)

    def test_a_group_of_the_table_shows_its_findings(self):
        self.findings.look()
        answer = self.returns.analyze("lot")
        flagged = [one for one in answer["groups"] if one["flags"]]
        self.assertEqual([one["key"] for one in flagged], [{"lot": self.lots[1].id}])

    def test_readers_neither_look_nor_dismiss(self):
        self.findings.look()
        user = new_test_user(
            self.env, "findings reader", "oms_extension.group_readonly",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        found = self.found().with_user(user)
        self.assertTrue(found.name)
        for forbidden in (found.look, lambda: found.action_dismiss("no"), found.action_done):
            with self.assertRaises(AccessError):
                forbidden()


class TestPage(AnalysisCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shoe = cls.product("Shoe")
        cls.history(cls.shoe, 300, 0.1, days=(1, 200))
        cls.pack()

    def test_the_page_tells_one_and_the_same_figures_everywhere(self):
        page = self.returns.analysis_page()
        returned = page["table"]["total"]["returned"]
        self.assertEqual(sum(one["returned"] for one in page["pareto"]), returned)
        self.assertAlmostEqual(
            sum(one["cost"] for one in page["pareto"]), page["table"]["total"]["cost"], 2
        )
        self.assertEqual(
            sum(cell["returned"] for row in page["heat"]["rows"] for cell in row["cells"]), returned
        )
        self.assertEqual(sum(row["delivered"] for row in page["triangle"]["rows"]), 300)
        shares = [one["share"] for one in page["curve"]]
        self.assertEqual(shares, sorted(shares))

    def test_every_number_opens_as_many_records_as_it_counts(self):
        for by in ("product", "month", "reason", "cohort", "lateness"):
            answer = self.returns.analyze(by)
            for group in answer["groups"]:
                conditions = [[name, "=", value] for name, value in group["key"].items()]
                for returned, count in ((False, "sold"), (True, "returned")):
                    if not returned and by == "reason":
                        continue
                    action = self.returns.analysis_units(returned, conditions)
                    units = self.env[action["res_model"]].search(action["domain"]).mapped("units")
                    self.assertEqual(sum(units), group[count], (by, group["name"], count))

    def test_every_cell_of_the_triangle_opens_what_had_come_back_by_then(self):
        triangle = self.returns.analysis_page()["triangle"]
        cells = 0
        for row in triangle["rows"]:
            for spot, share in enumerate(row["shares"]):
                if share is False:
                    continue
                action = self.returns.analysis_units(
                    True, [["month", "=", row["month"]]], within=(spot + 1) * triangle["step"] - 1
                )
                units = sum(self.env[action["res_model"]].search(action["domain"]).mapped("units"))
                self.assertAlmostEqual(units / row["delivered"], share, 4, (row["name"], spot))
                cells += 1
        self.assertGreater(cells, 20)
        with self.assertRaisesRegex(UserError, "number of days"):
            self.returns.analysis_units(True, within="7")

    def pack_nothing(self):
        self.env.cr.execute("UPDATE oms_return_figures SET version = version + 1")
        self.env.invalidate_all()

    def test_a_shop_without_deliveries_gets_an_empty_page(self):
        self.env.cr.execute("DELETE FROM oms_return_column")
        self.pack_nothing()
        page = self.returns.analysis_page()
        self.assertEqual(page["table"]["total"]["sold"], 0)
        self.assertEqual((page["pareto"], page["curve"]), ([], []))

    def test_the_export_has_all_groups_and_no_formula(self):
        self.product("=1+1")
        self.history(self.env["product.product"].search([("name", "=", "=1+1")]), 5, 0)
        self.pack()
        file = self.returns.analysis_export("product", kind="csv")
        text = base64.b64decode(file["content"]).decode("utf-8-sig")
        self.assertIn("'=1+1", text)
        self.assertEqual(len(text.strip().splitlines()), 1 + 2)
        file = self.returns.analysis_export("product")
        self.assertTrue(base64.b64decode(file["content"]).startswith(b"PK"))
        with self.assertRaises(UserError):
            self.returns.analysis_export("product", kind="exe")

    def test_a_product_tells_its_rate_beside_its_category(self):
        summary = self.shoe.product_tmpl_id.oms_return_summary
        self.assertEqual((summary["sold"], summary["returned"]), (300, summary["returned"]))
        self.assertAlmostEqual(summary["rate"], summary["corrected_rate"], delta=0.03)
        self.assertTrue(summary["trend"])
        self.assertTrue(self.shoe.oms_return_rate_text)
        self.assertFalse(self.product("Never Sold").oms_return_summary)

    def test_comments_are_grouped_and_returns_forecast(self):
        self.assertIsInstance(self.returns.analysis_topics(), list)
        outlook = self.returns.analysis_outlook()
        self.assertEqual(len(outlook["weeks"]), 6)


class TestSupply(AnalysisCase):
    def test_awaited_returns_are_dated_weighted_and_never_promised_unless_told(self):
        thing = self.product("Back Soon", stock={"IT": 10}, default_code="SOON")
        order = self.delivered({thing: 6})
        back = self.ask(order, 4)
        if back.state == "requested":
            back.action_approve()
        supply = self.env["oms.return.supply"]
        self.assertEqual(supply._expected(self.company, thing), [])
        self.env["oms.return.inspection"].create(
            {
                "return_id": back.id,
                "product_id": thing.id,
                "quantity": 20,
                "condition": "a",
                "disposition": "restock",
            }
        )
        ((product, warehouse, units, day, chance),) = self.env["oms.return.supply"]._expected(
            self.company, thing
        )
        self.assertEqual((product, units), (thing.id, 4.0))
        self.assertEqual(warehouse, back.warehouse_id.id)
        self.assertGreater(day, self.today)
        self.assertTrue(0 < chance <= 1)
        question = ([{"sku": "SOON", "quantity": 1}], {"country": "IT", "postcode": "20121"})
        availability = self.env["oms.availability"]
        plain = availability.promise(*question)
        self.assertNotIn("probable", plain["lines"][0])
        self.company.oms_return_supply_share = 1.0
        told = availability.promise(*question)
        self.assertLessEqual(sum(one["units"] for one in told["lines"][0]["probable"]), 4)
        self.assertEqual(told["available"], plain["available"])
