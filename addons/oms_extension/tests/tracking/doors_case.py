"""Senders of webhooks, good and bad ones, and the inbox that they fill."""

import base64
import hashlib
import hmac
import json
import time

from ...engine.tracking.signatures import SCHEMES
from .common import TrackingCase

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
NUMBER = "1Z12345E0205271688"


class DoorsCase(TrackingCase):
    """A source of webhooks of our own format, signed as Standard Webhooks, and a parcel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parcel = cls.shipment(NUMBER)
        cls.door = cls.source()

    @classmethod
    def source(cls, **values):
        return cls.env["oms.tracking.source"].create(
            {"name": "Sender", "company_id": cls.company.id, "secret": SECRET} | values
        )

    @staticmethod
    def body(status="in_transit", at="2026-03-02T10:00:00Z", number=NUMBER, **more):
        event = {"tracking_number": number, "status": status, "occurred_at": at} | more
        return json.dumps({"events": [event]}).encode()

    @staticmethod
    def signed(body, secret=SECRET, now=None, identity="msg_1"):
        """Headers as Standard Webhooks asks for."""
        stamp = str(int(now or time.time()))
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.digest(key, f"{identity}.{stamp}.".encode() + body, hashlib.sha256)
        return {
            "webhook-id": identity,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }

    def messages(self, source=None):
        return self.env["oms.tracking.message"].search(
            [("source_id", "=", (source or self.door).id)]
        )

    def keep(self, body, source=None):
        """Let a webhook in whose signature was found right; its message."""
        source = source or self.door
        self.env.flush_all()
        door = self.env["oms.tracking.source"]._door(source.token)
        self.env["oms.tracking.source"]._keep(door, {}, body)
        self.env["oms.tracking.message"].invalidate_model()
        return self.env["oms.tracking.message"].search(
            [("source_id", "=", source.id)], order="id desc", limit=1
        )

    def work(self):
        """Run the job that reads the inbox."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("oms_extension.cron_tracking_inbox").method_direct_trigger()
        self.env.invalidate_all()


ALL_SCHEMES = tuple(SCHEMES)
