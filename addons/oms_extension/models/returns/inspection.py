from odoo import fields, models

CONDITIONS = [
    ("a", "A · As New"),
    ("b", "B · Opened"),
    ("c", "C · Used or Damaged Lightly"),
    ("d", "D · Broken"),
]
PROBLEMS = [
    ("none", "None"),
    ("wrong_item", "Another Product"),
    ("wrong_serial", "Another Serial Number"),
    ("over", "More than Announced"),
    ("missing", "Missing from the Parcel"),
]
DISPOSITIONS = [
    ("restock", "Restock"),
    ("refurbish", "Refurbish"),
    ("vendor", "Return to Vendor"),
    ("scrap", "Scrap"),
    ("quarantine", "Quarantine"),
    ("send_back", "Send back to the Customer"),
]


class OmsReturnInspection(models.Model):
    """What the warehouse found: so many units, in which condition, and where they went."""

    _name = "oms.return.inspection"
    _description = "Inspected Units"
    _order = "inspected_at desc, id desc"

    return_id = fields.Many2one("oms.return", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    return_line_id = fields.Many2one("oms.return.line", ondelete="cascade", index="btree_not_null")
    warehouse_id = fields.Many2one(related="return_id.warehouse_id", store=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial Number")
    quantity = fields.Float(required=True, digits="Product Unit", default=1.0)
    condition = fields.Selection(CONDITIONS)
    problem = fields.Selection(PROBLEMS, required=True, default="none")
    cause_id = fields.Many2one(
        "oms.return.reason", "Cause Found", domain=[("parent_id", "!=", False)]
    )
    disposition = fields.Selection(DISPOSITIONS)
    disposition_text = fields.Char("Why")
    value_recovered = fields.Monetary(help="What these units are worth in their new place.")
    note = fields.Text()
    photo_ids = fields.Many2many("ir.attachment", string="Photos")
    user_id = fields.Many2one(
        "res.users", "Inspected by", required=True, default=lambda self: self.env.user
    )
    inspected_at = fields.Datetime(required=True, default=fields.Datetime.now)
    move_ids = fields.One2many("stock.move", "oms_inspection_id", "Moves")

    _positive = models.Constraint("CHECK(quantity > 0)", "Inspect at least a part of one unit.")
