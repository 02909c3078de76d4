import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ...models.tracking.polling import connectors
from . import played_carriers as played
from .common import TrackingCase
from .polling_case import NUMBER, PollingCase, message


@tagged("post_install", "-at_install")
class TestPollingConnection(PollingCase):
    def test_choosing_a_carrier_fills_in_what_is_known_of_it(self):
        form = Form(self.env["oms.tracking.connection"])
        form.connector = "dhl_universal"
        self.assertEqual(form.rate, 12)
        self.assertEqual(form.requests_per_day, 250)
        self.assertIn(self.env.ref("oms_extension.carrier_dhl_express"), form.carrier_ids[:])
        self.assertEqual(
            list(json.loads(form.credentials)), ["consumer_key", "consumer_secret", "language"]
        )
        with self.assertRaises(ValidationError) as caught:
            form.save()
        self.assertIn("consumer_key, consumer_secret", str(caught.exception))
        form.credentials = json.dumps({"consumer_key": "a", "consumer_secret": "b"})
        self.assertEqual(form.save().health, "new")

    def test_credentials_that_are_no_json_are_refused_with_an_example(self):
        connection = self.connect("ups", played.dead_address())
        for wrong in ("{", "[]", '"key"', "client_id: x", "[" * 100_000):
            with self.assertRaisesRegex(ValidationError, "client_id"):
                connection.credentials = wrong

    def test_an_address_is_one_of_the_web(self):
        connection = self.connect("ups", played.dead_address())
        for wrong in ("file:///etc/passwd", "ftp://host/", "host", "https://", "javascript:x"):
            with self.assertRaises(ValidationError):
                connection.server_url = wrong

    def test_a_carrier_is_asked_in_one_way_only(self):
        self.connect("ups", played.dead_address())
        with self.assertRaisesRegex(ValidationError, "UPS"):
            self.connect("ups", played.dead_address())
        other = self.env["res.company"].create({"name": "Other Shop"})
        self.assertTrue(self.connect("ups", played.dead_address(), company_id=other.id))

    def test_managers_connect_and_only_administrators_see_credentials(self):
        connection = self.connect("ups", played.dead_address())
        people = {
            group: new_test_user(
                self.env,
                login=group,
                groups=f"oms_extension.group_{group}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for group in ("readonly", "user", "manager")
        }
        connection.with_user(people["manager"]).rate = 30
        self.assertEqual(connection.with_user(people["readonly"]).health, "new")
        for person in people.values():
            for field in ("credentials", "server_url"):
                with self.assertRaises(AccessError):
                    connection.with_user(person).read([field])
                with self.assertRaises(AccessError):
                    connection.with_user(person).write({field: "https://thief.example"})
        with self.assertRaises(AccessError):
            connection.with_user(people["user"]).rate = 60
        with self.assertRaises(AccessError):
            connection.with_user(people["user"]).action_test()
        other = self.env["res.company"].create({"name": "Other Shop"})
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="oms_extension.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(
            self.env["oms.tracking.connection"]
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
            .search([("id", "=", connection.id)])
        )

    def test_a_new_connection_asks_about_what_is_under_way_already(self):
        under_way = self.shipment(NUMBER["ups"])
        done = self.shipment("1Z12345E6605272234")
        self.ingest(self.event("delivered", number="1Z12345E6605272234"))
        old = self.shipment("1Z12345E1305277940", shipped_at="2020-01-01 00:00:00")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oms_shipment SET create_date = '2020-01-01' WHERE id = %s", [old.id]
        )
        connection = self.connect("ups", played.dead_address())
        self.assertTrue(under_way.next_poll_at)
        self.assertFalse(done.next_poll_at)
        self.assertFalse(old.next_poll_at)
        self.assertEqual((connection.followed_count, connection.due_count), (1, 1))

    def test_a_new_parcel_is_followed_as_soon_as_its_carrier_is_connected(self):
        self.connect("ups", played.dead_address())
        parcel, other = self.shipment(), self.shipment("X1", oms_carrier_id=False)
        (parcel | other)._follow()
        now = fields.Datetime.now()
        self.assertTrue(now < parcel.next_poll_at < now + timedelta(hours=6))
        self.assertFalse(other.next_poll_at)

    def test_people_may_ask_at_once(self):
        carrier = self.play("ups", {NUMBER["ups"]: message("ups")})
        self.connect(carrier)
        parcel = self.parcel("ups")
        parcel.next_poll_at = fields.Datetime.now() + timedelta(hours=5)
        person = new_test_user(
            self.env,
            login="agent",
            groups="oms_extension.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        answer = parcel.with_user(person).action_ask_carrier()
        self.assertEqual(answer["params"]["type"], "success")
        self.poll()
        self.assertEqual(parcel.state, "delivered")
        answer = self.shipment("X1", oms_carrier_id=False).action_ask_carrier()
        self.assertEqual(answer["params"]["type"], "warning")

    def said(self, connection):
        answer = connection.action_test()["params"]
        return answer["type"], answer["message"]

    def test_the_test_says_what_the_carrier_answers_and_stores_no_event(self):
        carrier = self.play("ups", {NUMBER["ups"]: message("ups")})
        connection = self.connect(carrier)
        self.assertEqual(
            self.said(connection),
            (
                "success",
                "It answers, but does not know 1Z999AA10123456784. Tracking Information Not Found",
            ),
        )
        parcel = self.shipment(NUMBER["ups"])
        kind, text = self.said(connection)
        self.assertEqual((kind, text), ("success", f"It works: 2 events about {NUMBER['ups']}."))
        self.assertFalse(parcel.event_ids)
        self.assertIn("DELIVERED", connection.last_answer)
        carrier.accepts_login = False
        kind, text = self.said(connection)
        self.assertEqual(kind, "danger")
        self.assertIn("credentials", text)
        self.assertEqual(connection.health, "refused")
        carrier.accepts_login = True
        self.said(connection)
        self.assertEqual((connection.health, connection.failures), ("ok", 0))

    def test_the_test_of_a_dead_or_endless_carrier_ends(self):
        carrier = self.play("gls", {})
        carrier.fault = played.endless
        from ...models.tracking.polling import ask

        self.patch(ask, "TEST_SECONDS", 2)
        for connection in (
            self.connect(carrier),
            self.connect("usps", played.dead_address()),
        ):
            self.assertEqual(self.said(connection)[0], "danger")

    def test_wrong_settings_of_a_connector_are_said(self):
        connection = self.connect(self.play("fedex", {}))
        connection.credentials = '{"api_key": "for shipping only"}'
        kind, text = self.said(connection)
        self.assertEqual(kind, "danger")
        self.assertIn("track_api_key", text)


@tagged("post_install", "-at_install")
class TestPollingWithoutSdk(TrackingCase):
    """karrio is optional: without it the menu says what to install, and nothing breaks."""

    def setUp(self):
        super().setUp()
        self.patch(connectors, "places", list)

    def test_the_form_says_what_to_install(self):
        form = Form(self.env["oms.tracking.connection"])
        form.connector = "ups"
        self.assertFalse(form.is_installed)
        self.assertIn("karrio karrio-ups", form.install_hint)
        connection = form.save()
        with self.assertRaisesRegex(UserError, "karrio karrio-ups"):
            connection.action_test()

    def test_the_job_and_the_parcels_go_on(self):
        connection = self.env["oms.tracking.connection"].create(
            {"name": "UPS", "connector": "ups", "carrier_ids": [(6, 0, self.ups.ids)]}
        )
        parcel = self.shipment()
        parcel._follow()
        parcel.next_poll_at = "2026-01-01"
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("oms_extension.cron_poll_carriers").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(connection.health, "new")
        self.assertEqual(parcel.state, "pending")
