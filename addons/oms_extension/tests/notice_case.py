"""What a job writes to customers, looked at without sending anything."""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo import fields

from odoo.addons.mail.tests.common import MailCase

NOON = datetime(2026, 3, 4, 11)  # a Wednesday, in Rome


class NoticeCase(MailCase):
    """:cvar notices: the model of the notices. :cvar clock: when it is, unless told otherwise."""

    notices = ""
    clock = NOON

    @contextmanager
    def at(self, moment=None):
        now = moment or self.clock
        with patch.object(fields.Datetime, "now", lambda *_: now):
            yield now

    def write_mails(self, moment=None, keep=True):
        """What the job does, without committing. ``keep``: to look at the mails."""
        with self.at(moment) as now, self.mock_mail_gateway(mail_unlink_sent=not keep):
            due = self.env[self.notices].search(
                [
                    ("state", "=", "queued"),
                    ("written_at", "=", False),
                    ("planned_at", "<=", now),
                ]
            )
            if due:
                due._write_safely()
            self.mails = self._new_mails.exists()
            self.mails.send()
        return self.mails

    def told(self, document, state="sent"):
        return document.notice_ids.filtered(lambda one: one.state == state).mapped("kind")

    def bounce(self, notice, partner):
        """The mail of a notice comes back."""
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": partner.email,
                "bounced_partner": partner,
                "bounced_msg_ids": [notice.message_ref],
                "bounced_message": self.env["mail.message"],
                "body": "<p>No such user</p>",
                "email_from": "mailer-daemon@example.com",
                "to": "bounce@example.com",
                "message_id": "<1@example.com>",
            },
        )
