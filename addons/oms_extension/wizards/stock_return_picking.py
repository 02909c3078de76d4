from odoo import models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _create_return(self):
        """Door of the lock protocol: goods may be unreserved, and a replacement reserved."""
        self.product_return_moves.move_id._oms_enter_ledger(arriving=True)
        return super()._create_return()

    def _get_proc_values(self, line):
        """A replacement leaves from where the goods came, and is not part of what is ordered."""
        values = super()._get_proc_values(line)
        if line.move_id.sale_line_id:
            values["oms_replacement"] = True
            if line.move_id.warehouse_id:
                values["warehouse_id"] = line.move_id.warehouse_id
        return values
