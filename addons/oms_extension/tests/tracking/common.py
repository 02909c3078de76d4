"""Parcels and what carriers say about them, each in one line."""

from ..common import OmsCase


class TrackingCase(OmsCase):
    """A warehouse in Italy, a service of UPS, and a delivered order when asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT")
        cls.ups = cls.env.ref("oms_extension.carrier_ups")
        cls.service = cls.env["delivery.carrier"].create(
            {
                "name": "Parcel",
                "delivery_type": "fixed",
                "product_id": cls.env["product.product"]
                .create({"name": "Parcel", "type": "service", "default_code": "SHIP"})
                .id,
                "company_id": cls.company.id,
                "oms_carrier_id": cls.ups.id,
            }
        )
        cls.thing = cls.product("Thing", stock={"IT": 100})

    @classmethod
    def shipment(cls, number="1Z12345E0205271688", **values):
        return cls.env["oms.shipment"].create(
            {
                "name": number or "P1",
                "tracking_number": number,
                "company_id": cls.company.id,
                "oms_carrier_id": cls.ups.id,
                "city": "Milano",
                "country_id": cls.env.ref("base.it").id,
            }
            | values
        )

    @classmethod
    def event(
        cls, status="in_transit", at="2026-03-02T10:00:00Z", number="1Z12345E0205271688", **more
    ):
        return {"tracking_number": number, "status": status, "occurred_at": at} | more

    @classmethod
    def ingest(cls, *events):
        return cls.env["oms.shipment"].ingest_events(list(events))

    @classmethod
    def send(cls, order, tracking="1Z12345E0205271688"):
        """Deliver an order; its shipments."""
        pickings = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        pickings.carrier_tracking_ref = tracking
        pickings.carrier_id = cls.service
        pickings.move_ids.picked = True
        pickings._action_done()
        return order.oms_shipment_ids
