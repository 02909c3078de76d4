import csv
import io
from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ....engine.tracking.formats import FORMATS
from .. import wake
from .packing import unpack

SHOWN = 20_000
"""Bytes of a message that its form shows."""
EXTENSIONS = {"json": "json", "edi": "edi", "csv": "csv"}
DELETED_AT_ONCE = 1000


class OmsTrackingMessage(models.Model):
    """A raw message as it came, kept before anybody looked into it: the inbox of all doors.

    It is ``new`` until its events are stored, which happens in one transaction with marking it
    ``done``: whatever dies in between, it is looked at again, and events that are stored already
    are not stored twice. What cannot be read has ``failed``; it stays for a person.
    """

    _name = "oms.tracking.message"
    _description = "Tracking Message"
    _order = "received_at desc, id desc"
    _log_access = False
    _rec_name = "digest"

    source_id = fields.Many2one("oms.tracking.source", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection([("webhook", "Webhook"), ("file", "File")], required=True)
    filename = fields.Char("File")
    state = fields.Selection(
        [("new", "Waiting"), ("done", "Done"), ("failed", "Failed")], required=True, default="new"
    )
    received_at = fields.Datetime("Received", required=True)
    done_at = fields.Datetime("Finished")
    packed = fields.Binary(attachment=False, prefetch=False, groups="base.group_system")
    size = fields.Integer("Size (Bytes)")
    digest = fields.Char(required=True, help="SHA-256 of the message: the same comes in once.")
    headers = fields.Json(prefetch=False)
    body = fields.Binary("Message", compute="_compute_body", groups="oms_extension.group_user")
    body_name = fields.Char(compute="_compute_body_name")
    body_text = fields.Text("Content", compute="_compute_body", groups="oms_extension.group_user")

    # --- what became of it ------------------------------------------------------------------------
    attempts = fields.Integer(default=0, help="How often its reading was begun and not finished.")
    next_try_at = fields.Datetime("Next Try")
    error = fields.Char()
    stored_count = fields.Integer("New Events", default=0)
    duplicate_count = fields.Integer("Known Already", default=0)
    unmatched_count = fields.Integer("Of Unknown Parcels", default=0)
    reject_count = fields.Integer("Rejected", default=0)
    rejects = fields.Json(prefetch=False, help="Rejected events: list of {line, number, error}.")
    rows_done = fields.Integer(default=0)
    rows_total = fields.Integer("Rows")
    progress = fields.Float(compute="_compute_progress")
    rejects_file = fields.Binary("Rejected Rows", compute="_compute_rejects_file")

    _once = models.UniqueIndex("(source_id, digest)", "This message came in already.")
    _due = models.Index("(next_try_at, id) WHERE state = 'new'")
    _by_source = models.Index("(source_id, state, received_at)")
    _by_age = models.Index("(received_at)")

    @api.depends("source_id", "filename", "received_at")
    def _compute_display_name(self):
        for message in self:
            message.display_name = message.filename or f"{message.source_id.name} #{message.id}"

    @api.depends("packed")
    def _compute_body(self):
        for message in self:
            raw = message._raw()
            message.body = b64encode(raw)
            shown = raw[:SHOWN].decode("utf-8", "replace").replace("\x00", "")
            message.body_text = shown + ("…" if len(raw) > SHOWN else "")

    def _compute_body_name(self):
        for message in self:
            extension = EXTENSIONS[FORMATS[message.source_id.format].content]
            message.body_name = message.filename or f"message-{message.id}.{extension}"

    @api.depends("rows_done", "rows_total", "state")
    def _compute_progress(self):
        for message in self:
            total = message.rows_total
            if message.state == "done":
                message.progress = 100.0
            else:
                message.progress = min(100.0, 100.0 * message.rows_done / total) if total else 0.0

    @api.depends("rejects")
    def _compute_rejects_file(self):
        for message in self:
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow(["line", "tracking_number", "error"])
            for one in message.rejects or []:
                writer.writerow([one["line"], harmless(one["number"]), harmless(one["error"])])
            message.rejects_file = b64encode(text.getvalue().encode("utf-8-sig"))

    def _raw(self):
        """The message as it came."""
        self.ensure_one()
        return unpack(self.sudo().packed)

    # --- for people -------------------------------------------------------------------------------

    def action_process_again(self):
        """Look at these messages anew, from their beginning.

        What was stored already is not stored again. A short message is worked off at once.
        """
        if not self.env.user.has_group("oms_extension.group_user"):
            raise AccessError(self.env._("You may not process messages."))
        self.check_access("read")
        messages = self.sudo()
        messages.write(
            {
                "state": "new",
                "attempts": 0,
                "next_try_at": fields.Datetime.now(),
                "error": False,
                "rows_done": 0,
                "stored_count": 0,
                "duplicate_count": 0,
                "unmatched_count": 0,
                "reject_count": 0,
                "rejects": False,
                "done_at": False,
            }
        )
        messages[:20].filtered(lambda one: one.kind == "webhook")._work()
        if messages.filtered(lambda one: one.state == "new"):
            self._call_job()

    def action_download_rejects(self):
        self.ensure_one()
        if not self.rejects:
            raise UserError(self.env._("Nothing was rejected."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/oms.tracking.message/{self.id}/rejects_file"
            f"?download=true&filename=rejected-{self.id}.csv",
            "target": "download",
        }

    def action_open_events(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Events of this Message"),
            "res_model": "oms.shipment.event",
            "view_mode": "list,form",
            "domain": [("message_id", "=", self.id)],
        }

    # --- keeping house ----------------------------------------------------------------------------

    @api.autovacuum
    def _gc_messages(self):
        """Delete raw messages whose time is over; what failed is kept twice as long."""
        self.env.cr.execute(
            """
            DELETE FROM oms_tracking_message WHERE id IN (
                SELECT message.id FROM oms_tracking_message message
                JOIN oms_tracking_source source ON source.id = message.source_id
                WHERE message.received_at < %(now)s - source.keep_days * interval '1 day'
                    AND (message.state = 'done' OR
                         message.state = 'failed' AND message.received_at
                             < %(now)s - 2 * source.keep_days * interval '1 day')
                LIMIT %(limit)s)
            """,
            {"now": fields.Datetime.now(), "limit": DELETED_AT_ONCE},
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count, count == DELETED_AT_ONCE

    @api.model
    def _call_job(self):
        """Have the inbox looked at soon."""
        wake.call(self.env, "oms_extension.cron_tracking_inbox")


def harmless(text):
    """A cell that no spreadsheet takes for a formula, whoever sent what is in it."""
    text = str(text or "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
