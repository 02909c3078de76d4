import time
from itertools import islice

from odoo import fields, models

from ....engine.tracking.formats import FORMATS, Unreadable
from ....engine.tracking.formats.csv_file import Layout, rows
from .sentences import unreadable

ROWS_TOGETHER = 1000
SLICE_SECONDS = 5
"""How long a file keeps the webhooks waiting."""


class OmsTrackingMessage(models.Model):
    """Works files off in slices, each committed with how far it came."""

    _inherit = "oms.tracking.message"

    def _work_slice(self):
        """Store some of the rows that are left; the rest in a later round."""
        for message in self:
            try:
                with self.env.cr.savepoint():
                    message._store_slice(time.monotonic() + SLICE_SECONDS)
                    self.env.flush_all()
            except Unreadable as problem:
                message._give_up(unreadable(self.env, problem))
            except Exception as error:
                message._try_again_later(error)

    def _store_slice(self, end):
        """Store rows until the time ``end`` (of the monotonic clock), at least some of them.

        :raise Unreadable: it is not what its source says it is; rows before the fault are stored
            by earlier slices
        """
        numbered = self._rows()
        done = self.rows_done
        if not done:
            self._reset_counts()
        # What earlier rounds did is read over: a file is read much faster than it is stored.
        part = list(islice(numbered, done, done + ROWS_TOGETHER))
        while part:
            self._store([event for _line, event in part], [line for line, _event in part])
            self.rows_done += len(part)
            if time.monotonic() > end:
                self.write({"attempts": 0, "next_try_at": fields.Datetime.now(), "error": False})
                return
            part = list(islice(numbered, ROWS_TOGETHER))
        self.rows_total = self.rows_done
        self._finish()

    def _begin_file(self, at_once):
        """Store a file of at most ``at_once`` rows now; leave a longer one to the job."""
        self.ensure_one()
        if self.state != "new":
            return
        try:
            self.rows_total = self._count_rows()
        except Unreadable as problem:
            self._give_up(unreadable(self.env, problem))
            return
        if self.rows_total <= at_once:
            self._work_slice()
        if self.state == "new":
            self._call_job()

    def _rows(self):
        """Iterator over (line, event) of this file."""
        source = self.source_id
        if FORMATS[source.format].content == "csv":
            return rows(self._raw(), source._layout())
        return enumerate(self._events(), 1)

    def _count_rows(self):
        """How many rows there are, roughly for a CSV file with line breaks in its cells."""
        if FORMATS[self.source_id.format].content == "csv":
            return max(self._raw().count(b"\n") - 1, 1)
        return len(self._events())


class OmsTrackingSource(models.Model):
    _inherit = "oms.tracking.source"

    def _layout(self):
        """How CSV files of this source are read."""
        return Layout(
            columns=self.columns or {},
            delimiter=self.delimiter or "",
            date_order=self.date_order,
            carrier=self.carrier_id.code or "",
        )
