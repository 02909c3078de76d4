import base64
import gzip
import ssl
import sys
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...models.tracking.polling.karrio_events import events_of
from . import played_carriers as played
from .polling_case import NUMBER, PollingCase, message


@tagged("post_install", "-at_install")
class TestPollingFaults(PollingCase):
    """What carriers do wrong harms nobody but their own parcels, and those not for long."""

    def one(self, name, fault, **values):
        carrier = self.play(name, {NUMBER[name]: message(name)})
        carrier.fault = fault
        connection = self.connect(carrier, **values)
        return carrier, connection, self.parcel(name)

    def assertRests(self, connection, health="shaky"):
        now = fields.Datetime.now()
        self.assertEqual(connection.health, health, connection.last_error)
        self.assertEqual(connection.failures, 1)
        self.assertGreater(connection.retry_at, now)
        self.assertTrue(connection.last_error)
        self.assertFalse(connection.lease_until)

    def test_whatever_a_carrier_does_wrong_another_ones_parcels_get_their_news(self):
        self.hurry()
        faults = {
            "asendia": played.garbage,
            "dhl_universal": played.status(500, b"<h1>Oops</h1>"),
            "fedex": played.mute,
            "gls": played.endless,
            "laposte": played.huge,
            "spring": played.cut_off,
            "usps": played.deeply_nested,
        }
        wrong = {name: self.one(name, fault) for name, fault in faults.items()}
        _carrier, connection, parcel = self.one("ups", None)
        self.poll()
        self.assertEqual(parcel.state, "delivered")
        self.assertEqual(connection.health, "ok")
        for name, (_, connection, parcel) in wrong.items():
            with self.subTest(name):
                self.assertRests(connection)
                self.assertEqual(parcel.state, "pending")
                self.assertFalse(parcel.event_ids)
                self.assertGreater(parcel.next_poll_at, fields.Datetime.now())
                self.assertEqual(parcel.poll_failures, 1)

    def test_a_dead_carrier_is_left_alone_longer_each_time_and_then_tried_with_one_number(self):
        connection = self.connect("ups", played.dead_address())
        for digit in range(3):
            self.parcel("ups", f"1Z12345E020527{digit}688")
        rests = []
        for failures in (1, 2, 3, 4):
            self.poll()
            self.assertEqual(connection.failures, failures)
            rests.append(connection.retry_at - connection.last_asked_at)
            self.poll()
            self.assertEqual(connection.failures, failures, "it is not asked while it rests")
            connection.retry_at = False
        self.assertEqual(connection.health, "down")
        self.assertGreater(rests[3], rests[0])
        self.assertFalse(sum(self.env["oms.shipment"].search([]).mapped("poll_failures")))
        carrier = self.play("ups")
        connection.server_url = carrier.url
        connection.failures = 4
        self.poll()
        self.assertEqual(connection.health, "ok")
        self.assertEqual([len(carrier.asked)], [3])

    def test_a_carrier_that_asks_to_wait_is_obeyed(self):
        wait = played.status(429, b"{}", Retry_After="1800")
        asked = {name: self.one(name, wait) for name in ("ups", "gls")}
        self.poll()
        for name, (_carrier, connection, parcel) in asked.items():
            with self.subTest(name):
                self.assertRests(connection, "throttled")
                self.assertGreaterEqual(
                    connection.retry_at - connection.last_asked_at, timedelta(minutes=30)
                )
                self.assertFalse(parcel.poll_failures)

    def test_a_wish_to_wait_for_years_is_not_believed(self):
        _carrier, connection, _parcel = self.one(
            "ups", played.status(429, b"{}", Retry_After="99999999")
        )
        self.poll()
        self.assertLess(connection.retry_at, fields.Datetime.now() + timedelta(days=2))

    def test_credentials_that_are_refused_are_a_matter_for_people(self):
        with_login = ("ups", "usps", "gls", "fedex", "asendia")
        asked = {name: self.one(name, None) for name in with_login}
        for carrier, _connection, _parcel in asked.values():
            carrier.accepts_login = False
        for name in ("dhl_universal", "laposte"):
            asked[name] = self.one(name, played.status(401, b"{}"))
        self.poll()
        for name, (carrier, connection, parcel) in asked.items():
            with self.subTest(name):
                self.assertRests(connection, "refused")
                self.assertFalse(parcel.poll_failures)
                if name in with_login:
                    self.assertIn("Bad client", connection.last_error)
                    self.assertEqual(carrier.logins, 1)

    def test_new_credentials_are_tried_at_once(self):
        carrier, connection, parcel = self.one("ups", None)
        carrier.accepts_login = False
        self.poll()
        carrier.accepts_login = True
        connection.credentials = '{"client_id": "new", "client_secret": "new"}'
        self.poll()
        self.assertEqual(parcel.state, "delivered")
        self.assertEqual(connection.health, "ok")

    def test_a_lie_about_a_parcel_changes_neither_this_one_nor_the_other(self):
        asked = {}
        for name in NUMBER:
            other = NUMBER[name][:-1] + "9"
            carrier, connection, parcel = self.one(name, played.about(other))
            carrier.parcels[other] = message(name, other)
            innocent = self.parcel(name, other)
            innocent.next_poll_at = False
            asked[name] = connection, parcel, innocent
        self.poll()
        for name, (connection, parcel, innocent) in asked.items():
            with self.subTest(name):
                self.assertEqual(parcel.state, "pending")
                self.assertEqual(innocent.state, "pending")
                self.assertFalse((parcel | innocent).event_ids)
                self.assertGreaterEqual(connection.foreign_count, 2)
                self.assertEqual(connection.health, "shaky")
                self.assertEqual(parcel.poll_failures, 1)

    def test_a_number_that_the_carrier_stumbles_over_does_not_stand_before_the_others(self):
        numbers = [f"1Z12345E020527{digit}688" for digit in range(4)]
        carrier = self.play("ups", {one: message("ups", one) for one in numbers})
        carrier.fault = lambda handler: (
            handler.numbers == numbers[:1] and played.status(500, b"{}")(handler)
        )
        connection = self.connect(carrier, numbers_per_request=1)
        parcels = [self.parcel("ups", number) for number in numbers]
        self.poll()
        self.assertRests(connection)
        connection.retry_at = False
        self.poll()
        self.assertEqual([one.state for one in parcels], ["pending"] + ["delivered"] * 3)
        self.assertEqual(connection.health, "ok")

    def test_what_is_learned_of_some_numbers_is_kept_when_others_fail(self):
        numbers = [f"1Z12345E020527{digit}688" for digit in range(4)]
        carrier = self.play("ups", {one: message("ups", one) for one in numbers})
        carrier.fault = lambda handler: handler.numbers == numbers[2:3] and played.garbage(handler)
        connection = self.connect(carrier)
        parcels = [self.parcel("ups", number) for number in numbers]
        self.poll()
        self.assertEqual(
            [one.state for one in parcels], ["delivered", "delivered", "pending", "delivered"]
        )
        self.assertEqual(connection.health, "ok")

    def test_credentials_do_not_follow_a_redirect_to_somebody_else(self):
        thief = self.play("ups", {NUMBER["ups"]: message("ups")})
        _carrier, connection, parcel = self.one("ups", played.elsewhere(thief.url))
        self.poll()
        self.assertFalse(thief.asked)
        self.assertEqual(parcel.state, "pending")
        self.assertRests(connection)

    def test_a_packed_answer_that_unpacks_without_end_is_not_unpacked(self):
        bomb = gzip.compress(b" " * (200 << 20))
        _carrier, connection, _parcel = self.one(
            "fedex", lambda handler: handler.answer(200, bomb) or True
        )
        self.poll()
        self.assertRests(connection)

    def test_events_that_cannot_be_stored_are_left_out_and_named(self):
        gls = message("gls")
        gls["events"][0]["eventDateTime"] = "2099-01-01T00:00:00+0100"
        self.connect(self.play("gls", {NUMBER["gls"]: gls}))
        parcel = self.parcel("gls")
        self.poll()
        self.assertEqual(parcel.state, "picked_up")
        self.assertIn("future", parcel.poll_note)

    def test_nothing_of_karrio_gets_into_this_process(self):
        self.assertNotIn("karrio.lib", sys.modules)
        self.assertIs(ssl._create_default_https_context, ssl.create_default_context)


