"""Answers that eight carriers really gave, played again over HTTP, through karrio and the one door.

The files lie outside the project (``../shared/data``); a clone without them skips these tests. What
each parcel's state must be was read by hand from the words of the messages.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from unittest import skipUnless

from odoo.tests import tagged

from odoo.addons.oms_extension.tests.tracking.polling_case import PollingCase

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = Path(
    os.environ.get("OMS_CARRIER_MESSAGES", ROOT.parent / "shared" / "data" / "carrier_messages")
)


def load(name):
    return json.loads((MESSAGES / f"{name}.json").read_text(encoding="utf-8"))


def recorded(name):
    """Dict number → message, as the played carrier tells it."""
    answer = load(name)
    match name:
        case "dhl_universal":
            return {str(one["id"]): one for one in answer["trackingResponse"]["shipments"]}
        case "fedex":
            parcels = answer["output"]["completeTrackResults"]
            return {one["trackingNumber"]: one["trackResults"] for one in parcels}
        case "gls":
            return {one["requested"]: one for one in answer["parcels"]}
        case "laposte":
            return {one["shipment"]["idShip"]: one["shipment"] for one in answer["responses"]}
        case "spring":
            return {answer["Shipment"]["TrackingNumber"]: answer["Shipment"]}
        case "ups":
            return {one["inquiryNumber"]: one for one in answer["trackResponse"]["shipment"]}
        case "usps":
            return {one["trackingNumber"]: one for one in answer}
    return {answer["trackingNumber"]: answer}


EXPECTED = {
    # number: connector, state, last event in UTC, number of events
    "ASENDIA123456789": ("asendia", "delivered", datetime(2024, 4, 15, 11), 3),
    # Its words contradict each other; only the code says something certain: not handed over yet.
    "7777777770": ("dhl_universal", "label_created", datetime(2018, 3, 2, 6, 53, 47), 1),
    "123456789012": ("fedex", "picked_up", datetime(2018, 2, 2, 19, 1), 1),
    "39936862321": ("fedex", "pending", None, 0),
    "12345678901234567890": ("gls", "in_transit", datetime(2024, 10, 11, 13, 24, 57), 3),
    "EW112720413FR": ("laposte", "delivered", datetime(2023, 3, 9, 8, 38), 9),
    "LX210720682NL": ("spring", "delivered", datetime(2024, 1, 7, 15, 19, 48), 2),
    "1Z1442YY7229014688": ("ups", "delivered", datetime(2022, 1, 26, 21, 30), 2),
    "9400109104250532908587": ("usps", "delivered", datetime(2024, 11, 22, 18, 58), 12),
}


@skipUnless(MESSAGES.is_dir(), f"the carriers' messages are not in {MESSAGES}")
@tagged("post_install", "-at_install")
class TestRecordedAnswers(PollingCase):
    def test_each_parcel_is_where_its_carriers_message_says(self):
        connections = {}
        for name in sorted({one[0] for one in EXPECTED.values()}):
            connections[name] = self.connect(self.play(name, recorded(name)))
        parcels = {
            number: self.parcel(expected[0], number) for number, expected in EXPECTED.items()
        }
        self.poll()
        for number, (name, state, last, count) in EXPECTED.items():
            with self.subTest(name, number=number):
                parcel = parcels[number]
                self.assertEqual(parcel.state, state)
                self.assertEqual(parcel.last_event_at or None, last)
                self.assertEqual(parcel.event_count, count)
                self.assertFalse(parcel.event_ids.filtered(lambda event: not event.state))
                self.assertEqual(connections[name].health, "ok")
                self.assertEqual(connections[name].foreign_count, 0)
                self.assertEqual(bool(parcel.next_poll_at), state != "delivered")

    def test_no_file_is_left_out(self):
        files = {path.stem for path in MESSAGES.glob("*.json")}
        self.assertEqual(files, {one[0] for one in EXPECTED.values()})
