"""A policy tried on the requests of the past, as it is edited, before it is saved."""

from dataclasses import dataclass, field
from datetime import timedelta
from math import fsum

from odoo import api, fields, models

from ....engine.returns import policy as engine
from .facts import Asked, AskedLine, load

MOST = 50_000
"""The newest requests that are tried."""
GIVES_MONEY = ("refund", "credit", "exchange")
OPENED = {"closed": False, "broken": True}


@dataclass(slots=True)
class Sums:
    """What the verdicts on all requests add up to; money in the company's currency."""

    allowed: int = 0
    automatic: int = 0
    refused: int = 0
    flagged: int = 0
    stays: int = 0
    fee: float = 0.0
    freight: float = 0.0
    refund: float = 0.0

    def add(self, request, verdict, policy):
        """Count one verdict in."""
        if not verdict.allowed:
            self.refused += 1
            return
        self.allowed += 1
        self.automatic += verdict.automatic
        self.flagged += "review" in verdict.needs
        self.stays += verdict.returnless
        fee = verdict.fee / request.rate
        self.fee += fee
        if verdict.freight_paid_by == "shop" and not verdict.returnless:
            self.freight += policy.freight_cost
        money = fsum(line.value for line in request.lines if line.outcome in GIVES_MONEY)
        self.refund += max(money - fee, 0.0)


@dataclass(slots=True)
class Trial:
    """``changed``: triples of return id, verdict now, verdict then."""

    count: int
    now: Sums
    then: Sums
    changed: list = field(default_factory=list)


class OmsReturnPolicy(models.Model):
    _inherit = "oms.return.policy"

    def try_out(self, changes=None, months=6):
        """Show what the policy, with changes that are not saved, would have said of past requests.

        :param dict changes: values as the form would write them
        :param int months: how far to look back
        :return: the action that shows it
        """
        self.check_access("write")
        draft = self._draft(changes or {})
        return self.env["oms.return.policy.preview"]._show(draft, months)

    def _draft(self, changes):
        """The policy with these changes, in memory alone."""
        known = {name: value for name, value in changes.items() if name in self._fields}
        draft = self.new(origin=self) if self else self.new()
        # Drafts of one record share their cache: an earlier one of this transaction left its edits.
        draft.invalidate_recordset(flush=False)
        draft.rule_ids.invalidate_recordset(flush=False)
        draft.update(known)
        draft._check_figures()
        draft.rule_ids._check_figures()
        draft.rule_ids._check_outcomes()
        return draft

    def _try(self, months):
        """:class:`Trial` of this policy, which may be a draft, in the current company."""
        self.ensure_one()
        company = self.company_id or self.env.company
        saved = self.search([("company_id", "in", (False, company.id))])
        now = [policy._keep() for policy in saved]
        others = saved.filtered(lambda policy: policy != self._origin)
        drafted = (others | self._origin if self._origin else others).sorted(
            lambda policy: (
                self.sequence if policy == self._origin else policy.sequence,
                policy.id,
            )
        )
        then = [self._keep() if one == self._origin else one._keep() for one in drafted]
        if not self._origin:
            then.insert(sum(one.sequence <= self.sequence for one in drafted), self._keep())
        if not self.active:
            then = [one for one in then if one.id != (self._origin.id or 0)]
        return self._compare(company, months, now, then)

    @api.model
    def _compare(self, company, months, now, then):
        ids, asked = self._past_requests(company, months)
        each = [*now, *then]
        requests = load(
            self.env,
            asked,
            history=any(one.engine.review_share for one in each),
            recovery=any(one.engine.returnless_below for one in each),
        )
        trial = Trial(len(requests), Sums(), Sums())
        for return_id, request in zip(ids, requests, strict=True):
            first = self._choose(now, request.who, request.lines).engine
            second = self._choose(then, request.who, request.lines).engine
            verdict = engine.judge(request, first)
            other = verdict if second == first else engine.judge(request, second)
            trial.now.add(request, verdict, first)
            trial.then.add(request, other, second)
            if _matters(verdict) != _matters(other):
                trial.changed.append((return_id, verdict, other))
        return trial

    @api.model
    def _past_requests(self, company, months):
        """Ids of returns that were asked for, and what was asked, the newest first: one query."""
        self.env["oms.return"].flush_model()
        self.env["oms.return.line"].flush_model()
        self.env.cr.execute(
            """
            SELECT one.id, one.order_id, one.requested_at,
                   array_agg(jsonb_build_array(
                       COALESCE(line.order_line_id, 0), line.product_id, line.quantity,
                       COALESCE(line.reason_id, 0), line.outcome, COALESCE(photo.count, 0),
                       line.seal, line.refund_amount) ORDER BY line.id)
              FROM (SELECT * FROM oms_return
                     WHERE company_id = %s AND requested_at >= %s AND order_id IS NOT NULL
                       AND origin IN ('portal', 'clerk', 'rpc')
                     ORDER BY requested_at DESC LIMIT %s) one
              JOIN oms_return_line line ON line.return_id = one.id
              LEFT JOIN (SELECT oms_return_line_id, count(*) AS count
                           FROM ir_attachment_oms_return_line_rel GROUP BY 1) photo
                ON photo.oms_return_line_id = line.id
             GROUP BY one.id, one.order_id, one.requested_at
             ORDER BY one.requested_at DESC
            """,
            [company.id, fields.Datetime.now() - timedelta(days=round(months * 30.44)), MOST],
        )
        ids, asked = [], []
        for return_id, order, at, lines in self.env.cr.fetchall():
            ids.append(return_id)
            asked.append(
                Asked(
                    order,
                    at,
                    [AskedLine(*line[:6], OPENED.get(line[6]), line[7] or None) for line in lines],
                )
            )
        return ids, asked


def _matters(verdict):
    """What of a verdict a customer or the shop would notice."""
    return (
        verdict.allowed, verdict.automatic, verdict.needs, verdict.fee, verdict.freight_paid_by,
        verdict.returnless, verdict.refund_on, verdict.exchange_ships, verdict.refund_shipping,
        tuple(line.allowed for line in verdict.lines),
    )  # fmt: skip
