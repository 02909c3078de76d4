from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...engine.tracking import watch
from .watch_case import WatchCase


@tagged("post_install", "-at_install")
class TestThresholds(WatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.thresholds = cls.env["oms.watch.threshold"]

    def history(self, count, first_scan, gap, prefix="H"):
        """Delivered parcels with these hours of silence."""
        scanned = 20 * 24 - first_scan
        names = [f"{prefix}{number}" for number in range(count)]
        for name in names:
            self.shipment(
                name,
                shipped_at=self.now - timedelta(days=20),
                warehouse_id=self.warehouses["IT"].id,
            )
        self.ingest(
            *(
                self.event(state, self.ago(scanned - hours), name)
                for name in names
                for state, hours in (
                    ("picked_up", 0),
                    ("in_transit", 2),
                    ("out_for_delivery", 2 + gap),
                    ("delivered", 4 + gap),
                )
            )
        )

    def learn(self):
        self.thresholds._cron_learn()
        return {
            (one.kind, one.carrier_id.name, one.country_id.code): one
            for one in self.thresholds.search([("company_id", "=", self.company.id)])
        }

    def limits(self, **values):
        return self.thresholds._limits_of(self.shipment(False, name="L", **values))

    def test_without_history_the_defaults_hold(self):
        self.assertFalse(self.learn())
        warehouse = self.warehouses["IT"].id
        self.assertEqual(self.limits(warehouse_id=warehouse).gap, watch.GAP_HOURS)
        abroad = self.limits(warehouse_id=warehouse, country_id=self.env.ref("base.us").id)
        self.assertEqual(abroad.gap, watch.GAP_HOURS_ABROAD)

    def test_a_lane_learns_from_its_parcels_and_is_drawn_towards_the_others(self):
        self.history(20, first_scan=20, gap=30)
        learned = self.learn()
        everything = learned["gap", False, False]
        self.assertEqual(everything.sample, 20)
        self.assertAlmostEqual(everything.learned_hours, (20 * 30 + 50 * 72) / 70, 1)
        lane = learned["gap", "UPS", "IT"]
        self.assertLess(lane.learned_hours, everything.learned_hours)
        self.assertGreater(lane.learned_hours, 30)
        limits = self.limits(warehouse_id=self.warehouses["IT"].id)
        self.assertAlmostEqual(limits.gap, lane.learned_hours, 3)
        # A lane without parcels of its own is like its carrier.
        abroad = self.limits(country_id=self.env.ref("base.us").id)
        self.assertAlmostEqual(abroad.gap, learned["gap", "UPS", False].learned_hours, 3)
        self.assertAlmostEqual(
            limits.first_scan, learned["first_scan", "UPS", "IT"].learned_hours, 3
        )

    def test_time_at_the_pickup_point_is_not_the_carriers_silence(self):
        for number in range(6):
            name = f"W{number}"
            self.shipment(name, shipped_at=self.now - timedelta(days=20))
            self.ingest(
                self.event("picked_up", self.ago(470), name),
                self.event("ready_for_pickup", self.ago(440), name),
                self.event("delivered", self.ago(200), name),
            )
        everything = self.learn()["gap", False, False]
        self.assertAlmostEqual(everything.learned_hours, (6 * 30 + 50 * 72) / 56, 1)

    def test_what_a_person_sets_counts_says_who_set_it_and_survives_the_night(self):
        self.history(20, first_scan=20, gap=30)
        lane = self.learn()["gap", "UPS", "IT"]
        lane.override_hours = 10
        self.assertEqual(self.limits(warehouse_id=self.warehouses["IT"].id).gap, 10)
        self.assertEqual(lane.override_uid, self.env.user)
        self.assertTrue(lane.override_at)
        self.assertEqual(self.learn()["gap", "UPS", "IT"].hours, 10)
        lane.override_hours = 0
        self.assertGreater(self.limits(warehouse_id=self.warehouses["IT"].id).gap, 30)

    def test_what_a_person_sets_for_a_carrier_counts_for_all_its_lanes(self):
        self.history(20, first_scan=20, gap=30)
        self.learn()["gap", "UPS", False].override_hours = 99
        self.assertEqual(self.limits(warehouse_id=self.warehouses["IT"].id).gap, 99)

    def test_a_new_threshold_judges_open_parcels_anew(self):
        shipment = self.shipment(shipped_at=self.now)
        self.tell("in_transit", 20)
        self.assertFalse(shipment.exception_ids)
        with self.at():
            self.thresholds.create(
                {"company_id": self.company.id, "kind": "gap", "override_hours": 15}
            )
        self.later(0)
        self.assertEqual(self.kinds(shipment), ["silent"])

    def test_the_share_that_is_usual_is_the_companys_choice(self):
        self.history(10, first_scan=1, gap=20, prefix="U")
        self.history(10, first_scan=1, gap=200, prefix="V")
        before = self.learn()["gap", False, False].learned_hours
        self.company.oms_watch_share = 50
        self.assertLess(self.learn()["gap", False, False].learned_hours, before)

    def test_another_companys_parcels_teach_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.history(20, first_scan=20, gap=30)
        self.learn()
        self.assertFalse(self.thresholds.search([("company_id", "=", other.id)]))

    def test_learning_takes_a_handful_of_statements(self):
        self.history(30, first_scan=20, gap=30)
        self.env.flush_all()
        with self.assertQueryCount(10):
            self.thresholds._cron_learn()

    def test_only_managers_set_thresholds(self):
        user = new_test_user(
            self.env, "watch_user", "oms_extension.group_user", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            self.thresholds.with_user(user).create({"kind": "gap", "override_hours": 15})

    def test_the_job_finds_due_parcels_by_index(self):
        """The plan names the index: it does not look at every parcel."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM oms_shipment WHERE watch_at <= %s ORDER BY watch_at LIMIT 200",
            [datetime(2026, 3, 1)],
        )
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertIn("watch_index", plan)
