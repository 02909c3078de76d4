from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....engine.returns import disposition as engine
from ..inspection import CONDITIONS, DISPOSITIONS
from ..reason import FAULTS


class OmsReturnDispositionRule(models.Model):
    """Where inspected units go. The first rule that fits decides; a person may decide otherwise."""

    _name = "oms.return.disposition.rule"
    _description = "Disposition Rule"
    _order = "sequence, id"

    name = fields.Char("In Words", required=True, translate=True, help="Shown as the reason.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: all companies.", index=True)
    category_ids = fields.Many2many(
        "product.category", string="Product Categories", help="And those below them; empty: all."
    )
    best = fields.Selection(CONDITIONS, "Condition from", help="Empty: from as new on.")
    worst = fields.Selection(CONDITIONS, "Condition to", help="Empty: down to broken.")
    reason_ids = fields.Many2many(
        "oms.return.reason", string="Reasons or Causes", help="Empty: whatever the reason."
    )
    fault = fields.Selection(
        FAULTS, "Whose Fault", help="By the cause found, else by the customer's reason."
    )
    min_value = fields.Float(
        "Worth at Least", help="Cost of one unit in the company's currency; 0: no limit."
    )
    max_value = fields.Float("Worth Less Than", help="0: no limit.")
    disposition = fields.Selection(DISPOSITIONS, required=True)
    share = fields.Float("Value Recovered (%)", default=100.0, help="Of the unit's value as new.")

    @api.constrains("share", "best", "worst", "min_value", "max_value")
    def _check_figures(self):
        for rule in self:
            if not 0 <= rule.share <= 100:
                raise ValidationError(self.env._("Between 0 and 100 % of the value is recovered."))
            if rule.best and rule.worst and rule.best > rule.worst:
                raise ValidationError(
                    self.env._("'%s': the better condition comes first.", rule.name)
                )
            if min(rule.min_value, rule.max_value) < 0 or (
                rule.max_value and rule.max_value <= rule.min_value
            ):
                raise ValidationError(self.env._("'%s': no unit has such a value.", rule.name))

    @api.model
    def _engine_rules(self, company):
        """The rules of a company as the engine reads them, in their order."""
        rules = self.sudo().search([("company_id", "in", (False, company.id))])
        return [
            engine.Rule(
                id=rule.id,
                name=rule.name,
                disposition=rule.disposition,
                share=rule.share / 100,
                categories=frozenset(rule.category_ids.ids),
                best=rule.best or None,
                worst=rule.worst or None,
                reasons=frozenset(rule.reason_ids.ids),
                faults=frozenset([rule.fault] if rule.fault else []),
                min_value=rule.min_value or None,
                max_value=rule.max_value or None,
            )
            for rule in rules
        ]
