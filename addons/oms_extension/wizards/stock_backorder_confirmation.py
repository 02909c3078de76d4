from odoo import models


class StockBackorderConfirmation(models.TransientModel):
    """Doors of the lock protocol: what follows moves stock."""

    _inherit = "stock.backorder.confirmation"

    def process(self):
        self._oms_enter_ledger()
        return super().process()

    def process_cancel_backorder(self):
        self._oms_enter_ledger()
        return super().process_cancel_backorder()

    def _oms_enter_ledger(self):
        pickings = self.env["stock.picking"].browse(
            self.env.context.get("button_validate_picking_ids") or self.pick_ids.ids
        )
        pickings._oms_enter_ledger(arriving=True)
