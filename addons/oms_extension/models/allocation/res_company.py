from odoo import fields, models


class ResCompany(models.Model):
    """What a company tells its customers, and when it changes its mind about an order."""

    _inherit = "res.company"

    oms_portal_origin = fields.Selection(
        [
            ("none", "Nothing"),
            ("country", "The country"),
            ("city", "City and country"),
            ("warehouse", "The warehouse's name"),
        ],
        "Where Parcels Come From",
        # Not required by the database: other modules create companies before this one is loaded.
        default="country",
        help="What customers read on their order's page about the place each parcel comes from.",
    )
    oms_reallocation_gain = fields.Monetary(
        "Minimum Gain",
        default=1.0,
        help="An allocation is replaced by a cheaper one only if that saves at least this much.",
    )

    _oms_reallocation_gain_positive = models.Constraint(
        "check (oms_reallocation_gain >= 0)", "A minimum gain cannot be negative."
    )
