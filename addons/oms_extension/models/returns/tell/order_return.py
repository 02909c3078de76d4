from datetime import UTC

from psycopg2.extras import execute_values

from odoo import api, fields, models

from ....engine.tracking import tell
from .res_company import SWITCHES

ASKED_FOR = ("portal", "clerk", "rpc")
"""Origins of returns that a customer asked for, and awaits an answer to."""


class OmsReturn(models.Model):
    """Plans what customers are told about their returns; a job of its own writes the mails."""

    _inherit = "oms.return"

    notice_ids = fields.One2many("oms.return.notice", "return_id", "Messages to the Customer")

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        made.filtered(lambda one: one.origin in ASKED_FOR)._tell("requested")
        return made

    def write(self, vals):
        before = {one: one.state for one in self} if "state" in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda one: before.get(one) not in (None, one.state))
        asked = changed.filtered(lambda one: one.origin in ASKED_FOR)
        asked.filtered(lambda one: one.state == "approved" and before[one] == "requested")._tell(
            "approved"
        )
        asked.filtered(lambda one: one.state == "rejected")._tell("rejected")
        return result

    def _on_received(self):
        result = super()._on_received()
        self._tell("received")
        return result

    def _credit(self, given, shipping):
        notes = super()._credit(given, shipping)
        money = shipping + sum(
            amount for line, amount in given.items() if line.outcome != "exchange"
        )
        if not self.currency_id.is_zero(money):
            before = len(self.notice_ids.filtered(lambda one: one.kind == "refunded"))
            self._tell("refunded", before)
        return notes

    def _tell(self, kind, occasion=0):
        """Plan this message, once."""
        if self.env.context.get("oms_return_preview"):
            return
        now = fields.Datetime.now()
        rows = [
            one._notice_row(kind, occasion, now)
            for one in self.sudo()
            if one.company_id[SWITCHES[kind]]
        ]
        if not rows:
            return
        self.env["oms.return"].flush_model()
        self.env["oms.return.notice"].flush_model()
        execute_values(
            self.env.cr._obj,
            "INSERT INTO oms_return_notice (return_id, company_id, kind, occasion, state, why, "
            "planned_at, partner_id, email, create_date) VALUES %s "
            "ON CONFLICT (return_id, kind, occasion) DO NOTHING",
            rows,
            template=f"({', '.join(['%s'] * 9)}, now() at time zone 'UTC')",
        )
        self.env["oms.return.notice"].invalidate_model(flush=False)
        self.invalidate_recordset(["notice_ids"], flush=False)
        cron = "oms_extension.cron_tell_returns"
        planned = {row[6] for row in rows if row[4] == "queued"}
        if any(at <= now for at in planned):
            self.env["oms.tracking.ingest"]._wake(cron)
        later = sorted(at for at in planned if at > now)
        job = self.env.ref(cron, raise_if_not_found=False)
        if job and later:
            job.sudo()._trigger(at=later)

    def _notice_row(self, kind, occasion, now):
        partner, company = self._notice_partner(), self.company_id
        why = None if partner.email_normalized else "no_email"
        at = now.replace(tzinfo=UTC)
        # What answers the customer's own click is awaited: no hour is too quiet for it.
        answer = kind == "requested" or (kind == "approved" and self.approved_by == "policy")
        if not answer:
            zone = partner._oms_zone() if partner else None
            quiet = (company.oms_quiet_from, company.oms_quiet_until)
            at = tell.send_at(at, zone or company.partner_id.tz or "UTC", *quiet)
        return (
            self.id,
            company.id,
            kind,
            occasion,
            "skipped" if why else "queued",
            why,
            at.replace(tzinfo=None),
            partner.id or None,
            partner.email_formatted or None,
        )

    # --- what mails need ----------------------------------------------------------------------

    def _notice_partner(self):
        """Who is told: who returns, or where that has no address, who ordered."""
        self.ensure_one()
        customer, buyer = self.partner_id, self.order_id.sudo().partner_id
        chain = (customer, buyer, customer.commercial_partner_id, buyer.commercial_partner_id)
        return next((one for one in chain if one.email), customer or buyer)

    def _notice_address(self):
        return self._notice_partner().email_formatted or ""

    def _notice_headers(self):
        return {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}

    @api.private
    def mail_language(self):
        """Code of the language that the customer reads."""
        self.ensure_one()
        return self._notice_partner().lang or self.company_id.partner_id.lang or "en_US"

    @api.private
    def mail_address(self):
        """``"Name" <address>`` of who is told."""
        self.ensure_one()
        return self._notice_address()
