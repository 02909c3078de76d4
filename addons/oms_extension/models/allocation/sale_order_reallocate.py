from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_oms_reallocate(self):
        """Look at what a new allocation of these orders would move and save."""
        return self.env["oms.reallocate"]._start(self)._open()


class OmsAllocation(models.Model):
    _inherit = "oms.allocation"

    def action_oms_reallocate(self):
        """The same for the orders of these allocations."""
        return self.order_id.action_oms_reallocate()
