from datetime import timedelta

from odoo import api, fields, models

from ..doors.packing import digest, pack

KEPT = timedelta(days=90)
DELETED_AT_ONCE = 1000


class OmsTrackingMessage(models.Model):
    """An answer of a carrier that was asked is kept like a message that somebody sent."""

    _inherit = "oms.tracking.message"

    source_id = fields.Many2one(required=False)
    connection_id = fields.Many2one("oms.tracking.connection", ondelete="cascade")
    kind = fields.Selection(selection_add=[("poll", "Answer")], ondelete={"poll": "cascade"})

    _polled_once = models.UniqueIndex("(connection_id, digest) WHERE connection_id IS NOT NULL")

    @api.depends("connection_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for message in self.filtered("connection_id"):
            message.display_name = f"{message.connection_id.name} #{message.id}"
        return result

    def _compute_body_name(self):
        polled = self.filtered("connection_id")
        for message in polled:
            message.body_name = f"message-{message.id}.txt"
        return super(OmsTrackingMessage, self - polled)._compute_body_name()

    def action_process_again(self):
        """An answer is not read again: its carrier can be asked again."""
        return super(OmsTrackingMessage, self.filtered("source_id")).action_process_again()

    @api.model
    def _keep_polled(self, connection, body):
        """The message with this answer of a connection, as it is here or new."""
        mark = digest(body)
        known = self.search([("connection_id", "=", connection.id), ("digest", "=", mark)])
        now = fields.Datetime.now()
        return known or self.create(
            {
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "kind": "poll",
                "state": "done",
                "received_at": now,
                "done_at": now,
                "packed": pack(body),
                "size": len(body),
                "digest": mark,
            }
        )

    def _count_polled(self, taken):
        """Note what became of its events; an answer without news is not worth keeping."""
        if not taken["stored"] and not self.stored_count:
            self.unlink()
            return
        self.stored_count += taken["stored"]
        self.duplicate_count = taken["duplicate"]
        self.reject_count = len(taken["errors"])

    @api.autovacuum
    def _gc_polled(self):
        old = self.search(
            [("kind", "=", "poll"), ("received_at", "<", fields.Datetime.now() - KEPT)],
            limit=DELETED_AT_ONCE,
        )
        old.unlink()
        return len(old), len(old) == DELETED_AT_ONCE
