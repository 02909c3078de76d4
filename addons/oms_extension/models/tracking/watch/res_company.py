from odoo import fields, models

from ....engine.tracking import watch


class ResCompany(models.Model):
    """How unusual a parcel's silence must be before somebody is asked to look."""

    _inherit = "res.company"

    oms_watch_share = fields.Float(
        "Usual for (%)",
        default=watch.USUAL_SHARE * 100,
        help="A parcel is reported when it is silent for longer than this share of the parcels of "
        "its lane. 95: one in twenty.",
    )

    _oms_watch_share_range = models.Constraint(
        "check (oms_watch_share >= 50 and oms_watch_share < 100)",
        "The share of usual parcels lies between 50 and 100 %.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_watch_share = fields.Float(related="company_id.oms_watch_share", readonly=False)
