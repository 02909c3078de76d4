from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .polling_case import NUMBER, PollingCase, message

HOUR = timedelta(hours=1)

# Nine o'clock on 4 March 2026 at the place of each carrier's message.
DELIVERED = {
    "asendia": datetime(2026, 3, 4, 9),
    "dhl_universal": datetime(2026, 3, 4, 8),
    "fedex": datetime(2026, 3, 4, 17),
    "gls": datetime(2026, 3, 4, 8),
    "laposte": datetime(2026, 3, 4, 8),
    "spring": datetime(2026, 3, 4, 14),
    "ups": datetime(2026, 3, 4, 14),
    "usps": datetime(2026, 3, 4, 14),
}


@tagged("post_install", "-at_install")
class TestPolling(PollingCase):
    """Each carrier, asked through karrio over real HTTP."""

    def test_each_carrier_tells_where_its_parcel_is_and_when_it_got_there(self):
        for name in NUMBER:
            self.connect(self.play(name, {NUMBER[name]: message(name)}))
        parcels = {name: self.parcel(name) for name in NUMBER}
        self.poll()
        for name, parcel in parcels.items():
            with self.subTest(name):
                self.assertEqual(parcel.state, "delivered")
                self.assertEqual(parcel.delivered_at, DELIVERED[name])
                self.assertEqual(parcel.event_count, 3 if name == "gls" else 2)
                self.assertEqual(set(parcel.event_ids.mapped("door")), {"poll"})
                self.assertFalse(parcel.next_poll_at, "there is nothing to ask any more")
                self.assertFalse(parcel.poll_note)
                raw = self.env["oms.tracking.message"].browse(
                    set(parcel.event_ids.mapped("message_id"))
                )
                self.assertEqual(raw.kind, "poll")
                self.assertIn(NUMBER[name], raw.body_text)
                self.assertIn(name, raw.display_name)
        connections = self.env["oms.tracking.connection"].search([])
        self.assertEqual(set(connections.mapped("health")), {"ok"})
        self.assertEqual(
            sorted(connections.mapped("event_count")),
            sorted(one.event_count for one in parcels.values()),
        )
        self.assertFalse(any(connections.mapped("lease_until")))

    def test_several_numbers_are_asked_about_together_where_the_carrier_takes_several(self):
        played_by = {}
        for name in ("gls", "fedex", "laposte", "ups"):
            numbers = [NUMBER[name][:-1] + str(digit) for digit in (4, 5, 6)]
            carrier = self.play(name, {one: message(name, one) for one in numbers})
            self.connect(carrier)
            played_by[name] = carrier, [self.parcel(name, one) for one in numbers]
        self.poll()
        for name, (carrier, parcels) in played_by.items():
            with self.subTest(name):
                self.assertEqual([one.state for one in parcels], ["delivered"] * 3)
                self.assertEqual(len(carrier.asked), 3 if name == "ups" else 1)
                self.assertLessEqual(carrier.logins, 1)

    def test_asking_again_changes_nothing(self):
        self.connect(self.play("ups", {NUMBER["ups"]: message("ups")}))
        parcel = self.parcel("ups")
        self.poll()
        parcel.next_poll_at = fields.Datetime.now()
        self.poll()
        self.assertEqual(self.env["oms.tracking.message"].search_count([("kind", "=", "poll")]), 1)
        self.assertEqual(parcel.event_count, 2)
        self.assertEqual(parcel.state, "delivered")

    def test_a_parcel_on_its_way_is_asked_about_again_in_some_hours(self):
        gls = message("gls")
        del gls["events"][0]
        now = fields.Datetime.now()
        gls["events"][0]["eventDateTime"] = (now - HOUR).isoformat() + "+0000"
        self.connect(self.play("gls", {NUMBER["gls"]: gls}))
        parcel = self.parcel("gls")
        self.poll()
        self.assertEqual(parcel.state, "picked_up")
        self.assertTrue(now + 3.5 * HOUR < parcel.next_poll_at < now + 4.5 * HOUR)

    def test_a_number_that_the_carrier_does_not_know_yet_is_no_failure(self):
        asked = {name: (self.connect(self.play(name)), self.parcel(name)) for name in NUMBER}
        self.poll()
        for name, (connection, parcel) in asked.items():
            with self.subTest(name):
                self.assertEqual(parcel.state, "pending")
                self.assertTrue(parcel.poll_note)
                self.assertFalse(parcel.poll_failures)
                self.assertGreater(parcel.next_poll_at, fields.Datetime.now() + 3 * HOUR)
                self.assertEqual(connection.health, "ok")

    def test_nobody_asks_about_what_is_not_due_or_not_theirs(self):
        carrier = self.play("ups")
        self.connect(carrier)
        other = self.env["res.company"].create({"name": "Other Shop"})
        self.parcel("ups", "1Z12345E6605272234", company_id=other.id)
        self.parcel("ups", "1Z12345E1305277940").next_poll_at = fields.Datetime.now() + HOUR
        self.parcel("ups", "1Z12345E0305271640").active = False
        self.parcel("gls")
        self.poll()
        self.assertFalse(carrier.asked)
        self.assertFalse(carrier.logins)

    def test_a_number_cannot_lead_anywhere_else(self):
        carrier = self.play("ups")
        self.connect(carrier)
        numbers = ("1Z/../../admin", "1Z?xyz=1", "1Z%2e%2e%2f", "1Z1,1Z2", "Ω1234567", "1Z\r\nX:1")
        for number in numbers:
            self.shipment(number)._plan_polling()
        self.env["oms.shipment"].search([("next_poll_at", "!=", False)]).action_ask_carrier()
        self.poll()
        self.assertLessEqual({one for asked in carrier.asked for one in asked}, {"1ZADMIN"})

    def test_one_carrier_interface_may_serve_several_carriers(self):
        numbers = {"7777777001": "dhl_parcel_de", "7777777002": "dhl_express"}
        carrier = self.play(
            "dhl_universal", {one: message("dhl_universal", one) for one in numbers}
        )
        carriers = [self.env.ref(f"oms_extension.carrier_{code}") for code in numbers.values()]
        self.connect(carrier, carrier_ids=[(6, 0, [one.id for one in carriers])])
        for number, served in zip(numbers, carriers, strict=True):
            self.parcel("dhl_universal", number).oms_carrier_id = served
        self.poll()
        for number, code in numbers.items():
            parcel = self.env["oms.shipment"].search([("tracking_key", "=", number)])
            self.assertEqual(parcel.state, "delivered")
            self.assertEqual(set(parcel.event_ids.mapped("carrier_code")), {code})

    def test_requests_keep_the_distance_that_the_rate_asks_for(self):
        numbers = [f"1Z12345E020527{digit}688" for digit in range(5)]
        carrier = self.play("ups", {one: message("ups", one) for one in numbers})
        connection = self.connect(carrier, rate=150, numbers_per_request=2)
        for number in numbers:
            self.parcel("ups", number)
        self.poll()
        self.assertEqual(len(carrier.times), 5)
        gaps = [
            after - before for before, after in zip(carrier.times, carrier.times[1:], strict=False)
        ]
        self.assertGreater(min(gaps), 0.3)
        self.assertGreater(connection.next_request_at, fields.Datetime.now() - timedelta(seconds=2))

    def test_what_the_rate_does_not_allow_waits_without_being_blamed(self):
        numbers = [NUMBER["dhl_universal"][:-1] + str(digit) for digit in range(3)]
        carrier = self.play(
            "dhl_universal", {one: message("dhl_universal", one) for one in numbers}
        )
        self.hurry()
        connection = self.connect(carrier, rate=6)
        parcels = [self.parcel("dhl_universal", number) for number in numbers]
        self.poll()
        self.assertEqual(len(carrier.asked), 1)
        self.assertEqual([one.state for one in parcels].count("delivered"), 1)
        self.assertFalse(sum(one.poll_failures for one in parcels))
        self.assertEqual(connection.health, "ok")
        self.assertEqual(connection.due_count, 2)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("oms_extension.cron_poll_carriers").id)]
        )
        self.assertTrue(triggers, "the job comes back for the rest")

    def test_no_more_is_asked_on_a_day_than_the_account_allows(self):
        numbers = [NUMBER["dhl_universal"][:-1] + str(digit) for digit in range(4)]
        carrier = self.play("dhl_universal")
        connection = self.connect(carrier, requests_per_day=3, numbers_per_request=2)
        for number in numbers:
            self.parcel("dhl_universal", number)
        self.poll()
        self.poll()
        self.assertEqual(len(carrier.asked), 3)
        connection.day = fields.Date.today() - timedelta(days=1)
        self.poll()
        self.assertEqual(len(carrier.asked), 4)

    def test_karrios_own_reading_serves_carriers_whose_messages_nobody_reads_here(self):
        from ...models.tracking.polling import connectors

        self.patch(connectors, "KNOWN", {})
        asked = {}
        for name in ("gls", "ups"):
            self.connect(self.play(name, {NUMBER[name]: message(name)}))
            parcel = self.parcel(name, country_id=self.env.ref("base.de").id)
            asked[name] = parcel, self.parcel(name, NUMBER[name][:-1] + "9")
        self.poll()
        for name, (parcel, other) in asked.items():
            self.assertEqual(parcel.state, "delivered")
            self.assertEqual(parcel.delivered_at, DELIVERED[name])
            self.assertEqual(other.state, "pending")

    def test_a_process_that_died_while_asking_leaves_nothing_undone(self):
        connection = self.connect(self.play("ups", {NUMBER["ups"]: message("ups")}))
        parcel = self.parcel("ups")
        now = fields.Datetime.now()
        connection.lease_until = now + timedelta(seconds=30)
        self.poll()
        self.assertEqual(parcel.state, "pending", "somebody else may still be asking")
        connection.lease_until = now - timedelta(seconds=1)
        self.poll()
        self.assertEqual(parcel.state, "delivered")

    def test_news_by_another_door_do_not_put_the_question_off(self):
        self.connect(self.play("ups"))
        parcel = self.parcel("ups")
        soon = fields.Datetime.now() + HOUR
        parcel.next_poll_at = soon
        self.ingest(self.event("in_transit", fields.Datetime.now().isoformat() + "Z"))
        parcel._follow()
        self.assertEqual(parcel.next_poll_at, soon)
        self.ingest(self.event("out_for_delivery", fields.Datetime.now().isoformat() + "Z"))
        parcel._follow()
        self.assertLess(parcel.next_poll_at, soon)
        self.ingest(self.event("delivered", fields.Datetime.now().isoformat() + "Z"))
        parcel._follow()
        self.assertFalse(parcel.next_poll_at)
