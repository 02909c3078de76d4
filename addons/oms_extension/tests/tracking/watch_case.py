"""Parcels on their way, and a clock that can be put forward."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from .common import TrackingCase

NUMBER = "1Z12345E0205271688"


class WatchCase(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Some time ago, so that what happens later in a test is not in the future.
        cls.now = fields.Datetime.now() - timedelta(days=30)
        # The carrier is heard of: its silence about one parcel is that parcel's.
        cls.other = cls.shipment("HEARD")
        cls.env["oms.shipment"].ingest_events([cls.event("picked_up", cls.ago(1), "HEARD")])

    @classmethod
    def ago(cls, hours):
        """ISO 8601 of some hours ago."""
        return (cls.now - timedelta(hours=hours)).isoformat() + "Z"

    @classmethod
    @contextmanager
    def at(cls, hours=0):
        """Some hours after the test began."""
        now = cls.now + timedelta(hours=hours)
        with patch.object(fields.Datetime, "now", lambda *_: now):
            yield now

    def later(self, hours):
        """Let time pass, and the job that finds silent parcels run."""
        with self.at(hours) as now:
            due = self.env["oms.shipment"].search([("watch_at", "<=", now)])
            if due:
                due._watch_safely()

    def tell(self, state, hours_ago, number=NUMBER, after=0, **more):
        with self.at(after):
            self.ingest(self.event(state, self.ago(hours_ago), number, **more))
            self.env["oms.shipment"].search([("follow_pending", "=", True)])._follow_safely()

    def watch(self, *shipments):
        with self.at():
            self.env["oms.shipment"].union(*shipments)._watch()

    def recheck(self):
        with self.at():
            self.env["oms.exception"].search([("state", "!=", "closed")])._recheck()

    def kinds(self, shipment, *states):
        states = states or ("open", "snoozed")
        return shipment.exception_ids.filtered(lambda one: one.state in states).mapped("kind")
