from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReturnsCase


@tagged("post_install", "-at_install")
class TestGoods(ReturnsCase):
    """Returned goods come in by Odoo's own transfers, into a place that nobody promises from."""

    def approved(self, quantity=2, sold=3, product=None, **more):
        order = self.delivered({product or self.thing: sold})
        one = self.ask(order, quantity, **more)
        if one.state == "requested":
            one.action_approve()
        return one

    def units_in(self, product=None):
        """Dict place → units, of all places that hold some."""
        quants = self.env["stock.quant"].search([("product_id", "=", (product or self.thing).id)])
        places = {}
        for quant in quants.filtered("quantity"):
            places[quant.location_id] = places.get(quant.location_id, 0) + quant.quantity
        return places

    def test_goods_come_into_a_place_that_is_not_promised(self):
        one = self.approved()
        one._receive({one.line_ids: 2})
        place = one.warehouse_id.oms_return_location_id
        self.assertEqual(self.units_in()[place], 2)
        shelf = self.env["oms.availability"]._on_shelf(self.thing, one.warehouse_id)
        self.assertEqual(shelf[self.thing.id, one.warehouse_id.id]["on_hand"], 97)
        self.assertEqual(one.order_id.order_line.qty_delivered, 1)

    def test_two_reasons_for_one_product_are_two_moves(self):
        order = self.delivered({self.thing: 3})
        line = order.order_line
        one = self.env["oms.return"]._request(
            order,
            [
                {"order_line_id": line.id, "quantity": 1, "reason": "unwanted"},
                {"order_line_id": line.id, "quantity": 2, "reason": "too_small"},
            ],
            "clerk",
        )
        if one.state == "requested":
            one.action_approve()
        self.assertEqual(sorted(one.picking_ids.move_ids.mapped("product_qty")), [1, 2])
        one._receive({one.line_ids[0]: 1})
        self.assertEqual(one.line_ids.mapped("received_qty"), [1, 0])

    def test_units_that_come_one_by_one_share_one_receipt(self):
        one = self.approved(quantity=5, sold=5)
        for count in range(1, 6):
            one._receive({one.line_ids: 1})
            self.assertEqual(one.line_ids.received_qty, count)
        self.assertEqual(one.picking_ids.mapped("state"), ["done"])
        self.assertEqual(one.receipt_state, "received")

    def test_more_than_announced_is_refused(self):
        one = self.approved(quantity=2)
        with self.assertRaisesRegex(UserError, "2 units of Thing are awaited, not 3"):
            one._receive({one.line_ids: 3})

    def test_a_closed_return_that_is_reopened_takes_the_rest(self):
        one = self.approved(quantity=3)
        one._receive({one.line_ids: 1})
        one.action_close()
        self.assertFalse(one._open_pickings())
        one.state = "done"
        one.action_reopen()
        one._receive({one.line_ids: 2})
        self.assertEqual(one.line_ids.received_qty, 3)
        self.assertEqual(self.units_in()[one.warehouse_id.oms_return_location_id], 3)

    def test_a_cancelled_return_that_is_reopened_awaits_its_goods_again(self):
        one = self.approved(quantity=2)
        one.action_cancel()
        self.assertEqual(one.picking_ids.mapped("state"), ["cancel"])
        one.action_reopen()
        one.action_approve()
        one._receive({one.line_ids: 2})
        self.assertEqual(one.line_ids.received_qty, 2)

    def test_a_serial_number_comes_back_as_itself(self):
        phone = self.product("Phone", tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": phone.id} for name in ("S1", "S2")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                phone, self.warehouses["IT"].lot_stock_id, 1, lot_id=lot
            )
        one = self.approved(quantity=1, sold=2, product=phone)
        with self.assertRaisesRegex(UserError, "Which serial or lot number"):
            one._receive({one.line_ids: 1})
        one._receive({one.line_ids: [(lots[1], 1)]})
        quant = self.env["stock.quant"]._gather(phone, one.warehouse_id.oms_return_location_id)
        self.assertEqual(quant.lot_id, lots[1])

    def test_goods_come_straight_in_where_receipts_take_three_steps(self):
        self.warehouses["IT"].reception_steps = "three_steps"
        one = self.approved()
        one._receive({one.line_ids: 2})
        self.assertEqual(self.units_in()[one.warehouse_id.oms_return_location_id], 2)
        self.assertFalse(one.picking_ids.move_ids.move_dest_ids)


