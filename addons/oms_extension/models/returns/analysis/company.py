from odoo import fields, models


class ResCompany(models.Model):
    """What a return costs beyond what documents say."""

    _inherit = "res.company"

    oms_return_handling = fields.Monetary(
        "Handling per Returned Unit",
        default=2.0,
        help="Opening, inspecting and putting away one unit that came back.",
    )
    oms_return_support = fields.Monetary(
        "Support per Return",
        default=3.0,
        help="What customer service's time for one return costs.",
    )
    oms_return_freight = fields.Monetary(
        "Freight Back per Return",
        default=6.0,
        help="Where the parcel that comes back has no cost of its own.",
    )
    oms_return_write_down = fields.Float(
        "Write-down until Inspected",
        default=0.25,
        help="Share of a unit's cost that is taken as lost until it has been inspected.",
    )
    oms_return_supply_share = fields.Float(
        "Returns Promised before They Came",
        default=0.0,
        help="Share of the probable supply from returns on their way that orders may be promised. "
        "0: only what lies on the shelf.",
    )

    _oms_return_shares_possible = models.Constraint(
        "check (oms_return_write_down between 0 and 1 and oms_return_supply_share between 0 and 1)",
        "Shares lie between 0 and 100 %.",
    )
    _oms_return_costs_positive = models.Constraint(
        "check (least(oms_return_handling, oms_return_support, oms_return_freight) >= 0)",
        "Costs of returns are zero or more.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_return_handling = fields.Monetary(
        related="company_id.oms_return_handling", readonly=False, currency_field="currency_id"
    )
    oms_return_support = fields.Monetary(
        related="company_id.oms_return_support", readonly=False, currency_field="currency_id"
    )
    oms_return_freight = fields.Monetary(
        related="company_id.oms_return_freight", readonly=False, currency_field="currency_id"
    )
    oms_return_write_down = fields.Float(related="company_id.oms_return_write_down", readonly=False)
    oms_return_supply_share = fields.Float(
        related="company_id.oms_return_supply_share", readonly=False
    )
