from odoo.tests import Form, tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestDeliveryInvoiceReturn(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.thing = cls.product(stock={"IT": 6, "DE": 4}, invoice_policy="delivery")

    def transfer(self, order, country):
        return order.picking_ids.filtered(
            lambda p: p.state == "assigned" and p.picking_type_id.warehouse_id.code == country
        )

    def ship(self, order, country, quantity=None, refuse_backorder=False):
        picking = self.transfer(order, country)
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        context = {"skip_backorder": True}
        if refuse_backorder:
            context["picking_ids_not_to_backorder"] = picking.ids
        picking.with_context(**context).button_validate()
        return picking

    def send_back(self, picking, quantity, exchange=False):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        action = wizard.action_create_exchanges() if exchange else wizard.action_create_returns()
        back = self.env["stock.picking"].browse(action["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        return back

    def test_parcels_are_delivered_and_invoiced_one_after_the_other(self):
        income, receivable = self.env["account.account"].create(
            [
                {"name": "Sales", "code": "700000", "account_type": "income"},
                {"name": "Customers", "code": "150000", "account_type": "asset_receivable"},
            ]
        )
        self.env["account.journal"].create(
            {"name": "Sales", "code": "S", "type": "sale", "default_account_id": income.id}
        )
        order = self.order({self.thing: 10})
        order.partner_id.property_account_receivable_id = receivable
        self.ship(order, "DE")
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(order.delivery_status, "partial")
        first = order._create_invoices()
        self.assertEqual(first.invoice_line_ids.quantity, 4)
        self.ship(order, "IT", quantity=2)
        self.ship(order, "IT")
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(order.delivery_status, "full")
        second = order._create_invoices()
        self.assertEqual(second.invoice_line_ids.quantity, 6)

    def test_a_refused_back_order_leaves_the_other_warehouse_alone(self):
        order = self.order({self.thing: 10})
        self.ship(order, "IT", quantity=2, refuse_backorder=True)
        self.assertEqual(self.reserved(self.thing), 4)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_goods_come_back_to_the_warehouse_that_sent_them(self):
        order = self.order({self.thing: 10})
        back = self.send_back(self.ship(order, "DE"), 3)
        self.assertEqual(back.picking_type_id.warehouse_id, self.warehouses["DE"])
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_a_replacement_leaves_from_where_the_goods_came_and_is_not_cut(self):
        order = self.order({self.thing: 10})
        self.stock(self.thing, DE=2)
        self.send_back(self.ship(order, "DE"), 2, exchange=True)
        self.assertEqual(self.shipping(order), {"IT": 6, "DE": 4 + 2})
        self.assertFalse(self.env["oms.audit"].run_audit())
        order.oms_allocate()
        self.assertEqual(self.shipping(order), {"IT": 6, "DE": 4 + 2})
        order.order_line.product_uom_qty = 11
        self.assertEqual(sum(self.shipping(order).values()), 11 + 2)
        self.assertFalse(self.receipts(order) - order.picking_ids.filtered("return_id"))

    def test_transfers_that_are_reserved_by_hand_are_procured_unreserved(self):
        self.warehouses["IT"].out_type_id.reservation_method = "manual"
        order = self.order({self.thing: 10})
        self.assertEqual(self.shipping(order), {"IT": 6, "DE": 4})
        self.assertEqual(self.reserved(self.thing), 4)
        later = self.order({self.thing: 1})
        self.assertEqual(later.oms_missing, 1)

    def test_the_order_s_delivery_method_does_not_replace_allocated_services(self):
        fee = self.env["product.product"].create({"name": "Delivery", "type": "service"})
        express, standard = self.env["delivery.carrier"].create(
            [{"name": name, "product_id": fee.id} for name in ("Express", "Standard")]
        )
        zone = self.env["oms.zone"].create(
            {"name": "Italy", "country_ids": [(6, 0, self.env.ref("base.it").ids)]}
        )
        self.env["oms.lane"].create(
            {
                "warehouse_id": self.warehouses["DE"].id,
                "zone_id": zone.id,
                "carrier_id": express.id,
                "base_cost": 1,
                "transit_days": 1,
            }
        )
        order = self.order({self.thing: 10})
        order.set_delivery_line(standard, 5)
        self.assertEqual(self.transfer(order, "DE").carrier_id, express)
        self.assertEqual(self.transfer(order, "IT").carrier_id, standard)

    def test_raising_after_everything_was_delivered_ships_only_the_difference(self):
        order = self.order({self.thing: 10})
        self.ship(order, "IT")
        self.ship(order, "DE")
        self.stock(self.thing, DE=5)
        order.order_line.product_uom_qty = 12
        self.assertEqual(self.shipping(order), {"IT": 6, "DE": 6})
        self.assertFalse(self.receipts(order))
