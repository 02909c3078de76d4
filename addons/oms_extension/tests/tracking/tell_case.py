"""Parcels of a customer with an address, and the jobs that write to her."""

from datetime import timedelta

from ..notice_case import NOON, NoticeCase
from .common import TrackingCase

NUMBER = "1Z12345E0205271688"


class TellCase(TrackingCase, NoticeCase):
    notices = "oms.shipment.notice"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "shop@example.com"
        cls.anna = cls.customer(name="Anna Rossi", email="anna@example.com", lang="en_US", tz=False)
        cls.env["oms.shipment.notice"].search([]).unlink()

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
