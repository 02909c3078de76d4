"""Parcels of a customer with an address, and the jobs that write to her."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.mail.tests.common import MailCase

from .common import TrackingCase

NUMBER = "1Z12345E0205271688"
NOON = datetime(2026, 3, 4, 11)  # a Wednesday, in Rome


class TellCase(TrackingCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "shop@example.com"
        cls.anna = cls.customer(name="Anna Rossi", email="anna@example.com", lang="en_US", tz=False)
        cls.clock = NOON
        cls.env["oms.shipment.notice"].search([]).unlink()

    @contextmanager
    def at(self, moment=None):
        now = moment or self.clock
        with patch.object(fields.Datetime, "now", lambda *_: now):
            yield now

    @classmethod
    def parcel(cls, number=NUMBER, **values):
        values = {"partner_id": cls.anna.id, "zip": "20121"} | values
        return cls.shipment(number, **values)

    def news(self, state, hours_ago=0, number=NUMBER, moment=None, **more):
        """The carrier tells something that happened some hours before ``moment``."""
        with self.at(moment) as now:
            at = (now - timedelta(hours=hours_ago)).isoformat() + "Z"
            self.ingest(self.event(state, at, number, **more))
            self.follow(now)

    def follow(self, moment=None):
        with self.at(moment):
            pending = self.env["oms.shipment"].search([("follow_pending", "=", True)])
            if pending:
                pending._follow_safely()

    def expect(self, shipment, days):
        """The arrival is estimated at so many days after noon, within two days."""
        moments = [NOON + timedelta(days=days + more) for more in (0, -1, 1)]
        shipment.write(dict(zip(("eta_at", "eta_low_at", "eta_high_at"), moments, strict=True)))
        with self.at():
            shipment._tell()

    def write_mails(self, moment=None, keep=True):
        """What the job does, without committing. ``keep``: to look at the mails."""
        notices = self.env["oms.shipment.notice"]
        with self.at(moment) as now, self.mock_mail_gateway(mail_unlink_sent=not keep):
            due = notices.search(
                [
                    ("state", "=", "queued"),
                    ("written_at", "=", False),
                    ("planned_at", "<=", now),
                ]
            )
            if due:
                due._write_safely()
            self.mails = self._new_mails
            self.mails.send()
        return self.mails

    def told(self, shipment, state="sent"):
        return shipment.notice_ids.filtered(lambda one: one.state == state).mapped("kind")
