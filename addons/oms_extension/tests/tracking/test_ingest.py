from datetime import datetime
from itertools import permutations

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TrackingCase

WAY = (
    ("label_created", "2026-03-01T08:00:00Z"),
    ("picked_up", "2026-03-01T17:00:00Z"),
    ("in_transit", "2026-03-02T02:00:00Z"),
    ("out_for_delivery", "2026-03-03T07:00:00Z"),
    ("delivered", "2026-03-03T11:00:00Z"),
)


@tagged("post_install", "-at_install")
class TestIngest(TrackingCase):
    def test_the_state_follows_from_the_events_in_whatever_order_they_come(self):
        for number, order in enumerate(permutations(WAY[1:])):
            tracking = f"N{number:05d}"
            shipment = self.shipment(tracking)
            for state, at in order:
                self.ingest(self.event(state, at, tracking))
            self.assertEqual(shipment.state, "delivered")
            self.assertEqual(shipment.delivered_at, datetime(2026, 3, 3, 11))
            self.assertEqual(shipment.first_scan_at, datetime(2026, 3, 1, 17))
            self.assertEqual(shipment.out_at, datetime(2026, 3, 3, 7))
            self.assertEqual(shipment.event_count, 4)

    def test_an_event_is_stored_once(self):
        shipment = self.shipment()
        events = [self.event(state, at) for state, at in WAY]
        self.assertEqual(
            self.ingest(*events, events[0]),
            {"stored": 5, "duplicate": 1, "unmatched": 0, "errors": []},
        )
        self.assertEqual(
            self.ingest(*reversed(events)),
            {"stored": 0, "duplicate": 5, "unmatched": 0, "errors": []},
        )
        self.assertEqual(len(shipment.event_ids), 5)
        self.assertEqual(shipment.event_count, 5)

    def test_of_late_events_only_those_that_are_new_are_stored(self):
        shipment = self.shipment()
        label, picked, transit, out, delivered = (self.event(state, at) for state, at in WAY)
        self.ingest(label, transit, delivered)
        answer = self.ingest(delivered, picked, transit, out, picked)
        self.assertEqual((answer["stored"], answer["duplicate"]), (2, 3))
        self.assertEqual(
            shipment.event_ids.sorted("occurred_at").mapped("state"), [state for state, _at in WAY]
        )
        self.assertEqual(shipment.event_count, 5)
        self.assertEqual(shipment.first_scan_at, datetime(2026, 3, 1, 17))
        self.assertEqual(shipment.state, "delivered")

    def test_another_event_of_the_latest_second_is_new(self):
        shipment = self.shipment()
        self.ingest(self.event("in_transit"))
        answer = self.ingest(self.event("in_transit"), self.event("customs"))
        self.assertEqual((answer["stored"], answer["duplicate"]), (1, 1))
        self.assertEqual(shipment.state, "customs")

    def test_texts_are_stored_as_they_were_said(self):
        shipment = self.shipment("777000111", oms_carrier_id=False)
        texts = [
            'a "front" door',
            "one, two; three",
            "two\nlines",
            "two\r\nlines",
            "\\.",
            "\\N",
            "\\",
        ]
        for minute, text in enumerate([*texts, "a\tb", "è ü 東京 😀"]):
            event = self.event("", f"2026-03-02T10:{minute:02d}:00Z", "777000111", carrier="")
            self.ingest(event | {"code": "Q9", "description": text})
        stored = shipment.event_ids.sorted("occurred_at")
        self.assertEqual(stored.mapped("text"), [*texts, "a\tb", "è ü 東京 😀"])
        self.assertEqual(set(stored.mapped("vocabulary")), {""})
        self.assertEqual(set(stored.mapped("signed_by")), {False})

    def test_the_same_scan_in_local_time_and_in_utc_is_one_event(self):
        self.shipment()
        place = {"city": "Milano", "country": "IT"}
        self.ingest(self.event(at="2026-07-02T12:00:00", location=place))
        answer = self.ingest(
            self.event(at="2026-07-02T10:00:00Z", location={"city": "MILANO", "country": "it"})
        )
        self.assertEqual(answer["duplicate"], 1)

    def test_events_of_unknown_parcels_wait_for_them(self):
        answer = self.ingest(self.event("picked_up"), self.event("picked_up"))
        self.assertEqual(answer, {"stored": 0, "duplicate": 1, "unmatched": 1, "errors": []})
        shipment = self.shipment()
        self.assertEqual(shipment.state, "picked_up")
        self.assertEqual(shipment.event_count, 1)
        self.assertEqual(self.ingest(self.event("picked_up"))["duplicate"], 1)

    def test_bad_events_are_refused_by_position_and_the_good_ones_stored(self):
        shipment = self.shipment()
        answer = self.ingest(
            self.event("picked_up"),
            {"status": "delivered", "occurred_at": "2026-03-03"},
            "nonsense",
            self.event(at="yesterday"),
            self.event(at="2999-01-01T00:00:00Z"),
            self.event(at="2026-03-03T11:00:00Z", colour="blue"),
            {"tracking_number": "1Z12345E0205271688", "occurred_at": "2026-03-03"},
            self.event("delivered", "2026-03-03T11:00:00Z", location={"latitude": "north"}),
            self.event(at=float("nan")),
            self.event(at="2026-03-03T11:00:00", timezone="Mars/Base"),
        )
        self.assertEqual(answer["stored"], 1)
        self.assertEqual([one["index"] for one in answer["errors"]], list(range(1, 10)))
        self.assertTrue(all(one["error"] for one in answer["errors"]))
        self.assertEqual(shipment.state, "picked_up")

    def test_what_cannot_be_stored_is_left_out_of_texts(self):
        shipment = self.shipment()
        odd = {"city": "Mi\ud83dlano\x00", "country": "IT"}
        answer = self.ingest(self.event(description="at \x00the \udc00door", location=odd))
        self.assertEqual((answer["stored"], answer["errors"]), (1, []))
        self.assertEqual(shipment.event_ids.text, "at the door")
        self.assertEqual(shipment.event_ids.city, "Milano")

    def test_an_unknown_code_is_kept_counted_and_moves_nothing_until_it_is_mapped(self):
        shipment = self.shipment()
        self.ingest(self.event("picked_up"))
        unknown = self.event("", "2026-03-04T10:00:00Z", code="Q9", description="Quantum leap")
        self.ingest(unknown)
        self.ingest(unknown | {"occurred_at": "2026-03-04T11:00:00Z"})
        self.assertEqual(shipment.state, "picked_up")
        code = self.env["oms.tracking.code"].search([("code", "=", "q9")])
        self.assertEqual((code.vocabulary, code.count, code.last_text), ("ups", 2, "Quantum leap"))
        code.write({"state": "on_hold", "reason": "security"})
        self.assertEqual((shipment.state, shipment.reason), ("on_hold", "security"))
        self.ingest(unknown | {"occurred_at": "2026-03-05T11:00:00Z"})
        self.assertEqual(set(shipment.event_ids.mapped("state")), {"picked_up", "on_hold"})
        code.unlink()
        self.assertEqual(shipment.state, "picked_up")

    def test_a_persons_mapping_comes_before_the_shipped_one(self):
        shipment = self.shipment()
        self.ingest(self.event("", code="D", description="Delivered"))
        self.env["oms.tracking.code"].create(
            {"vocabulary": "ups", "code": "D", "state": "ready_for_pickup"}
        )
        self.assertEqual(shipment.state, "ready_for_pickup")

    def test_an_estimate_is_no_event(self):
        shipment = self.shipment()
        one = {"tracking_number": "1Z12345E0205271688"}
        self.ingest(one | {"estimated_delivery": "2026-03-05T12:00:00Z"})
        self.ingest(one | {"estimated_delivery": "2026-03-07T12:00:00Z"})
        self.assertFalse(shipment.event_ids)
        self.assertEqual(shipment.carrier_promised_at, datetime(2026, 3, 5, 12))
        self.assertEqual(shipment.carrier_eta_at, datetime(2026, 3, 7, 12))

    def test_a_number_of_another_carrier_is_another_parcel(self):
        shipment = self.shipment("123456789012")
        answer = self.ingest(self.event("delivered", number="123456789012", carrier="gls"))
        self.assertEqual(answer["unmatched"], 1)
        self.assertEqual(shipment.state, "pending")

    def test_a_corrected_number_gives_the_events_back(self):
        wrong = self.shipment("1111")
        self.ingest(self.event("delivered", number="1111"))
        self.assertEqual(wrong.state, "delivered")
        wrong.tracking_number = "2222"
        self.assertEqual(wrong.state, "pending")
        self.assertFalse(wrong.delivered_at)
        right = self.shipment("1111")
        self.assertEqual(right.state, "delivered")

    def test_another_companys_parcel_is_not_touched(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.shipment(company_id=other.id)
        self.ingest(self.event("delivered"))
        self.assertEqual(theirs.state, "pending")

    def test_who_may_not_change_shipments_may_not_tell_events(self):
        viewer = new_test_user(
            self.env, "track_viewer", "oms_extension.group_readonly", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            self.env["oms.shipment"].with_user(viewer).ingest_events([self.event()])
        with self.assertRaises(UserError):
            self.env["oms.shipment"].ingest_events({"tracking_number": "1"})
        with self.assertRaises(UserError):
            self.env["oms.shipment"].ingest_events([{}] * 5001)

    def test_a_batch_takes_as_many_queries_as_one_event(self):
        for number in range(60):
            self.shipment(f"Q{number:05d}")
        self.env.flush_all()

        def events(count, hour):
            return [
                self.event(at=f"2026-03-02T{hour:02d}:00:00Z", number=f"Q{number:05d}")
                for number in range(count)
            ]

        self.ingest(*events(2, 8))
        with self.assertQueryCount(8):
            self.ingest(*events(60, 10))
