"""From the documents of a return to the return, and back."""

from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_oms_return(self):
        self.ensure_one()
        return self.oms_return_id._open(self.env._("Return"))


class OmsReturn(models.Model):
    _inherit = "oms.return"

    picking_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    shipment_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    refund_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    exchange_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    wants_exchange = fields.Boolean(compute="_compute_wants")
    wants_discount = fields.Boolean(compute="_compute_wants")
    has_lots = fields.Boolean(compute="_compute_wants")
    has_comments = fields.Boolean(compute="_compute_wants")

    @api.depends("picking_ids", "refund_ids", "exchange_ids")
    def _compute_counts(self):
        for one in self:
            one.picking_count = len(one.picking_ids)
            one.shipment_count = len(one.shipment_ids)
            one.refund_count = len(one.refund_ids)
            one.exchange_count = len(one.exchange_ids)

    @api.depends("line_ids.outcome", "line_ids.product_id", "line_ids.comment")
    def _compute_wants(self):
        for one in self:
            outcomes = set(one.line_ids.mapped("outcome"))
            one.wants_exchange = "exchange" in outcomes
            one.wants_discount = "discount" in outcomes
            one.has_lots = any(line.product_id.tracking != "none" for line in one.line_ids)
            one.has_comments = any(one.line_ids.mapped("comment"))

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def action_open_pickings(self):
        """The transfers of the goods."""
        return self.picking_ids._get_records_action(name=self.env._("Transfers of %s", self.name))

    def action_open_shipments(self):
        """The parcels on their way back."""
        return self.shipment_ids._open(self.env._("Parcels of %s", self.name))
