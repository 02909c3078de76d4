from datetime import UTC

from odoo import api, models

from ...engine.tracking.numbers import normalise


class OmsShipment(models.Model):
    """The way of parcels as plain data, for programs and screens."""

    _inherit = "oms.shipment"

    def _timeline(self):
        """List with one dict per shipment, see ``docs/api.md``; three queries for all."""
        names = dict(self._fields["state"]._description_selection(self.env))
        parties = dict(self._fields["party"]._description_selection(self.env))
        events = {
            shipment: [
                {
                    "occurred_at": iso(event["occurred_at"]),
                    "time_zone": event["tz"] or False,
                    "state": event["state"] or False,
                    "label": names.get(event["state"]) or event["text"] or event["code"] or False,
                    "reason": event["reason"] or False,
                    "party": event["party"] or False,
                    "code": event["code"] or event["status"] or False,
                    "text": event["text"] or False,
                    "place": event["place"] or False,
                    "latitude": event["latitude"] or False,
                    "longitude": event["longitude"] or False,
                    "door": event["door"],
                }
                for event in told
            ]
            for shipment, told in self._events_told().items()
        }
        return [
            {
                "id": one.id,
                "name": one.name,
                "direction": one.direction,
                "tracking_number": one.tracking_number or False,
                "carrier": one.oms_carrier_id.name or False,
                "carrier_code": one.oms_carrier_id.code or False,
                "service": one.carrier_id.sudo().name or False,
                "carrier_page": one.tracking_url or False,
                "state": one.state,
                "label": names[one.state],
                "reason": one.reason or False,
                "party": one.party or False,
                "party_label": parties.get(one.party) or False,
                "since": iso(one.state_at),
                "ordered_at": iso(one.ordered_at),
                "shipped_at": iso(one.shipped_at),
                "promised_at": iso(one.promised_at),
                "carrier_estimate": iso(one.carrier_eta_at),
                "estimate": {
                    "median": iso(one.eta_at),
                    "earliest": iso(one.eta_low_at),
                    "latest": iso(one.eta_high_at),
                    "why": one.eta_explanation or False,
                },
                "delivered_at": iso(one.delivered_at),
                "signed_by": one.signed_by or False,
                "failed_attempts": one.attempts,
                "weight": one.weight,
                "contents": [
                    {
                        "product": line.product_id.display_name,
                        "sku": line.product_id.default_code or False,
                        "quantity": line.quantity,
                    }
                    for line in one.line_ids
                ],
                "events": events[one.id],
            }
            for one in self
        ]

    @api.model
    def _find_reference(self, reference):
        """(order, shipments) that a reference names, as far as the user may see them.

        A tracking number names its parcel; an order (our number, the customer's, or a transfer's)
        all its parcels.
        """
        reference = str(reference or "").strip()
        if not reference:
            return self.env["sale.order"], self.browse()
        shipments = self.search(
            ["|", ("tracking_key", "=", normalise(reference)), ("name", "=", reference)]
        )
        if shipments:
            return shipments.order_id[:1], shipments
        order = self.env["sale.order"].search(
            [
                "|",
                "|",
                "|",
                ("name", "=", reference),
                ("client_order_ref", "=", reference),
                ("oms_external_reference", "=", reference),
                ("picking_ids.name", "=", reference),
            ],
            limit=1,
        )
        return order, order.oms_shipment_ids


def iso(moment):
    """ISO 8601 in UTC, or false: XML-RPC has no null."""
    return moment.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z") if moment else False
