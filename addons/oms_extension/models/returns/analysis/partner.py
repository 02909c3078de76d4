"""What a customer sent back: a history, and no judgement."""

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    oms_return_count = fields.Integer(
        "Returns", compute="_compute_oms_return_count", groups="oms_extension.group_readonly"
    )

    def _compute_oms_return_count(self):
        people = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        counts = self.env["oms.return"]._read_group(
            [("partner_id", "in", people.ids), ("state", "not in", ("rejected", "cancelled"))],
            ["partner_id"],
            ["__count"],
        )
        self.oms_return_count = 0
        for partner, count in counts:
            for one in partner | _above(partner):
                if one in self:
                    one.oms_return_count += count

    def action_oms_returns(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returns of %s", self.display_name),
            "res_model": "oms.return",
            "view_mode": "list,form",
            "domain": [
                ("partner_id", "child_of", self.id),
                ("state", "not in", ("rejected", "cancelled")),
            ],
        }


def _above(partner):
    """The companies that a contact belongs to."""
    above = partner.browse()
    while partner.parent_id and partner.parent_id not in above:
        partner = partner.parent_id
        above |= partner
    return above
