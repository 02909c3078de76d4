from datetime import datetime, timedelta

from odoo.tests import tagged

from .tell_case import NOON, NUMBER, TellCase


@tagged("post_install", "-at_install")
class TestTell(TellCase):
    def test_a_parcels_way_in_mails_each_once(self):
        shipment = self.parcel(shipped_at=NOON)
        for state in ("picked_up", "in_transit", "out_for_delivery", "attempt_failed"):
            self.news(state)
            self.write_mails()
            self.clock += timedelta(minutes=30)
            self.news(state)
            self.write_mails()
            self.clock += timedelta(minutes=30)
        for state in ("ready_for_pickup", "in_transit", "delivered", "delivered"):
            self.news(state)
            self.write_mails()
            self.clock += timedelta(minutes=30)
        self.assertEqual(
            sorted(self.told(shipment)),
            ["attempt_failed", "delivered", "out_for_delivery", "ready_for_pickup", "shipped"],
        )
        self.assertEqual(len(shipment.notice_ids), 5)

    def test_replaying_all_events_and_running_all_jobs_again_sends_nothing(self):
        shipment = self.parcel(shipped_at=NOON)
        way = ("picked_up", "out_for_delivery", "delivered")
        for state in way:
            self.news(state)
            self.write_mails()
        for state in way:
            self.news(state)
        shipment._ask_follow()
        self.follow()
        self.assertFalse(self.write_mails())
        self.assertEqual(len(shipment.notice_ids), 3)

    def test_a_mail_is_sent_to_the_recipient_with_what_is_to_be_known(self):
        order = self.order({self.thing: 2}, partner_id=self.anna.id)
        shipment = self.send(order)
        shipment.shipped_at = NOON
        self.follow()
        (mail,) = self.write_mails()
        self.assertEqual(mail.email_to, '"Anna Rossi" <anna@example.com>')
        self.assertIn(order.name, mail.subject)
        for text in ("Anna Rossi", order.name, "Thing", NUMBER, "UPS"):
            self.assertIn(text, mail.body_html)
        self.assertIn(f"/track/{shipment.access_token}", mail.body_html)
        self.assertIn("/track/notices/", mail.body_html)
        self.assertIn("List-Unsubscribe", mail.headers)
        notice = shipment.notice_ids
        self.assertEqual((notice.state, notice.email), ("sent", '"Anna Rossi" <anna@example.com>'))
        self.assertTrue(notice.sent_at)

    # --- language, clock, quiet hours -------------------------------------------------------------

    def test_it_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("oms_extension.mail_template_delivered")
        template.with_context(lang="it_IT").subject = "Consegnato ({{ object.name }})"
        self.anna.lang = "it_IT"
        shipment = self.parcel(shipped_at=NOON)
        self.news("delivered")
        (mail,) = self.write_mails()
        self.assertEqual(mail.subject, f"Consegnato ({shipment.name})")
        self.assertIn("mercoledì 4 marzo 2026", mail.body_html)
        self.assertIn('lang="it-IT"', mail.body_html)

    def test_nights_are_quiet_where_the_customer_lives(self):
        night = datetime(2026, 3, 4, 22, 30)  # 23:30 in Rome, 17:30 in New York
        self.parcel(shipped_at=night)
        american = self.customer(
            name="John", email="john@example.com", city="New York", zip="10001", tz="Europe/Rome"
        )
        american.country_id = self.env.ref("base.us")
        american.state_id = self.env.ref("base.state_us_27")
        theirs = self.parcel("N2", shipped_at=night, partner_id=american.id)
        self.follow(night)
        (mail,) = self.write_mails(night)
        self.assertIn("john@example.com", mail.email_to)
        self.assertEqual(self.told(theirs), ["shipped"])
        self.assertFalse(self.write_mails(datetime(2026, 3, 5, 6, 59)))
        (mail,) = self.write_mails(datetime(2026, 3, 5, 7))
        self.assertIn("anna@example.com", mail.email_to)

    def test_the_morning_after_the_clocks_change_comes_by_the_new_clock(self):
        night = datetime(2026, 3, 28, 22, 30)  # 23:30 in Rome; at 2:00 summer time begins
        shipment = self.parcel(shipped_at=night)
        self.follow(night)
        self.assertEqual(shipment.notice_ids.planned_at, datetime(2026, 3, 29, 6))
        night = datetime(2026, 10, 24, 21, 30)
        shipment = self.parcel("N3", shipped_at=night)
        self.follow(night)
        self.assertEqual(shipment.notice_ids.planned_at, datetime(2026, 10, 25, 7))

    def test_the_companys_own_quiet_hours_and_none(self):
        self.company.write({"oms_quiet_from": 11.0, "oms_quiet_until": 13.5})
        one, two = self.parcel("Q1", shipped_at=NOON), None
        self.follow()
        self.assertEqual(one.notice_ids.planned_at, datetime(2026, 3, 4, 12, 30))
        self.company.write({"oms_quiet_from": 0.0, "oms_quiet_until": 0.0})
        two = self.parcel("Q2", shipped_at=datetime(2026, 3, 4, 2))
        self.follow(datetime(2026, 3, 4, 2))
        self.assertEqual(two.notice_ids.planned_at, datetime(2026, 3, 4, 2))

    def test_what_was_overtaken_in_the_night_is_not_sent_in_the_morning(self):
        night, morning = datetime(2026, 3, 4, 21), datetime(2026, 3, 5, 7, 30)
        shipment = self.parcel(shipped_at=night)
        self.news("picked_up", moment=night)
        self.news("out_for_delivery", moment=datetime(2026, 3, 5, 5))
        (mail,) = self.write_mails(morning)
        self.assertIn("out for delivery", mail.subject)
        skipped = shipment.notice_ids.filtered(lambda one: one.state == "skipped")
        self.assertEqual((skipped.kind, skipped.why), ("shipped", "superseded"))

    # --- old news ---------------------------------------------------------------------------------

    def test_an_import_of_history_tells_nobody_anything(self):
        for number in range(5):
            name = f"OLD{number}"
            self.parcel(name, shipped_at=NOON - timedelta(days=90))
            self.news("picked_up", 24 * 89, name)
            self.news("delivered", 24 * 80, name)
        self.assertFalse(self.env["oms.shipment.notice"].search([]))

    def test_news_that_comes_two_days_late_is_noted_and_not_sent(self):
        shipment = self.parcel()
        self.news("delivered", 60)
        self.assertEqual(shipment.notice_ids.mapped("why"), ["stale"])
        self.assertFalse(self.write_mails())

    def test_a_parcel_that_becomes_known_when_it_is_already_there_tells_only_that(self):
        with self.at():
            for state, hours in (("picked_up", 30), ("out_for_delivery", 5), ("delivered", 1)):
                at = (NOON - timedelta(hours=hours)).isoformat() + "Z"
                self.ingest(self.event(state, at))
        shipment = self.parcel(shipped_at=NOON - timedelta(hours=31))
        self.follow()
        self.write_mails()
        self.assertEqual(self.told(shipment), ["delivered"])
        self.assertEqual(len(shipment.notice_ids), 1)

    def test_a_server_that_stood_still_for_days_does_not_send_what_is_old(self):
        shipment = self.parcel(shipped_at=NOON)
        self.follow()
        self.assertFalse(self.write_mails(NOON + timedelta(days=4)))
        self.assertEqual(shipment.notice_ids.why, "superseded")

    # --- delays -----------------------------------------------------------------------------------

    def test_a_delay_is_told_with_its_new_date_and_only_when_it_is_one(self):
        shipment = self.parcel(shipped_at=NOON, promised_at=NOON + timedelta(days=2))
        self.expect(shipment, 2)
        self.write_mails()
        self.assertEqual(shipment.notice_ids.told_until, NOON + timedelta(days=3))
        for days, mails in ((3.9, 0), (4.1, 1)):
            self.clock += timedelta(hours=1)
            self.expect(shipment, days)
            self.assertEqual(len(self.write_mails()), mails)
        self.assertIn("will arrive later", self.mails.subject)
        self.assertIn("Sunday, March 8", self.mails.body_html)
        delay = shipment.notice_ids.filtered(lambda one: one.kind == "delay")
        self.assertEqual(delay.told_until, NOON + timedelta(days=5.1))
        # A little later again: the customer knows.
        self.clock += timedelta(days=3)
        self.expect(shipment, 6)
        self.assertFalse(self.write_mails())
        # Much later: told, at most thrice.
        for days in (7, 11, 15, 19):
            self.clock += timedelta(days=3)
            self.expect(shipment, days + 9)
            self.write_mails()
        self.assertEqual(self.told(shipment).count("delay"), 3)

    def test_a_delay_that_is_made_up_for_in_the_night_is_not_told(self):
        shipment = self.parcel(shipped_at=NOON, promised_at=NOON + timedelta(days=2))
        self.expect(shipment, 1)
        self.write_mails()
        self.expect(shipment, 6)
        self.assertEqual(
            shipment.notice_ids.filtered(lambda one: one.kind == "delay").state, "queued"
        )
        self.expect(shipment, 1)
        self.assertFalse(self.write_mails())
        self.assertIn("superseded", shipment.notice_ids.mapped("why"))

    def test_who_was_told_no_day_is_told_of_a_delay_past_the_promise(self):
        self.company.oms_notice_shipped = False
        shipment = self.parcel(shipped_at=NOON, promised_at=NOON + timedelta(days=2))
        self.news("in_transit")
        self.expect(shipment, 2.5)
        self.assertFalse(self.write_mails())
        self.expect(shipment, 3.5)
        self.assertEqual(len(self.write_mails()), 1)

    def test_a_parcel_that_is_found_late_by_time_alone_is_told_too(self):
        shipment = self.parcel(shipped_at=NOON, promised_at=NOON + timedelta(days=2))
        self.follow()
        self.write_mails()
        shipment.eta_at = NOON + timedelta(days=9)
        with self.at(NOON + timedelta(days=3)):
            shipment._watch_safely()
        self.assertIn("delay", shipment.notice_ids.mapped("kind"))

    # --- who wants what ---------------------------------------------------------------------------

    def test_customers_are_told_what_they_want(self):
        for wish, kinds in (
            ("none", []),
            ("important", ["attempt_failed"]),
            ("all", ["attempt_failed", "shipped"]),
        ):
            self.anna.oms_tracking_notices = wish
            name = f"W{wish}"
            shipment = self.parcel(name, shipped_at=NOON)
            self.news("picked_up", number=name)
            self.write_mails()
            self.news("attempt_failed", number=name)
            self.write_mails()
            self.assertEqual(sorted(self.told(shipment)), kinds)
            self.assertEqual(len(shipment.notice_ids), 2)

    def test_a_wish_that_comes_while_the_mail_waits_is_heard(self):
        shipment = self.parcel(shipped_at=NOON)
        self.follow()
        self.anna.oms_tracking_notices = "none"
        self.assertFalse(self.write_mails())
        self.assertEqual(shipment.notice_ids.why, "wish")

    def test_the_company_switches_kinds_off(self):
        self.company.oms_notice_shipped = False
        shipment = self.parcel(shipped_at=NOON)
        self.follow()
        self.assertFalse(shipment.notice_ids)
        self.news("returning")
        self.assertFalse(shipment.notice_ids, "that is written by a person, unless switched on")
        self.company.oms_notice_returning = True
        shipment._ask_follow()
        self.follow()
        self.assertEqual(shipment.notice_ids.kind, "returning")

    def test_who_has_no_address_gets_no_mail_and_the_buyer_gets_the_recipients(self):
        nobody = self.parcel("A1", shipped_at=NOON, partner_id=False)
        self.anna.email = False
        silent = self.parcel("A2", shipped_at=NOON)
        order = self.order({self.thing: 1}, confirm=False)
        order.partner_id.email = "buyer@example.com"
        bought = self.parcel("A3", shipped_at=NOON, order_id=order.id)
        self.follow()
        (mail,) = self.write_mails()
        self.assertIn("buyer@example.com", mail.email_to)
        self.assertEqual((nobody | silent).notice_ids.mapped("why"), ["no_email"] * 2)
        self.assertEqual(self.told(bought), ["shipped"])

    def test_odoos_own_delivery_mail_is_not_repeated(self):
        order = self.order({self.thing: 1}, partner_id=self.anna.id)
        self.company.stock_move_email_validation = True
        shipment = self.send(order)
        shipment.shipped_at = NOON
        self.follow()
        self.assertEqual(shipment.notice_ids.why, "odoo_mail")

    def test_a_returning_customers_parcel_to_us_is_not_a_delivery(self):
        shipment = self.parcel(direction="return", shipped_at=NOON)
        self.news("delivered")
        self.assertFalse(shipment.notice_ids)
