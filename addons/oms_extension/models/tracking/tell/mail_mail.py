from odoo import models


class MailMail(models.Model):
    """Tells notices what became of their mails."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        ours = self.filtered(lambda mail: mail.model == "oms.shipment")
        if ours:
            self.env["oms.shipment.notice"]._mails_done(ours, failure_type, failure_reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
