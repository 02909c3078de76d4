from pathlib import Path

from odoo.tests import HttpCase, tagged

from .doors_case import DoorsCase

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
EXPECTED = {
    # File: format, tracking number, state and responsible party by the text of its latest event,
    # events, and the carrier's own estimate.
    "webhooks/easypost_tracker_updated.json": ("easypost", "1", "in_transit", 7, "2024-08-05"),
    "webhooks/shippo_track_updated.json": (
        *("shippo", "9205590164917312751089", "delivered", 1, ""),
    ),
    "webhooks/aftership_tracking_update.json": ("aftership", "111111111111", "delivered", 14, ""),
    "webhooks/17track_tracking_updated_delivered.json": (
        *("17track", "AA123456789BR", "delivered", 3, ""),
    ),
    "webhooks/17track_tracking_stopped.json": ("17track", "AA123456789BR", "pending", 0, ""),
    "webhooks/shipengine_api_track.json": (
        *("shipengine", "1Z932R800392060079", "delivered", 2, ""),
    ),
    "webhooks/sendcloud_parcel_status_changed.json": (
        *("sendcloud", "S0M3TR4Ck1NgNumB3r", "label_created", 1, ""),
    ),
    "carrier_messages/ups.json": ("ups", "1Z1442YY7229014688", "delivered", 2, ""),
    "carrier_messages/fedex.json": ("fedex", "123456789012", "picked_up", 1, "2021-10-15"),
    "carrier_messages/usps.json": ("usps", "9400109104250532908587", "delivered", 12, ""),
    # DHL's own example contradicts itself; its one code says "not handed over yet".
    "carrier_messages/dhl_universal.json": (
        *("dhl_universal", "7777777770", "label_created", 1, "2018-08-03"),
    ),
    "carrier_messages/gls.json": ("gls", "12345678901234567890", "in_transit", 3, ""),
    "carrier_messages/laposte.json": ("laposte", "EW112720413FR", "delivered", 9, ""),
    "carrier_messages/asendia.json": ("asendia", "ASENDIA123456789", "delivered", 3, ""),
    "carrier_messages/spring.json": ("spring", "LX210720682NL", "delivered", 2, ""),
    # A private code of the railway: kept, not guessed.
    "edi/iftsta_d00b_container.edi": (
        *("edifact_iftsta", "ABCD224O4023815X", "pending", 1, "2022-11-21"),
    ),
    "edi/x12_214_canadapost.edi": ("x12_214", "4343638098146166", "delivered", 1, ""),
    "edi/x12_214_odd_terminator.edi": ("x12_214", "0542550913", "picked_up", 1, "2020-09-11"),
}


@tagged("post_install", "-at_install")
class TestRealMessages(HttpCase, DoorsCase):
    """Real messages of carriers, posted to a door, give the states that their texts say."""

    def test_through_the_door(self):
        if not SHARED.is_dir():
            self.skipTest("the carriers' messages are not beside the project (../shared/data)")
        for name, (kind, number, state, count, estimate) in EXPECTED.items():
            with self.subTest(name=name), self.env.cr.savepoint() as savepoint:
                parcel = self.shipment(number, oms_carrier_id=False)
                source = self.source(name=name, format=kind, scheme="token", secret=False)
                self.env.flush_all()
                body = (SHARED / name).read_bytes()
                answer = self.url_open(f"/oms/hook/{source.token}", data=body)
                self.assertEqual(answer.status_code, 200)
                self.work()
                message = self.messages(source)
                self.assertEqual((message.state, message.reject_count), ("done", 0), message.error)
                self.assertEqual((parcel.state, parcel.event_count), (state, count))
                found = parcel.carrier_eta_at
                self.assertEqual(str(found.date()) if found else "", estimate)
                self.assertEqual(message._raw(), body)
                savepoint.close(rollback=True)

    def test_the_unknown_code_of_the_railway_waits_for_somebody_to_map_it(self):
        if not SHARED.is_dir():
            self.skipTest("the carriers' messages are not beside the project (../shared/data)")
        parcel = self.shipment("ABCD224O4023815X", oms_carrier_id=False)
        source = self.source(name="Rail", format="edifact_iftsta", scheme="token", secret=False)
        self.keep((SHARED / "edi/iftsta_d00b_container.edi").read_bytes(), source)
        self.work()
        code = self.env["oms.tracking.code"].search([("vocabulary", "=", "iftsta:hs")])
        self.assertEqual((code.code, code.count), ("p", 1))
        self.assertIn("Rail Departed", code.last_text)
        code.state = "in_transit"
        self.env.invalidate_all()
        self.assertEqual(parcel.state, "in_transit")

    def test_nothing_is_left_out(self):
        if not SHARED.is_dir():
            self.skipTest("the carriers' messages are not beside the project (../shared/data)")
        there = {
            f"{folder}/{path.name}"
            for folder in ("webhooks", "carrier_messages", "edi")
            for path in (SHARED / folder).iterdir()
            if path.suffix in (".json", ".edi") and "vectors" not in path.name
        }
        self.assertEqual(there, set(EXPECTED))
