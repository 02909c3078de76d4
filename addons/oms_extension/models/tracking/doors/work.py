import logging
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as CONFLICTS

from ....engine.tracking.formats import FORMATS, RECEIVED_AT, Unreadable
from ....engine.tracking.formats.base import clean
from ..ingest.ingest import BATCH
from .sentences import unreadable

_logger = logging.getLogger(__name__)

CLAIMED_TOGETHER = 50
PAUSES = [timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 720)]
"""Before each further attempt; after the last one it has failed."""
QUICK_TRIES = 4
MOST_REJECTS = 1000
"""Rejected events that a message lists; all are counted."""


class OmsTrackingMessage(models.Model):
    """Works the inbox off: what came in becomes events."""

    _inherit = "oms.tracking.message"

    @api.model
    def _cron_inbox(self):
        """Work off what is due, webhooks first and a slice of one file in between.

        Each round is begun by a commit that counts the attempt: a message that kills the server
        comes back after a pause, and the others before it.
        """
        while True:
            hooks = self._claim("webhook", CLAIMED_TOGETHER)
            files = self._claim("file", 1)
            if not hooks and not files:
                return
            self.env.cr.commit()  # pylint: disable=invalid-commit
            hooks._hold()._work()
            files._hold()._work_slice()
            waiting = self.search_count(self._due_domain(), limit=CLAIMED_TOGETHER)
            done = len(hooks) + len(files)
            if not self.env["ir.cron"]._commit_progress(done, remaining=waiting):
                return

    @api.model
    def _due_domain(self):
        return [("state", "=", "new"), ("next_try_at", "<=", fields.Datetime.now())]

    @api.model
    def _claim(self, kind, limit):
        """Take due messages in hand, the oldest first, and put off their next attempt."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            """
            UPDATE oms_tracking_message SET attempts = attempts + 1, next_try_at = %(now)s + (
                %(pauses)s::interval[])[LEAST(attempts + 1, %(most)s)]
            WHERE id IN (
                SELECT id FROM oms_tracking_message
                WHERE state = 'new' AND next_try_at <= %(now)s AND kind = %(kind)s
                ORDER BY next_try_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            {
                "now": now,
                "pauses": PAUSES,
                "most": len(PAUSES),
                "kind": kind,
                "limit": limit,
            },
        )
        ids = sorted(one for (one,) in self.env.cr.fetchall())
        self.invalidate_model(["attempts", "next_try_at"])
        return self.browse(ids)

    def _hold(self):
        """Those of these messages that are still to be worked off, locked against everybody else.

        The first statement of its transaction, so that this sees what others did before.
        """
        if not self:
            return self
        self.env.cr.execute(
            "SELECT id FROM oms_tracking_message WHERE id = ANY(%s) AND state = 'new' "
            "ORDER BY id FOR UPDATE SKIP LOCKED",
            [self.ids],
        )
        self.invalidate_model()
        return self.browse([one for (one,) in self.env.cr.fetchall()])

    def _work(self):
        """Store the events of these messages: all together, else one by one."""
        open_ones = self.filtered(lambda one: one.state == "new")
        if not open_ones:
            return
        try:
            with self.env.cr.savepoint():
                for message in open_ones:
                    message._read_and_store()
                self.env.flush_all()
            return
        except Exception:
            if len(open_ones) > 1:
                _logger.info("%s messages failed; now one by one", len(open_ones), exc_info=True)
        for message in open_ones:
            message._work_alone()

    def _work_alone(self):
        try:
            with self.env.cr.savepoint():
                self._read_and_store()
                self.env.flush_all()
        except Unreadable as problem:
            self._give_up(unreadable(self.env, problem))
        except Exception as error:
            self._try_again_later(error)

    def _try_again_later(self, error):
        """Note what went wrong; a person is needed when it goes wrong every time.

        Where another transaction was faster it goes right as soon as this one has ended.
        """
        if isinstance(error, CONFLICTS) and self.attempts <= QUICK_TRIES:
            self.write({"next_try_at": fields.Datetime.now()})
            return
        _logger.warning("tracking message %s could not be stored", self.id, exc_info=error)
        text = f"{type(error).__name__}: {error}".replace("\x00", "")[:500]
        if self.attempts > len(PAUSES):
            self._give_up(text)
        else:
            self.write({"error": text})

    def _give_up(self, sentence):
        self.write({"state": "failed", "error": sentence, "done_at": fields.Datetime.now()})

    def _read_and_store(self):
        """Store the events of this message and call it done, as one.

        :raise Unreadable: it is not what its source says it is
        """
        events = self._events()
        self._reset_counts()
        for start in range(0, len(events), BATCH):
            part = events[start : start + BATCH]
            self._store(part, range(start + 1, start + 1 + len(part)))
        self._finish()

    def _events(self):
        """The event dicts of this message.

        :raise Unreadable: it is not what its source says it is
        """
        received = self.received_at.replace(tzinfo=UTC).timestamp()
        headers = {**(self.headers or {}), RECEIVED_AT: str(received)}
        return FORMATS[self.source_id.format](self._raw(), headers)

    def _reset_counts(self):
        self.write(
            dict.fromkeys(("stored_count", "duplicate_count", "unmatched_count", "reject_count"), 0)
            | {"rejects": False}
        )

    def _store(self, events, lines):
        """Hand events to the one way in and count what became of them.

        :param lines: of each event, its line in the file or its place in the message
        """
        source = self.source_id
        if source.vocabulary:
            events = [
                one | {"vocabulary": source.vocabulary} if isinstance(one, dict) else one
                for one in events
            ]
        answer = self.env["oms.tracking.ingest"]._take(
            events,
            self.kind,
            source=source,
            message=self,
            carrier=source.carrier_id or None,
            tz=source.tz or "",
        )
        rejects = self.rejects or []
        for one in answer["errors"][: max(MOST_REJECTS - len(rejects), 0)]:
            event = events[one["index"]]
            number = event.get("tracking_number") if isinstance(event, dict) else ""
            rejects.append(
                {
                    "line": lines[one["index"]],
                    "number": clean(str(number or ""))[:64],
                    "error": clean(one["error"]),
                }
            )
        self.write(
            {
                "stored_count": self.stored_count + answer["stored"],
                "duplicate_count": self.duplicate_count + answer["duplicate"],
                "unmatched_count": self.unmatched_count + answer["unmatched"],
                "reject_count": self.reject_count + len(answer["errors"]),
                "rejects": rejects or False,
            }
        )

    def _finish(self):
        self.write(
            {
                "state": "done",
                "error": False,
                "attempts": 0,
                "next_try_at": False,
                "done_at": fields.Datetime.now(),
            }
        )
