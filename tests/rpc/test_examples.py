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
BLOCK = re.compile(r"^```(python|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@tagged("post_install", "-at_install")
class TestExamples(RpcCase):
    """What the documentation shows works, word for word."""

    def run_as_client(self, *command, **environment):
        self.env.flush_all()
        known = {
            "ODOO_URL": self.base_url(),
            "ODOO_DB": self.env.cr.dbname,
            "ODOO_LOGIN": self.shop.login,
            "ODOO_KEY": self.key(self.shop),
        }
        with self.allow_requests(all_requests=True):
            done = subprocess.run(
                command,
                env=os.environ | known | environment,
                capture_output=True,
                text=True,
                timeout=120,
            )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_documentation(self):
        self.env["oms.policy"].search([("code", "=", "standard")]).active = True
        order = self.order({self.tea: 1}, client_order_ref="1001")
        blocks = BLOCK.findall((ROOT / "docs" / "api.md").read_text(encoding="utf-8"))
        self.assertEqual(len(blocks), 14)
        delivered = self.order({self.tea: 2}, client_order_ref="1003")
        delivered.picking_ids.move_ids.picked = True
        delivered.picking_ids._action_done()
        for language, code in blocks:
            program = [sys.executable, "-c"] if language == "python" else ["bash", "-ec"]
            with self.subTest(code=code[-80:]):
                self.assertTrue(self.run_as_client(*program, code, ORDER_ID=str(order.id)).strip())
        shipment = self.env["oms.shipment"].search([("tracking_key", "=", "1Z999AA10123456784")])
        self.assertEqual((shipment.state, shipment.signed_by), ("delivered", "Neri"))
        self.assertEqual(shipment.order_id.oms_external_reference, "1002")
        returned = self.env["oms.return"].search([("order_id", "=", delivered.id)])
        self.assertEqual(returned.line_ids.quantity, 1)
        imported = self.env["sale.order"].search([("oms_source", "=", "web")])
        self.assertEqual(set(imported.mapped("oms_external_reference")), {"1001", "1002"})

    def test_the_programs(self):
        examples = ROOT / "examples"
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump([self.sent("2001")], file)
            file.flush()
            command = (sys.executable, str(examples / "import_orders.py"), file.name)
            self.assertIn("created 2001", self.run_as_client(*command))
            self.assertIn("unchanged 2001", self.run_as_client(*command))
        promised = self.run_as_client(
            sys.executable, str(examples / "promise.py"), "IT", "20121", "TEA=2", "CUP=1"
        )
        self.assertTrue(promised.startswith("available"), promised)
        order = self.env["sale.order"].search([("oms_external_reference", "=", "2001")])
        previewed = self.run_as_client(sys.executable, str(examples / "preview.py"), order.name)
        self.assertIn("Milano", previewed)
