from odoo import fields, models

from ....engine.tracking.tell import KINDS

SWITCHES = {kind: f"oms_notice_{kind}" for kind in KINDS}


class ResCompany(models.Model):
    """Which messages customers get about their parcels, and when none is sent."""

    _inherit = "res.company"

    oms_notice_shipped = fields.Boolean("Shipped", default=True)
    oms_notice_out_for_delivery = fields.Boolean("Out for Delivery", default=True)
    oms_notice_delay = fields.Boolean("Delay", default=True)
    oms_notice_attempt_failed = fields.Boolean("Delivery Failed", default=True)
    oms_notice_ready_for_pickup = fields.Boolean("Ready for Pick-up", default=True)
    oms_notice_delivered = fields.Boolean("Delivered", default=True)
    # A person writes better about these two.
    oms_notice_returning = fields.Boolean("Coming Back", default=False)
    oms_notice_lost = fields.Boolean("Lost", default=False)
    oms_quiet_from = fields.Float("Quiet from", default=21.0)
    oms_quiet_until = fields.Float("Quiet until", default=8.0)

    _oms_quiet_range = models.Constraint(
        "check (oms_quiet_from >= 0 and oms_quiet_from < 24 "
        "and oms_quiet_until >= 0 and oms_quiet_until < 24)",
        "Quiet hours lie between 0:00 and 23:59.",
    )

    def _oms_untold(self):
        """Set of the kinds of news that customers of this company are not told."""
        self.ensure_one()
        return {kind for kind, switch in SWITCHES.items() if not self[switch]}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oms_notice_shipped = fields.Boolean(related="company_id.oms_notice_shipped", readonly=False)
    oms_notice_out_for_delivery = fields.Boolean(
        related="company_id.oms_notice_out_for_delivery", readonly=False
    )
    oms_notice_delay = fields.Boolean(related="company_id.oms_notice_delay", readonly=False)
    oms_notice_attempt_failed = fields.Boolean(
        related="company_id.oms_notice_attempt_failed", readonly=False
    )
    oms_notice_ready_for_pickup = fields.Boolean(
        related="company_id.oms_notice_ready_for_pickup", readonly=False
    )
    oms_notice_delivered = fields.Boolean(related="company_id.oms_notice_delivered", readonly=False)
    oms_notice_returning = fields.Boolean(related="company_id.oms_notice_returning", readonly=False)
    oms_notice_lost = fields.Boolean(related="company_id.oms_notice_lost", readonly=False)
    oms_quiet_from = fields.Float(related="company_id.oms_quiet_from", readonly=False)
    oms_quiet_until = fields.Float(related="company_id.oms_quiet_until", readonly=False)
