from odoo import api, models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    """A notice knows that its mail came back, although the mail itself is not kept."""

    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        refs = message_dict.get("bounced_msg_ids")
        if refs:
            text = html2plaintext(message_dict.get("body") or "")
            for notices in self.env["mail.mail"]._oms_notices().values():
                self.env[notices]._bounced(refs, " ".join(text.split()))
        return result
