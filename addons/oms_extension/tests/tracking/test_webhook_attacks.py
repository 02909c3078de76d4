import gzip
import json
import time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.tracking.doors import receive
from .webhook_case import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookAttacks(WebhookCase):
    """What nobody gets in with."""

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
