from odoo import api, fields, models
from odoo.exceptions import ValidationError

FAULTS = [
    ("customer", "Customer"),
    ("product", "Product"),
    ("content", "Description"),
    ("warehouse", "Warehouse"),
    ("carrier", "Carrier"),
]


class OmsReturnReason(models.Model):
    """Why goods come back, on two levels: the customer's words, and below them what was the cause.

    The customer chooses of the upper level; the warehouse finds out the lower one.
    """

    _name = "oms.return.reason"
    _description = "Return Reason"
    _order = "parent_id NULLS FIRST, sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="What other programs call it.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    parent_id = fields.Many2one(
        "oms.return.reason",
        "In the Customer's Words",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
    )
    child_ids = fields.One2many("oms.return.reason", "parent_id", "Possible Causes")
    fault = fields.Selection(FAULTS, "Whose Fault", required=True, default="customer")
    category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Offered for these categories and those below them; empty: for all.",
    )
    photo = fields.Boolean("Ask for a Photo")
    comment = fields.Boolean("Ask for a Comment")
    claim = fields.Boolean(
        "Opens a Claim", help="Damaged, lost or missing: what was paid for was not received."
    )

    _code_unique = models.Constraint("UNIQUE(code)", "Another reason has this code.")

    @api.depends("parent_id.name", "name")
    def _compute_display_name(self):
        for reason in self:
            parent = reason.parent_id.name
            reason.display_name = f"{parent}: {reason.name}" if parent else reason.name

    @api.constrains("parent_id")
    def _check_levels(self):
        for reason in self:
            if reason.parent_id.parent_id or (reason.parent_id and reason.child_ids):
                raise ValidationError(
                    self.env._("Reasons have two levels: give '%s' no cause below it.", reason.name)
                )

    @api.model
    def _offered(self, product):
        """The customer's words that are offered for a product, in their order."""
        category = product.categ_id
        above = {int(one) for one in (category.parent_path or "").split("/") if one}
        reasons = self.search([("parent_id", "=", False)])
        return reasons.filtered(
            lambda reason: not reason.category_ids or above & set(reason.category_ids.ids)
        )

    @api.model
    def _by_code(self, codes):
        """dict code → reason, of those that exist."""
        return {one.code: one for one in self.search([("code", "in", list(codes))])}
