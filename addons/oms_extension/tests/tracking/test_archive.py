from odoo.tests import tagged

from .common import TrackingCase


@tagged("post_install", "-at_install")
class TestArchive(TrackingCase):
    def setUp(self):
        super().setUp()
        self.old = self.shipment()
        self.way = [
            self.event("picked_up", "2024-03-01T17:00:00Z", description='He said: "là, \\ 1\t2"'),
            self.event("out_for_delivery", "2024-03-02T07:00:00Z", location={"city": "Milano"}),
            self.event("delivered", "2024-03-02T11:00:00Z", signed_by="Neri"),
        ]
        self.ingest(*self.way)
        self.open = self.shipment("OPEN1")
        self.ingest(self.event("in_transit", "2024-03-01T17:00:00Z", "OPEN1"))
        self.fresh = self.shipment("FRESH1")
        self.ingest(self.event("delivered", "2026-11-01T17:00:00Z", "FRESH1"))
        self.before = self.old._timeline()

    def archive(self):
        found = self.env["oms.shipment"].browse(
            self.env["oms.shipment"]._to_archive(self.company, "2025-01-01")
        )
        found._archive_events()
        return found

    def test_only_parcels_that_ended_long_ago_are_folded(self):
        self.assertEqual(self.archive(), self.old)
        self.assertFalse(self.old.event_ids)
        self.assertTrue(self.old.events_archived)
        self.assertFalse(self.archive())

    def test_the_timeline_stays_as_it_was(self):
        self.archive()
        self.assertEqual(self.old._timeline(), self.before)
        self.assertEqual(self.old.event_count, 3)

    def test_late_news_finds_the_events_and_stores_none_twice(self):
        self.archive()
        answer = self.ingest(*self.way, self.event("returning", "2024-03-05T11:00:00Z"))
        self.assertEqual((answer["stored"], answer["duplicate"]), (1, 3))
        self.assertEqual(self.old.state, "returning")
        self.assertEqual(self.old.event_count, 4)
        self.assertEqual(len(self.old.event_ids), 4)
        self.assertFalse(self.old.events_archived)

    def test_a_corrected_number_takes_archived_events_along(self):
        self.archive()
        self.old.tracking_number = "OTHER"
        self.assertEqual(self.old.state, "pending")
        self.assertEqual(self.shipment().state, "delivered")

    def test_the_customers_page_and_the_map_stay_as_they_were(self):
        page = self.env["oms.tracking.page"]

        def shown():
            (parcel,) = page._parcels(self.old)
            return {name: parcel[name] for name in parcel if name not in ("map", "shipment")}

        before, stops = shown(), self.old._seen_stops(None, None)
        self.archive()
        self.assertEqual(shown(), before)
        self.assertEqual(self.old._seen_stops(None, None), stops)
