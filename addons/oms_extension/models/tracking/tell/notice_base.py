import logging

from psycopg2.extras import execute_values

from odoo import api, fields, models

_logger = logging.getLogger(__name__)
BATCH = 50


class OmsNotice(models.AbstractModel):
    """One message to a customer: planned, sent, or why it was not.

    That a pair of document and news exists once is what keeps a customer from being told twice,
    however often the news comes. A notice is written before its mail is: in one transaction, the
    notice gets its mail and leaves the queue, so that a server that dies sends none twice.

    Whoever inherits it has a ``kind`` (a selection), and says in ``_about`` which field holds the
    document (an ``oms.notified`` with its ``notice_ids``), in ``_templates`` which mail belongs to
    which kind, and in ``_cron`` which job writes them.
    """

    _name = "oms.notice"
    _description = "Message to the Customer"
    _about = ""
    _templates = {}
    _cron = ""

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    occasion = fields.Integer(default=0, readonly=True, help="Tells several of one kind apart.")
    state = fields.Selection(
        [
            ("queued", "Planned"),
            ("sent", "Sent"),
            ("skipped", "Not Sent"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
    )
    why = fields.Selection(
        [
            ("superseded", "There was newer news"),
            ("no_email", "No e-mail address"),
            ("switched_off", "Switched off meanwhile"),
            ("mail_failed", "The mail could not be sent"),
            ("bounced", "The mail came back"),
            ("text_failed", "The text could not be made"),
            ("no_template", "Its mail template is missing"),
        ],
        "Reason",
        readonly=True,
    )
    failure = fields.Char("Error", readonly=True)
    planned_at = fields.Datetime("Planned", readonly=True)
    written_at = fields.Datetime(
        "Handed to the Outbox", readonly=True, help="The mail waits in Odoo's outbox since."
    )
    sent_at = fields.Datetime("Sent", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="set null")
    email = fields.Char("E-mail", readonly=True)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, ondelete="set null", index="btree_not_null"
    )
    message_ref = fields.Char("Message-Id", readonly=True, index="btree_not_null")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            notice.display_name = names.get(notice.kind)

    # --- the queue --------------------------------------------------------------------------------

    @api.model
    def _plan(self, rows):
        """Put notices into the queue, each once, whoever else does so at the same moment.

        :param rows: dicts column → value, all of the same columns
        """
        if not rows:
            return
        columns = list(rows[0])
        execute_values(
            self.env.cr._obj,
            f"INSERT INTO {self._table} ({', '.join(columns)}, create_date) VALUES %s "
            f"ON CONFLICT ({self._about}, kind, occasion) DO NOTHING",
            [list(row.values()) for row in rows],
            template=f"({', '.join(['%s'] * len(columns))}, now() at time zone 'UTC')",
        )
        self.invalidate_model(flush=False)
        documents = self.env[self._fields[self._about].comodel_name]
        documents.invalidate_model(["notice_ids"], flush=False)
        now = fields.Datetime.now()
        planned = {row["planned_at"] for row in rows if row["state"] == "queued"}
        if any(at <= now for at in planned):
            self.env["oms.tracking.ingest"]._wake(self._cron)
        later = sorted(at for at in planned if at > now)
        job = self.env.ref(self._cron, raise_if_not_found=False)
        if job and later:
            job.sudo()._trigger(at=later)

    # --- the job ----------------------------------------------------------------------------------

    @api.model
    def _cron_tell(self):
        """Write the mails whose time has come, a batch at a time."""
        written = False
        while True:
            now = fields.Datetime.now()
            self.env.cr.execute(
                f"SELECT id FROM {self._table} WHERE state = 'queued' AND written_at IS NULL "
                "AND planned_at <= %s ORDER BY planned_at, id LIMIT %s FOR UPDATE SKIP LOCKED",
                [now, BATCH],
            )
            notices = self.sudo().browse([one for (one,) in self.env.cr.fetchall()])
            if not notices:
                break
            notices._write_safely()
            written = True
            due = [("state", "=", "queued"), ("written_at", "=", False), ("planned_at", "<=", now)]
            remaining = self.sudo().search_count(due)
            if not self.env["ir.cron"]._commit_progress(len(notices), remaining=remaining):
                break
        if written:
            self.env["oms.tracking.ingest"]._wake("mail.ir_cron_mail_scheduler_action")

    def _write_safely(self):
        """Write the mails of these notices; where that fails, one by one."""
        try:
            with self.env.cr.savepoint():
                self._write_mails()
                self.env.flush_all()
            return
        except Exception as error:
            if len(self) == 1:
                _logger.exception("%s could not be written", self)
                self.write({"state": "failed", "why": "text_failed", "failure": str(error)[:200]})
                return
            _logger.info("writing %s notices failed; now one by one", len(self), exc_info=True)
        for notice in self:
            notice._write_safely()

    def _write_mails(self):
        """Put the mails that are still to be sent into Odoo's outbox."""
        by_kind = {}
        for notice, why in self._why_nots().items():
            if why:
                notice.write({"state": "skipped", "why": why})
            else:
                by_kind[notice.kind] = by_kind.get(notice.kind, self.browse()) | notice
        for kind, notices in by_kind.items():
            template = self._template_of(kind)
            if template:
                notices._write_kind(template.sudo())
            else:
                notices.write({"state": "failed", "why": "no_template"})

    def _write_kind(self, template):
        of_document = {notice[self._about].id: notice for notice in self}
        mails = template.with_context(lang=None).send_mail_batch(list(of_document))
        now = fields.Datetime.now()
        for mail in mails:
            notice = of_document.pop(mail.res_id)
            document = notice[self._about]
            mail.headers = repr(document._notice_headers())
            notice.write(
                {
                    "mail_id": mail.id,
                    "message_ref": mail.message_id,
                    "written_at": now,
                    "email": document._notice_address(),
                    "partner_id": document._notice_partner().id,
                }
                | notice._also_written()
            )
        # Two of one document and kind in one batch: the other one has its turn next.

    def _why_nots(self):
        """dict notice → why it is not to be sent now, or nothing; by default all are sent"""
        return dict.fromkeys(self)

    def _template_of(self, kind):
        """The mail template for a kind of news, or nothing."""
        return self.env.ref(self._templates[kind], raise_if_not_found=False)

    def _also_written(self):
        """More values to keep of a mail that was just written."""
        return {}

    # --- what became of it ------------------------------------------------------------------------

    @api.model
    def _mails_done(self, mails, failure_type, failure_reason):
        """Odoo's outbox has sent these mails, or could not."""
        notices = self.sudo().search([("mail_id", "in", mails.ids)])
        if not notices:
            return
        if failure_type:
            notices.write(
                {
                    "state": "failed",
                    "why": "mail_failed",
                    "failure": (failure_reason or mails[:1].failure_reason or failure_type)[:200],
                }
            )
        else:
            notices.write(
                {
                    "state": "sent",
                    "sent_at": fields.Datetime.now(),
                    "why": False,
                    "failure": False,
                }
            )

    @api.model
    def _bounced(self, message_refs, text):
        """Mails with these Message-Ids came back."""
        notices = self.sudo().search([("message_ref", "in", message_refs)])
        notices.write({"state": "failed", "why": "bounced", "failure": (text or "")[:200]})
