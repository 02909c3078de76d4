from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestSpecialProducts(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")

    def test_dozens_are_split_into_whole_units_and_delivered_without_a_rest(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        thing = self.product(stock={"IT": 7, "DE": 17})
        order = self.order(
            [{"product_id": thing.id, "product_uom_qty": 2, "product_uom_id": dozen.id}]
        )
        self.assertEqual(self.shipping(order), {"IT": 7, "DE": 17})
        order.order_line._action_launch_stock_rule()
        self.assertEqual(sum(self.shipping(order).values()), 24)
        for picking in order.picking_ids:
            picking.move_ids.picked = True
            picking.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_a_third_of_a_dozen_from_three_places_is_a_whole_dozen_delivered(self):
        self.network("FR")
        dozen = self.env.ref("uom.product_uom_dozen")
        thing = self.product(stock={"IT": 4, "DE": 4, "FR": 4})
        order = self.order(
            [{"product_id": thing.id, "product_uom_qty": 1, "product_uom_id": dozen.id}]
        )
        order.order_line._action_launch_stock_rule()
        self.assertEqual(self.shipping(order), {"IT": 4, "DE": 4, "FR": 4})
        for picking in order.picking_ids:
            picking.move_ids.picked = True
            picking.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_services_are_no_matter_of_allocation(self):
        service = self.product("Wrapping", type="service", is_storable=False)
        thing = self.product(stock={"IT": 1})
        order = self.order({thing: 1, service: 1})
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.oms_allocation_id.line_ids.product_id, thing)

    def test_consumables_ship_without_stock(self):
        flyer = self.product("Flyer", is_storable=False)
        order = self.order({flyer: 4})
        self.assertEqual(order.oms_missing, 0)
        self.assertEqual(order.picking_ids.state, "assigned")

    def test_a_fraction_of_a_unit_stays_with_odoo(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        flour = self.product("Flour", uom_id=kilo.id, stock={"IT": 5})
        order = self.order({flour: 1.5})
        self.assertFalse(order.oms_allocation_id)
        self.assertEqual(self.shipping(order), {"IT": 1.5})

    def test_lots_stay_reserved_when_a_line_is_lowered(self):
        thing = self.product("Cream", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": thing.id} for name in ("a", "b")]
        )
        shelf = self.warehouses["IT"].lot_stock_id
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(thing, shelf, 3, lot_id=lot)
        order = self.order({thing: 5})
        order.order_line.product_uom_qty = 4
        move = order.picking_ids.move_ids
        self.assertEqual((move.product_qty, move.quantity), (4, 4))
        self.assertLessEqual(set(move.move_line_ids.lot_id.ids), set(lots.ids))
        self.assertEqual(self.reserved(thing), 4)

    def test_serial_numbers_come_from_the_allocated_warehouses(self):
        thing = self.product("Phone", tracking="serial")
        for country, names in {"IT": "ab", "DE": "c"}.items():
            for name in names:
                lot = self.env["stock.lot"].create({"name": name, "product_id": thing.id})
                self.env["stock.quant"]._update_available_quantity(
                    thing, self.warehouses[country].lot_stock_id, 1, lot_id=lot
                )
        order = self.order({thing: 3})
        self.assertEqual(self.shipping(order), {"IT": 2, "DE": 1})
        self.assertEqual(self.reserved(thing), 3)

    def test_consigned_goods_are_promised_as_odoo_reserves_them(self):
        owner = self.env["res.partner"].create({"name": "Consignor"})
        thing = self.product("Vase")
        self.env["stock.quant"]._update_available_quantity(
            thing, self.warehouses["DE"].lot_stock_id, 2, owner_id=owner
        )
        order = self.order({thing: 2})
        self.assertEqual(self.shipping(order), {"DE": 2})
        self.assertEqual(self.reserved(thing), 2)

    def test_make_to_order_goes_its_own_way(self):
        buy = self.env.ref("purchase_stock.route_warehouse0_buy", raise_if_not_found=False)
        if not buy:
            self.skipTest("purchase_stock is not installed")
        mto = self.warehouses["IT"].mto_pull_id.route_id
        mto.active = True
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        thing = self.product(
            "Made",
            route_ids=[Command.set((mto | buy).ids)],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 10})],
            stock={"DE": 5, "IT": 5},
        )
        order = self.order({thing: 2})
        self.assertFalse(order.oms_allocation_id)
        self.assertEqual(order.picking_ids.move_ids.procure_method, "make_to_order")
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.shipping(order), {"IT": 1})

    def test_a_route_that_a_person_chose_is_respected(self):
        thing = self.product(stock={"IT": 5, "DE": 5})
        route = self.warehouses["DE"].delivery_route_id
        route.sale_selectable = True
        order = self.order(
            [{"product_id": thing.id, "product_uom_qty": 1, "route_ids": [Command.set(route.ids)]}]
        )
        self.assertFalse(order.oms_allocation_id)
        self.assertEqual(self.shipping(order), {"DE": 1})

    def test_another_company_s_warehouse_is_no_candidate(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        theirs = self.env["stock.warehouse"].sudo().search([("company_id", "=", other.id)], limit=1)
        thing = self.product(stock={"IT": 1})
        self.env["stock.quant"].sudo()._update_available_quantity(thing, theirs.lot_stock_id, 50)
        order = self.order({thing: 3})
        self.assertEqual(order.oms_missing, 2)
        self.assertNotIn(theirs, order.picking_ids.picking_type_id.warehouse_id)


@tagged("post_install", "-at_install")
class TestKits(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env:
            raise SkipTest("sale_mrp is not installed")
        cls.network("IT", "DE")
        cls.cup = cls.product("Cup", stock={"IT": 6, "DE": 8})
        cls.plate = cls.product("Plate", stock={"IT": 3, "DE": 2})
        cls.breakfast = cls.product("Breakfast set")
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.breakfast.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.cup.id, "product_qty": 2}),
                    Command.create({"product_id": cls.plate.id, "product_qty": 1}),
                ],
            }
        )

    def units(self, order, product):
        moves = order.picking_ids.move_ids.filtered(
            lambda move: move.product_id == product and move.state != "cancel"
        )
        return {
            warehouse.code: sum(
                moves.filtered(lambda m, w=warehouse: m.warehouse_id == w).mapped("product_qty")
            )
            for warehouse in moves.warehouse_id
        }

    def test_each_warehouse_sends_whole_kits(self):
        order = self.order({self.breakfast: 5})
        self.assertEqual(self.units(order, self.plate), {"IT": 3, "DE": 2})
        self.assertEqual(self.units(order, self.cup), {"IT": 6, "DE": 4})

    def test_a_kit_that_no_warehouse_can_complete_waits(self):
        order = self.order({self.breakfast: 6})
        self.assertEqual(order.oms_missing, 1)
        self.env["oms.exception"]._cron_recheck()
        self.assertEqual(order.oms_missing, 1)

    def test_kits_are_lowered_raised_and_delivered_without_a_rest(self):
        order = self.order({self.breakfast: 5})
        for quantity in (3, 4, 1, 5):
            order.order_line.product_uom_qty = quantity
            self.assertEqual(sum(self.units(order, self.plate).values()), quantity)
            self.assertEqual(sum(self.units(order, self.cup).values()), 2 * quantity)
            self.assertFalse(self.receipts(order))
        for picking in order.picking_ids.filtered(lambda p: p.state == "assigned"):
            picking.move_ids.picked = True
            picking.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 5)


@tagged("post_install", "-at_install")
class TestDropshipping(OmsCase):
    def test_drop_shipped_lines_go_from_the_vendor_and_stay_whole(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping", raise_if_not_found=False)
        if not route:
            self.skipTest("stock_dropshipping is not installed")
        self.network("IT", "DE")
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        thing = self.product(
            "Sofa",
            route_ids=[Command.set(route.ids)],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 10})],
            stock={"IT": 4, "DE": 4},
        )
        order = self.order({thing: 6})
        self.assertFalse(order.oms_allocation_id)
        purchase = order.order_line.purchase_line_ids
        self.assertEqual(purchase.product_qty, 6)
