from odoo import api, models


class MailMail(models.Model):
    """Tells notices what became of their mails."""

    _inherit = "mail.mail"

    @api.model
    def _oms_notices(self):
        """dict model that mails are about → model of the notices that sent them"""
        return {"oms.shipment": "oms.shipment.notice"}

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        for model, notices in self._oms_notices().items():
            ours = self.filtered(lambda mail, model=model: mail.model == model)
            if ours:
                self.env[notices]._mails_done(ours, failure_type, failure_reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
