from odoo import models


class SaleOrder(models.Model):
    """The parcels on the order's own page say where they are."""

    _inherit = "sale.order"

    def _oms_portal_delivery(self):
        delivery = super()._oms_portal_delivery()
        if delivery:
            parcels = [one["tracking"] for one in delivery["parcels"] if "tracking" in one]
            summary = self.env["oms.tracking.page"]._summary(
                parcels, len(delivery["parcels"]) - len(parcels)
            )
            if summary:
                delivery["summary"] = f"{delivery['summary']} {summary}."
        return delivery

    def _oms_portal_shipped(self, delivery):
        """One dict per shipment, with what the tracking page tells of it under ``tracking``.

        Transfers without shipments (from before this addon was installed) stay what they were.
        """
        self.ensure_one()
        page = self.env["oms.tracking.page"]
        shipments = page._shown_shipments(self, "outbound")
        told = [
            {
                "status": "shipped",
                "when": parcel["shipped"],
                "due": "",
                "origin": parcel["origin"],
                "contents": parcel["contents"],
                "tracking": parcel,
            }
            for parcel in page._parcels(shipments)
        ]
        return told + delivery.shipped(self.picking_ids - shipments.picking_id)

    def _oms_readable_by(self, user):
        """Whether an account may open the order's own page."""
        self.ensure_one()
        order = self.with_user(user)
        return order.has_access("read")