@tagged("post_install", "-at_install")
class TestWarehouse(ReturnsCase):
    """Goods go where it is cheapest to have them, and a person reads why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("FR")

    def asked(self, **values):
        order = self.delivered({self.thing: 1}, **values)
        one = self.ask(order)
        if one.state == "requested":
            one.action_approve()
        return one

    def test_the_nearer_warehouse_takes_it_whoever_sent_it(self):
        one = self.asked(country="FR")
        self.assertEqual(one.warehouse_id, self.warehouses["FR"])
        self.assertRegex(one.warehouse_text, r"Lyon: .*5\.15.* back; Milano would cost .*\.")

    def test_a_warehouse_that_takes_no_returns_is_not_chosen(self):
        self.warehouses["FR"].oms_takes_returns = False
        self.assertEqual(self.asked(country="FR").warehouse_id, self.warehouses["IT"])

    def test_where_orders_wait_it_is_worth_more(self):
        dear = self.product("Dear", price=200.0, stock={"IT": 5})
        order = self.delivered({dear: 1})
        kind = self.warehouses["FR"].out_type_id
        move = self.env["stock.move"].create(
            {
                "product_id": dear.id,
                "product_uom_qty": 2,
                "product_uom": dear.uom_id.id,
                "location_id": self.warehouses["FR"].lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "picking_type_id": kind.id,
                "sale_line_id": order.order_line.id,
            }
        )
        move._action_confirm()
        one = self.ask(order)
        if one.state == "requested":
            one.action_approve()
        self.assertEqual(one.warehouse_id, self.warehouses["FR"])
        self.assertIn("an order waits for it there", one.warehouse_text)

    def test_the_open_transfer_follows_another_warehouse(self):
        one = self.asked()
        one.picking_ids.carrier_tracking_ref = "1Z12345E1505270452"
        one.warehouse_id = self.warehouses["FR"]
        picking = one.picking_ids
        self.assertEqual(len(picking), 1)
        self.assertEqual(picking.picking_type_id, self.warehouses["FR"].in_type_id)
        self.assertEqual(picking.location_id.usage, "customer")
        self.assertEqual(picking.oms_shipment_ids.warehouse_id, self.warehouses["FR"])
        one._receive({one.line_ids: 1})
        self.assertEqual(
            picking.move_ids.location_dest_id, self.warehouses["FR"].oms_return_location_id
        )
        with self.assertRaisesRegex(UserError, "came in already"):
            one.warehouse_id = self.warehouses["IT"]


@tagged("post_install", "-at_install")
class TestUnderway(ReturnsCase):
    """The parcel of the way back is tracked like every other, and the return shows it."""

    def test_the_first_scan_says_that_it_is_on_the_way(self):
        one = self.ask(self.delivered({self.thing: 1}))
        if one.state == "requested":
            one.action_approve()
        number = "1Z12345E1505270452"
        one.tracking_ref = number
        self.assertEqual(one.shipment_ids.direction, "return")
        self.assertEqual(one.receipt_state, "awaited")
        self.ingest(self.event("label_created", number=number))
        self.env["oms.shipment"].search([("follow_pending", "=", True)])._follow_safely()
        self.assertEqual(one.receipt_state, "awaited")
        self.ingest(self.event("in_transit", "2026-03-03T10:00:00Z", number=number))
        self.env["oms.shipment"].search([("follow_pending", "=", True)])._follow_safely()
        self.assertEqual(one.receipt_state, "underway")
        self.ingest(self.event("delivered", "2026-03-04T10:00:00Z", number=number))
        self.env["oms.shipment"].search([("follow_pending", "=", True)])._follow_safely()
        self.assertIn("receiving table", one.next_step)

    def test_the_slip_is_made(self):
        one = self.ask(self.delivered({self.thing: 1}))
        if one.state == "requested":
            one.action_approve()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "oms_extension.action_report_return_slip", one.ids
        )
        for text in (one.name, "Warehouse Milano", "Put this slip into the parcel"):
            self.assertIn(text.encode(), html)
