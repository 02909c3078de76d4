import re

from odoo import api, models
from odoo.tools import consteq, hash_sign, verify_hash_signed
from odoo.tools.misc import hmac

from .parcel import Parcel

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
ORDER_SCOPE = "oms_extension.tracking_order"
ORDER_HOURS = 12
"""For so long a page that was found by order number stays open; then it is to be found again."""
MAX_EVENTS = 100
"""Messages of a parcel that a page shows."""
MAX_PARCELS = 50
MAX_NAMESAKES = 20
"""Orders with the same number of the customer's among which the right one is looked for."""
MAX_INPUT = 128
SHORTEST_POSTCODE = 3
EVENT_FIELDS = (
    "shipment_id",
    "occurred_at",
    "tz",
    "state",
    "reason",
    "text",
    "place",
    "city",
    "country_code",
    "latitude",
    "longitude",
)
NOT_ALNUM = re.compile(r"[\W_]+")


class OmsTrackingPage(models.AbstractModel):
    """What customers see of their parcels, and how they come to see it.

    Who knows a parcel's link sees the parcel; who knows an order's number and the e-mail or the
    postcode on it sees the order's parcels, for some hours. Everything is read with all rights, so
    what is returned holds only what a customer may read.
    """

    _name = "oms.tracking.page"
    _description = "Tracking Page"

    # --- from a link --------------------------------------------------------------------------

    @api.model
    def _parcel_of_token(self, token):
        """The shipment that a link opens, else an empty record set."""
        shipments = self.env["oms.shipment"].sudo()
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            return shipments
        return shipments.search([("access_token", "=", token)], limit=1)

    @api.model
    def _link_to_order(self, order):
        """The key of a page with the order's parcels; signed, and valid for some hours."""
        return hash_sign(self.sudo().env, ORDER_SCOPE, [order.id], expiration_hours=ORDER_HOURS)

    @api.model
    def _order_of_link(self, key):
        """The order of such a key, else an empty record set."""
        orders = self.env["sale.order"].sudo()
        if not isinstance(key, str) or len(key) > 512:
            return orders
        try:
            found = verify_hash_signed(self.sudo().env, ORDER_SCOPE, key)
        except (ValueError, UnicodeError):
            return orders
        return orders.browse(found).exists() if found else orders

    # --- from an order number -----------------------------------------------------------------

    @api.model
    def _find_order(self, number, proof):
        """The order with this number (ours or the customer's) and e-mail or postcode, or none.

        The same statements run whether there is such an order or not, and every comparison is made
        in the same time, so that neither answer nor its time tells which numbers exist.
        """
        orders = self.env["sale.order"].sudo()
        number = (number or "").replace("\0", "").strip().lstrip("#").strip()[:MAX_INPUT]
        proof = (proof or "").strip()[:MAX_INPUT]
        spellings = sorted({number, number.upper()})
        self.env["sale.order"].flush_model(["name", "client_order_ref", "state", "partner_id"])
        self.env["res.partner"].flush_model(["email_normalized", "email", "zip"])
        self.env.cr.execute(
            """
            SELECT orders.id, lower(partner.email_normalized), lower(partner.email), partner.zip
            FROM (
                SELECT id, partner_id, partner_shipping_id, partner_invoice_id FROM sale_order
                WHERE name = ANY(%(numbers)s) AND state = 'sale'
                UNION
                SELECT id, partner_id, partner_shipping_id, partner_invoice_id FROM sale_order
                WHERE client_order_ref = ANY(%(numbers)s) AND state = 'sale'
                ORDER BY id DESC LIMIT %(most)s
            ) AS orders
            JOIN res_partner partner ON partner.id IN (
                orders.partner_id, orders.partner_shipping_id, orders.partner_invoice_id
            )
            ORDER BY orders.id DESC
            """,
            {"numbers": spellings if number else [], "most": MAX_NAMESAKES},
        )
        found = False
        email, postcode = proof.casefold(), _postcode(proof)
        rows = self.env.cr.fetchall() or [(False, "", "", "")]
        for order, *emails, zipcode in rows:
            # All are compared, whichever is the right one.
            same = sum(self._same(email, one or "") for one in emails)
            known = _postcode(zipcode or "")
            near = self._same(postcode, known) and len(known) >= SHORTEST_POSTCODE
            if order and proof and ((same and "@" in email) or near):
                found = found or order
        return orders.browse(found or [])

    @api.model
    def _same(self, one, other):
        """Compare two texts in a time that tells nothing about either."""
        env = self.sudo().env
        digests = (hmac(env, "oms_extension.tracking_lookup", text or " ") for text in (one, other))
        return consteq(*digests) and bool(one)

    # --- what is shown ------------------------------------------------------------------------

    @api.model
    def _shown_shipments(self, order, direction):
        """Parcels of an order that its customer sees."""
        return (
            self.env["oms.shipment"]
            .sudo()
            .search(
                [
                    ("order_id", "=", order.id),
                    ("company_id", "=", order.company_id.id),
                    ("direction", "=", direction),
                    ("state", "!=", "cancelled"),
                ],
                order="shipped_at, id",
                limit=MAX_PARCELS,
            )
        )

    @api.model
    def _order_page(self, order):
        """Dict of what a page says about an order: ``parcels`` that left or come back, parcels
        that are ``coming``, what is ``waiting`` for stock, ``summary``.
        """
        order = order.with_context(lang=self.env.lang)
        delivery = order._oms_portal_delivery() or {"parcels": [], "waiting": []}
        parcels = [one["tracking"] for one in delivery["parcels"] if "tracking" in one]
        coming = [one for one in delivery["parcels"] if "tracking" not in one]
        returns = self._parcels(self._shown_shipments(order, "return"))
        return {
            "parcels": parcels + returns,
            "coming": coming,
            "waiting": delivery["waiting"],
            "summary": self._summary(parcels, len(coming)),
        }

    @api.model
    def _besides(self, order, key):
        """Dict of what else the page offers; later rooms add to it.

        :param order: may be empty; ``key``: of the order's page, empty on the page of a parcel,
            which its link opens for others than the customer too
        """
        return {}

    @api.model
    def _parcels(self, shipments):
        """List with one dict per shipment, as ``Parcel.as_dict`` gives it; few queries for all."""
        shipments = shipments.with_context(lang=self.env.lang)
        most = MAX_EVENTS * len(shipments)
        found = (
            self.env["oms.shipment.event"]
            .sudo()
            .search_fetch(
                [("shipment_id", "in", shipments.ids)],
                EVENT_FIELDS,
                order="occurred_at desc, id desc",
                limit=most + 1,
            )
        )
        by_shipment = {}
        for event in found:
            by_shipment.setdefault(event.shipment_id.id, []).append(event)
        for shipment in shipments.filtered("events_archived"):
            by_shipment[shipment.id] = list(shipment._events())
        parcels = []
        for shipment in shipments:
            events = by_shipment.get(shipment.id, [])
            complete = len(events) <= MAX_EVENTS and len(found) <= most
            parcels.append(Parcel(shipment, events[:MAX_EVENTS], complete).as_dict())
        drawn = {}
        for parcel in parcels:
            # Parcels on one lane share one drawing of the land: it is most of a page.
            if parcel["map"]:
                first = drawn.setdefault(parcel["map"].land, parcel["id"])
                parcel["same_land"] = first if first != parcel["id"] else ""
        return parcels

    @api.model
    def _summary(self, parcels, coming):
        """``2 of 3 parcels delivered``, or an empty text for a single parcel.

        :param parcels: dicts of those that left; ``coming``: how many are still to leave
        """
        count = len(parcels) + coming
        if count < 2 or not parcels:
            return ""
        return self.env._(
            "%(delivered)s of %(count)s parcels delivered",
            delivered=sum(one["state"] == "delivered" for one in parcels),
            count=count,
        )


def _postcode(text):
    """Spelling apart: ``sw1a 2aa`` is ``SW1A2AA``."""
    return NOT_ALNUM.sub("", text).upper()
