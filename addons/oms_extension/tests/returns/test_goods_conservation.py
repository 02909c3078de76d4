"""Units in = units out, whatever is done in whatever order."""

import random
from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_table import TableCase

SEQUENCES = 12
STEPS = 25


@tagged("post_install", "-at_install")
class TestConservation(TableCase):
    """Random sequences of requests, receipts, mistakes and changes of mind."""

    def total(self, product):
        """Units over all places, the customers' included."""
        quants = self.env["stock.quant"].search([("product_id", "=", product.id)])
        return sum(quants.mapped("quantity"))

    def check(self, product, orders, total):
        self.assertAlmostEqual(self.total(product), total)
        for order in orders:
            line = order.order_line
            for one in order.oms_return_ids:
                for announced in one.line_ids:
                    awaited = announced._units_awaited()
                    given_up = announced.quantity - announced.received_qty - awaited
                    self.assertGreaterEqual(given_up, -1e-6, one.name)
                    if one.state == "approved":
                        self.assertAlmostEqual(given_up, 0, msg=one.name)
                    graded = announced._inspected()
                    self.assertLessEqual(graded, announced.received_qty + 1e-6)
            came = sum(order.oms_return_ids.line_ids.mapped("received_qty"))
            moved = line.move_ids.filtered(lambda move: move.state == "done")
            back = sum(move.quantity for move in moved if move.location_id.usage == "customer")
            self.assertAlmostEqual(came, back)
            sent_back = sum(
                move.quantity
                for move in moved
                if move.location_dest_id.usage == "customer" and move.oms_inspection_id
            )
            self.assertAlmostEqual(line.qty_delivered, 6 - back + sent_back)
            self.assertGreaterEqual(line._oms_returnable()[line], 0)

    def step(self, dice, orders):
        """One thing that somebody does; what is refused leaves nothing."""
        order = dice.choice(orders)
        returns = order.oms_return_ids.sorted("id")
        what = dice.choice(
            ["ask", "approve", "take", "take", "take", "undo", "change", "close", "cancel",
             "reopen", "plain", "receive", "warehouse"]
        )  # fmt: skip
        if what == "ask":
            self.ask(order, dice.randint(1, 3), dice.choice(["unwanted", "defective"]))
        elif what == "plain":
            sent = order.picking_ids.filtered(
                lambda one: one.picking_type_code == "outgoing" and one.state == "done"
            ).sorted("id")[:1]
            wizard = self.env["stock.return.picking"].create({"picking_id": sent.id})
            wizard.product_return_moves.filtered("move_id")[:1].quantity = 1
            free = order.order_line._oms_returnable()[order.order_line]
            if free >= 1:
                picking = wizard._create_return()
                if dice.random() < 0.7:
                    picking.move_ids.picked = True
                    picking._action_done()
                elif dice.random() < 0.5:
                    picking.action_cancel()
        elif returns:
            one = dice.choice(returns)
            if what == "approve":
                one.action_approve()
            elif what == "take":
                self.take(
                    one,
                    line=dice.choice(one.line_ids).id,
                    quantity=dice.randint(1, 3),
                    condition=dice.choice("abcd"),
                    problem=dice.choice(["none"] * 6 + ["missing", "over"]),
                    disposition=dice.choice([False] * 4 + ["send_back", "scrap"]),
                    key=uuid4().hex,
                )
            elif what == "undo" and one.inspection_ids:
                self.table.table_undo(one.id, one.inspection_ids.sorted("id")[-1:].id)
            elif what == "change" and one.inspection_ids:
                unit = dice.choice(one.inspection_ids.sorted("id"))
                unit.disposition = dice.choice(
                    ["restock", "refurbish", "vendor", "scrap", "quarantine"]
                )
            elif what == "receive":
                line = dice.choice(one.line_ids)
                one._receive({line: 1})
            elif what == "warehouse":
                one.warehouse_id = dice.choice(list(self.warehouses.values()))
            elif what in ("close", "cancel", "reopen"):
                getattr(one, f"action_{what}")()
        return what

    def test_no_unit_is_lost_or_made(self):
        self.network("FR")
        for seed in range(SEQUENCES):
            dice = random.Random(seed)
            product = self.product(f"P{seed}", stock={"IT": 20}, barcode=f"P{seed}X")
            orders = [self.delivered({product: 6}) for _count in range(2)]
            total = self.total(product)
            done, refused = [], 0
            for _count in range(STEPS):
                try:
                    with self.env.cr.savepoint():
                        done.append(self.step(dice, orders))
                        self.env.flush_all()
                except UserError:
                    self.env.invalidate_all()
                    refused += 1
                with self.subTest(seed=seed, done=done):
                    self.check(product, orders, total)
            self.assertGreater(len(done), STEPS / 4)
