from odoo import api, fields, models

from .res_company import KINDS, SWITCHES

KIND_NAMES = [
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("rejected", "Refused"),
    ("received", "Goods Received"),
    ("refunded", "Paid Back"),
    ("exchange", "Exchange Sent"),
]
STILL_TRUE = {
    "requested": ("requested",),
    "approved": ("approved", "received", "done"),
    "rejected": ("rejected",),
    "received": ("approved", "received", "done"),
}
"""States in which such news is not overtaken; the others always are true."""


class OmsReturnNotice(models.Model):
    """One message to a customer about a return.

    What a customer wants to hear of parcels does not matter here: these answer what the customer
    asked, and say what the customer is to do.
    """

    _name = "oms.return.notice"
    _inherit = "oms.notice"
    _description = "Message about a Return"
    _order = "planned_at desc, id desc"
    _about = "return_id"
    _templates = {kind: f"oms_extension.mail_template_return_{kind}" for kind in KINDS}
    _cron = "oms_extension.cron_tell_returns"

    return_id = fields.Many2one("oms.return", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(KIND_NAMES, required=True, readonly=True)

    _once = models.UniqueIndex("(return_id, kind, occasion)", "The customer was told already.")
    _queue_index = models.Index("(planned_at) WHERE state = 'queued' AND written_at IS NULL")

    def action_preview(self):
        """How it looks now, in Odoo's own preview; nothing is sent."""
        self.ensure_one()
        template = self._template_of(self.kind)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "mail.template.preview",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_mail_template_id": template.id if template else False,
                "default_resource_ref": f"oms.return,{self.return_id.id}",
            },
        }

    def _why_nots(self):
        return {notice: notice._why_not() for notice in self}

    def _why_not(self):
        """Why this is not to be sent now, or nothing."""
        if not self.company_id[SWITCHES[self.kind]]:
            return "switched_off"
        if self.return_id.state not in STILL_TRUE.get(self.kind, (self.return_id.state,)):
            return "superseded"
        return None if self.return_id._notice_partner().email_normalized else "no_email"


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def _oms_notices(self):
        return super()._oms_notices() | {"oms.return": "oms.return.notice"}
