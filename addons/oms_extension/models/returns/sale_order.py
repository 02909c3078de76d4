from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order knows what came back of it, and what it stands in exchange for."""

    _inherit = "sale.order"

    oms_return_ids = fields.One2many("oms.return", "order_id", "Returns")
    oms_return_count = fields.Integer(compute="_compute_oms_return_count")
    oms_return_id = fields.Many2one(
        "oms.return", "In Exchange for", index="btree_not_null", copy=False, readonly=True
    )

    @api.depends("oms_return_ids")
    def _compute_oms_return_count(self):
        counts = dict(
            self.env["oms.return"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.oms_return_count = counts.get(order, 0)

    def action_oms_returns(self):
        self.ensure_one()
        return self.oms_return_ids._open(self.env._("Returns of %s", self.name))
