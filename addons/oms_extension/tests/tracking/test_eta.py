"""When parcels arrive: learned from the company's own deliveries, said with its reasons."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.tracking.eta import eta_mixin, eta_model
from .eta_case import MILANO, NOW, PALERMO, EtaCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestEta(EtaCase):
    # --- nothing learned --------------------------------------------------------------------------

    def lane(self, days, **values):
        zone = self.env["oms.zone"].create(
            {"name": "Italy", "country_ids": [self.env.ref("base.it").id]} | values.pop("zone", {})
        )
        return self.env["oms.lane"].create(
            {
                "warehouse_id": self.warehouses["IT"].id,
                "zone_id": zone.id,
                "transit_days": days,
                "base_cost": 5,
            }
            | values
        )

    def test_without_deliveries_the_lane_tells_and_says_so(self):
        self.lane(2)
        parcel = self.parcel()
        parcel._oms_predict()
        self.assertEqual(self.days(parcel.eta_at), 4, "two working days from Friday: Tuesday")
        self.assertFalse(parcel.eta_high_at, "nobody knows how right a lane is")
        self.assertIn("2 working days by the lane table", parcel.eta_explanation)
        self.assertIn("0 of 50 deliveries", parcel.eta_explanation)

    def test_the_narrowest_lane_of_the_service_tells(self):
        self.lane(5)
        self.lane(4, zone={"name": "Milano", "zip_prefixes": "201"})
        self.lane(1, zone={"name": "Fast"}, carrier_id=self.service.id)
        parcel, other = self.parcel(), self.parcel(number="1Z2", carrier_id=False)
        (parcel + other)._oms_predict()
        self.assertEqual(self.days(parcel.eta_at), 3)
        self.assertEqual(self.days(other.eta_at), 6)

    def test_without_a_lane_the_distance_tells(self):
        parcel = self.parcel(**PALERMO)
        parcel._oms_predict()
        self.assertTrue(parcel.eta_at)
        self.assertIn("no lane is defined", parcel.eta_explanation)

    def test_a_late_parcel_is_not_expected_in_the_past(self):
        self.lane(1)
        parcel = self.parcel(ago=20)
        parcel._oms_predict()
        self.assertEqual(self.days(parcel.eta_at), 0)

    def test_forty_nine_deliveries_are_too_few(self):
        self.deliveries(49, [3])
        self.model._learn()
        self.assertFalse(self.model.stage_count)
        self.assertIn("49 of 50", self.model.status)
        parcel = self.parcel()
        parcel._oms_predict()
        self.assertIn("49 of 50 deliveries", parcel.eta_explanation)

    # --- learned ----------------------------------------------------------------------------------

    def test_parcels_arrive_as_those_before_them_did(self):
        self.deliveries(120, [2, 3, 3, 3, 4])
        self.deliveries(120, [6, 7, 7, 7, 8], **PALERMO)
        self.model._learn()
        near, far = self.parcel(), self.parcel(number="1Z2", **PALERMO)
        (near + far)._oms_predict()
        self.assertIn(self.days(near.eta_at), (3, 4))
        self.assertIn(self.days(far.eta_at), (6, 7, 8))
        for one in near + far:
            self.assertLessEqual(one.eta_low_at, one.eta_at)
            self.assertLessEqual(one.eta_at, one.eta_high_at)
        self.assertGreater(far.eta_low_at, near.eta_at)

    def test_the_estimate_is_explained_as_a_sum(self):
        self.deliveries(120, [2, 3, 3, 3, 4])
        self.model._learn()
        parcel = self.parcel(**MILANO)
        parcel._oms_predict()
        terms = parcel.eta_terms
        self.assertAlmostEqual(sum(days for _name, days in terms["terms"]), terms["days"], 5)
        self.assertEqual(terms["days"], self.days(parcel.eta_at))
        self.assertIn("From the hand-over on 03/13/2026: Milano, ", parcel.eta_explanation)
        self.assertIn(f"= {terms['days']} days", parcel.eta_explanation)
        self.assertIn("similar parcels", parcel.eta_explanation)

    def test_estimate_promise_and_carrier_stand_beside_each_other(self):
        self.deliveries(120, [3])
        self.model._learn()
        parcel = self.parcel()
        promised = parcel.promised_at
        self.ingest(
            self.event("in_transit", at="2026-03-13T08:00:00Z")
            | {"estimated_delivery": "2026-03-25"}
        )
        parcel._follow_safely()
        self.assertEqual(parcel.promised_at, promised)
        self.assertEqual(parcel.carrier_eta_at.date(), datetime(2026, 3, 25).date())
        self.assertLess(self.days(parcel.eta_at), 6)
        self.assertIn("The carrier says 03/25/2026.", parcel.eta_explanation)

    def test_before_the_hand_over_the_order_counts(self):
        self.deliveries(120, [3], wait=5)
        self.model._learn()
        parcel = self.parcel(shipped_at=False, ordered_at=NOW, state="label_created")
        parcel._oms_predict()
        self.assertEqual(parcel.eta_terms["stage"], "order")
        self.assertIn(self.days(parcel.eta_at), (7, 8, 9, 10))

    def test_a_parcel_out_for_delivery_comes_today(self):
        self.deliveries(120, [3, 4, 5])
        self.model._learn()
        parcel = self.parcel(ago=1)
        self.ingest(self.event("out_for_delivery", at="2026-03-13T07:00:00Z"))
        parcel._follow_safely()
        self.assertEqual(self.days(parcel.eta_at), 0)
        self.assertEqual(self.days(parcel.eta_high_at), 1)
        self.assertIn("Out for delivery", parcel.eta_explanation)

    def test_states_are_learned_as_stages_of_their_own(self):
        delivered = self.deliveries(80, [8])
        for one in delivered:
            self.env["oms.shipment.event"].create(
                {
                    "shipment_id": one.id,
                    "company_id": self.company.id,
                    "tracking_key": one.name,
                    "state": "on_hold",
                    "occurred_at": one.delivered_at - timedelta(days=6),
                    "received_at": one.delivered_at,
                    "door": "rpc",
                    "event_key": one.name,
                }
            )
        self.model._learn()
        parcel = self.parcel(ago=9, state="on_hold", state_at=NOW - timedelta(days=1))
        parcel._oms_predict()
        self.assertEqual(parcel.eta_terms["stage"], "on_hold")
        self.assertIn(self.days(parcel.eta_at), (4, 5, 6))
        self.assertIn("On Hold since", parcel.eta_explanation)

    def test_a_parcel_that_waits_is_expected_from_today_on(self):
        self.deliveries(200, [2, 3, 3, 4, 9, 12])
        self.model._learn()
        before = None
        for ago in (0.1, 3, 5, 8, 20, 100):
            parcel = self.parcel(ago=ago, number=f"1Z{ago}")
            parcel._oms_predict()
            self.assertGreaterEqual(self.days(parcel.eta_low_at), 0)
            whole = self.days(parcel.eta_at) + round(ago)
            self.assertTrue(before is None or whole >= before)
            before = whole

    def test_in_the_evening_today_is_over(self):
        self.deliveries(120, [3])
        self.model._learn()
        parcel = self.parcel(ago=3)
        with freeze_time(datetime(2026, 3, 16, 19)):
            parcel.shipped_at = datetime(2026, 3, 13, 9)
            parcel._oms_predict()
            self.assertEqual(parcel.eta_at, datetime(2026, 3, 16, 21), "still expected today")
        with freeze_time(datetime(2026, 3, 16, 22)):
            parcel._oms_predict()
            self.assertGreaterEqual(parcel.eta_at, datetime(2026, 3, 17))

    def test_what_is_over_is_not_expected(self):
        self.deliveries(120, [3])
        self.model._learn()
        parcel, lost = self.parcel(), self.parcel(number="1Z2")
        (parcel + lost)._oms_predict()
        said = parcel.eta_at
        lost.state = "lost"
        parcel.write({"state": "delivered", "delivered_at": NOW})
        (parcel + lost)._oms_predict()
        self.assertEqual(parcel.eta_at, said, "what was said last stays to be compared")
        self.assertFalse(lost.eta_at)
        self.assertFalse(lost.eta_explanation)

    def test_a_return_is_not_estimated(self):
        self.deliveries(120, [3])
        self.model._learn()
        parcel = self.parcel(direction="return")
        parcel._oms_predict()
        self.assertFalse(parcel.eta_at)

    def test_what_is_overdue_is_estimated_again(self):
        self.deliveries(120, [2, 3, 5])
        self.model._learn()
        parcel = self.parcel()
        parcel._oms_predict()
        with freeze_time(NOW + timedelta(days=12)):
            self.env["oms.eta.model"]._cron_tell()
            self.assertGreaterEqual(parcel.eta_at, NOW + timedelta(days=12))

    def test_another_company_learns_nothing_from_this_one(self):
        self.deliveries(120, [3])
        self.model._learn()
        other = self.env["res.company"].create({"name": "Other"})
        learned = self.env["oms.eta.model"]._for_company(other)
        learned._learn()
        self.assertFalse(learned.sample)
        found = self.env["oms.eta.model"]._of_companies([other.id, self.company.id])
        self.assertEqual(found[self.company.id], self.model)

    def test_the_job_learns_judges_and_tells(self):
        self.deliveries(120, [3])
        parcel = self.parcel()
        self.env["oms.eta.model"]._cron_learn()
        self.assertTrue(self.model.score_ids)
        self.assertEqual(parcel.eta_terms["source"], "learned")
        scores = self.model.score_ids
        with freeze_time(NOW + timedelta(days=1)):
            self.env["oms.eta.model"]._cron_learn()
            self.assertEqual(self.model.score_ids, scores, "judged once a week, learned each day")
            self.assertEqual(self.model.learned_at, NOW + timedelta(days=1))

    def test_thousands_take_no_more_queries_than_few(self):
        self.deliveries(120, [3])
        self.model._learn()
        few = self.env["oms.shipment"].concat(*(self.parcel(number=f"A{n}") for n in range(3)))
        many = self.env["oms.shipment"].concat(*(self.parcel(number=f"B{n}") for n in range(60)))
        self.env.flush_all()
        counts = []
        for shipments in (few, many):
            shipments.invalidate_recordset()
            before = self.cr.sql_log_count
            shipments._oms_predict()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 6)

    def test_of_a_large_shop_a_part_is_read(self):
        self.deliveries(200, [3])
        with patch.object(eta_model, "MOST", 100):
            self.model._learn()
        self.assertEqual(self.model.every, 2)
        self.assertTrue(90 <= self.model.sample <= 110)

    def test_without_numpy_lanes_tell_and_the_screen_says_why(self):
        self.deliveries(120, [3])
        self.model._learn()
        self.lane(2)
        parcel = self.parcel()
        with (
            patch.object(eta_mixin, "INSTALLED", False),
            patch.object(eta_model, "INSTALLED", False),
        ):
            self.env["oms.eta.model"]._cron_learn()
            parcel._oms_predict()
            self.assertIn("numpy", parcel.eta_explanation)
            self.assertEqual(parcel.eta_terms["source"], "lane")
            self.model.invalidate_recordset(["status"])
            self.assertIn("numpy", self.model.status)

    # --- late -------------------------------------------------------------------------------------

    def test_a_risk_is_told_only_where_it_has_skill(self):
        self.deliveries(200, [2, 2, 3], oms_carrier_id=self.ups.id)
        slow = self.env["oms.carrier"].create({"name": "Slow", "code": "slow"})
        self.deliveries(100, [4, 6, 7], oms_carrier_id=slow.id, carrier_id=False)
        self.model._learn()
        self.assertTrue(self.model.tells_late)
        self.assertGreater(self.model.late_skill, 0)
        fast, late = (
            self.parcel(promised_at=NOW + timedelta(days=4)),
            self.parcel(number="S1", oms_carrier_id=slow.id, carrier_id=False),
        )
        (fast + late)._oms_predict()
        self.assertTrue(fast.eta_tells_late and late.eta_tells_late)
        self.assertLess(fast.eta_late_risk, 0.3)
        self.assertGreater(late.eta_late_risk, 0.4)
        self.model.tells_late = False
        late._oms_predict()
        self.assertFalse(late.eta_tells_late)
        self.assertFalse(late.eta_late_risk)
