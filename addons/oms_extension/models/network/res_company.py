from odoo import fields, models


class ResCompany(models.Model):
    """How a company promises."""

    _inherit = "res.company"

    oms_learned_use = fields.Boolean(
        "Promise Learned Transit Times",
        default=True,
        help="Allocation promises the working days that a lane's own parcels took, once enough "
        "of them have arrived.",
    )
    oms_promise_share = fields.Float(
        "Parcels in Time",
        default=0.9,
        help="Share of parcels that shall arrive within the learned days.",
    )

    _oms_promise_share_possible = models.Constraint(
        "check (oms_promise_share >= 0.5 and oms_promise_share <= 0.99)",
        "Promise days that between 50 % and 99 % of the parcels keep.",
    )
