"""Credit notes that accounting makes by itself for goods that came back: they count, too."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        # A reversal that only corrects an invoice gives nobody money.
        if not self.env.context.get("move_reverse_cancel"):
            for note in posted.filtered(
                lambda move: move.move_type == "out_refund" and not move.oms_return_id
            ):
                note.sudo()._oms_settle_returns()
        return posted

    def _oms_settle_returns(self):
        """Note on the returns whose money is due what this credit note gives."""
        self.ensure_one()
        settled = self.env["oms.return"]
        for line in self.invoice_line_ids.filtered(lambda one: one.display_type == "product"):
            settled |= line._oms_settle_returns()
        if not settled:
            return
        if len(settled) == 1:
            self.oms_return_id = settled
        for one in settled:
            one.message_post(
                body=self.env._(
                    "Credit note %(name)s, made without this return, settles what was due.",
                    name=self.name,
                )
            )
        settled._progress()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _oms_settle_returns(self):
        """Set the units and the money of this line against what is due of their returns.

        :return: the returns
        """
        self.ensure_one()
        settled = self.env["oms.return"]
        if not self.product_id:
            return settled
        sold = self.move_id.reversed_entry_id.invoice_line_ids.filtered(
            lambda one: one.product_id == self.product_id and one.display_type == "product"
        )
        order_lines = self.sale_line_ids or sold.sale_line_ids
        units = self.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id)
        money = self.price_total
        for line in order_lines.oms_return_line_ids.sorted("id"):
            free = line.accepted_qty - line.credited_qty
            taken = min(units, free)
            if line.uom_id.compare(taken, 0.0) <= 0:
                continue
            owed = line._worth_of(line.credited_qty + taken) - line.credited_amount
            given = max(min(owed, line.return_id._in_currency_of_return(self.move_id, money)), 0.0)
            line.write(
                {
                    "credited_qty": line.credited_qty + taken,
                    "credited_amount": line.credited_amount + given,
                }
            )
            units -= taken
            money -= given
            settled |= line.return_id
        return settled
