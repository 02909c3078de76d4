from odoo import api, fields, models


class OmsPolicyRule(models.Model):
    """One rule of a policy that decides by rules."""

    _name = "oms.policy.rule"
    _description = "Sourcing Rule"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("oms.policy", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("priority", "Warehouse priority"),
            ("nearest", "Nearest to the customer"),
            ("fewest_parcels", "Fewest parcels"),
            ("stay_in_country", "Stay in the customer's country"),
            ("balance_stock", "Highest stock"),
            ("oldest_stock", "Oldest stock first"),
            ("cheapest", "Cheapest"),
            ("fastest", "Fastest"),
        ],
        "Rule",
        required=True,
    )

    _kind_unique = models.Constraint(
        "unique (policy_id, kind)", "A policy names each rule once: the second could never decide."
    )

    @api.model_create_multi
    def create(self, vals_list):
        policies = self.env["oms.policy"].browse({vals["policy_id"] for vals in vals_list})
        before = {policy: policy._terms() for policy in policies}
        rules = super().create(vals_list)
        rules._note_change(before)
        return rules

    def write(self, vals):
        before = {policy: policy._terms() for policy in self.policy_id}
        result = super().write(vals)
        self._note_change(before)
        return result

    def unlink(self):
        before = {policy: policy._terms() for policy in self.policy_id}
        result = super().unlink()
        self._note_change(before)
        return result

    def _note_change(self, before):
        """Let every policy whose rules really changed get its new version."""
        if self.env.context.get("oms_one_version"):
            return
        for policy, terms in before.items():
            if policy.exists() and policy._terms() != terms:
                policy._new_version(terms)
