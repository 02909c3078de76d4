from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_exception_ids = fields.One2many("oms.exception", "order_id", "Exceptions")
    oms_exception_count = fields.Integer(compute="_compute_oms_exception_count")

    def _compute_oms_exception_count(self):
        counts = dict(
            self.env["oms.exception"]._read_group(
                [("order_id", "in", self.ids), ("state", "!=", "closed")], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.oms_exception_count = counts.get(order, 0)

    def action_oms_exceptions(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exceptions"),
            "res_model": "oms.exception",
            "view_mode": "list,form",
            "domain": [("order_id", "=", self.id)],
            "context": {"default_order_id": self.id},
        }
