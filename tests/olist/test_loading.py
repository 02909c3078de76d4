import tempfile
from pathlib import Path

from olist.loading import load
from olist.reading import Olist
from olist.rpc import Fault, Odoo
from olist_files import write_files

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestLoading(HttpCase):
    """The small files, over HTTP, as ``examples/olist_over_rpc.py`` loads them."""

    def load(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.said = []
        with self.allow_requests(all_requests=True):
            odoo = Odoo(self.base_url(), self.env.cr.dbname, "admin", "admin")
            self.olist = Olist(write_files(Path(folder)))
            figures = load(odoo, self.olist, self.said.append)
        self.env.invalidate_all()
        return figures

    def orders(self, *domain):
        company = self.env["res.company"].search([("name", "=", "Olist")])
        return self.env["sale.order"].search([("company_id", "=", company.id), *domain])

    def test_every_order_comes_in_as_what_it_was(self):
        figures = self.load()
        self.assertEqual(len(self.orders()), 60)
        open_orders = self.orders(("oms_allocation_id", "!=", False))
        self.assertEqual(figures["allocated"], len(open_orders))
        self.assertTrue(open_orders)
        history = self.orders(("locked", "=", True))
        self.assertTrue(all(order.state == "sale" for order in history))
        self.assertFalse(history.picking_ids)
        for line in history.order_line:
            self.assertEqual(line.qty_delivered, line.product_uom_qty)
        empty = self.orders(("order_line", "=", False))
        self.assertEqual(len(empty), 8)
        self.assertEqual(figures["orders"]["cancel"], len(self.orders(("state", "=", "cancel"))))
        self.assertTrue(all(order.oms_payment_ids for order in history))

    def test_delivery_histories_become_shipments_with_their_events(self):
        figures = self.load()
        company = self.env["res.company"].search([("name", "=", "Olist")])
        shipments = self.env["oms.shipment"].search([("company_id", "=", company.id)])
        self.assertEqual(figures["shipments"], len(shipments))
        self.assertTrue(shipments)
        self.assertEqual(figures["delivered"], len(shipments.filtered("delivered_at")))
        self.assertTrue(all(one.order_id and one.first_scan_at for one in shipments))
        delivered = shipments.filtered("delivered_at")[0]
        order = next(
            one for one in self.olist.orders if one.id == delivered.order_id.oms_external_reference
        )
        # 3 or 4 hours behind UTC, as the customer's state is.
        hours = (delivered.delivered_at - order.delivered).total_seconds() % 86400 / 3600
        self.assertIn(round(hours), (2, 3, 4, 5))

    def test_the_network_is_brazils(self):
        self.load()
        company = self.env["res.company"].search([("name", "=", "Olist")])
        self.assertEqual(company.currency_id.name, "BRL")
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        self.assertEqual(len(warehouses), 8)
        self.assertTrue(all(place.oms_latitude < 0 for place in warehouses))
        self.assertEqual(len(warehouses.oms_lane_ids), 8 * 7)

    def test_a_second_load_changes_nothing(self):
        first = self.load()
        counts = {
            model: self.env[model].search_count([])
            for model in (
                "sale.order",
                "product.product",
                "stock.quant",
                "oms.lane",
                "res.partner",
                "oms.shipment",
                "oms.shipment.event",
            )
        }
        self.assertEqual(self.load(), first)
        for model, count in counts.items():
            self.assertEqual(self.env[model].search_count([]), count, model)

    def test_a_wrong_password_is_told(self):
        with self.allow_requests(all_requests=True), self.assertRaises(PermissionError):
            Odoo(self.base_url(), self.env.cr.dbname, "admin", "wrong")

    def test_a_refused_call_says_why(self):
        with self.allow_requests(all_requests=True):
            odoo = Odoo(self.base_url(), self.env.cr.dbname, "admin", "admin")
            with self.assertRaisesRegex(Fault, "list of orders"):
                odoo.call("oms.order", "import_orders", orders="all of them")
