from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Order management, per company."""

    _inherit = "res.config.settings"

    oms_portal_origin = fields.Selection(
        related="company_id.oms_portal_origin", readonly=False, required=True
    )
    oms_reallocation_gain = fields.Monetary(
        related="company_id.oms_reallocation_gain",
        readonly=False,
        currency_field="currency_id",
    )
    oms_learned_use = fields.Boolean(related="company_id.oms_learned_use", readonly=False)
    oms_promise_share = fields.Float(related="company_id.oms_promise_share", readonly=False)
    oms_hours_sales = fields.Integer(related="company_id.oms_hours_sales", readonly=False)
    oms_hours_planning = fields.Integer(related="company_id.oms_hours_planning", readonly=False)
    oms_hours_warehouse = fields.Integer(related="company_id.oms_hours_warehouse", readonly=False)
    oms_hours_service = fields.Integer(related="company_id.oms_hours_service", readonly=False)
