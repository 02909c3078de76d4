from odoo.tests import Form, tagged

from .common import ReturnsCase


@tagged("post_install", "-at_install")
class TestPlainTransfers(ReturnsCase):
    """A plain reverse transfer of Odoo counts as a return and works as ever."""

    def reverse(self, order, quantity):
        """Odoo's own wizard on the order's delivery."""
        picking = order.picking_ids.filtered(
            lambda one: one.state == "done" and one.picking_type_code == "outgoing"
        )[:1]
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.filtered("move_id")[:1].quantity = quantity
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def test_a_reverse_transfer_becomes_a_return(self):
        order = self.delivered({self.thing: 3})
        picking = self.reverse(order, 2)
        one = order.oms_return_ids
        self.assertEqual((one.origin, one.state, one.units), ("transfer", "approved", 2))
        self.assertEqual(picking.move_ids.oms_return_line_id, one.line_ids)
        self.assertEqual(one.receipt_state, "awaited")
        picking.button_validate()
        self.assertEqual(picking.location_dest_id, self.warehouses["IT"].lot_stock_id)
        self.assertIn(one.state, ("received", "done"))
        self.assertEqual(one.line_ids.received_qty, 2)
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_it_is_cancelled_with_its_transfer(self):
        order = self.delivered({self.thing: 3})
        picking = self.reverse(order, 2)
        picking.action_cancel()
        self.assertEqual(order.oms_return_ids.state, "cancelled")
        self.assertEqual(order.order_line._oms_returnable(), {order.order_line: 3})

    def test_what_comes_without_a_rest_is_all_that_was_returned(self):
        order = self.delivered({self.thing: 3})
        picking = self.reverse(order, 2)
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        one = order.oms_return_ids
        self.assertEqual((one.units, one.receipt_state), (1, "received"))

    def test_units_are_counted_once_where_they_had_been_announced(self):
        order = self.delivered({self.thing: 3})
        one = self.ask(order, 2)
        if one.state == "requested":
            one.action_approve()
        picking = self.reverse(order, 2)
        self.assertEqual(order.oms_return_ids, one)
        self.assertEqual(picking.oms_return_id, one)
        self.assertEqual(one.line_ids._units_awaited(), 2)
        picking.button_validate()
        self.assertEqual(one.receipt_state, "received")

    def test_a_second_reverse_transfer_is_a_return_of_its_own(self):
        order = self.delivered({self.thing: 3})
        self.reverse(order, 1).button_validate()
        self.reverse(order, 2).button_validate()
        self.assertEqual(sorted(order.oms_return_ids.mapped("units")), [1, 2])
        self.assertEqual(order.order_line.qty_delivered, 0)


@tagged("post_install", "-at_install")
class TestParcelsBack(ReturnsCase):
    """What a carrier brings back is a return, once."""

    def news(self, status, at="2026-03-05T10:00:00Z"):
        self.ingest(self.event(status, at))
        self.env["oms.shipment"].search([("follow_pending", "=", True)])._follow_safely()

    def test_a_parcel_that_comes_back_is_awaited_and_on_its_way(self):
        order = self.delivered({self.thing: 2})
        self.news("returning")
        one = order.oms_return_ids
        self.assertEqual((one.origin, one.state, one.units), ("carrier", "approved", 2))
        self.assertEqual(one.line_ids.reason_id.code, "not_delivered")
        self.assertEqual(one.line_ids.shipment_id, order.oms_shipment_ids[:1])
        self.assertEqual(one.receipt_state, "underway")
        self.assertTrue(one._open_pickings())
        self.news("returned", "2026-03-07T10:00:00Z")
        self.assertEqual(order.oms_return_ids, one)
        one._receive({one.line_ids: 2})
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_units_that_came_back_already_are_not_awaited_again(self):
        order = self.delivered({self.thing: 2})
        self.ask(order, 1)
        self.news("returning")
        self.assertEqual(sorted(order.oms_return_ids.mapped("units")), [1, 1])

    def test_a_parcel_that_reaches_the_customer_after_all_is_awaited_no_more(self):
        order = self.delivered({self.thing: 2})
        self.news("returning")
        one = order.oms_return_ids
        shipment = order.oms_shipment_ids
        self.env.cr.execute(
            "UPDATE oms_shipment SET state = 'delivered' WHERE id = %s", [shipment.id]
        )
        shipment.invalidate_recordset()
        shipment._follow()
        self.assertEqual(one.state, "cancelled")
        self.assertFalse(one._open_pickings())
