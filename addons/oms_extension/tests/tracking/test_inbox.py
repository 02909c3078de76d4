import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.tracking.doors import work
from .doors_case import NUMBER, DoorsCase


@tagged("post_install", "-at_install")
class TestInbox(DoorsCase):
    """What was kept becomes events, whatever happens in between."""

    def test_a_message_becomes_events(self):
        message = self.keep(self.body("out_for_delivery"))
        self.assertEqual((message.state, message.attempts), ("new", 0))
        self.work()
        self.assertEqual(message.state, "done")
        self.assertEqual((message.stored_count, message.reject_count), (1, 0))
        self.assertEqual(self.parcel.state, "out_for_delivery")
        event = self.parcel.event_ids
        self.assertEqual((event.door, event.message_id), ("webhook", message.id))

    def test_the_job_is_called_by_each_message(self):
        job = self.env.ref("oms_extension.cron_tracking_inbox")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", job.id)])
        self.keep(self.body())
        self.keep(self.body("delivered"))
        self.keep(self.body())  # a replay calls nobody
        self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before + 2)

    def test_what_comes_again_is_one_message(self):
        first = self.keep(self.body())
        self.work()
        self.assertEqual(self.keep(self.body()), first)
        self.assertEqual(len(self.messages()), 1)
        self.work()
        self.assertEqual(self.parcel.event_count, 1)

    def test_two_sources_may_get_the_same_message(self):
        other = self.source(name="Other")
        self.keep(self.body())
        self.keep(self.body(), other)
        self.work()
        self.assertEqual(self.messages().stored_count, 1)
        self.assertEqual(self.messages(other).duplicate_count, 1)
        self.assertEqual(self.parcel.event_count, 1)

    def test_good_events_are_stored_beside_bad_ones(self):
        events = [
            {"tracking_number": NUMBER, "status": "in_transit", "occurred_at": "2026-03-02"},
            {"tracking_number": NUMBER, "status": "delivered", "occurred_at": "tomorrow"},
            "nonsense",
            {"tracking_number": "UNKNOWN1", "status": "delivered", "occurred_at": "2026-03-02"},
        ]
        message = self.keep(json.dumps(events).encode())
        self.work()
        self.assertEqual(message.state, "done")
        self.assertEqual(
            (message.stored_count, message.unmatched_count, message.reject_count), (1, 1, 2)
        )
        self.assertEqual([one["line"] for one in message.rejects], [2, 3])
        self.assertEqual(message.rejects[0]["number"], NUMBER)

    def test_what_cannot_be_read_fails_and_blocks_nothing(self):
        bad = [self.keep(one) for one in (b"<html>", b"[" * 5000, b'{"events": 7}', b"\xff\xfe")]
        good = self.keep(self.body())
        with mute_logger("odoo.addons.oms_extension.models.tracking.doors.work"):
            self.work()
        self.assertEqual({one.state for one in bad}, {"failed"})
        self.assertTrue(all(one.error for one in bad))
        self.assertEqual(good.state, "done")
        self.assertEqual(self.door.failed_count, 4)
        self.assertTrue(self.door.last_error)

    def test_the_source_says_whose_codes_and_parcels_these_are(self):
        gls = self.env.ref("oms_extension.carrier_gls")
        source = self.source(name="Partner", vocabulary="iftsta:partner", carrier_id=gls.id)
        source.tz = "Europe/Rome"
        event = {"tracking_number": "P7", "code": "77", "occurred_at": "2026-03-02T10:00:00"}
        self.keep(json.dumps(event).encode(), source)
        self.work()
        event = self.env["oms.shipment.event"].search([("tracking_key", "=", "P7")])
        self.assertEqual((event.vocabulary, event.carrier_code), ("iftsta:partner", "gls"))
        self.assertEqual(str(event.occurred_at), "2026-03-02 09:00:00")

    def test_parcels_of_another_company_are_not_touched(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        foreign = self.env["oms.shipment"].create(
            {"name": "F", "tracking_number": "F1", "company_id": other.id}
        )
        message = self.keep(self.body("delivered", number="F1"))
        self.work()
        self.assertEqual(message.unmatched_count, 1)
        self.assertEqual((foreign.state, foreign.event_count), ("pending", 0))

    # --- trouble ----------------------------------------------------------------------------------

    def fail_for(self, *wanted):
        """Let storing fail for messages with these numbers, as a bug or a full disk would."""
        original = type(self.env["oms.tracking.ingest"])._take

        def take(ingest, events, *args, **kwargs):
            if any(one["tracking_number"] in wanted for one in events):
                raise ZeroDivisionError("a bug")
            return original(ingest, events, *args, **kwargs)

        return patch.object(type(self.env["oms.tracking.ingest"]), "_take", take)

    def test_one_bad_message_blocks_no_other(self):
        bad = self.keep(self.body(number="BAD"))
        good = [self.keep(self.body(at=f"2026-03-02T{hour:02}:00:00Z")) for hour in range(5)]
        with self.fail_for("BAD"), mute_logger(work.__name__):
            self.work()
        self.assertEqual({one.state for one in good}, {"done"})
        self.assertEqual((bad.state, bad.attempts), ("new", 1))
        self.assertIn("a bug", bad.error)
        self.assertGreater(bad.next_try_at, fields.Datetime.now())

    def test_it_is_tried_again_later_and_later_until_it_works(self):
        message = self.keep(self.body(number="BAD"))
        pauses = []
        moment = fields.Datetime.now()
        with self.fail_for("BAD"), mute_logger(work.__name__):
            for _attempt in range(4):
                with freeze_time(moment):
                    self.work()
                pauses.append(message.next_try_at - moment)
                self.assertEqual(message.state, "new")
                with freeze_time(message.next_try_at - timedelta(seconds=1)):
                    self.work()
                moment = message.next_try_at
        self.assertEqual(pauses, work.PAUSES[:4])
        with freeze_time(moment):
            self.work()
        self.assertEqual((message.state, message.error, message.attempts), ("done", False, 0))

    def test_it_is_not_tried_for_ever(self):
        message = self.keep(self.body(number="BAD"))
        with self.fail_for("BAD"), mute_logger(work.__name__):
            for _attempt in range(len(work.PAUSES) + 1):
                self.assertEqual(message.state, "new")
                with freeze_time(message.next_try_at):
                    self.work()
        self.assertEqual(message.state, "failed")
        message.action_process_again()
        self.assertEqual((message.state, message.unmatched_count), ("done", 1))

    def test_a_message_that_kills_the_server_lets_the_others_go_first(self):
        killer = self.keep(self.body(number="KILLER"))
        # The attempt was counted and committed; then the server died.
        self.env["oms.tracking.message"]._claim("webhook", 1)
        self.assertEqual((killer.attempts, killer.state), (1, "new"))
        good = self.keep(self.body())
        with self.fail_for("KILLER"), mute_logger(work.__name__):
            self.work()
        self.assertEqual((good.state, killer.attempts), ("done", 1))
        with freeze_time(killer.next_try_at):
            self.work()
        self.assertEqual(killer.state, "done")

    def test_a_lost_race_is_run_again_at_once(self):
        from psycopg2.errors import SerializationFailure

        message = self.keep(self.body())
        original = type(self.env["oms.tracking.ingest"])._take
        lost = iter([SerializationFailure(), SerializationFailure()])

        def take(ingest, *args, **kwargs):
            for failure in lost:
                raise failure
            return original(ingest, *args, **kwargs)

        with (
            patch.object(type(self.env["oms.tracking.ingest"]), "_take", take),
            mute_logger(work.__name__),
        ):
            self.work()
        self.assertEqual((message.state, message.error), ("done", False))

    # --- people -----------------------------------------------------------------------------------

    def test_people_process_again(self):
        message = self.keep(b"[]")
        self.work()
        self.assertEqual(message.state, "done")
        user = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "doors_clerk",
                "group_ids": [(6, 0, self.env.ref("oms_extension.group_user").ids)],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        message = message.with_user(user)
        message.action_process_again()
        self.assertEqual(message.state, "done")
        self.assertEqual(message.body_text, "[]")

    def test_messages_are_deleted_when_their_time_is_over(self):
        done, failed, fresh = (
            self.keep(one) for one in (self.body(), b"<html>", self.body("delivered"))
        )
        with mute_logger(work.__name__):
            self.work()
        self.door.keep_days = 10
        old = fields.Datetime.now() - timedelta(days=11)
        (done + failed).write({"received_at": old})
        self.env.flush_all()
        self.env["oms.tracking.message"]._gc_messages()
        self.assertEqual(self.messages(), failed + fresh)
        failed.received_at = old - timedelta(days=10)
        self.env.flush_all()
        self.env["oms.tracking.message"]._gc_messages()
        self.assertEqual(self.messages(), fresh)
        self.assertEqual(self.parcel.event_count, 2)
