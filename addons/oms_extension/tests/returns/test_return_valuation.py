"""What a return does to the value of stock and to the accounts, beside plain Odoo's own way."""

from collections import Counter
from uuid import uuid4

from odoo.fields import Command
from odoo.tests import Form

from .money_case import MoneyCase


class TestReturnValuation(MoneyCase):
    """Perpetual valuation: every delivery and every way back is worth its cost in the books."""

    def test_average_cost(self):
        self.same_as_odoo("average")

    def test_first_in_first_out(self):
        self.same_as_odoo("fifo")

    def test_standard_cost(self):
        self.same_as_odoo("standard")

    def test_units_that_come_one_by_one(self):
        self.same_as_odoo("fifo", one_by_one=True)
        self.same_as_odoo("average", one_by_one=True)

    def test_scrapped_units_are_written_off_as_odoo_writes_them_off(self):
        ours, plain = (self.bought("average", name) for name in ("Ours", "Plain"))
        order, other = self.sell(ours), self.sell(plain)
        one = self.ask(order, 2)
        one.action_approve()
        self.put_away(one, 2, "d", disposition="scrap")
        one.action_refund()
        back = self.plain_way_back(other)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": plain.id,
                "scrap_qty": 2,
                "location_id": back.location_dest_id.id,
                "company_id": self.company.id,
            }
        )
        scrap.do_scrap()
        self.assertEqual(self.worth(ours), self.worth(plain))
        self.assertEqual(self.books(ours), self.books(plain))

    def test_what_the_customer_keeps_stays_sold(self):
        """Money off and no goods back: the cost of the goods stays in the books."""
        product = self.bought("average", "Kept")
        order = self.sell(product)
        worth, books = self.worth(product), self.books(product)
        one = self.ask(order, 2, outcome="discount")
        one.line_ids.discount_percent = 10.0
        one.action_approve()
        one.action_refund()
        self.assertTrue(one.refund_ids)
        self.assertEqual(self.worth(product), worth)
        after = self.books(product)
        stock = product.categ_id.property_stock_valuation_account_id or (
            self.company.account_stock_valuation_id
        )
        self.assertEqual(after[stock.code], books[stock.code])

    def same_as_odoo(self, method, one_by_one=False):
        ours, plain = (self.bought(method, name) for name in ("Ours", "Plain"))
        order, other = self.sell(ours), self.sell(plain)
        self.buy(ours, 10, 160.0)
        self.buy(plain, 10, 160.0)
        self.assertEqual(self.worth(ours), self.worth(plain), "before")

        one = self.ask(order, 2)
        one.action_approve()
        for units in (1, 1) if one_by_one else (2,):
            self.put_away(one, units, "a")
        one.action_refund()
        self.plain_way_back(other)

        self.assertEqual(self.worth(ours), self.worth(plain))
        self.assertEqual(self.books(ours), self.books(plain))
        self.assertTrue(self.books(ours), "nothing was booked: the test proves nothing")

    def bought(self, method, name):
        """A product of which ten units came for 10 and ten for 13 each."""
        category = self.env["product.category"].create(
            {
                "name": f"{name} {method}",
                "property_cost_method": method,
                "property_valuation": "real_time",
            }
        )
        product = self.product(
            name,
            categ_id=category.id,
            standard_price=10.0,
            taxes_id=[Command.set(self.tax.ids)],
            invoice_policy="delivery",
        )
        self.buy(product, 2, 20.0)
        self.buy(product, 10, 130.0)
        return product

    def buy(self, product, units, value):
        supplier = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": units,
                "product_uom": product.uom_id.id,
                "location_id": supplier.id,
                "location_dest_id": self.warehouses["IT"].lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.quantity = units
        move.picked = True
        move._action_done()
        if product.cost_method != "standard":
            move.value_manual = value

    def put_away(self, one, units, condition, **more):
        said = {"line": one.line_ids.id, "condition": condition, "quantity": units}
        self.env["oms.return"].table_take(one.id, said | more, uuid4().hex)

    def sell(self, product):
        return self.sold({product: 3})

    def plain_way_back(self, order):
        """The reverse transfer, and the credit note that the invoice's own button makes."""
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_model="stock.picking", active_id=order.picking_ids.id
            )
        ).save()
        wizard.product_return_moves.quantity = 2
        picking = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking._action_done()
        invoice = order.invoice_ids
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        note.invoice_line_ids.quantity = 2
        note.action_post()
        return picking

    def worth(self, product):
        self.env.invalidate_all()
        return product.qty_available, product.total_value, product.standard_price

    def books(self, product):
        """Each account's balance of what the product's moves and invoices booked, in cents."""
        balances = Counter()
        lines = self.env["account.move.line"].search(
            [("product_id", "=", product.id), ("parent_state", "=", "posted")]
        )
        for line in lines.move_id.line_ids:
            balances[line.account_id.code] += round(line.balance * 100)
        return {code: balance for code, balance in balances.items() if balance}
