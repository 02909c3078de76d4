from odoo import fields, models


class OmsAllocationLine(models.Model):
    """Units of one order line that one warehouse ships, or will when it has them."""

    _name = "oms.allocation.line"
    _description = "Allocated Units"
    _order = "allocation_id desc, order_line_id, parcel_id, id"

    allocation_id = fields.Many2one("oms.allocation", required=True, ondelete="cascade", index=True)
    parcel_id = fields.Many2one(
        "oms.allocation.parcel",
        ondelete="cascade",
        index=True,
        help="Empty: these units are back-ordered.",
    )
    state = fields.Selection(related="allocation_id.state", store=True, precompute=True)
    company_id = fields.Many2one(
        related="allocation_id.company_id", store=True, precompute=True, index=True
    )
    order_id = fields.Many2one(
        related="allocation_id.order_id", store=True, precompute=True, index=True
    )
    order_line_id = fields.Many2one(
        "sale.order.line", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one(
        related="order_line_id.product_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True)
    carrier_id = fields.Many2one("delivery.carrier", "Carrier Service")
    quantity = fields.Integer(required=True, help="Whole units of the product's unit of measure.")
    kind = fields.Selection(
        [("ship", "Ship"), ("backorder", "Back-order"), ("begun", "Begun or shipped before")],
        required=True,
        default="ship",
    )
    cause = fields.Char(help="Why these units wait.")
    locked = fields.Boolean(help="A person decided this; it is not changed automatically.")

    _quantity_positive = models.Constraint(
        "check (quantity > 0)", "An allocation line carries at least one unit."
    )
