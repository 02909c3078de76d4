from odoo import api, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    def _update_available_quantity(self, product_id, location_id, *args, **kwargs):
        """Claim the ledger row first: the net of the lock protocol (see ``stock_ledger``)."""
        warehouse = location_id.sudo().warehouse_id
        if warehouse:
            self.env["oms.stock.ledger"].sudo()._claim([(product_id.id, warehouse.id)])
        return super()._update_available_quantity(product_id, location_id, *args, **kwargs)
