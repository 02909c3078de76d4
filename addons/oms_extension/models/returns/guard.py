"""How many units of an order line may still be sent back."""

from odoo import fields, models

from .order_return import OPEN

NEVER_WAS = ("rejected", "cancelled")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_return_turn = fields.Integer(readonly=True, copy=False)
    oms_return_line_ids = fields.One2many("oms.return.line", "order_line_id", "Returned")

    def _oms_take_turn(self):
        """Let no other transaction announce units of these lines that this one announces.

        A lock alone would not do: who waits for it still sees the data of before. What is written
        makes PostgreSQL refuse the second transaction, which Odoo then runs again.
        """
        self.env.cr.execute(
            """
            UPDATE sale_order_line SET oms_return_turn = COALESCE(oms_return_turn, 0) + 1
            WHERE id IN (SELECT id FROM sale_order_line WHERE id = ANY(%s) ORDER BY id FOR UPDATE)
            """,
            [sorted(self.ids)],
        )
        self.invalidate_recordset(["oms_return_turn"], flush=False)

    def _oms_with_customer(self):
        """Units that left to the customer and did not come back.

        :return: dict line → units in the product's unit; of kits, whole ones
        """
        with_customer = {}
        for line in self:
            done = line.move_ids.filtered(lambda move: move.state == "done")
            gone = done.filtered(
                lambda move: (
                    move.location_dest_id.usage == "customer"
                    and move.location_id.usage != "customer"
                )
            )
            back = done.filtered(
                lambda move: (
                    move.location_id.usage == "customer"
                    and move.location_dest_id.usage != "customer"
                )
            )
            with_customer[line] = line._oms_count(gone, back) if gone else 0.0
        return with_customer

    def _oms_announced(self):
        """Units that are announced to come back, or were paid back and stay with the customer.

        :return: dict line → units in the product's unit
        """
        announced = dict.fromkeys(self, 0.0)
        for one in self.env["oms.return.line"].sudo().search([("order_line_id", "in", self.ids)]):
            if one.keep:
                units = 0.0 if one.state in NEVER_WAS else one.quantity
            else:
                units = max(one.quantity - one.received_qty, 0.0) if one.state in OPEN else 0.0
            announced[one.order_line_id.with_env(self.env)] += units
        for line in self:
            # Reverse transfers that nobody has made a return of yet.
            plain = line.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and move.location_id.usage == "customer"
                    and not move.oms_return_line_id
                )
            )
            announced[line] += line._oms_count(plain) if plain else 0.0
        return announced

    def _oms_returnable(self):
        """Units that may still be announced.

        :return: dict line → units in the product's unit, never below 0
        """
        announced = self._oms_announced()
        return {
            line: max(units - announced[line], 0.0)
            for line, units in self._oms_with_customer().items()
        }

    def _oms_delivered_lots(self):
        """Lots and serial numbers that the customer got of these lines."""
        return self.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        ).move_line_ids.lot_id
