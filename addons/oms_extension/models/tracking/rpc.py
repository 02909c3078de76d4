from odoo import api, models
from odoo.exceptions import UserError

from .timeline import iso

MAX_EVENTS = 5000


class OmsShipment(models.Model):
    """What other programs may tell and ask about parcels, see ``docs/api.md``."""

    _inherit = "oms.shipment"

    @api.model
    def ingest_events(self, events):
        """Store carrier events and bring their shipments up to date.

        Each event stands alone: the good ones are stored whatever the others are. An event is
        stored once, however often and in whatever order it comes.

        :param list events: at most 5,000 dicts: ``tracking_number`` (required), ``carrier``,
            ``code`` (the carrier's) or ``status`` (one of our states), ``occurred_at`` (ISO 8601;
            local time without offset allowed), ``location`` (text, or dict with ``city``,
            ``state``, ``postcode``, ``country``, ``latitude``, ``longitude``), ``description``,
            ``event_id``, ``vocabulary``, ``timezone``, ``signed_by``, ``estimated_delivery``
        :return: dict ``stored``, ``duplicate``, ``unmatched`` (kept until their parcel is known)
            and ``errors``: list of dicts ``index``, ``error``
        :raise UserError: no list, or too long
        :raise AccessError: the user may not change shipments
        """
        self.check_access("write")
        if not isinstance(events, list) or len(events) > MAX_EVENTS:
            raise UserError(
                self.env._("Send a list of at most %(count)s events.", count=MAX_EVENTS)
            )
        return self.env["oms.tracking.ingest"]._take(events, "rpc")

    @api.model
    @api.readonly
    def timeline(self, reference):
        """Where the parcels of an order are, and what happened on their way.

        :param str reference: number of an order (ours or the customer's), of a transfer, of a
            shipment, or a tracking number
        :return: dict ``reference``, ``order`` (number, or false), ``customer``, ``state`` and
            ``summary`` of the order, ``parcels``: list as :meth:`_timeline` gives it
        :raise UserError: nothing has this reference, as far as the user may see
        """
        order, shipments = self._find_reference(reference)
        if not order and not shipments:
            raise UserError(
                self.env._(
                    "No order, shipment or tracking number '%(reference)s' was found. Check the "
                    "number, or register the parcel first.",
                    reference=str(reference)[:80],
                )
            )
        return {
            "reference": str(reference),
            "order": order.name or False,
            "customer_reference": order.client_order_ref or False,
            "customer": order.partner_id.name or shipments.partner_id[:1].name or False,
            "ordered_at": iso(order.date_order),
            "state": order.oms_tracking_state or shipments[:1].state or False,
            "summary": order.oms_tracking_summary or False,
            "parcels": shipments._timeline(),
        }
