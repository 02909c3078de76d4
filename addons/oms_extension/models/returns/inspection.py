from odoo import api, fields, models
from odoo.exceptions import UserError

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

BY_HAND = {"disposition", "cause_id", "note", "photo_ids", "condition"}
"""What a person may correct afterwards."""


class OmsReturnInspection(models.Model):
    """What the warehouse found: so many units, in which condition, and where they went.

    A row that was taken back (``active`` off) stays on record: what happened, happened.
    """

    _name = "oms.return.inspection"
    _description = "Inspected Units"
    _order = "inspected_at desc, id desc"
    _check_company_auto = True

    active = fields.Boolean(default=True, readonly=True, copy=False)
    return_id = fields.Many2one("oms.return", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    return_line_id = fields.Many2one("oms.return.line", ondelete="cascade", index="btree_not_null")
    warehouse_id = fields.Many2one(related="return_id.warehouse_id", store=True)
    product_id = fields.Many2one(
        "product.product", index=True, help="Empty: nothing that we sell; the note says what."
    )
    lot_id = fields.Many2one("stock.lot", "Lot or Serial Number")
    quantity = fields.Float(required=True, digits="Product Unit", default=1.0)
    condition = fields.Selection(CONDITIONS)
    problem = fields.Selection(PROBLEMS, required=True, default="none")
    cause_id = fields.Many2one(
        "oms.return.reason", "Cause Found", domain=[("parent_id", "!=", False)]
    )
    disposition = fields.Selection(DISPOSITIONS)
    disposition_text = fields.Char("Why", readonly=True)
    rule_id = fields.Many2one("oms.return.disposition.rule", readonly=True, ondelete="set null")
    value_recovered = fields.Monetary(
        help="What these units are worth in their new place.", readonly=True
    )
    note = fields.Text()
    photo_ids = fields.Many2many("ir.attachment", string="Photos")
    user_id = fields.Many2one(
        "res.users", "Inspected by", required=True, default=lambda self: self.env.user
    )
    inspected_at = fields.Datetime(required=True, default=fields.Datetime.now)
    move_ids = fields.One2many("stock.move", "oms_inspection_id", "Moves")
    last_move_ids = fields.Many2many(
        "stock.move",
        "oms_return_inspection_last_move_rel",
        string="Moves to Where It Is",
        readonly=True,
        copy=False,
    )
    received_here = fields.Boolean(
        readonly=True, copy=False, help="The receipt was made with this inspection."
    )
    location_text = fields.Char("Where It Is", compute="_compute_location_text")
    key = fields.Char(readonly=True, copy=False, help="A submission sent twice counts once.")

    _positive = models.Constraint("CHECK(quantity > 0)", "Inspect at least a part of one unit.")
    _said = models.Constraint(
        "CHECK(product_id IS NOT NULL OR note IS NOT NULL)",
        "Say in the note what came, where it is no product of ours.",
    )
    _key_once = models.UniqueIndex(
        "(return_id, key) WHERE key IS NOT NULL", "This unit has been taken in already."
    )

    @api.depends("product_id", "quantity")
    def _compute_display_name(self):
        for one in self:
            name = one.product_id.display_name or one.note or ""
            one.display_name = f"{one.quantity:g} × {name}"

    @api.depends("last_move_ids.move_line_ids.location_dest_id")
    def _compute_location_text(self):
        for one in self:
            places = one.sudo().last_move_ids.move_line_ids.location_dest_id
            one.location_text = ", ".join(places.mapped("display_name"))

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raise UserError: not over the receiving table, which moves the goods, too
        """
        if not self.env.su:
            raise UserError(self.env._("Take goods in at the receiving table."))
        return super().create(vals_list)

    def write(self, vals):
        """A person who changes the disposition has the units moved again."""
        if not self.env.su and vals.keys() - BY_HAND:
            raise UserError(self.env._("What was counted and found stands: it cannot be edited."))
        moved = self.browse()
        if vals.get("disposition") and not self.env.context.get("oms_disposed"):
            moved = self.filtered(
                lambda one: (
                    one.disposition and one.disposition != vals["disposition"] and one.product_id
                )
            )
        if moved:
            for one in moved:
                one._dispose_again(vals["disposition"])
            vals = {name: value for name, value in vals.items() if name != "disposition"}
            others = self - moved
            if others:
                super(OmsReturnInspection, others).write({"disposition": moved[:1].disposition})
        return super().write(vals) if vals else True

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was found stays on record."))
