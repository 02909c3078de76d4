from odoo import api, fields, models


class OmsPolicyVersion(models.Model):
    """What a policy said at a time, and who made it say so."""

    _name = "oms.policy.version"
    _description = "Sourcing Policy Version"
    _order = "policy_id, number desc, id desc"
    _rec_name = "number"

    policy_id = fields.Many2one("oms.policy", required=True, ondelete="cascade", index=True)
    number = fields.Integer("Version", required=True)
    user_id = fields.Many2one("res.users", "Changed by", required=True)
    create_date = fields.Datetime("Changed on", readonly=True)
    terms = fields.Json(readonly=True)
    previous_terms = fields.Json(readonly=True)
    changes = fields.Char(compute="_compute_changes")

    @api.depends("terms", "previous_terms")
    def _compute_changes(self):
        labels = {name: field.string for name, field in self.env["oms.policy"]._fields.items()} | {
            "rules": self.env._("Rules")
        }
        for version in self:
            before, after = version.previous_terms or {}, version.terms or {}
            version.changes = (
                "; ".join(
                    f"{labels.get(name, name)}: {_shown(before.get(name))} → {_shown(after[name])}"
                    for name in after
                    if after[name] != before.get(name)
                )
                if before
                else self.env._("Created")
            )


def _shown(value):
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "–"
    return "–" if value in (None, False, "") else str(value)
