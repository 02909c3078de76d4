from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...engine.tracking import watch
from .watch_case import NUMBER, WatchCase


@tagged("post_install", "-at_install")
class TestWatch(WatchCase):
    def test_a_parcel_that_nobody_scans_is_reported_and_its_first_scan_closes_it(self):
        shipment = self.shipment(shipped_at=self.now, warehouse_id=self.warehouses["IT"].id)
        self.watch(shipment)
        self.later(47)
        self.assertFalse(shipment.exception_ids)
        self.later(49)
        exception = shipment.exception_ids
        self.assertEqual(exception.kind, "no_scan")
        self.assertEqual((exception.owner, exception.state), ("warehouse", "open"))
        self.assertIn("UPS", exception.action)
        self.later(60)
        self.assertEqual(len(shipment.exception_ids), 1)
        self.tell("picked_up", 0)
        self.assertEqual((exception.state, exception.closed_by), ("closed", "cause"))

    def test_silence_is_reported_once_grows_urgent_and_ends_with_the_next_scan(self):
        shipment = self.shipment(shipped_at=self.now)
        self.tell("in_transit", 0, location="Bologna")
        self.later(73)
        exception = shipment.exception_ids
        self.assertEqual((exception.kind, exception.severity), ("silent", "0"))
        self.assertIn("Bologna", exception.name)
        self.later(24 * 13)
        self.assertEqual(shipment.exception_ids, exception)
        self.assertEqual(exception.severity, "2")
        self.tell("out_for_delivery", -24 * 13, after=24 * 13)
        self.assertEqual(exception.state, "closed")

    def test_what_the_carrier_says_opens_and_closes_exceptions_as_it_comes(self):
        shipment = self.shipment()
        self.tell("attempt_failed", 5, code="X1")
        exception = shipment.exception_ids
        self.assertEqual((exception.kind, exception.severity), ("attempt", "0"))
        self.assertEqual(exception.deadline, self.now + timedelta(hours=8))
        self.tell("attempt_failed", 0, code="X1")
        self.assertEqual(shipment.exception_ids, exception)
        self.assertEqual(exception.severity, "1")
        self.tell("delivered", 0)
        self.assertEqual(exception.state, "closed")

    def test_a_wrong_address_is_wanted_before_the_next_attempt(self):
        shipment = self.shipment()
        self.env["oms.tracking.code"].create(
            {
                "vocabulary": "ups",
                "code": "zz9",
                "state": "attempt_failed",
                "reason": "consignee_incorrect_address",
            }
        )
        self.tell("", 1, code="ZZ9")
        exception = shipment.exception_ids
        self.assertEqual((exception.kind, exception.owner), ("address", "service"))
        self.assertIn("address", exception.action)
        self.assertEqual(exception.deadline, self.now + timedelta(hours=4))

    def test_lost_damaged_and_returning_parcels(self):
        for number, (state, then) in enumerate(
            [("lost", "delivered"), ("returning", "returned"), ("damaged", "returned")]
        ):
            shipment = self.shipment(f"T{number}")
            self.tell(state, 3, f"T{number}")
            self.assertEqual(self.kinds(shipment), [state])
            self.tell(then, 1, f"T{number}")
            self.assertEqual(self.kinds(shipment), [], state)

    def test_what_a_person_closed_stays_closed_until_it_happens_anew(self):
        shipment = self.shipment()
        self.tell("attempt_failed", 9)
        first = shipment.exception_ids
        first.action_close()
        self.watch(shipment)
        self.recheck()
        self.assertEqual(shipment.exception_ids, first)
        self.tell("in_transit", 8)
        self.assertTrue(first.cause_over)
        self.tell("attempt_failed", 1)
        second = shipment.exception_ids - first
        self.assertEqual((second.kind, second.state), ("attempt", "open"))
        self.assertEqual(first.closed_by, "person")

    def test_what_is_put_aside_is_not_opened_twice(self):
        shipment = self.shipment()
        self.tell("on_hold", 9)
        shipment.exception_ids.action_snooze()
        self.watch(shipment)
        self.assertEqual(shipment.exception_ids.mapped("state"), ["snoozed"])
        self.tell("in_transit", 1)
        self.assertEqual(shipment.exception_ids.mapped("state"), ["closed"])

    def test_the_regular_recheck_closes_what_is_solved_and_nothing_else(self):
        held, gone = self.shipment("HELD1"), self.shipment("HELD2")
        self.tell("on_hold", 2, "HELD1")
        self.tell("on_hold", 2, "HELD2")
        self.ingest(self.event("delivered", self.ago(1), "HELD2"))
        self.recheck()
        self.assertEqual(self.kinds(held), ["held"])
        self.assertEqual(self.kinds(gone), [])

    def test_a_promise_that_will_be_missed_is_reported_and_a_better_estimate_closes_it(self):
        shipment = self.shipment(promised_at=self.now + timedelta(days=2))
        self.tell("in_transit", 1)
        self.assertFalse(shipment.exception_ids)
        one = {"tracking_number": NUMBER}
        estimate = (self.now + timedelta(days=5)).isoformat() + "Z"
        self.ingest(one | {"estimated_delivery": estimate})
        self.env.cr.execute("UPDATE oms_shipment SET eta_at = NULL, eta_low_at = NULL")
        self.env.invalidate_all()
        self.watch(shipment)
        self.assertEqual(self.kinds(shipment), ["late"])
        shipment.carrier_eta_at = self.now + timedelta(days=1)
        self.watch(shipment)
        self.assertEqual(self.kinds(shipment), [])

    def test_a_promised_day_that_is_over_is_reported_by_time_alone(self):
        shipment = self.shipment(promised_at=self.now + timedelta(days=1))
        self.tell("in_transit", 1)
        self.later(50)
        self.assertEqual(self.kinds(shipment), ["late"])

    def test_who_settles_what_holds_a_parcel_up_is_not_told_besides_that_it_is_late(self):
        shipment = self.shipment(promised_at=self.now - timedelta(days=2))
        self.tell("on_hold", 1)
        self.assertEqual(self.kinds(shipment), ["held"])
        self.tell("in_transit", 0)
        self.assertEqual(self.kinds(shipment), ["late"])
        self.tell("on_hold", 0, code="H")
        self.assertEqual(set(self.kinds(shipment)), {"late", "held"})

    def test_parcels_that_nobody_tracks_raise_no_alarm(self):
        silent = self.shipment(False, name="P1", shipped_at=self.now)
        returned = self.shipment("R1", direction="return", shipped_at=self.now)
        self.watch(silent, returned)
        self.later(500)
        self.assertFalse((silent | returned).exception_ids)

    def test_history_is_no_alarm(self):
        shipment = self.shipment(shipped_at=self.now - timedelta(days=200))
        self.tell("lost", 24 * 190)
        self.assertFalse(shipment.exception_ids)

    def test_an_archived_parcel_is_left_alone(self):
        shipment = self.shipment()
        self.tell("on_hold", 2)
        shipment.active = False
        self.watch(shipment)
        self.assertEqual(self.kinds(shipment), [])
        self.assertFalse(shipment.watch_at)

    def test_a_carrier_that_falls_silent_is_one_exception_and_not_hundreds(self):
        gls = self.env.ref("oms_extension.carrier_gls")
        parcels = self.env["oms.shipment"].union(
            *(
                self.shipment(f"G{number}", oms_carrier_id=gls.id, shipped_at=self.now)
                for number in range(watch.CROWD + 2)
            )
        )
        self.ingest(*(self.event("in_transit", self.ago(0), one.name) for one in parcels))
        self.watch(parcels)
        self.later(100)
        self.assertFalse(parcels.exception_ids)
        (exception,) = self.env["oms.exception"].search([("kind", "=", "carrier_silent")])
        self.assertIn("GLS", exception.name)
        self.later(102)
        self.assertEqual(
            self.env["oms.exception"].search_count([("kind", "=", "carrier_silent")]), 1
        )
        # It speaks of one: the others are silent on their own account.
        with self.at(103) as now:
            self.env.cr.execute(
                "UPDATE oms_shipment SET last_event_at = %s WHERE id = %s", [now, parcels[0].id]
            )
            self.env.invalidate_all()
            exception._recheck()
            self.assertEqual(exception.state, "closed")
        self.later(104)
        self.assertEqual(len(parcels.exception_ids), len(parcels) - 1)

    def test_a_carrier_that_was_never_heard_of_is_told_once_and_then_not_again(self):
        gls = self.env.ref("oms_extension.carrier_gls")
        parcels = self.env["oms.shipment"].union(
            *(
                self.shipment(f"N{number}", oms_carrier_id=gls.id, shipped_at=self.now)
                for number in range(watch.CROWD)
            )
        )
        self.watch(parcels)
        self.later(60)
        exception = self.env["oms.exception"].search([("kind", "=", "carrier_silent")])
        self.assertIn("not tracked", exception.name)
        exception.action_close()
        self.later(70)
        self.assertEqual(exception.state, "closed")
        self.assertEqual(
            self.env["oms.exception"].search([("kind", "=", "carrier_silent")]), exception
        )
        self.assertFalse(parcels.exception_ids)

    def test_a_reader_sees_the_exception_and_cannot_close_it(self):
        shipment = self.shipment()
        self.tell("on_hold", 2)
        reader = new_test_user(
            self.env, "watch_reader", "oms_extension.group_readonly", company_id=self.company.id
        )
        exception = shipment.exception_ids.with_user(reader)
        self.assertEqual(exception.shipment_id.name, shipment.name)
        with self.assertRaises(AccessError):
            exception.action_close()

    def test_five_hundred_parcels_take_as_many_queries_as_ten(self):
        def parcels(count, prefix):
            made = self.env["oms.shipment"].create(
                [
                    {
                        "name": f"{prefix}{number}",
                        "tracking_number": f"{prefix}{number}",
                        "company_id": self.company.id,
                        "oms_carrier_id": self.ups.id,
                        "country_id": self.env.ref("base.it").id,
                        "shipped_at": self.now,
                    }
                    for number in range(count)
                ]
            )
            self.ingest(*(self.event("in_transit", self.ago(1), one.name) for one in made))
            self.env.flush_all()
            self.env.invalidate_all()
            return made

        self.watch(parcels(10, "A"))
        for count, prefix in ((10, "B"), (500, "C")):
            made = parcels(count, prefix)
            with self.subTest(count=count), self.at(), self.assertQueryCount(16):
                made._watch()
                self.env.flush_all()
            self.assertEqual(len(made.filtered("watch_at")), count)

    def test_five_hundred_alarms_take_few_queries(self):
        made = self.env["oms.shipment"].create(
            [
                {
                    "name": f"S{number}",
                    "tracking_number": f"S{number}",
                    "company_id": self.company.id,
                    "oms_carrier_id": self.ups.id,
                }
                for number in range(500)
            ]
        )
        self.ingest(*(self.event("on_hold", self.ago(1), one.name) for one in made))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at(), self.assertQueryCount(120):
            made._watch()
            self.env.flush_all()
        self.assertEqual(len(made.exception_ids), 500)
        self.env.invalidate_all()
        with self.at(), self.assertQueryCount(16):
            made._watch()
            self.env.flush_all()
