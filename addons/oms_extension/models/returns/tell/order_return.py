from datetime import UTC

from odoo import api, fields, models

from ....engine.tracking import tell
from .res_company import SWITCHES

ASKED_FOR = ("portal", "clerk", "rpc")
"""Origins of returns that a customer asked for, and awaits an answer to."""


class OmsReturn(models.Model):
    """Plans what customers are told about their returns; a job of its own writes the mails."""

    _name = "oms.return"
    _inherit = ["oms.return", "oms.notified"]

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
        self.env["oms.return"].flush_model()
        self.env["oms.return.notice"].flush_model()
        self.env["oms.return.notice"]._plan(rows)

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
        return {
            "return_id": self.id,
            "company_id": company.id,
            "kind": kind,
            "occasion": occasion,
            "state": "skipped" if why else "queued",
            "why": why,
            "planned_at": at.replace(tzinfo=None),
            "partner_id": partner.id or None,
            "email": partner.email_formatted or None,
        }
