from contextlib import contextmanager
from dataclasses import dataclass

from markupsafe import Markup

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ....engine.returns import policy as engine
from ..reason import FAULTS

FREIGHT = [
    ("fault", "The customer, where it is nobody else's fault"),
    ("shop", "The shop"),
    ("customer", "The customer"),
]
FEE_FOR = [
    ("customer", "The customer's own reasons"),
    ("any", "Any reason"),
]
REFUND_ON = [
    ("approval", "Approval"),
    ("first_scan", "First Scan by the Carrier"),
    ("receipt", "Receipt"),
    ("inspection", "Inspection"),
]
FIGURES = (
    "days", "guarantee_days", "fee", "fee_percent", "automatic_below", "photo_above",
    "inspection_above", "returnless_below", "freight_cost", "handling_cost", "recovery_percent",
    "review_share", "review_returns",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A policy as it judges, kept in memory; the sets say whom it is for (empty: everyone)."""

    id: int
    version: int
    countries: frozenset[str]
    tags: frozenset[int]
    pricelists: frozenset[int]
    categories: frozenset[int]
    engine: engine.Policy

    def fits(self, who, lines):
        """Whether it is for this customer, and for all of these goods."""
        return (
            (not self.countries or who.country in self.countries)
            and (not self.tags or not self.tags.isdisjoint(who.tags))
            and (not self.pricelists or who.pricelist in self.pricelists)
            and (
                not self.categories
                or all(not self.categories.isdisjoint(line.what.categories) for line in lines)
            )
        )


class OmsReturnPolicy(models.Model):
    """What customers may return, until when, on which terms, and who decides.

    The first policy that is for a request judges it. What the law gives consumers stays theirs,
    see ``engine/returns/policy_law.py``.
    """

    _name = "oms.return.policy"
    _description = "Return Policy"
    _inherit = ["mail.thread", "oms.return.conditions"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: every company may use this policy.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    version = fields.Integer(default=1, readonly=True, copy=False)
    rule_ids = fields.One2many("oms.return.policy.rule", "policy_id", "Rules", copy=True)
    rule_count = fields.Integer("Number of Rules", compute="_compute_rule_count")

    country_ids = fields.Many2many(relation="oms_return_policy_country_rel")
    tag_ids = fields.Many2many(relation="oms_return_policy_tag_rel")
    pricelist_ids = fields.Many2many(relation="oms_return_policy_pricelist_rel")
    categ_ids = fields.Many2many(relation="oms_return_policy_categ_rel")

    days = fields.Integer("Window (Days)", default=30)
    guarantee_days = fields.Integer("Guarantee (Days)", default=730)
    freight_by = fields.Selection(FREIGHT, "Way Back Paid by", required=True, default="fault")
    free_exchange = fields.Boolean(default=True)
    fee = fields.Monetary("Fee per Return")
    fee_percent = fields.Float("Fee (%)")
    fee_for = fields.Selection(FEE_FOR, "Fee for", required=True, default="customer")
    refund_shipping = fields.Boolean("Refund Outbound Freight")
    refund_on = fields.Selection(REFUND_ON, "Money Due on", required=True, default="receipt")
    exchange_ships = fields.Selection(
        [("approval", "Approval"), ("receipt", "Receipt")],
        "Exchange Ships on",
        required=True,
        default="receipt",
    )
    automatic_below = fields.Monetary("Approved by Itself up to")
    photo_above = fields.Monetary("Photo from")
    inspection_above = fields.Monetary("Inspection from")
    returnless_below = fields.Monetary("Goods May Stay up to")
    freight_cost = fields.Monetary("Cost of the Way Back", default=5.0)
    handling_cost = fields.Monetary("Cost of Handling", default=2.0)
    recovery_percent = fields.Float("Value Recovered (%)", default=50.0)
    review_share = fields.Float("Look at Shares above (%)", default=60.0)
    review_returns = fields.Integer("From so Many Returns", default=5)

    _code_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)",
        "Another return policy has this code: choose a different one.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.depends("rule_ids")
    def _compute_rule_count(self):
        for policy in self:
            policy.rule_count = len(policy.rule_ids)

    @api.constrains(*FIGURES)
    def _check_figures(self):
        for policy in self:
            shares = (policy.fee_percent, policy.recovery_percent, policy.review_share)
            if min(policy[name] for name in FIGURES) < 0 or max(shares) > 100:
                raise ValidationError(
                    self.env._("Days and money are not negative, percents between 0 and 100.")
                )
            if max(policy.days, policy.guarantee_days) > 36500:
                raise ValidationError(self.env._("A window is at most a hundred years long."))

    # --- every change is on record ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return (
            super(OmsReturnPolicy, self.with_context(oms_policy_traced=True))
            .create(vals_list)
            .with_env(self.env)
        )

    def write(self, vals):
        with self._on_record():
            return super(OmsReturnPolicy, self.with_context(oms_policy_traced=True)).write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @contextmanager
    def _on_record(self):
        """Note in the chatter what is done within, as sentences that were and that are."""
        if self.env.context.get("oms_policy_traced"):
            yield
            return
        before = {policy: policy._sentences() for policy in self}
        yield
        self.env.registry.clear_cache()
        for policy in self.exists():
            after = policy._sentences()
            gone = [text for text in before[policy] if text not in after]
            new = [text for text in after if text not in before[policy]]
            if not gone and not new and before[policy] == after:
                continue
            policy.with_context(oms_policy_traced=True).version += 1
            if not gone and not new:
                new = [self.env._("The rules were put in another order.")]
            body = Markup().join(
                [Markup("<div>− <s>%s</s></div>") % text for text in gone]
                + [Markup("<div>+ %s</div>") % text for text in new]
            )
            policy.message_post(
                body=Markup("<b>%s</b>%s")
                % (self.env._("Version %(number)s", number=policy.version), body)
            )

    # --- for people, and for the engine -----------------------------------------------------------

    def _sentences(self):
        """All that decides, one text a term."""
        self.ensure_one()
        names = [
            "name", "code", "active", "company_id", "country_ids", "tag_ids", "pricelist_ids",
            "categ_ids", *FIGURES, "freight_by", "free_exchange", "fee_for", "refund_shipping",
            "refund_on", "exchange_ships",
        ]  # fmt: skip
        described = self.fields_get(names, ["string", "selection"])
        texts = []
        for name in names:
            value = self[name]
            if isinstance(value, models.BaseModel):
                shown = ", ".join(value.mapped("display_name")) or "–"
            elif "selection" in described[name]:
                shown = dict(described[name]["selection"]).get(value, "–")
            elif isinstance(value, bool):
                shown = self.env._("yes") if value else self.env._("no")
            else:
                shown = f"{value:g}" if isinstance(value, float) else value
            texts.append(f"{described[name]['string']}: {shown}")
        texts.append(self.env._("Outcomes: %(names)s", names=self._outcome_text()))
        return texts + [rule.name for rule in self.rule_ids.sorted()]

    def _keep(self):
        """As the engine takes it, edits that are not saved included."""
        self.ensure_one()
        faults = dict(FAULTS) if self.fee_for == "any" else ("customer",)
        return Kept(
            id=self._origin.id or 0,
            version=self.version,
            countries=frozenset(self.country_ids.mapped("code")),
            tags=frozenset(self.tag_ids.ids),
            pricelists=frozenset(self.pricelist_ids.ids),
            categories=frozenset(self.categ_ids.ids),
            engine=engine.Policy(
                name=self.name or "",
                **{name: self[name] for name in FIGURES if name != "review_share"},
                review_share=self.review_share / 100,
                freight_by=self.freight_by,
                free_exchange=self.free_exchange,
                fee_faults=frozenset(faults),
                outcomes=self._outcomes(),
                refund_on=self.refund_on,
                exchange_ships=self.exchange_ships,
                refund_shipping=self.refund_shipping,
                rules=tuple(rule._as_engine() for rule in self.rule_ids.sorted("sequence")),
            ),
        )

    @api.model
    @tools.ormcache("company_id")
    def _kept(self, company_id):
        """The policies of a company, in the order in which they are tried."""
        policies = self.sudo().with_context(lang=None, allowed_company_ids=[company_id])
        found = policies.search(Domain("company_id", "in", (False, company_id)))
        return tuple(policy._keep() for policy in found)

    @api.model
    def _choose(self, kept, who, lines):
        """The first of these policies that is for a request; the plain terms where none is."""
        for one in kept:
            if one.fits(who, lines):
                return one
        return PLAIN


PLAIN = Kept(0, 0, *[frozenset()] * 4, engine.Policy())
