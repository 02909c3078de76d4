import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, ormcache
from odoo.tools.misc import format_date

from ....engine.tracking.eta.stages import EVENTS, HANDOVER, ORDER
from .numeric import INSTALLED
from .rows import SHIPMENTS, Rows, begun

if INSTALLED:
    from ....engine.tracking.eta.score import missed
    from .learning import MINIMUM, Learning

_logger = logging.getLogger(__name__)
NEEDED = MINIMUM if INSTALLED else 50
MEMORY = timedelta(days=800)
"""Older deliveries weigh nothing any more."""
OPEN_MEMORY = timedelta(days=300)
MOST = 60_000
"""Parcels to learn from: of more, every second, third … is taken."""
JUDGE_EVERY = timedelta(days=7)
RECENT = timedelta(days=100)
"""Months that began within this time are named where their range missed."""


class OmsEtaModel(models.Model):
    """What a company's deliveries say about those to come. One record per company."""

    _name = "oms.eta.model"
    _description = "Arrival Times"
    _rec_name = "company_id"
    _order = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    learned_at = fields.Datetime("Learned on", readonly=True)
    judged_at = fields.Datetime("Judged on", readonly=True)
    told_at = fields.Datetime(readonly=True, help="Open parcels know what was learned until then.")
    parameters = fields.Json(readonly=True, groups="base.group_system")
    sample = fields.Integer("Deliveries Learned From", readonly=True)
    every = fields.Integer(
        "One Parcel in", readonly=True, help="1: every parcel. Large shops learn from a part."
    )
    stage_count = fields.Integer("Stages Learned", readonly=True)
    late_parcels = fields.Integer("Late Parcels in the Back-Test", readonly=True)
    late_skill = fields.Float(
        "Skill of the Late Risk",
        digits=(5, 3),
        readonly=True,
        help="Brier skill at hand-over: 1 is perfect, 0 is no better than telling everybody the "
        "share of late parcels.",
    )
    tells_late = fields.Boolean(
        "Late Risk Is Shown",
        readonly=True,
        help="A probability of being late is shown only where the back-test has skill.",
    )
    pace = fields.Float(
        "Pace (%)",
        digits=(5, 1),
        readonly=True,
        help="How much longer parcels take these days than was learned; negative: shorter.",
    )
    score_ids = fields.One2many("oms.eta.score", "model_id", "Accuracy")
    status = fields.Char(compute="_compute_status")
    warning = fields.Char(compute="_compute_warning")

    _company_unique = models.UniqueIndex("(company_id)")

    # --- using it ---------------------------------------------------------------------------------

    @api.model
    def _of_companies(self, companies):
        """Dict company id → its model with the rights to read it, empty where there is none."""
        found = self.sudo().search_fetch(
            [("company_id", "in", list(set(companies)))],
            ["company_id", "learned_at", "sample", "tells_late"],
        )
        by_company = {one.company_id.id: one for one in found}
        return {company: by_company.get(company, self.sudo()) for company in companies}

    def _engine(self):
        """Dict stage → model of the engine; empty where nothing is learned."""
        return self._read_engine(self.id, self.learned_at) if self.learned_at else {}

    @ormcache("model_id", "learned_at")
    def _read_engine(self, model_id, learned_at):
        """Kept by the process until it is learned again."""
        from .numeric import plain

        stored = self.sudo().browse(model_id).parameters or {}
        try:
            return {stage: plain.from_plain(data) for stage, data in stored.items()}
        except ValueError:
            _logger.info("the arrival model of an older release is not used: learn again")
            return {}

    def _lack(self):
        """What is missing where a lane must tell the days, for the explanation."""
        if not INSTALLED:
            return {"note": "numpy"}
        return {"note": "few", "have": self.sample, "need": NEEDED}

    # --- learning ---------------------------------------------------------------------------------

    @api.model
    def _cron_learn(self):
        """Learn every company's arrival times anew, judge them each week, tell all open parcels."""
        groups = self.env["oms.shipment"].sudo()._read_group([], ["company_id"])
        for (company,) in groups if INSTALLED else ():
            self._for_company(company)._learn()
            if self.env.context.get("cron_id"):
                self.env["ir.cron"]._commit_progress()
        self._cron_tell()

    @api.model
    def _cron_tell(self):
        """Tell open parcels what was learned since, and those that are overdue the next day."""
        shipments = self.env["oms.shipment"]
        for model in self.sudo().search([("learned_at", "!=", False)]):
            if not model.told_at or model.told_at < model.learned_at:
                shipments._oms_refresh_arrivals([("company_id", "=", model.company_id.id)])
                model.told_at = fields.Datetime.now()
        overdue = ("eta_at", "<", fields.Datetime.now())
        shipments._oms_refresh_arrivals(["|", overdue, ("eta_at", "=", False)])

    @api.model
    def _for_company(self, company):
        """The model of a company, made when it is first asked for."""
        found = self.sudo().search([("company_id", "=", company.id)])
        return found or self.sudo().create({"company_id": company.id})

    def _learn(self, judge=None):
        """Read the company's deliveries and learn from them.

        :param judge: also walk through the last year and write down how right it would have been;
            by default when the last time is a week ago
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if judge is None:
            judge = not self.judged_at or now - self.judged_at >= JUDGE_EVERY
        where, every = self._to_learn_from(now)
        learning = Learning(
            Rows(self.env, SHIPMENTS, where), begun(self.env, where, EVENTS), self._engine()
        )
        models = learning.models(judge)
        handover = models.get(HANDOVER) or models.get(ORDER)
        values = {
            "learned_at": now,
            "parameters": learning.plain(),
            "sample": handover.sample if handover else learning.deliveries,
            "every": every,
            "stage_count": len(models),
            "pace": learning.pace,
        }
        if judge:
            values |= {"judged_at": now, **learning.late_skill()}
        self.sudo().write(values)
        if judge:
            self.sudo().score_ids.unlink()
            self.env["oms.eta.score"].sudo().create(
                [score | {"model_id": self.id} for score in learning.scores()]
            )

    def _to_learn_from(self, now):
        """(condition on shipments, one in how many) of what is learned from.

        Delivered parcels, and those on their way: they tell the pace. Not those of which it is
        known that they will not arrive.
        """
        self.env["oms.shipment"].flush_model()
        self.env["oms.shipment.event"].flush_model()
        where = SQL(
            """shipment.company_id = %(company)s AND shipment.direction = 'outbound'
               AND (shipment.delivered_at > %(since)s
                    OR shipment.delivered_at IS NULL
                       AND shipment.state NOT IN ('lost', 'returning', 'returned', 'cancelled')
                       AND COALESCE(shipment.shipped_at, shipment.ordered_at) > %(open_since)s)""",
            company=self.company_id.id,
            since=now - MEMORY,
            open_since=now - OPEN_MEMORY,
        )
        self.env.cr.execute(SQL("SELECT COUNT(*) FROM oms_shipment shipment WHERE %s", where))
        (count,) = self.env.cr.fetchone()
        every = -(-count // MOST) or 1
        if every > 1:
            where = SQL("%s AND shipment.id %% %s = 0", where, every)
        return where, every

    # --- the screen -------------------------------------------------------------------------------

    @api.depends("learned_at", "sample")
    @api.depends_context("lang")
    def _compute_status(self):
        for one in self:
            if not INSTALLED:
                one.status = self.env._(
                    "The Python package numpy is not installed on the server: nothing is learned, "
                    "lanes tell the days."
                )
            elif not one.learned_at:
                one.status = self.env._("Nothing was learned yet: lanes tell the days.")
            elif not one.stage_count:
                one.status = self.env._(
                    "%(have)s of %(need)s deliveries are there to learn from: until then lanes "
                    "tell the days.",
                    have=one.sample,
                    need=NEEDED,
                )
            else:
                one.status = self.env._(
                    "Arrival times are learned from %(count)s deliveries.", count=one.sample
                )

    @api.depends("score_ids.missed")
    @api.depends_context("lang")
    def _compute_warning(self):
        """Names the recent months whose range held too few."""
        since = fields.Date.today() - RECENT
        stages = dict(self.env["oms.eta.score"]._fields["stage"]._description_selection(self.env))
        for one in self:
            months = ", ".join(
                self.env._(
                    "%(month)s (%(stage)s: %(share)s %% of %(count)s parcels)",
                    month=format_date(self.env, month, date_format="LLLL yyyy"),
                    stage=stages[stage],
                    share=round(100 * held / count),
                    count=count,
                )
                for (month, stage), (count, held) in one._held_since(since).items()
                if INSTALLED and missed(count, held / count)
            )
            one.warning = months and self.env._(
                "The 90 %% range missed in %(months)s. Such a season cannot be foreseen from the "
                "deliveries before it: read ranges with care until it is over.",
                months=months,
            )

    def _held_since(self, since):
        """Dict (month, stage) → (parcels, how many their range held), of all carriers."""
        found = {}
        for score in self.score_ids.filtered(lambda score: score.month >= since):
            count, held = found.get((score.month, score.stage), (0, 0.0))
            found[score.month, score.stage] = (
                count + score.parcels,
                held + score.parcels * score.coverage_90,
            )
        return found

    def action_learn(self):
        """Learn and judge now; open parcels are told at once by a job."""
        self.check_access("write")
        if INSTALLED:
            for one in self:
                one._learn(judge=True)
            # In a transaction of its own: this one has been reading for long.
            self.env["oms.tracking.ingest"]._wake("oms_extension.cron_tell_arrivals")

    def action_scores(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("oms_extension.action_oms_eta_score")
        return action | {"domain": [("model_id", "=", self.id)]}

    @api.model
    def action_open(self):
        """The arrival times of the current company."""
        model = self._for_company(self.env.company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Arrival Times"),
            "res_model": "oms.eta.model",
            "view_mode": "form",
            "res_id": model.id,
        }
