import json
import logging
import xmlrpc.client
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...engine.tracking.signatures import SCHEMES
from ...models.tracking.doors import keys
from .doors_case import NUMBER, SECRET
from .webhook_case import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhook(WebhookCase):
    """What anybody may send to the address of a source, and what becomes of it."""

    # --- what is right ----------------------------------------------------------------------------

    def test_a_signed_message_is_kept_then_read(self):
        answer = self.send(self.body("delivered"))
        self.assertEqual((answer.status_code, answer.json()), (200, {"status": "received"}))
        message = self.messages()
        self.assertEqual((message.state, message._raw()), ("new", self.body("delivered")))
        # The answer does not wait for what is in it.
        self.assertEqual(self.parcel.state, "pending")
        self.work()
        self.assertEqual((message.state, self.parcel.state), ("done", "delivered"))

    def test_what_the_sender_says_the_content_is_does_not_matter(self):
        """Odoo would read a form out of the body, and nothing would be left to verify."""
        for number, kind in enumerate(
            (
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
                "application/json; charset=utf-16",
                "nonsense",
                "",
            )
        ):
            body = self.body(at=f"2026-03-02T1{number}:00:00Z")
            answer = self.send(body, self.signed(body) | {"Content-Type": kind})
            self.assertEqual(answer.status_code, 200, kind)
        self.work()
        self.assertEqual(self.parcel.event_count, 6)

    def test_no_session_and_no_cookie_come_of_it(self):
        answer = self.send(self.body())
        self.assertNotIn("session_id", answer.cookies)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_who_asks_learns_that_the_address_is_right(self):
        for method in ("GET", "HEAD"):
            answer = self.send(None, {}, method=method)
            self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.messages())

    def test_a_former_secret_is_accepted_until_it_is_taken_away(self):
        self.door.write({"secret": "whsec_" + "bmV3" * 8, "secret_old": SECRET})
        self.assertEqual(self.send(self.body()).status_code, 200)
        self.door.secret_old = False
        self.assertEqual(self.send(self.body("delivered")).status_code, 401)
        self.assertEqual(len(self.messages()), 1)

    def test_each_scheme_by_its_sender(self):
        """Every scheme in its own format, from the address to the parcel's state."""
        import base64
        import hashlib
        import hmac

        def digest(body):
            return hmac.digest(b"k3y", body, hashlib.sha256)

        made = {
            "easypost": lambda body: {"X-Hmac-Signature": f"hmac-sha256-hex={digest(body).hex()}"},
            "aftership": lambda body: {
                "aftership-hmac-sha256": base64.b64encode(digest(body)).decode()
            },
            "17track": lambda body: {"sign": hashlib.sha256(body + b"/k3y").hexdigest()},
            "sendcloud": lambda body: {"Sendcloud-Signature": digest(body).hex()},
        }
        bodies = {
            "easypost": {
                "result": {
                    "object": "Tracker",
                    "tracking_code": "EZ1",
                    "carrier": "UPS",
                    "tracking_details": [
                        {
                            "status": "delivered",
                            "status_detail": "arrived_at_destination",
                            "datetime": "2026-03-02T10:00:00Z",
                        }
                    ],
                }
            },
            "aftership": {
                "msg": {
                    "tracking_number": "AS1",
                    "slug": "ups",
                    "checkpoints": [
                        {"subtag": "Delivered_001", "checkpoint_time": "2026-03-02T10:00:00Z"}
                    ],
                }
            },
            "17track": {
                "data": {
                    "number": "ST1",
                    "track_info": {
                        "tracking": {
                            "providers": [
                                {
                                    "provider": {"key": 100002},
                                    "events": [
                                        {
                                            "sub_status": "Delivered_Other",
                                            "time_iso": "2026-03-02T10:00:00Z",
                                        }
                                    ],
                                }
                            ]
                        }
                    },
                }
            },
            "sendcloud": {
                "action": "parcel_status_changed",
                "timestamp": 1772445600000,
                "parcel": {
                    "tracking_number": "SC1",
                    "status": {"id": 11, "message": "Delivered"},
                },
            },
        }
        numbers = {"easypost": "EZ1", "aftership": "AS1", "17track": "ST1", "sendcloud": "SC1"}
        for key, headers in made.items():
            source = self.source(name=key, format=key, scheme=key, secret="k3y")
            parcel = self.shipment(numbers[key])
            body = json.dumps(bodies[key]).encode()
            self.assertEqual(self.send(body, headers(body), source).status_code, 200, key)
            self.assertEqual(self.send(body + b" ", headers(body), source).status_code, 401, key)
            self.work()
            self.assertEqual(parcel.state, "delivered", key)

    # --- secrets ----------------------------------------------------------------------------------

    def test_secrets_are_for_managers_only(self):
        self.send(self.body())
        for login, group in (
            ("hook_reader", "oms_extension.group_readonly"),
            ("hook_user", "oms_extension.group_user"),
            ("hook_integrator", "oms_extension.group_integrator"),
        ):
            user = new_test_user(self.env, login, group, password=login)
            door = self.door.with_user(user)
            for name in ("secret", "secret_old", "token", "token_digest", "hook_url"):
                with self.assertRaises(AccessError):
                    door.read([name])
                with self.assertRaises(AccessError):
                    door.search([(name, "like", "a")])
                self.assertNotIn(name, door.fields_get())
            with self.assertRaises(AccessError):
                door.write({"secret": "mine"})
            with self.assertRaises(UserError):
                door.export_data(["secret"])
            with self.assertRaises(AccessError):
                self.env["oms.tracking.message"].with_user(user).search([]).write({"state": "done"})
            self.assertNotIn(SECRET, str(door.read()))

    def test_secrets_are_not_readable_over_rpc(self):
        user = new_test_user(
            self.env, "hook_rpc", "oms_extension.group_user", password="hook_rpc_1"
        )
        self.env.flush_all()
        for method, args in (
            ("read", [self.door.ids, ["secret"]]),
            ("search_read", [[], ["token"]]),
            ("_doors", []),
            ("_secrets", [self.door.ids]),
            ("search_count", [[("secret", "=like", "whsec%")]]),
        ):
            with (
                self.assertRaises(xmlrpc.client.Fault),
                mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc"),
            ):
                self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname, user.id, "hook_rpc_1", "oms.tracking.source", method, args
                )

    def test_secrets_and_addresses_are_not_logged(self):
        with (
            self.assertLogs("odoo", logging.DEBUG) as ours,
            self.assertLogs("werkzeug", logging.INFO) as servers,
        ):
            self.send(self.body())
            self.send(self.body(), {})
            logging.getLogger("odoo").info("so that there is something")
            logging.getLogger("werkzeug").info(
                '"%s" %s %s', f"POST /oms/hook/{self.door.token} HTTP/1.1", 200, "-"
            )
        text = "\n".join(ours.output + servers.output)
        self.assertIn("/oms/hook/***", text)
        self.assertNotIn(SECRET, text)
        self.assertNotIn(self.door.token, text)

    def test_a_copy_has_an_address_and_a_secret_of_its_own(self):
        copy = self.door.copy({"secret": "whsec_" + "Y29weQ==" * 4})
        self.assertNotEqual(copy.token, self.door.token)
        self.assertFalse(copy.secret_old)

    def test_a_door_needs_a_lock(self):
        for values in (
            {"scheme": False},
            {"secret": False},
            {"secret": "   "},
            {"scheme": "hmac", "header": False},
            {"scheme": "token", "header": "X-Token", "secret": False},
        ):
            with self.assertRaises(ValidationError):
                self.door.write(values)
        self.door.write({"scheme": "token", "header": False, "secret": False})
        self.assertEqual(self.send(self.body(), {}).status_code, 200)

    # --- what people see of it --------------------------------------------------------------------

    def test_people_see_that_somebody_knocks_in_vain(self):
        for _time in range(5):
            self.send(self.body(), {})
        self.assertEqual(
            (self.door.refused_count, self.door.refused_problem), (1, "missing_header")
        )
        self.env.cr.execute(
            "UPDATE oms_tracking_source SET refused_at = refused_at - interval '1h'"
        )
        self.door.invalidate_recordset()
        self.send(self.body(), self.signed(self.body(), "whsec_" + "b3RoZXIh" * 4))
        self.door.invalidate_recordset()
        self.assertEqual(
            (self.door.refused_count, self.door.refused_problem), (2, "wrong_signature")
        )

    def test_every_scheme_is_explained(self):
        for key in SCHEMES:
            self.door.write({"scheme": key, "header": "X-Sign", "secret": SECRET})
            if key not in ("hmac", "token"):
                self.assertIn(SCHEMES[key].header, self.door.scheme_help)

    # --- other companies --------------------------------------------------------------------------

    def test_parcels_of_another_company_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        foreign = self.env["oms.shipment"].create(
            {"name": "F", "tracking_number": NUMBER, "company_id": other.id}
        )
        self.send(self.body("delivered"))
        self.work()
        self.assertEqual((self.parcel.state, foreign.state), ("delivered", "pending"))

    def test_sources_and_messages_are_their_companies(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        self.send(self.body())
        stranger = new_test_user(
            self.env,
            "hook_stranger",
            "oms_extension.group_manager",
            company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        for record in (self.door, self.messages()):
            theirs = record.with_user(stranger).with_context(allowed_company_ids=other.ids)
            with self.assertRaises(AccessError):
                theirs.read(["display_name"])
            self.assertNotIn(record, theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.action_process_again()

    # --- public keys ------------------------------------------------------------------------------

    def test_keys_come_from_one_address_only(self):
        """No message and no setting makes the server ask anybody else."""
        source = self.source(name="ShipEngine", scheme="shipengine", secret=False)
        self.assertEqual(keys.KEYS_AT, "https://api.shipengine.com/jwks")
        job = self.env.ref("oms_extension.cron_tracking_keys")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", job.id)])
        with patch.object(keys.requests, "get") as get:
            answer = self.send(
                self.body(),
                {
                    "x-shipengine-rsa-sha256-key-id": "http://169.254.169.254/",
                    "x-shipengine-rsa-sha256-signature": "AAAA",
                    "x-shipengine-timestamp": fields.Datetime.now().isoformat() + "Z",
                },
                source,
            )
            self.assert_refused(answer, 401, "unknown_key", source)
            get.assert_not_called()
        # It is asked for afterwards, by a job.
        self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before + 1)

    def test_keys_are_fetched_and_what_is_none_is_left_out(self):
        source = self.source(name="ShipEngine", scheme="shipengine", secret=False)
        good = {"kty": "RSA", "kid": "k1", "n": "AQAB", "e": "AQAB", "d": "private", "x5u": "http"}

        class Answer:
            content = json.dumps({"keys": [good, {"kty": "EC", "kid": "k2"}, 7, {"kty": "RSA"}]})

            def __enter__(self):
                return self

            def __exit__(self, *_exception):
                pass

            def raise_for_status(self):
                pass

            @property
            def raw(self):
                return SimpleNamespace(read=self.take)

            def take(self, size, decode_content):
                return self.content.encode()[:size]

        with patch.object(keys.requests, "get", return_value=Answer()) as get:
            source.action_fetch_keys()
        self.assertEqual(get.call_args.args, (keys.KEYS_AT,))
        self.assertFalse(get.call_args.kwargs["allow_redirects"])
        self.assertEqual(source.public_keys, {"k1": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}})
        for content in ("", "[]", "{}", '{"keys": 7}', "x" * (keys.LARGEST + 5)):
            Answer.content = content
            with (
                patch.object(keys.requests, "get", return_value=Answer()),
                mute_logger(keys.__name__),
            ):
                self.env["oms.tracking.source"]._cron_fetch_keys()
            self.assertTrue(source.public_keys_error)
            self.assertEqual(source.public_key_count, 1)

    # --- speed ------------------------------------------------------------------------------------

    def test_the_answer_takes_a_few_statements(self):
        self.send(self.body())
        door = self.env["oms.tracking.source"]._door(self.door.token)
        body = self.body("delivered")
        sources = self.env["oms.tracking.source"]
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(sources._refusal(door, self.door.token, self.signed(body), body), "")
            sources._keep(door, {}, body)
