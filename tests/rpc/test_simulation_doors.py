import random
import sys
from pathlib import Path

from rpc_case import RpcCase

from odoo.tests import tagged

from odoo.addons.oms_extension.demo.story.carriers import OWN_CODES

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from oms_cli.simulation.client import SOURCE, Client
from oms_cli.simulation.play import Play, under_way


@tagged("post_install", "-at_install")
class TestSimulationDoors(RpcCase):
    """`./oms simulate` against a real server: its session, its key and its signed webhooks."""

    def setUp(self):
        super().setUp()
        self.account("sim_manager", "base.group_user,oms_extension.group_manager")
        carriers = {one: self.env.ref(f"oms_extension.carrier_{one}") for one in ("gls", "brt")}
        self.parcels = self.env["oms.shipment"].create(
            [
                {
                    "name": number,
                    "tracking_number": number,
                    "company_id": self.company.id,
                    "oms_carrier_id": carriers[carrier].id,
                    "city": "Lyon",
                    "country_id": self.env.ref("base.fr").id,
                    "shipped_at": "2026-03-02 16:00:00",
                }
                for number, carrier in (("721000047115", "gls"), ("066061004711", "brt"))
            ]
        )
        self.env["oms.tracking.code"].create(
            [
                {"vocabulary": "brt", "code": code, "state": state}
                for code, state, _reason in OWN_CODES["brt"]
            ]
        )

    def client(self):
        client = Client(self.base_url(), self.env.cr.dbname)
        client.log_in("sim_manager", "sim_manager-secret")
        return client

    def test_parcels_move_through_real_doors(self):
        self.env.flush_all()
        lines = []
        with self.allow_requests(all_requests=True):
            client = self.client()
            client.open_door()
            moving = under_way(client, 5)
            self.assertEqual({one.carrier for one in moving}, {"gls", "brt"})
            Play(client, 1e6, lines.append, sleep=lambda _seconds: None).run(
                moving, 5, random.Random(5)
            )
        source = self.env["oms.tracking.source"].search([("name", "=", SOURCE)])
        self.assertEqual(source.company_id, self.company)
        self.assertEqual(source.refused_count, 0)
        self.assertTrue(source.message_ids)
        with self.enter_registry_test_mode():
            self.env.ref("oms_extension.cron_tracking_inbox").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.parcels.mapped("state"), ["delivered", "delivered"])
        doors = {one.carrier_code: one.door for one in self.parcels.event_ids}
        self.assertEqual(doors, {"gls": "webhook", "brt": "rpc"})
        # Two of one kind in one second are one.
        self.assertGreaterEqual(len(lines), len(self.parcels.event_ids))

    def test_the_door_is_made_once(self):
        with self.allow_requests(all_requests=True):
            for _time in range(2):
                self.client().open_door()
        self.assertEqual(self.env["oms.tracking.source"].search_count([("name", "=", SOURCE)]), 1)
