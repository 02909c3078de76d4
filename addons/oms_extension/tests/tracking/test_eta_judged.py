"""How right estimates were, who may see it, and what is said of orders that did not leave yet."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .eta_case import NOW, EtaCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestEtaJudged(EtaCase):
    # --- judged -----------------------------------------------------------------------------------

    def test_scores_are_by_carrier_month_and_stage(self):
        self.deliveries(300, [2, 3, 4])
        other = self.env["oms.carrier"].create({"name": "Other", "code": "other"})
        self.deliveries(60, [5], oms_carrier_id=other.id)
        self.model._learn()
        scores = self.model.score_ids
        self.assertEqual(scores.carrier_id, self.ups + other)
        self.assertEqual(set(scores.mapped("stage")), {"order", "handover"})
        keys = [(one.carrier_id, one.month, one.stage) for one in scores]
        self.assertEqual(len(keys), len(set(keys)))
        january = scores.filtered(
            lambda one: (one.month.month, one.stage, one.carrier_id) == (1, "handover", other)
        )
        action = january.action_shipments()
        found = self.env["oms.shipment"].search(action["domain"])
        self.assertEqual(len(found), january.parcels)

    def test_averages_count_every_parcel_once(self):
        scores = self.env["oms.eta.score"].create(
            [
                {
                    "model_id": self.model.id,
                    "stage": "handover",
                    "month": month,
                    "parcels": parcels,
                    "coverage_90": coverage,
                }
                for month, parcels, coverage in (("2026-01-01", 900, 0.9), ("2026-02-01", 100, 0.5))
            ]
        )
        [(coverage, parcels)] = scores._read_group(
            [("id", "in", scores.ids)], [], ["coverage_90:avg", "parcels:sum"]
        )
        self.assertAlmostEqual(coverage, 0.86)
        self.assertEqual(parcels, 1000)

    def test_a_season_that_missed_is_said_on_the_screen(self):
        self.deliveries(400, [2, 3, 3, 4])
        self.model._learn()
        self.assertFalse(self.model.warning)
        self.deliveries(120, [14], ago=60)
        self.model._learn(judge=True)
        self.assertIn("The 90 % range missed in", self.model.warning)
        self.assertIn("2026", self.model.warning)

    # --- access -----------------------------------------------------------------------------------

    def test_who_may_read_and_who_may_learn(self):
        self.deliveries(60, [3])
        self.model._learn()
        reader = new_test_user(
            self.env,
            "reader",
            "oms_extension.group_readonly",
            company_id=self.company.id,
            company_ids=[self.company.id],
        )
        action = self.env["oms.eta.model"].with_user(reader).action_open()
        seen = self.env["oms.eta.model"].with_user(reader).browse(action["res_id"])
        self.assertIn("60 deliveries", seen.status)
        self.assertTrue(seen.score_ids.mapped("mae"))
        with self.assertRaises(AccessError):
            seen.action_learn()
        with self.assertRaises(AccessError):
            seen.read(["parameters"])
        manager = new_test_user(
            self.env,
            "manager",
            "oms_extension.group_manager",
            company_id=self.company.id,
            company_ids=[self.company.id],
        )
        seen.with_user(manager).action_learn()

    # --- order time -------------------------------------------------------------------------------

    def test_an_order_has_an_estimate_before_anything_left(self):
        self.deliveries(120, [3], wait=2)
        self.model._learn()
        order = self.order({self.thing: 1})
        parcel = order.oms_allocation_id.parcel_ids
        self.assertTrue(parcel.eta_at)
        self.assertLessEqual(parcel.eta_low_at, parcel.eta_at)
        self.assertEqual(parcel.eta_terms["stage"], "order")
        self.assertIn("From the order on", parcel.eta_explanation)
        self.assertTrue(parcel.deliver_at)

    def test_a_parcel_that_leaves_later_is_counted_from_then(self):
        self.deliveries(120, [3], wait=1)
        self.model._learn()
        parcel = self.order({self.thing: 1}).oms_allocation_id.parcel_ids
        parcel.ship_at = NOW + timedelta(days=30)
        self.assertEqual(parcel.eta_terms["stage"], "handover")
        self.assertGreaterEqual(self.days(parcel.eta_at), 32)

    def test_without_deliveries_an_order_is_expected_as_promised(self):
        parcel = self.order({self.thing: 1}).oms_allocation_id.parcel_ids
        self.assertEqual(parcel.eta_at.date(), parcel.deliver_at.date())
        self.assertIn("As promised", parcel.eta_explanation)

    def test_the_customer_reads_the_estimate_beside_the_promise(self):
        self.deliveries(120, [3, 4, 5, 6], wait=1)
        order = self.order({self.thing: 1})
        (parcel,) = order._oms_portal_delivery()["parcels"]
        self.assertFalse(parcel["due"], "only the promise is known")
        self.model._learn()
        order.oms_allocation_id.parcel_ids.invalidate_recordset()
        (parcel,) = order._oms_portal_delivery()["parcels"]
        self.assertIn("Expected by", parcel["when"])
        self.assertRegex(parcel["due"], "^Our estimate: .+, between .+ and .+")
        self.assertNotIn("allocated", parcel)

    def test_many_allocated_parcels_take_no_more_queries_than_one(self):
        self.deliveries(120, [3])
        self.model._learn()
        parcels = self.env["oms.allocation.parcel"]
        for _number in range(4):
            parcels |= self.order({self.thing: 1}).oms_allocation_id.parcel_ids
        self.env.flush_all()
        counts = []
        for some in (parcels[1:2], parcels[:1], parcels):  # the first one reads the model
            self.env.invalidate_all()
            some.fetch(["state"])
            before = self.cr.sql_log_count
            some.mapped("eta_at")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_a_superseded_allocation_promises_nothing(self):
        order = self.order({self.thing: 1})
        parcel = order.oms_allocation_id.parcel_ids
        order.oms_allocation_id.state = "superseded"
        self.assertFalse(parcel.eta_at)
