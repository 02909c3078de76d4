from odoo import models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _create_return(self):
        """Door of the lock protocol: goods may be unreserved, and a replacement reserved."""
        self.product_return_moves.move_id._oms_enter_ledger(arriving=True)
        return super()._create_return()

    def _get_proc_values(self, line):
        """A replacement leaves from where the goods came."""
        values = super()._get_proc_values(line)
        if line.move_id.sale_line_id and line.move_id.warehouse_id:
            values["warehouse_id"] = line.move_id.warehouse_id
        return values

    def action_create_exchanges(self):
        """Replacements come on top of what is ordered: bring the allocations in line."""
        action = super().action_create_exchanges()
        order_lines = self.product_return_moves.move_id.sale_line_id
        for order_line in order_lines.filtered(lambda line: line._oms_targets() is not None):
            procured = round(sum(order_line._oms_procured().values()))
            order_line.sudo().oms_sent_again = procured - round(order_line._oms_units())
        for order in order_lines.order_id:
            order._oms_follow_lines()
        return action
