"""Many parcels in one line, for what is told from many."""

from datetime import datetime, timedelta

from .common import TrackingCase


class ScoreCase(TrackingCase):
    """Two services of two carriers from Italy, with parcels of the last weeks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gls = cls.env.ref("oms_extension.carrier_gls")
        cls.second = cls.service.copy({"oms_carrier_id": cls.gls.id})
        cls.second.name = "Second"
        cls.italy = cls.env.ref("base.it")

    @classmethod
    def ago(cls, days, hour=10):
        """A moment so many days ago (UTC), on the hour."""
        return datetime.now().replace(hour=hour, minute=0, second=0, microsecond=0) - timedelta(
            days=days
        )

    @classmethod
    def parcels(cls, count, days=3.0, left=40, service=None, spread=0.0, **values):
        """``count`` parcels handed over ``left`` days ago that took ``days`` days, more or less by
        ``spread``.
        """
        shipped = cls.ago(left)
        service = service or cls.service
        return cls.env["oms.shipment"].create(
            [
                {
                    "name": f"{service.name} {left} {number}",
                    "company_id": cls.company.id,
                    "warehouse_id": cls.warehouses["IT"].id,
                    "carrier_id": service.id,
                    "country_id": cls.italy.id,
                    "zip": "03100",
                    "state": "delivered",
                    "ordered_at": shipped,
                    "shipped_at": shipped,
                    "first_scan_at": shipped + timedelta(hours=6),
                    "delivered_at": (
                        arrived := shipped + timedelta(days=days + spread * (number % 5 - 2))
                    ),
                    "first_attempt_at": arrived,
                    "promised_at": shipped + timedelta(days=3, hours=8),
                    "cost": 5.0,
                    "weight": 1.5,
                }
                | values
                for number in range(count)
            ]
        )
