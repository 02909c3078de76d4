"""Live returns through the very doors that customers and people use, set back in time after."""

import base64
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from odoo.fields import Command, Datetime

from ...story.carriers import number
from ...story.network import ECONOMY
from ...story.orders import INVOICED
from ...story.parcels import Dispatch, events
from ...story.parcels.dispatch import warehouse_place
from ...story.returns.scenes import ANY, DEAR, PAIR, REFUSAL, RETURN_SCENES
from ..catalogue import done_on
from ..labels import CARRIER_OF, place_of
from .photo import box

LABEL_SERIAL = 499_100
ARRIVED_DAYS, SOLD_DAYS = (15, 29), 20
"""Days since the goods arrived: long enough that the scenes make no cause of their own."""
CHEAP, AUTOMATIC = (25.0, 120.0), 150.0
"""Prices of what is approved by itself, and above which a person decides."""


def build(books):
    """Play every scene."""
    stage = Stage(books)
    for scene in RETURN_SCENES:
        stage.play(scene)
    stage.name_the_others()
    stage.tell_nobody()


class Stage:
    """Hands out orders, each once, and plays returns of them."""

    def __init__(self, books):
        self.books = books
        self.env = books.env
        self.free = self._delivered()
        self.labels = 0

    def _delivered(self):
        """Orders of the story that were invoiced and reached their customers, from each warehouse
        in turn."""
        now, (least, most) = Datetime.now(), ARRIVED_DAYS
        by_place = defaultdict(list)
        for one in reversed(self.books.story.orders):
            if one.fate != INVOICED or one.story or not one.ref.startswith("WEB"):
                continue
            order = self.books.orders[one.ref]
            parcels = order.oms_shipment_ids
            if (
                parcels
                and all(parcel.state == "delivered" for parcel in parcels)
                and least <= (now - min(parcels.mapped("delivered_at"))).days < most
                and not order.oms_return_ids
            ):
                by_place[parcels[:1].warehouse_id].append(order)
        turns = zip_longest(*by_place.values())
        return [order for turn in turns for order in turn if order]

    # --- which order ----------------------------------------------------------------------------

    def order_for(self, scene):
        """The order line that a scene is about."""
        if scene.order.startswith("sell:"):
            return self._sell(scene).order_line[:1]
        if scene.order not in (ANY, DEAR, PAIR):
            order = self.env.ref(f"oms_extension.demo_order_{scene.order}")
            order.tag_ids = [Command.link(self._tag(scene).id)]
            return self._arrived(order)
        for order in self.free:
            for line in self._goods(order):
                if self._fits(scene, line):
                    self.free.remove(order)
                    order.tag_ids = [Command.link(self._tag(scene).id)]
                    return line
        raise ValueError(f"No order of the demo fits the return scene {scene.key}.")

    def _fits(self, scene, line):
        paid = line.price_total / (line.product_uom_qty or 1) * scene.units
        if scene.order == DEAR:
            return paid > AUTOMATIC
        if scene.order == PAIR:
            return line.qty_delivered >= scene.units and paid < 3 * AUTOMATIC
        if scene.key in ("refurbished", "repair") and line.product_id.standard_price < 25:
            return False
        return CHEAP[0] < paid < CHEAP[1] and line.qty_delivered >= scene.units

    def _goods(self, order):
        return order.order_line.filtered(lambda line: line.product_id.type == "consu")

    def _arrived(self, order):
        """A line of which something has arrived."""
        lines = self._goods(order)
        parcels = order.oms_shipment_ids.filtered(
            lambda one: one.state in ("delivered", "damaged") and one.line_ids
        )
        return (parcels.line_ids.order_line_id & lines)[:1] or lines[:1]

    def _tag(self, scene):
        known = self.env["crm.tag"].search([("name", "=", scene.title)], limit=1)
        return known or known.create({"name": scene.title})

    def _sell(self, scene):
        """An order of the club shop that Odoo itself has sold, sent and invoiced."""
        books = self.books
        placed_at = Datetime.now() - timedelta(days=SOLD_DAYS)
        customer = scene.customer or books.story.club.customers[len(scene.key)].key
        order = self.env["sale.order"].create(
            {
                "partner_id": books.customers[customer].id,
                "company_id": books.company.id,
                "warehouse_id": books.warehouses["KAS"].id,
                "team_id": books.teams["club"].id,
                "user_id": books.users["sales"].id,
                "client_order_ref": f"DEMO-{scene.key.upper()}",
                "date_order": placed_at,
                "tag_ids": [Command.set(self._tag(scene).ids)],
                "order_line": [
                    Command.create(
                        {
                            "product_id": books.products[scene.order[5:]].id,
                            "product_uom_qty": scene.units,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        pickings = order.picking_ids
        pickings.move_ids.write({"picked": True})
        pickings._action_done()
        left_at = placed_at + timedelta(days=1)
        done_on(books, dict.fromkeys(pickings, left_at))
        invoice = order._create_invoices()
        invoice.invoice_date = left_at
        invoice.action_post()
        books.backdate(
            "sale.order", ("date_order", "create_date"), [(order.id, placed_at, placed_at)]
        )
        return order

    # --- what happens -----------------------------------------------------------------------------

    def play(self, scene):
        """Ask for the return, then do what was done since."""
        books = self.books
        line = self.order_for(scene)
        asked = {
            "order_line_id": line.id,
            "quantity": scene.units,
            "reason": scene.reason,
            "comment": scene.comment,
            "outcome": scene.outcome,
            "lot": scene.lot or False,
            "photos": self._photo(scene) if scene.photo else [],
        }
        if scene.exchange_for:
            asked["exchange_product_id"] = books.products[scene.exchange_for].id
        one = self.env["oms.return"]._request(
            line.order_id, [asked], scene.origin, way=scene.way, comment=scene.comment
        )
        one.user_id = books.users["service"]
        for step in scene.steps:
            name, _colon, what = step.partition(":")
            getattr(self, f"_{name}")(one, scene, what)
        books.name(one, f"return_{scene.key}")
        self._set_back(one, scene)

    def _approve(self, one, _scene, _what):
        if one.state == "requested":
            one.with_user(self.books.users["service"]).action_approve()

    def _label(self, one, _scene, _what):
        """The parcel has a number, and its carrier has seen it."""
        self.labels += 1
        carrier = CARRIER_OF[ECONOMY]
        tracking_number = number(carrier, LABEL_SERIAL + self.labels)
        one.picking_ids.write(
            {"carrier_id": self.books.services[ECONOMY].id, "carrier_tracking_ref": tracking_number}
        )
        left_at = (Datetime.now() - timedelta(days=2)).replace(hour=15, minute=10)
        shipment = one.picking_ids.oms_shipment_ids
        self.books.backdate(
            "oms.shipment", ("shipped_at", "create_date"), [(shipment.id, left_at, left_at)]
        )
        dispatch = Dispatch(
            key="return_label",
            number=tracking_number,
            carrier_key=carrier,
            origin=place_of(one.order_id.partner_shipping_id),
            target=warehouse_place(one.warehouse_id.code),
            left_at=left_at,
            days=4,
            plot="under_way",
        )
        news = events(dispatch, datetime.now(UTC).replace(microsecond=0))
        self.env["oms.tracking.ingest"]._take(
            news, dispatch.carrier.door, company=self.books.company
        )
        shipment._follow_safely()

    def _take(self, one, scene, condition):
        line = one.line_ids[:1]
        self._at_the_table(
            one,
            {"line": line.id, "condition": condition, "lot": scene.lot or False, "quantity": 1},
        )

    def _wrong(self, one, scene, _what):
        other = self.books.products["HYD-CAN"]
        self._at_the_table(
            one,
            {
                "line": False,
                "product": other.id,
                "problem": "wrong_item",
                "condition": "a",
                "note": "Not what was announced: a water canister was in the box.",
                "photos": [base64.b64encode(box("#2f7d6d")).decode()],
            },
        )

    def _at_the_table(self, one, values):
        table = self.env["oms.return"].with_user(self.books.users["warehouse"])
        table.table_take(one.id, values | {"warehouse": one.warehouse_id.id}, f"demo-{one.id}")

    def _refund(self, one, _scene, _what):
        one._refund()

    def _reject(self, one, _scene, _what):
        one.with_user(self.books.users["service"]).action_reject(REFUSAL)

    def _cancel(self, one, _scene, _what):
        one.with_user(self.books.users["service"]).action_cancel()

    def _photo(self, scene):
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{scene.key}.png",
                "raw": box("#8a5a2b"),
                "mimetype": "image/png",
                "company_id": self.books.company.id,
            }
        )
        return attachment.ids

    def _set_back(self, one, scene):
        """It was asked for some days ago, and taken in since."""
        now = Datetime.now()
        asked = now - timedelta(hours=1)
        if scene.days_ago:
            day = now - timedelta(days=scene.days_ago)
            asked = day.replace(hour=7 + len(scene.key), minute=5 * len(scene.title) % 60)
        came = min(asked + timedelta(days=max(scene.days_ago - 1, 0), hours=2), now)
        for name, at in (
            ("requested_at", asked),
            ("create_date", asked),
            ("approved_at", asked + timedelta(minutes=2)),
            ("received_at", came),
            ("done_at", came + timedelta(minutes=30)),
        ):
            if one[name]:
                self.books.backdate("oms.return", (name,), [(one.id, min(at, now))])
        lines = [(line.id, asked, asked) for line in one.line_ids]
        self.books.backdate("oms.return.line", ("requested_at", "create_date"), lines)
        units = [(unit.id, came) for unit in one.inspection_ids]
        self.books.backdate("oms.return.inspection", ("inspected_at",), units)

    # --- around it --------------------------------------------------------------------------------

    def name_the_others(self):
        """Those that came without being announced: by a plain transfer, and by a carrier."""
        for key, origin in (("unannounced", "transfer"), ("carrier", "carrier")):
            one = self.env["oms.return"].search(
                [("company_id", "=", self.books.company.id), ("origin", "=", origin)],
                order="id", limit=1,
            )  # fmt: skip
            if one:
                self.books.name(one, f"return_{key}")
                parcel = one.shipment_ids[:1]
                at = min(parcel.state_at or parcel.shipped_at or one.requested_at, one.requested_at)
                self.books.backdate(
                    "oms.return",
                    ("requested_at", "approved_at", "create_date"),
                    [(one.id, at, at, at)],
                )
                lines = [(line.id, at) for line in one.line_ids]
                self.books.backdate("oms.return.line", ("requested_at",), lines)

    def tell_nobody(self):
        """What customers would have been told was told: the demo writes to nobody by itself."""
        notices = self.env["oms.return.notice"].search(
            [("company_id", "=", self.books.company.id), ("state", "=", "queued")]
        )
        for notice in notices:
            at = notice.return_id.requested_at
            notice.write({"state": "sent", "planned_at": at, "written_at": at, "sent_at": at})
