from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

OUTCOMES = [
    ("refund", "Refund"),
    ("exchange", "Exchange"),
    ("credit", "Store Credit"),
    ("repair", "Repair"),
    ("discount", "Keep It with a Discount"),
]


class OmsReturnLine(models.Model):
    """So many units of one order line, with one reason and one wanted outcome."""

    _name = "oms.return.line"
    _description = "Returned Goods"
    _order = "return_id desc, id"

    return_id = fields.Many2one("oms.return", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="return_id.currency_id")
    state = fields.Selection(related="return_id.state", store=True, index=True)
    requested_at = fields.Datetime(related="return_id.requested_at", store=True)
    order_line_id = fields.Many2one("sale.order.line", index="btree_not_null", ondelete="restrict")
    order_id = fields.Many2one(related="return_id.order_id", store=True, index="btree_not_null")
    partner_id = fields.Many2one(related="return_id.partner_id", store=True)
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(required=True, digits="Product Unit", default=1.0)
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial Number", domain="[('product_id', '=', product_id)]"
    )
    shipment_id = fields.Many2one(
        "oms.shipment", "Came by", index="btree_not_null", help="The parcel that brought it."
    )
    reason_id = fields.Many2one(
        "oms.return.reason", index="btree_not_null", domain=[("parent_id", "=", False)]
    )
    cause_id = fields.Many2one(
        "oms.return.reason",
        "Cause Found",
        index="btree_not_null",
        domain="[('parent_id', '!=', False)]",
    )
    comment = fields.Text()
    photo_ids = fields.Many2many("ir.attachment", string="Photos")
    outcome = fields.Selection(OUTCOMES, required=True, default="refund")
    exchange_product_id = fields.Many2one("product.product", "In Exchange for")
    keep = fields.Boolean("Stays with the Customer", help="Not awaited: nothing comes back.")
    move_ids = fields.One2many("stock.move", "oms_return_line_id", "Moves")
    received_qty = fields.Float(
        "Received", compute="_compute_received_qty", store=True, digits="Product Unit"
    )
    refund_amount = fields.Monetary(
        "Worth", readonly=True, copy=False, help="What was really paid for these units."
    )

    _positive = models.Constraint("CHECK(quantity > 0)", "Return at least a part of one unit.")

    @api.depends("move_ids.state", "move_ids.quantity", "move_ids.product_id", "quantity")
    def _compute_received_qty(self):
        """Units that came in; of a kit, whole ones."""
        for line in self:
            done = line.move_ids.filtered(
                lambda move: move.state == "done" and move.location_id.usage == "customer"
            )
            own = done.filtered(lambda move, line=line: move.product_id == line.product_id)
            if done and not own and line.order_line_id:
                line.received_qty = line.order_line_id._oms_count(done)
            else:
                line.received_qty = sum(
                    move.product_uom._compute_quantity(move.quantity, line.product_id.uom_id)
                    for move in own
                )

    def _is_all_received(self):
        self.ensure_one()
        rounding = self.product_id.uom_id.rounding
        return float_compare(self.received_qty, self.quantity, precision_rounding=rounding) >= 0

    @api.constrains("order_line_id", "product_id")
    def _check_product(self):
        for line in self:
            sold = line.order_line_id.product_id
            if sold and line.product_id != sold:
                raise ValidationError(
                    self.env._(
                        "%(returned)s is not what order line %(sold)s sold.",
                        returned=line.product_id.display_name,
                        sold=sold.display_name,
                    )
                )
