from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TrackingCase


@tagged("post_install", "-at_install")
class TestShipment(TrackingCase):
    def pack(self, order, first, second):
        """Put so many units of the order's only line into packages A and B."""
        line = order.picking_ids.move_line_ids
        packages = self.env["stock.package"].create([{"name": "A"}, {"name": "B"}])
        line.quantity = first
        line.result_package_id = packages[0]
        line.copy(
            {
                "quantity": second,
                "picking_id": line.picking_id.id,
                "move_id": line.move_id.id,
                "result_package_id": packages[1].id,
            }
        )

    def test_a_validated_delivery_becomes_a_shipment_with_its_contents(self):
        order = self.order({self.thing: 3})
        self.assertFalse(order.oms_shipment_ids)
        shipment = self.send(order)
        self.assertEqual(len(shipment), 1)
        self.assertEqual(shipment.tracking_number, "1Z12345E0205271688")
        self.assertEqual(shipment.oms_carrier_id, self.ups)
        self.assertEqual(shipment.line_ids.mapped("quantity"), [3.0])
        self.assertEqual(shipment.line_ids.order_line_id, order.order_line)
        self.assertEqual((shipment.direction, shipment.state), ("outbound", "pending"))
        self.assertEqual(shipment.weight, 3.0)
        self.assertEqual(shipment.city, order.partner_shipping_id.city)
        self.assertTrue(shipment.access_token)
        self.assertTrue(shipment.shipped_at)

    def test_each_package_is_a_shipment(self):
        order = self.order({self.thing: 3})
        self.pack(order, 1, 2)
        shipments = self.send(order, "T-1,T-2")
        self.assertEqual(len(shipments), 2)
        by_package = {one.package_id.name: one for one in shipments}
        self.assertEqual(by_package["A"].tracking_number, "T-1")
        self.assertEqual(by_package["B"].tracking_number, "T-2")
        self.assertEqual(by_package["B"].line_ids.quantity, 2)
        self.ingest(self.event("delivered", number="T-1"))
        self.assertEqual(order.oms_tracking_summary, "1 of 2 delivered")
        self.assertEqual(order.oms_tracking_state, "pending")
        self.ingest(self.event("delivered", number="T-2"))
        self.assertEqual(order.oms_tracking_state, "delivered")

    def test_one_number_of_a_consignment_moves_all_its_parcels(self):
        order = self.order({self.thing: 2})
        self.pack(order, 1, 1)
        shipments = self.send(order, "T-1")
        self.ingest(self.event("out_for_delivery", number="T-1"))
        self.assertEqual(shipments.mapped("state"), ["out_for_delivery"] * 2)

    def test_more_labels_than_packages_are_parcels_too(self):
        shipments = self.send(self.order({self.thing: 2}), "T-1, T-2,T-3")
        self.assertEqual(set(shipments.mapped("tracking_number")), {"T-1", "T-2", "T-3"})
        self.assertEqual(sum(shipments.line_ids.mapped("quantity")), 2)

    def test_a_number_written_later_finds_its_shipment(self):
        order = self.order({self.thing: 1})
        shipment = self.send(order, False)
        self.assertFalse(shipment.tracking_number)
        self.ingest(self.event("delivered", number="T-9"))
        order.picking_ids.carrier_tracking_ref = "T-9"
        self.assertEqual(len(order.oms_shipment_ids), 1)
        self.assertEqual(shipment.state, "delivered")

    def test_an_order_is_delivered_when_all_of_it_is(self):
        order = self.order({self.thing: 120})
        shipment = self.send(order)
        self.ingest(self.event("delivered"))
        self.assertEqual(shipment.line_ids.quantity, 100)
        self.assertEqual(order.oms_tracking_summary, "1 of 2 delivered")
        self.assertEqual(order.oms_tracking_state, "pending")

    def test_orders_are_found_by_the_state_of_their_parcels(self):
        order = self.order({self.thing: 1})
        self.send(order)
        self.ingest(self.event("attempt_failed"))
        found = self.env["sale.order"].search([("oms_tracking_state", "=", "attempt_failed")])
        self.assertIn(order, found)
        self.assertNotIn(
            order, self.env["sale.order"].search([("oms_tracking_state", "=", "delivered")])
        )

    def test_the_timeline_is_found_by_any_number(self):
        order = self.order({self.thing: 1}, client_order_ref="WEB-77")
        shipment = self.send(order)
        self.ingest(
            self.event("picked_up", "2026-03-01T17:00:00Z", location={"city": "Milano"}),
            self.event("delivered", "2026-03-03T11:00:00Z"),
        )
        shipments = self.env["oms.shipment"]
        for reference in (order.name, "WEB-77", "1z 1234 5e02 0527 1688", order.picking_ids.name):
            answer = shipments.timeline(reference)
            self.assertEqual(answer["order"], order.name)
            parcel = answer["parcels"][0]
            self.assertEqual(parcel["id"], shipment.id)
            self.assertEqual([one["state"] for one in parcel["events"]], ["delivered", "picked_up"])
            self.assertEqual(parcel["delivered_at"], "2026-03-03T11:00:00Z")
        with self.assertRaises(UserError):
            shipments.timeline("nothing of ours")

    def test_registering_again_changes_nothing(self):
        parcel = {
            "tracking_number": "X-1",
            "carrier": "UPS",
            "recipient": {"city": "Roma", "country": "IT"},
            "shipped_at": "2026-03-01T10:00:00+01:00",
        }
        shipments = self.env["oms.shipment"]
        first, twin = shipments.register([parcel, parcel])
        self.assertEqual((first["status"], twin["status"]), ("created", "unchanged"))
        self.assertEqual(first["id"], twin["id"])
        again = shipments.register([parcel, {"tracking_number": "", "colour": 1}])
        self.assertEqual([one["status"] for one in again], ["unchanged", "rejected"])
        self.assertEqual(again[0]["id"], first["id"])
        self.assertEqual(len(again[1]["errors"]), 2)

    def test_following_clears_the_mark(self):
        shipment = self.shipment()
        self.ingest(self.event())
        self.assertTrue(shipment.follow_pending)
        shipment._follow_safely()
        self.assertFalse(shipment.follow_pending)

    def test_registering_many_takes_no_query_per_parcel(self):
        orders = [self.order({self.thing: 1}, client_order_ref=f"R-{n}") for n in range(12)]
        self.assertTrue(orders)

        def parcels(prefix, count):
            return [
                {
                    "tracking_number": f"{prefix}{number}",
                    "carrier": "ups",
                    "order": f"R-{number}",
                    "lines": [{"sku": "SHIP", "quantity": 1}],
                }
                for number in range(count)
            ]

        shipments = self.env["oms.shipment"]
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        shipments.register(parcels("A", 2))
        few = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        answers = shipments.register(parcels("B", 12))
        self.assertEqual({one["status"] for one in answers}, {"created"})
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 4)
