"""Parcels that took so and so many days, each in one line."""

from datetime import datetime, timedelta
from random import Random

from .common import TrackingCase

NOW = datetime(2026, 3, 13, 10)  # a Friday
MILANO = {"city": "Milano", "zip": "20121"}
PALERMO = {"city": "Palermo", "zip": "90133"}


class EtaCase(TrackingCase):
    """A company without parcels but its own, and its arrival model; now is :data:`NOW`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["oms.shipment"].search([]).active = False
        cls.model = cls.env["oms.eta.model"]._for_company(cls.company)

    @classmethod
    def deliveries(cls, count, days, ago=300, wait=1, **values):
        """Delivered parcels over the last ``ago`` days: ``wait`` to the hand-over, ``days`` then.

        ``days`` is a list from which they take turns.
        """
        italy = cls.env.ref("base.it").id
        draw = Random(count)
        rows = []
        for number in range(count):
            start = NOW - timedelta(days=draw.randrange(20, ago), hours=3)
            shipped = start + timedelta(days=wait)
            rows.append(
                {
                    "name": f"D{number}",
                    "company_id": cls.company.id,
                    "oms_carrier_id": cls.ups.id,
                    "carrier_id": cls.service.id,
                    "warehouse_id": cls.warehouses["IT"].id,
                    "country_id": italy,
                    "ordered_at": start,
                    "shipped_at": shipped,
                    "delivered_at": shipped + timedelta(days=days[number % len(days)]),
                    "promised_at": shipped + timedelta(days=4),
                    "state": "delivered",
                }
                | MILANO
                | values
            )
        return cls.env["oms.shipment"].create(rows)

    @classmethod
    def parcel(cls, ago=0.1, **values):
        """A parcel that was handed over ``ago`` days ago."""
        shipped = NOW - timedelta(days=ago)
        return cls.shipment(
            **{
                "warehouse_id": cls.warehouses["IT"].id,
                "carrier_id": cls.service.id,
                "ordered_at": shipped - timedelta(days=1),
                "shipped_at": shipped,
                "promised_at": NOW + timedelta(days=4),
                "state": "in_transit",
                **MILANO,
                **values,
            }
        )

    def days(self, moment):
        return (moment.date() - NOW.date()).days
