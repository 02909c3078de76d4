from collections import defaultdict
from datetime import UTC

from odoo import fields, models

from ....engine.tracking import tell


class OmsShipment(models.Model):
    """Plans what customers are told; the mails are written by a job of their own."""

    _inherit = "oms.shipment"

    notice_ids = fields.One2many("oms.shipment.notice", "shipment_id", "Messages to the Customer")

    def _follow(self):
        result = super()._follow()
        self._tell()
        return result

    def _look_again(self):
        result = super()._look_again()
        self._tell()
        return result

    def _tell(self):
        """Plan the messages that are due, each once."""
        now = fields.Datetime.now()
        told = self._told_before()
        rows = []
        for shipment in self.sudo():
            if not shipment.active:
                continue
            before = told[shipment.id]
            untold = shipment.company_id._oms_untold()
            news = tell.due(shipment._as_told(before), before.keys() | untold, self._aware(now))
            rows += [shipment._notice_row(one, now) for one in news if one.kind not in untold]
        self.env["oms.shipment.notice"]._plan(rows)

    def _told_before(self, written_only=False):
        """Dict shipment id → dict kind → its notices as (state, written, planned, told until).

        :param written_only: leave out what is planned and not written yet
        """
        self.env["oms.shipment.notice"].flush_model()
        self.env.cr.execute(
            "SELECT shipment_id, kind, state, written_at, planned_at, told_until "
            "FROM oms_shipment_notice WHERE shipment_id = ANY(%s) "
            "AND (NOT %s OR state <> 'queued' OR written_at IS NOT NULL) ORDER BY planned_at, id",
            [self.ids, written_only],
        )
        told = defaultdict(lambda: defaultdict(list))
        for shipment, kind, *notice in self.env.cr.fetchall():
            told[shipment][kind].append(tuple(notice))
        return told

    def _as_told(self, before):
        """The engine's ``Parcel``.

        :param before: what :meth:`_told_before` says of this shipment
        """
        self.ensure_one()
        delays = before.get("delay", ())
        dated = [*before.get("shipped", ()), *delays]
        until = max(
            (one for one in dated if one[1] and one[3]), key=lambda one: one[1], default=None
        )
        until = until[3] if until else self.promised_at
        if any(state == "queued" and not written for state, written, *_rest in dated):
            until = None  # What is planned will tell the date of then.
        return tell.Parcel(
            state=self.state,
            outbound=self.direction == "outbound",
            since=self._aware(self.state_at),
            shipped_at=self._aware(self.shipped_at),
            first_scan_at=self._aware(self.first_scan_at),
            last_attempt_at=self._aware(self.last_attempt_at),
            ready_at=self._aware(self.ready_at),
            delivered_at=self._aware(self.delivered_at),
            estimate_at=self._aware(self.eta_at or self.carrier_eta_at),
            told_until=self._aware(until),
            delays=len(delays),
            delay_at=self._aware(max((one[2] for one in delays), default=None)),
        )

    def _notice_row(self, news, now):
        """Columns of a new notice."""
        why = "stale" if news.stale else self._why_not_told(news.kind)
        company = self.company_id
        at = self._aware(now)
        if not why:
            quiet = (company.oms_quiet_from, company.oms_quiet_until)
            at = tell.send_at(at, self._customer_zone(), *quiet)
        return {
            "shipment_id": self.id,
            "company_id": company.id,
            "kind": news.kind,
            "occasion": news.occasion,
            "state": "skipped" if why else "queued",
            "why": why or None,
            "happened_at": news.at.replace(tzinfo=None),
            "planned_at": at.replace(tzinfo=None),
            "partner_id": self._notice_partner().id or None,
            "email": self._notice_address() or None,
        }

    def _why_not_told(self, kind):
        """Why this customer is not told of such news, whenever it comes; or nothing."""
        partner = self._notice_partner()
        if not partner.email_normalized:
            return "no_email"
        wishes = (partner | partner.commercial_partner_id)._oms_wishes()
        if wishes == "none" or (wishes == "important" and kind not in tell.IMPORTANT):
            return "wish"
        if kind == "shipped" and self.picking_id and self.company_id.stock_move_email_validation:
            return "odoo_mail"
        return None

    def _customer_zone(self):
        """The clock by which the customer sleeps."""
        return self._notice_partner()._oms_zone() or self._clock()

    @staticmethod
    def _aware(moment):
        return moment.replace(tzinfo=UTC) if moment else None
