from odoo import fields, models


class ResCompany(models.Model):
    """How long carriers' messages are kept in full."""

    _inherit = "res.company"

    oms_keep_events = fields.Integer("Months to Keep Events", default=13)

    _oms_keep_positive = models.Constraint(
        "check (oms_keep_events >= 0)", "Months are zero (keep for ever) or a positive number."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_keep_events = fields.Integer(related="company_id.oms_keep_events", readonly=False)
