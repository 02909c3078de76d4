from odoo import models


class StockPicking(models.Model):
    """Every call by which a person moves stock enters through the lock protocol's door."""

    _inherit = "stock.picking"

    def button_validate(self):
        self._oms_enter_ledger()
        return super().button_validate()

    def action_assign(self):
        self._oms_enter_ledger()
        return super().action_assign()

    def action_cancel(self):
        self._oms_enter_ledger()
        return super().action_cancel()

    def do_unreserve(self):
        self._oms_enter_ledger()
        return super().do_unreserve()

    def _oms_enter_ledger(self):
        self.env["oms.stock.ledger"].sudo()._enter(self.move_ids._oms_ledger_keys())

    def _oms_note_cut(self, move, units):
        """Tell whoever holds the printed slip that it is out of date."""
        self.message_post(
            body=self.env._(
                "%(units)s × %(product)s were taken out after this transfer had been printed, "
                "because the order changed. Please print it again.",
                units=round(units),
                product=move.product_id.display_name,
            )
        )
