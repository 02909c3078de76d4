import gzip
import json
import logging
import time
import xmlrpc.client
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...engine.tracking.signatures import SCHEMES
from ...models.tracking.doors import keys, receive
from .doors_case import NUMBER, SECRET, DoorsCase

CONTROLLER = "odoo.addons.oms_extension.controllers.tracking.webhook"


@tagged("post_install", "-at_install")
class TestWebhook(HttpCase, DoorsCase):
    """What anybody may send to the address of a source, and what becomes of it."""

    def send(self, body, headers=None, source=None, path=None, method="POST", **values):
        """The answer to a request; a signature of its own where no headers are given."""
        self.env.flush_all()
        source = source or self.door
        headers = self.signed(body) if headers is None else headers
        path = path or f"/oms/hook/{source.token}"
        with mute_logger(CONTROLLER):
            return self.url_open(
                path,
                data=body,
                headers={"Content-Type": "application/json"} | headers,
                method=method,
                **values,
            )

    def assert_refused(self, answer, status, problem, source=None):
        """It was refused, and nothing of it is left."""
        self.assertEqual((answer.status_code, answer.json()["error"]), (status, problem))
        self.assertFalse(self.messages(source))
        self.assertFalse(self.parcel.event_count)

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

    # --- forgeries --------------------------------------------------------------------------------

    def test_without_a_signature(self):
        self.assert_refused(self.send(self.body(), {}), 401, "missing_header")

    def test_with_another_ones_signature(self):
        forged = self.signed(self.body(), "whsec_" + "b3RoZXIh" * 4)
        self.assert_refused(self.send(self.body(), forged), 401, "wrong_signature")

    def test_with_the_body_swapped(self):
        headers = self.signed(self.body("in_transit"))
        self.assert_refused(self.send(self.body("delivered"), headers), 401, "wrong_signature")
        self.assert_refused(self.send(b"", headers), 401, "wrong_signature")

    def test_an_old_message_sent_again(self):
        for now in (time.time() - 301, time.time() + 302):
            headers = self.signed(self.body(), now=now)
            self.assert_refused(self.send(self.body(), headers), 401, "wrong_time")

    def test_a_replay_within_the_window_is_one_message_and_one_event(self):
        headers = self.signed(self.body())
        for _time in range(3):
            self.assertEqual(self.send(self.body(), headers).status_code, 200)
        self.work()
        self.assertEqual(self.send(self.body(), headers).status_code, 200)
        self.work()
        self.assertEqual((len(self.messages()), self.parcel.event_count), (1, 1))

    def test_a_replay_for_ever_where_nothing_guards_against_it(self):
        source = self.source(
            name="Sendcloud", format="standard", scheme="hmac", secret="k", header="X-Sign"
        )
        import hmac

        first, last = self.body("in_transit"), self.body("delivered", at="2026-03-03T10:00:00Z")
        for body in (first, last, first):
            headers = {"X-Sign": hmac.digest(b"k", body, "sha256").hex()}
            self.assertEqual(self.send(body, headers, source).status_code, 200)
        self.work()
        self.messages(source).filtered(lambda one: one._raw() == first).unlink()
        headers = {"X-Sign": hmac.digest(b"k", first, "sha256").hex()}
        self.assertEqual(self.send(first, headers, source).status_code, 200)
        self.work()
        self.assertEqual((self.parcel.state, self.parcel.event_count), ("delivered", 2))

    def test_headers_cannot_smuggle_anything_in(self):
        """Whatever is in a header is neither executed nor stored as something else."""
        body = self.body()
        evil = self.signed(body) | {
            "User-Agent": "'; DROP TABLE oms_shipment; --" + "A" * 5000,
            "X-Request-Id": "\u00e9\u0001<script>".encode().decode("latin-1").replace("\x01", ""),
            ":received-at": "0",
            "X-Forwarded-Host": "evil.example",
        }
        del evil[":received-at"]  # no client can send it: it is no name of a header
        self.assertEqual(self.send(body, evil).status_code, 200)
        kept = self.messages().headers
        self.assertEqual(len(kept["user-agent"]), 200)
        self.assertNotIn("webhook-signature", kept)
        self.work()
        self.assertEqual(self.parcel.event_count, 1)

    # --- too much ---------------------------------------------------------------------------------

    def test_too_large(self):
        body = b"[" + b" " * receive.LARGEST + b"]"
        try:
            answer = self.send(body)
        except OSError:  # the server hung up before it was all sent
            self.assertFalse(self.messages())
        else:
            self.assert_refused(answer, 413, "too_large")

    def test_the_largest_there_may_be(self):
        events = json.dumps([{"tracking_number": "T1", "code": "X", "occurred_at": "2026-03-02"}])
        body = events.encode().ljust(receive.LARGEST)
        self.assertEqual(self.send(body).status_code, 200)
        self.assertEqual(self.messages()._raw(), body)

    def test_a_bomb_is_not_unpacked(self):
        bomb = gzip.compress(b"0" * 50_000_000)
        for encoding in ("gzip", "GZIP", "deflate", "br", "gzip, identity"):
            answer = self.send(bomb, self.signed(bomb) | {"Content-Encoding": encoding})
            self.assert_refused(answer, 415, "encoded")
        # Without saying so it is just a message that cannot be read.
        self.assertEqual(self.send(bomb, self.signed(bomb)).status_code, 200)
        self.work()
        self.assertEqual(self.messages().state, "failed")

    def test_json_that_explodes(self):
        bodies = [
            b"[" * 500_000,
            b'{"events":' * 100_000,
            b'{"events": [' + b"{}," * 300_000 + b"{}]}",
            b'{"tracking_number": 1' + b"0" * 100_000 + b"}",
            b'{"tracking_number": "T1", "code": "X", "occurred_at": 1e308}',
            b'{"tracking_number": "T1", "code": "X", "occurred_at": ' + b"9" * 4000 + b"}",
            b'{"tracking_number": "\\u0000\\ud800", "code": "X", "occurred_at": "2026-03-02"}',
            b'{"tracking_number": "T1", "code": {"a": [[[[[[[[]]]]]]]]}, "occurred_at": 1}',
            b'{"events": NaN}',
        ]
        for body in bodies:
            self.assertEqual(self.send(body).status_code, 200)
        self.send(self.body())
        with mute_logger("odoo.addons.oms_extension.models.tracking.doors.work"):
            self.work()
        self.assertFalse(self.messages().filtered(lambda one: one.state == "new").mapped("error"))
        self.assertEqual(self.parcel.event_count, 1)

    def test_nothing_at_all(self):
        for body in (b"", b" \n "):
            self.assert_refused(self.send(body), 422, "empty")

    # --- guessing ---------------------------------------------------------------------------------

    def test_an_unknown_address(self):
        near = self.door.token[:-1] + ("A" if self.door.token[-1] != "A" else "B")
        digest = self.door.token_digest
        answers = set()
        for token in (near, self.door.token.lower(), "x", "x" * 5000, digest, "%00", "..%2f", "é"):
            answer = self.send(self.body(), path=f"/oms/hook/{token}")
            self.assertEqual(answer.status_code, 404, token)
            if answer.headers["Content-Type"] == "application/json":
                answers.add(answer.text)
        self.assertEqual(answers, {'{"error": "not_found"}'})
        self.assertFalse(self.messages())

    def test_a_closed_door_is_no_door(self):
        self.door.active = False
        self.assertEqual(self.send(self.body()).status_code, 404)
        self.door.active = True
        self.assertEqual(self.send(self.body()).status_code, 200)

    def test_a_former_address_is_useless(self):
        former = self.door.token
        self.door.action_renew_token()
        self.assertNotEqual(self.door.token, former)
        self.assertEqual(self.send(self.body(), path=f"/oms/hook/{former}").status_code, 404)
        self.assertEqual(self.send(self.body()).status_code, 200)

    def test_a_source_of_files_has_no_door(self):
        files = self.source(name="Files", kind="file", secret=False)
        self.assertFalse(files.hook_url)
        self.assertEqual(self.send(self.body(), source=files).status_code, 404)

    def test_other_verbs(self):
        for method in ("PUT", "DELETE", "PATCH"):
            self.assertEqual(self.send(self.body(), method=method).status_code, 405)

    def test_a_wrong_guess_looks_at_one_hash_whatever_is_guessed(self):
        """Nothing that the time could tell: the token is never compared, only its digest."""
        doors = self.env["oms.tracking.source"]._doors()
        self.assertIn(self.door.token_digest, doors)
        self.assertNotIn(self.door.token, doors)
        self.assertFalse(any(self.door.token in str(key) for key in doors))

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
