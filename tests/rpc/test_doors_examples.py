"""What the page about the doors shows works, word for word."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rpc_case import RpcCase

from odoo.tests import tagged

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
BLOCK = re.compile(r"^```(python|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NUMBER = "1Z999AA10123456784"


@tagged("post_install", "-at_install")
class TestDoorsExamples(RpcCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.door = cls.env["oms.tracking.source"].create(
            {"name": "Sender", "company_id": cls.company.id, "secret": cls.new_secret()}
        )
        cls.parcel = cls.env["oms.shipment"].create(
            {"name": "P", "tracking_number": NUMBER, "company_id": cls.company.id}
        )

    @staticmethod
    def new_secret():
        program = [sys.executable, str(EXAMPLES / "webhook_sender.py"), "--new-secret"]
        return subprocess.run(program, capture_output=True, text=True, check=True).stdout.strip()

    def run_as_sender(self, *command, **environment):
        self.env.flush_all()
        known = {
            "ODOO_URL": self.base_url(),
            "ODOO_DB": self.env.cr.dbname,
            "ODOO_KEY": self.key(self.shop),
            "HOOK_URL": f"{self.base_url()}/oms/hook/{self.door.token}",
            "HOOK_SECRET": self.door.secret,
        }
        with self.allow_requests(all_requests=True):
            return subprocess.run(
                command,
                env=os.environ | known | environment,
                capture_output=True,
                text=True,
                timeout=120,
            )

    def read_inbox(self):
        self.env["oms.tracking.message"].invalidate_model()
        self.env["oms.tracking.message"].search([("state", "=", "new")])._work()

    def test_the_documentation(self):
        blocks = BLOCK.findall((ROOT / "docs" / "tracking_doors.md").read_text(encoding="utf-8"))
        self.assertEqual([language for language, _code in blocks], ["bash", "python"])
        for language, code in blocks:
            program = [sys.executable, "-c"] if language == "python" else ["bash", "-ec"]
            done = self.run_as_sender(*program, code)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(json.loads(done.stdout), {"status": "received"})
        self.read_inbox()
        self.assertEqual((self.parcel.state, self.parcel.event_count), ("delivered", 2))
        self.assertEqual(self.parcel.signed_by, "Neri")

    def test_the_programs(self):
        events = [
            {
                "tracking_number": NUMBER,
                "status": "in_transit",
                "occurred_at": f"2026-03-01T{hour:02}:{minute:02}:00Z",
            }
            for hour in range(10)
            for minute in range(60)
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(events, file)
            file.flush()
            sender = (sys.executable, str(EXAMPLES / "webhook_sender.py"), file.name)
            done = self.run_as_sender(*sender)
            self.assertEqual(done.stdout.strip(), "600 events taken", done.stderr)
            self.read_inbox()
            self.assertEqual(self.parcel.event_count, 600)
            caller = (sys.executable, str(EXAMPLES / "ingest_events.py"), file.name)
            done = self.run_as_sender(*caller)
            self.assertEqual(done.stdout.strip(), "stored 0, duplicate 600, unmatched 0")
            file.seek(0)
            json.dump([{"tracking_number": NUMBER, "status": "x"}], file)
            file.truncate()
            file.flush()
            done = self.run_as_sender(*caller)
            self.assertEqual(done.returncode, 1)
            self.assertIn("event 0: occurred_at is missing", done.stdout)
            self.door.secret = self.new_secret()
            wrong = {"HOOK_SECRET": self.new_secret()}
            done = self.run_as_sender(*sender, **wrong)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("refused, 401", done.stderr)
