from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import TrackingCase

NOW = fields.Datetime.now().replace(microsecond=0)


@tagged("post_install", "-at_install")
class TestShipmentViews(TrackingCase):
    def late(self, **values):
        columns = ", ".join(f"{name} = %s" for name in values)
        shipment = self.shipment(f"N{self.env['oms.shipment'].search_count([])}")
        self.env.cr.execute(
            f"UPDATE oms_shipment SET {columns} WHERE id = %s", [*values.values(), shipment.id]
        )
        shipment.invalidate_recordset()
        return shipment

    def test_late_is_the_same_on_screen_and_in_the_filter(self):
        day = timedelta(days=1)
        cases = [
            (False, {"promised_at": None}),
            (False, {"promised_at": NOW + day}),
            (True, {"promised_at": NOW - day}),
            (True, {"promised_at": NOW + day, "eta_at": NOW + 2 * day}),
            (False, {"promised_at": NOW + day, "eta_at": NOW + day / 2}),
            (True, {"promised_at": NOW - 2 * day, "delivered_at": NOW - day, "state": "delivered"}),
            (
                False,
                {"promised_at": NOW - day, "delivered_at": NOW - 2 * day, "state": "delivered"},
            ),
            (False, {"promised_at": NOW - day, "state": "lost"}),
            (False, {"promised_at": NOW - day, "state": "cancelled"}),
        ]
        shipments = self.env["oms.shipment"]
        for expected, values in cases:
            shipment = self.late(**values)
            shipments |= shipment
            self.assertEqual(shipment.is_late, expected, values)
        ours = [("id", "in", shipments.ids)]
        late = shipments.filtered("is_late")
        self.assertEqual(
            shipments.search([*ours, ("is_late", "=", True)]),
            shipments.search([("id", "in", late.ids)]),
        )
        self.assertEqual(
            shipments.search([*ours, ("is_late", "=", False)]).ids,
            shipments.search([("id", "in", (shipments - late).ids)]).ids,
        )

    def test_each_filter_of_the_search_view_works(self):
        self.shipment()
        arch = self.env["oms.shipment"].get_view(
            self.env.ref("oms_extension.oms_shipment_search").id, "search"
        )["arch"]
        for one in etree.fromstring(arch).iterfind(".//filter[@domain]"):
            domain = safe_eval(one.get("domain"), {"uid": self.env.uid})
            self.env["oms.shipment"].search(domain)

    def test_the_expected_day_can_be_searched_by_the_calendar(self):
        delivered = self.late(
            delivered_at=NOW, state="delivered", promised_at=NOW + timedelta(days=30)
        )
        expected = self.late(eta_at=NOW + timedelta(days=1))
        found = self.env["oms.shipment"].search(
            [
                ("id", "in", (delivered | expected).ids),
                ("expected_at", ">=", NOW - timedelta(days=1)),
                ("expected_at", "<=", NOW + timedelta(days=2)),
            ]
        )
        self.assertEqual(found, delivered | expected)
        self.assertEqual(delivered.expected_at, NOW)

    def test_the_route_goes_over_the_places_where_it_was_seen(self):
        shipment = self.shipment(warehouse_id=self.warehouses["IT"].id, zip="20121", city="Milano")
        shipment.warehouse_id.partner_id.write(
            {"city": "Torino", "partner_latitude": 45.07, "partner_longitude": 7.69}
        )
        self.ingest(
            self.event(
                "picked_up", "2026-03-02T08:00:00Z", location={"city": "TORINO", "country": "IT"}
            ),
            self.event(
                "in_transit", "2026-03-02T12:00:00Z", location={"city": "BOLOGNA", "country": "IT"}
            ),
            self.event(
                "in_transit", "2026-03-02T14:00:00Z", location={"city": "Bologna", "country": "IT"}
            ),
            self.event(
                "in_transit", "2026-03-02T20:00:00Z", location={"city": "Xyzzy", "country": "IT"}
            ),
        )
        route = shipment.route
        self.assertEqual(
            [(one["kind"], one["label"]) for one in route["stops"]],
            [("origin", "Milano"), ("seen", "Bologna"), ("destination", "Milano")],
        )
        self.assertEqual(route["reached"], 2)
        self.ingest(
            self.event(
                "out_for_delivery",
                "2026-03-03T07:00:00Z",
                location={"city": "Milano", "country": "IT"},
            )
        )
        self.assertEqual(shipment.route["reached"], 3)

    def test_the_map_counts_by_place_and_tone(self):
        domain = [("company_id", "=", self.company.id)]
        for number, postcode in enumerate(("20121", "20121", "00184", False)):
            self.shipment(
                f"M{number}",
                zip=postcode,
                city=postcode and "Town",
                promised_at=NOW - timedelta(days=1) if number == 0 else False,
            )
        points = self.env["oms.shipment"].map_points(domain)
        self.assertEqual((points["count"], points["unplaced"]), (4, 1))
        milano, roma = points["places"]
        self.assertEqual(milano["tones"], {"warning": 1, "muted": 1})
        self.assertEqual(roma["count"], 1)
        self.assertEqual(self.env["oms.shipment"].search_count([*domain, *milano["domain"]]), 2)

    def test_a_parcel_made_by_hand(self):
        order = self.order({self.thing: 1})
        with Form(self.env["oms.shipment"], "oms_extension.oms_shipment_form") as form:
            form.tracking_number = "JD0001"
            form.order_id = order
        shipment = form.record
        self.assertEqual(shipment.name, "JD0001")
        self.assertEqual(shipment.partner_id, order.partner_shipping_id)
        self.assertEqual(shipment.zip, "20121")
        self.assertEqual(shipment.display_name, f"{order.name} · JD0001")

    def test_the_order_shows_its_parcels(self):
        order = self.order({self.thing: 1})
        self.send(order)
        self.ingest(self.event("lost"))
        self.assertEqual(order.oms_tracking_tone, "danger")
        found = self.env["sale.order"].search(
            [("id", "=", order.id), ("oms_shipment_ids", "any", [("is_trouble", "=", True)])]
        )
        self.assertEqual(found, order)
        self.assertEqual(order.action_oms_shipments()["res_id"], order.oms_shipment_ids.id)

    def test_a_return_does_not_trouble_the_order(self):
        order = self.order({self.thing: 1})
        self.send(order)
        self.ingest(self.event("delivered"))
        self.shipment("R1", order_id=order.id, direction="return")
        self.ingest(self.event("lost", number="R1"))
        self.assertEqual(
            (order.oms_tracking_state, order.oms_tracking_tone), ("delivered", "success")
        )