@tagged("post_install", "-at_install")
class TestJudgement(PollingCase):
    """Whatever a carrier and karrio say, it is judged, and what cannot be stored is left out."""

    def judge(self, connection, number, body=b"{}", **answer):
        exchange = {
            "numbers": [number],
            "status": 200,
            "retry_after": "",
            "error": "",
            "detail": "",
            "body": base64.b64encode(body).decode(),
        }
        told = {"exchanges": [exchange], "details": [], "messages": [], "error": "", "wait": 0}
        return connection._judge({number: []}, told | answer)

    def test_words_that_no_database_takes_are_cleaned(self):
        connection = self.connect("ups", played.dead_address())
        body = rb'{"response": {"errors": [{"message": "no\u0000t \ud800 found"}]}}'
        messages = [{"message": "\ud800\x00", "code": None, "details": None, "level": "error"}]
        verdict = self.judge(connection, NUMBER["ups"], body, messages=messages)
        connection._keep({NUMBER["ups"]: self.parcel("ups").ids}, verdict, 0)
        self.assertEqual(connection.health, "ok")

    def test_what_karrio_understood_is_taken_word_by_word(self):
        details = {
            "tracking_number": "X1",
            "delivered": False,
            "status": "delivery_failed",
            "estimated_delivery": "2026-03-05",
            "events": [
                {"date": "2026-03-03", "time": "04:30 PM", "code": "??", "location": "Köln, DE"},
                {"date": "2026-03-02", "time": "12:05 AM", "status": "in_transit", "code": "\x00A"},
                {"date": "2026-03-01", "time": "16:30 PM", "description": {"a": "\ud800"}},
                {"date": "03/01/2026", "description": "no date that anybody knows"},
                {"date": "2026-03-01"},
                {},
            ],
        }
        events = events_of(details, "nobody", ["DE"])
        self.assertEqual(
            [(one.get("occurred_at"), one.get("status")) for one in events],
            [
                ("2026-03-03T16:30:00", "delivery_failed"),
                ("2026-03-02T00:05:00", "in_transit"),
                ("2026-03-01T16:30:00", None),
                (None, None),
            ],
        )
        self.assertEqual(events[0]["location"], {"country": "DE", "city": "Köln"})
        self.assertEqual(events[-1]["estimated_delivery"], "2026-03-05")
        self.shipment("X1")
        self.assertFalse(self.env["oms.tracking.ingest"]._take(events, "poll")["errors"])
