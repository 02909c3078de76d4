from odoo import fields, models

KINDS = ("requested", "approved", "rejected", "received", "refunded", "exchange")
SWITCHES = {kind: f"oms_tell_return_{kind}" for kind in KINDS}


class ResCompany(models.Model):
    """Which messages customers get about their returns."""

    _inherit = "res.company"

    oms_tell_return_requested = fields.Boolean(
        "Requested",
        default=True,
        help="Within the EU the receipt of a withdrawal that was declared on a website has to be "
        "confirmed (2011/83/EU, art. 11).",
    )
    oms_tell_return_approved = fields.Boolean("Approved", default=True)
    oms_tell_return_rejected = fields.Boolean("Refused", default=True)
    oms_tell_return_received = fields.Boolean("Goods Received", default=True)
    oms_tell_return_refunded = fields.Boolean("Paid Back", default=True)
    oms_tell_return_exchange = fields.Boolean("Exchange Sent", default=True)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_tell_return_requested = fields.Boolean(
        related="company_id.oms_tell_return_requested", readonly=False
    )
    oms_tell_return_approved = fields.Boolean(
        related="company_id.oms_tell_return_approved", readonly=False
    )
    oms_tell_return_rejected = fields.Boolean(
        related="company_id.oms_tell_return_rejected", readonly=False
    )
    oms_tell_return_received = fields.Boolean(
        related="company_id.oms_tell_return_received", readonly=False
    )
    oms_tell_return_refunded = fields.Boolean(
        related="company_id.oms_tell_return_refunded", readonly=False
    )
    oms_tell_return_exchange = fields.Boolean(
        related="company_id.oms_tell_return_exchange", readonly=False
    )
