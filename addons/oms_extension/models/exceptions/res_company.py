from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    """How long each team may take over an exception."""

    _inherit = "res.company"

    oms_hours_sales = fields.Integer("Hours for Sales", default=24)
    oms_hours_planning = fields.Integer("Hours for Planning", default=24)
    oms_hours_warehouse = fields.Integer("Hours for the Warehouse", default=24)
    oms_hours_service = fields.Integer("Hours for Customer Service", default=24)

    _oms_hours_positive = models.Constraint(
        "check (least(oms_hours_sales, oms_hours_planning, oms_hours_warehouse, "
        "oms_hours_service) > 0)",
        "Each team needs at least one hour for an exception.",
    )

    def _oms_exception_deadline(self, owner):
        """When an exception that comes up now has to be settled.

        :param owner: the team, a value of ``oms.exception.owner``
        """
        self.ensure_one()
        return fields.Datetime.now() + timedelta(hours=self[f"oms_hours_{owner}"])

    def _oms_speaking(self):
        """The environment in the company's language, for texts that are kept for all its people."""
        self.ensure_one()
        return self.with_context(lang=self.sudo().partner_id.lang or self.env.lang).env
