import logging

from odoo import api, fields, models

from ....engine.tracking import tell
from .res_company import SWITCHES

_logger = logging.getLogger(__name__)
BATCH = 50
KIND_NAMES = [
    ("shipped", "Shipped"),
    ("out_for_delivery", "Out for Delivery"),
    ("delay", "Delay"),
    ("attempt_failed", "Delivery Failed"),
    ("ready_for_pickup", "Ready for Pick-up"),
    ("delivered", "Delivered"),
    ("returning", "Coming Back"),
    ("lost", "Lost"),
]
TEMPLATES = {kind: f"oms_extension.mail_template_{kind}" for kind in SWITCHES}


class OmsShipmentNotice(models.Model):
    """One message to a customer about a parcel: planned, sent, or why it was not.

    That a pair of parcel and news exists once is what keeps a customer from being told twice,
    however often the news comes. A notice is written before its mail is: in one transaction, the
    notice gets its mail and leaves the queue, so that a server that dies sends none twice.
    """

    _name = "oms.shipment.notice"
    _description = "Message to the Customer"
    _order = "planned_at desc, id desc"

    shipment_id = fields.Many2one("oms.shipment", required=True, ondelete="cascade", readonly=True)
    order_id = fields.Many2one(related="shipment_id.order_id")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(KIND_NAMES, required=True, readonly=True)
    occasion = fields.Integer(
        default=0, readonly=True, help="Tells several notices of delay of one parcel apart."
    )
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
            ("stale", "The news came too late"),
            ("superseded", "There was newer news"),
            ("no_email", "No e-mail address"),
            ("wish", "The customer does not want it"),
            ("switched_off", "Switched off meanwhile"),
            ("odoo_mail", "Odoo's own delivery confirmation says it"),
            ("mail_failed", "The mail could not be sent"),
            ("bounced", "The mail came back"),
            ("text_failed", "The text could not be made"),
            ("no_template", "Its mail template is missing"),
        ],
        "Reason",
        readonly=True,
    )
    failure = fields.Char("Error", readonly=True)
    happened_at = fields.Datetime("News of", readonly=True)
    planned_at = fields.Datetime("Planned", readonly=True)
    written_at = fields.Datetime(
        "Handed to the Outbox", readonly=True, help="The mail waits in Odoo's outbox since."
    )
    sent_at = fields.Datetime("Sent", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="set null")
    email = fields.Char("E-mail", readonly=True)
    told_until = fields.Datetime(
        "Told Arrival", readonly=True, help="The last day on which the customer was told it comes."
    )
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, ondelete="set null", index="btree_not_null"
    )
    message_ref = fields.Char("Message-Id", readonly=True, index="btree_not_null")

    _once = models.UniqueIndex("(shipment_id, kind, occasion)", "The customer was told already.")
    _queue_index = models.Index("(planned_at) WHERE state = 'queued' AND written_at IS NULL")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            notice.display_name = names.get(notice.kind)

    def action_preview(self):
        """How it looks now; nothing is sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "oms.notice.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind": self.kind, "default_shipment_id": self.shipment_id.id},
        }

    # --- the job ----------------------------------------------------------------------------------

    @api.model
    def _cron_tell(self):
        """Write the mails whose time has come, a batch at a time."""
        written = False
        while True:
            now = fields.Datetime.now()
            self.env.cr.execute(
                "SELECT id FROM oms_shipment_notice WHERE state = 'queued' AND written_at IS NULL "
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
                _logger.exception("notice %s could not be written", self.id)
                self.write({"state": "failed", "why": "text_failed", "failure": str(error)[:200]})
                return
            _logger.info("writing %s notices failed; now one by one", len(self), exc_info=True)
        for notice in self:
            notice._write_safely()

    def _write_mails(self):
        """Put the mails that are still to be sent into Odoo's outbox."""
        self.shipment_id.order_id.fetch(["partner_id"])
        told = self.shipment_id._told_before(written_only=True)
        by_kind = {}
        for notice in self:
            why = notice._why_not(told[notice.shipment_id.id])
            if why:
                notice.write({"state": "skipped", "why": why})
            else:
                by_kind[notice.kind] = by_kind.get(notice.kind, self.browse()) | notice
        for kind, notices in by_kind.items():
            template = self.env.ref(TEMPLATES[kind], raise_if_not_found=False)
            if template:
                notices._write_kind(template.sudo())
            else:
                notices.write({"state": "failed", "why": "no_template"})

    def _write_kind(self, template):
        of_shipment = {notice.shipment_id.id: notice for notice in self}
        mails = template.with_context(lang=None).send_mail_batch(list(of_shipment))
        now = fields.Datetime.now()
        for mail in mails:
            notice = of_shipment.pop(mail.res_id)
            shipment = notice.shipment_id
            mail.headers = repr(shipment._notice_headers())
            notice.write(
                {
                    "mail_id": mail.id,
                    "message_ref": mail.message_id,
                    "written_at": now,
                    "email": shipment._notice_address(),
                    "partner_id": shipment._notice_partner().id,
                    "told_until": shipment._tellable_until()
                    if notice.kind in ("shipped", "delay")
                    else False,
                }
            )
        # Two of one parcel and kind in one batch: the other one has its turn next.

    def _why_not(self, told):
        """Why this is not to be sent now, or nothing.

        :param told: what the customer was told of this parcel before
        """
        self.ensure_one()
        shipment = self.shipment_id
        if self.kind in self.company_id._oms_untold():
            return "switched_off"
        now = shipment._aware(fields.Datetime.now())
        parcel = shipment._as_told(told)
        if not shipment.active or not tell.still_true(
            self.kind, parcel, shipment._aware(self.happened_at), now
        ):
            return "superseded"
        return shipment._why_not_told(self.kind)

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
