from base64 import b64decode

from psycopg2 import Binary

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.tracking.formats import FORMATS, Unreadable, csv_file
from ..models.tracking.doors.packing import digest, pack
from ..models.tracking.doors.preview import Preview
from ..models.tracking.doors.sentences import unreadable
from ..models.tracking.doors.source import DATE_ORDERS, DELIMITERS

LARGEST = 100 * 1024 * 1024
SAMPLES = 200
SHOWN = 8
AT_ONCE = 2000
"""Rows that are stored while the person waits; more are left to the job."""


class OmsTrackingFileImport(models.TransientModel):
    """Bring a file of carrier events in: upload, say which column is what, see, import."""

    _name = "oms.tracking.file.import"
    _description = "Import Tracking Events from a File"

    step = fields.Selection([("file", "File"), ("check", "Check")], default="file", required=True)
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    source_id = fields.Many2one(
        "oms.tracking.source",
        "As Before from",
        domain="[('kind', '=', 'file'), ('company_id', '=', company_id)]",
        help="Where such files came from before: its columns and settings are remembered.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    format = fields.Selection(lambda self: [(one.key, one.title) for one in FORMATS.values()])
    is_csv = fields.Boolean(compute="_compute_is_csv")
    carrier_id = fields.Many2one("oms.carrier")
    vocabulary = fields.Char("Status Codes")
    tz = fields.Selection(
        lambda self: self.env["oms.tracking.source"]._fields["tz"].selection(self), "Time Zone"
    )
    date_order = fields.Selection(DATE_ORDERS, "Dates", default="ymd")
    delimiter = fields.Selection(DELIMITERS)
    column_ids = fields.One2many("oms.tracking.file.column", "import_id", "Columns")
    problem = fields.Char(compute="_compute_preview")
    preview_ids = fields.Json(compute="_compute_preview")

    @api.depends("format")
    def _compute_is_csv(self):
        for wizard in self:
            wizard.is_csv = wizard.format == "csv"

    @api.onchange("file", "filename")
    def _onchange_file(self):
        if self.file and not self.source_id:
            self.format = guess_format(self.filename or "", b64decode(self.file)[:4096])

    @api.onchange("source_id")
    def _onchange_source(self):
        if self.source_id:
            for name in ("format", "carrier_id", "vocabulary", "tz", "date_order", "delimiter"):
                self[name] = self.source_id[name]

    # --- from step to step ------------------------------------------------------------------------

    def action_check(self):
        """Look into the file and propose how to read it.

        :raise UserError: it is too large, or not what it is said to be
        """
        self.ensure_one()
        body = self._body()
        if not self.format:
            self.format = guess_format(self.filename or "", body[:4096])
        if self.is_csv:
            try:
                self._propose_columns(body)
            except Unreadable as problem:
                raise UserError(unreadable(self.env, problem)) from problem
        self.step = "check"
        return self._show()

    def action_back(self):
        self.column_ids.unlink()
        self.step = "file"
        return self._show()

    def action_import(self):
        """Keep the file and store its events: at once if it is short, else in the background."""
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Work for %s first.", self.company_id.name))
        if self.is_csv and not self._columns().get("tracking_number"):
            raise UserError(self.env._("Say which column holds the tracking number."))
        source = self._remembering_source()
        message = self._message(source, self._body())
        return {
            "type": "ir.actions.act_window",
            "res_model": "oms.tracking.message",
            "res_id": message.id,
            "view_mode": "form",
            "target": "current",
        }

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Tracking Events"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _file(self):
        # The client asks for the sizes of files instead of the files.
        return b64decode(self._origin.with_context(bin_size=False).file or b"")

    def _body(self):
        body = self._file()
        if len(body) > LARGEST:
            raise UserError(
                self.env._("The file is larger than %s MB: split it.", LARGEST // 1024**2)
            )
        if not body.strip():
            raise UserError(self.env._("The file is empty."))
        return body

    # --- columns ----------------------------------------------------------------------------------

    def _propose_columns(self, body):
        text = csv_file.decode(body)
        self.delimiter = self.delimiter or csv_file.delimiter_of(text.partition("\n")[0])
        lines = csv_file.table(text, self.delimiter)
        _line, titles = next(lines, (0, []))
        samples = [cells for (_line, cells), _count in zip(lines, range(SAMPLES), strict=False)]
        remembered = self.source_id.columns or {}
        if not set(remembered.values()) <= set(titles):
            remembered = {}
        known = remembered or csv_file.guess_columns(titles)
        field_of = {title: name for name, title in known.items()}
        self.column_ids.unlink()
        self.column_ids = [
            fields.Command.create(
                {
                    "title": title,
                    "field": field_of.pop(title, False),
                    "sample": " · ".join(
                        list(
                            dict.fromkeys(one[at] for one in samples if at < len(one) and one[at])
                        )[:3]
                    )[:80],
                }
            )
            for at, title in enumerate(titles)
            if title
        ]
        if not remembered and "occurred_at" in known:
            at = titles.index(known["occurred_at"])
            self.date_order = csv_file.guess_date_order(one[at] for one in samples if at < len(one))

    def _columns(self):
        return {one.field: one.title for one in self.column_ids if one.field}

    def _layout(self):
        return csv_file.Layout(
            columns=self._columns(),
            delimiter=self.delimiter or "",
            date_order=self.date_order or "ymd",
            carrier=self.carrier_id.code or "",
        )

    # --- what it will look like -------------------------------------------------------------------

    @api.depends(
        *("step", "format", "carrier_id", "vocabulary", "tz", "date_order", "delimiter"),
        *("column_ids.field",),
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.problem, wizard.preview_ids = False, []
            if wizard.step == "check":
                try:
                    wizard.preview_ids = wizard._preview()
                except Unreadable as problem:
                    wizard.problem = unreadable(self.env, problem)

    def _preview(self):
        """The first events as they would be stored: list of dicts of texts."""
        body = self._file()
        if self.is_csv:
            numbered = csv_file.rows(body, self._layout())
        else:
            numbered = enumerate(FORMATS[self.format](body), 1)
        shown = [one for one, _count in zip(numbered, range(SHOWN), strict=False)]
        understood = Preview(self.env, self.carrier_id, self.tz or "", self.vocabulary or "")
        return [{"line": line, **understood.of(event)} for line, event in shown]

    # --- keeping it -------------------------------------------------------------------------------

    def _remembering_source(self):
        """The source whose files are read this way; made when there is none yet."""
        values = {
            "format": self.format,
            "carrier_id": self.carrier_id.id,
            "vocabulary": (self.vocabulary or "").strip().casefold() or False,
            "tz": self.tz,
            "date_order": self.date_order or "ymd",
            "delimiter": self.delimiter,
            "columns": self._columns() if self.is_csv else False,
        }
        source = self.source_id.sudo()
        if source:
            if source.company_id != self.company_id or source.kind != "file":
                raise UserError(self.env._("This source belongs to another company."))
            changes = {
                name: value
                for name, value in values.items()
                if value != (source[name].id if name == "carrier_id" else source[name])
            }
            if changes:
                source.write(changes)
            return source
        title = FORMATS[self.format].title
        name = f"{self.carrier_id.name}: {title}" if self.carrier_id else title
        return source.create(
            values | {"name": name, "kind": "file", "company_id": self.company_id.id}
        )

    def _message(self, source, body):
        """The message of this file; that of the same file, if it was brought in before."""
        self.env.cr.execute(
            """
            INSERT INTO oms_tracking_message
                (source_id, company_id, kind, state, filename, packed, size, digest, received_at,
                 next_try_at, attempts, rows_done, stored_count, duplicate_count, unmatched_count,
                 reject_count)
            VALUES (%(source)s, %(company)s, 'file', 'new', %(filename)s, %(packed)s, %(size)s,
                    %(digest)s, %(now)s, %(now)s, 0, 0, 0, 0, 0, 0)
            ON CONFLICT (source_id, digest) DO UPDATE SET filename = EXCLUDED.filename
            RETURNING id
            """,
            {
                "source": source.id,
                "company": source.company_id.id,
                "filename": (self.filename or "").replace("\x00", "")[:200] or None,
                "packed": Binary(pack(body)),
                "size": len(body),
                "digest": digest(body),
                "now": fields.Datetime.now(),
            },
        )
        (key,) = self.env.cr.fetchone()
        messages = self.env["oms.tracking.message"].sudo()
        messages.invalidate_model()
        message = messages.browse(key)
        message._begin_file(AT_ONCE)
        return message


class OmsTrackingFileColumn(models.TransientModel):
    """One column of a CSV file, and what it is."""

    _name = "oms.tracking.file.column"
    _description = "Column of a Tracking File"

    import_id = fields.Many2one("oms.tracking.file.import", required=True, ondelete="cascade")
    title = fields.Char("Column", readonly=True)
    sample = fields.Char("Such as", readonly=True)
    field = fields.Selection(
        [
            ("tracking_number", "Tracking number"),
            ("occurred_at", "Date, or date and time"),
            ("occurred_time", "Time, where it stands apart"),
            ("code", "Status code"),
            ("status", "Status"),
            ("description", "Description"),
            ("carrier", "Carrier"),
            ("location", "Place"),
            ("city", "City"),
            ("state", "State or province"),
            ("postcode", "Postcode"),
            ("country", "Country"),
            ("timezone", "Time zone"),
            ("latitude", "Latitude"),
            ("longitude", "Longitude"),
            ("event_id", "Sender's ID"),
            ("signed_by", "Signed by"),
            ("estimated_delivery", "Expected delivery"),
        ],
        "Is",
    )


def guess_format(filename, head):
    """The key of the format that a file probably has."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if text.startswith(("UNA", "UNB")):
        return "edifact_iftsta"
    if text.startswith("ISA"):
        return "x12_214"
    if filename.lower().endswith(".json") or text[:1] in ("{", "["):
        return "standard"
    return "csv"
