"""Fields that policy and rule have in common."""

from odoo import fields, models

from ..return_line import OUTCOMES


class OmsReturnConditions(models.AbstractModel):
    """To whom something applies, and which outcomes it allows."""

    _name = "oms.return.conditions"
    _description = "Conditions of Return Policies"

    country_ids = fields.Many2many("res.country", string="Countries")
    tag_ids = fields.Many2many("res.partner.category", string="Customer Tags")
    pricelist_ids = fields.Many2many("product.pricelist", string="Pricelists")
    categ_ids = fields.Many2many("product.category", string="Product Categories")
    allow_refund = fields.Boolean("Refund", default=True)
    allow_exchange = fields.Boolean("Exchange", default=True)
    allow_credit = fields.Boolean("Store Credit", default=True)
    allow_repair = fields.Boolean("Repair", default=True)
    allow_discount = fields.Boolean("Keep It with a Discount", default=True)

    def _outcomes(self):
        self.ensure_one()
        return frozenset(name for name, _label in OUTCOMES if self[f"allow_{name}"])

    def _outcome_text(self):
        labels = dict(
            self.env["oms.return.line"]._fields["outcome"]._description_selection(self.env)
        )
        return ", ".join(labels[name] for name, _label in OUTCOMES if self[f"allow_{name}"])
