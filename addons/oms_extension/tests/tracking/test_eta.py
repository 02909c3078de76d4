"""When parcels arrive: learned from the company's own deliveries, said with its reasons."""

from datetime import datetime, timedelta
from random import Random
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...models.tracking.eta import eta_mixin, eta_model
from .common import TrackingCase

NOW = datetime(2026, 3, 13, 10)  # a Friday
MILANO = {"city": "Milano", "zip": "20121"}
PALERMO = {"city": "Palermo", "zip": "90133"}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestEta(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["oms.shipment"].search([]).active = False
        cls.model = cls.env["oms.eta.model"]._for_company(cls.company)

    @classmethod
    def deliveries(cls, count, days, ago=300, wait=1, **values):
        """Delivered parcels over the last ``ago`` days: ``wait`` to the hand-over, ``days`` then.

        ``days`` is a list from which they take turns.
        """
        italy = cls.env.ref("base.it").id
        draw = Random(count)
        rows = []
        for number in range(count):
            start = NOW - timedelta(days=draw.randrange(20, ago), hours=3)
            shipped = start + timedelta(days=wait)
            rows.append(
                {
                    "name": f"D{number}",
                    "company_id": cls.company.id,
                    "oms_carrier_id": cls.ups.id,
                    "carrier_id": cls.service.id,
                    "warehouse_id": cls.warehouses["IT"].id,
                    "country_id": italy,
                    "ordered_at": start,
                    "shipped_at": shipped,
                    "delivered_at": shipped + timedelta(days=days[number % len(days)]),
                    "promised_at": shipped + timedelta(days=4),
                    "state": "delivered",
                }
                | MILANO
                | values
            )
        return cls.env["oms.shipment"].create(rows)

    @classmethod
    def parcel(cls, ago=0.1, **values):
        """A parcel that was handed over ``ago`` days ago."""
        shipped = NOW - timedelta(days=ago)
        return cls.shipment(
            **{
                "warehouse_id": cls.warehouses["IT"].id,
                "carrier_id": cls.service.id,
                "ordered_at": shipped - timedelta(days=1),
                "shipped_at": shipped,
                "promised_at": NOW + timedelta(days=4),
                "state": "in_transit",
                **MILANO,
                **values,
            }
        )

    def days(self, moment):
        return (moment.date() - NOW.date()).days

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

    def test_a_superseded_allocation_promises_nothing(self):
        order = self.order({self.thing: 1})
        parcel = order.oms_allocation_id.parcel_ids
        order.oms_allocation_id.state = "superseded"
        self.assertFalse(parcel.eta_at)
