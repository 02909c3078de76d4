from dataclasses import dataclass

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...engine import allocation as engine


@dataclass(frozen=True, slots=True)
class Kept:
    """What every decision asks of a policy, kept in memory from one request to the next.

    :ivar teams: ids that its conditions name; the same for ``partners`` and ``categories``.
    """

    version: int
    teams: frozenset[int]
    partners: frozenset[int]
    categories: frozenset[int]
    value_from: float
    value_below: float
    engine: engine.Policy


class OmsPolicy(models.Model):
    """The prices, limits and rules under which orders are allocated."""

    _name = "oms.policy"
    _description = "Sourcing Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True,
        help="Short name used by integrations, such as 'standard'.",
        tracking=True,
    )
    sequence = fields.Integer(
        default=10, help="The first policy whose conditions fit an order decides it."
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: every company may use this policy.", tracking=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    version = fields.Integer(default=1, readonly=True, copy=False)
    version_ids = fields.One2many("oms.policy.version", "policy_id", "Versions", readonly=True)

    mode = fields.Selection(
        [("cost", "Least cost"), ("rules", "Ordered rules")],
        "Decide by",
        required=True,
        default="cost",
        tracking=True,
    )
    rule_ids = fields.One2many(
        "oms.policy.rule",
        "policy_id",
        "Rules",
        copy=True,
        help="The first rule that does not tie decides.",
    )

    extra_parcel_penalty = fields.Monetary(
        default=2.0,
        tracking=True,
        help="Added for each parcel after the first: what a split costs in goodwill and handling.",
    )
    late_day_cost = fields.Monetary(
        "Cost of a Late Day",
        default=1.0,
        tracking=True,
        help="Cost of each started day that a parcel arrives after the promised date.",
    )
    unfilled_unit_cost = fields.Monetary(
        "Cost of a Missing Unit",
        tracking=True,
        help="A unit waits rather than cost more than this to ship. 0: stock is used wherever "
        "there is any; money decides where, never whether.",
    )
    backorder_by = fields.Selection(
        [("cheapest", "Where it will be cheapest"), ("earliest", "Where it will be earliest")],
        "Back-order",
        required=True,
        default="cheapest",
        tracking=True,
    )

    max_parcels = fields.Integer("Parcels per Order", help="0 means no limit.", tracking=True)
    ship_complete = fields.Boolean(
        help="Allocate an order only when everything in it can be shipped; otherwise the whole "
        "order waits.",
        tracking=True,
    )
    min_split_value = fields.Monetary(
        "Minimum Split Value",
        help="A line worth less than this is not divided over warehouses.",
        tracking=True,
    )
    use_rate_curve = fields.Boolean(
        "Estimate without a Lane",
        default=True,
        help="Where no lane leads to the destination, estimate cost and days by distance; "
        "otherwise the warehouse is ruled out.",
        tracking=True,
    )
    respect_capacity = fields.Boolean(
        default=True,
        help="A full day at a warehouse moves the parcel to its next open day.",
        tracking=True,
    )

    team_ids = fields.Many2many("crm.team", string="Sales Teams", help="Empty: every channel.")
    partner_ids = fields.Many2many("res.partner", string="Customers", help="Empty: everyone.")
    categ_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="At least one product of the order is in one of these; empty: any product.",
    )
    min_order_value = fields.Monetary("Order Value From")
    max_order_value = fields.Monetary("Order Value Below", help="0 means no upper bound.")

    _code_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)",
        "Another policy has this code: choose a different one.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.constrains(
        "extra_parcel_penalty",
        "late_day_cost",
        "unfilled_unit_cost",
        "min_split_value",
        "max_parcels",
        "min_order_value",
        "max_order_value",
    )
    def _check_figures(self):
        for policy in self:
            if (
                min(
                    policy.extra_parcel_penalty,
                    policy.late_day_cost,
                    policy.unfilled_unit_cost,
                    policy.min_split_value,
                    policy.max_parcels,
                    policy.min_order_value,
                    policy.max_order_value,
                )
                < 0
            ):
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s: prices and limits cannot be negative.",
                        policy=policy.name,
                    )
                )

    @api.constrains("mode", "rule_ids")
    def _check_rules(self):
        for policy in self:
            if policy.mode == "rules" and not policy.rule_ids:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s decides by rules: add at least one rule.",
                        policy=policy.name,
                    )
                )

    # --- versions -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super(OmsPolicy, self.with_context(oms_one_version=True)).create(vals_list)
        policies._record_version()
        self.env.registry.clear_cache()
        return policies.with_env(self.env)

    def write(self, vals):
        before = {policy: policy._terms() for policy in self}
        # The rules written along belong to the same new version.
        result = super(OmsPolicy, self.with_context(oms_one_version=True)).write(vals)
        self.env.registry.clear_cache()
        changed = self.filtered(lambda policy: policy._terms() != before[policy])
        for policy in changed:
            policy._new_version(before[policy])
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _new_version(self, previous_terms):  # pylint: disable=missing-return
        """Count one version up and keep what the policy said before."""
        self.ensure_one()
        # pylint: disable=super-method-mismatch
        super().write({"version": self.version + 1})
        self.env.registry.clear_cache()
        self._record_version(previous_terms)

    def _record_version(self, previous_terms=None):
        self.env["oms.policy.version"].sudo().create(
            [
                {
                    "policy_id": policy.id,
                    "number": policy.version,
                    "user_id": self.env.uid,
                    "terms": policy._terms(),
                    "previous_terms": previous_terms or {},
                }
                for policy in self
            ]
        )

    def _term_fields(self):
        """Names of the fields whose change makes a new version."""
        return [
            "name", "code", "active", "mode", "extra_parcel_penalty", "late_day_cost",
            "unfilled_unit_cost", "backorder_by", "max_parcels", "ship_complete",
            "min_split_value", "use_rate_curve", "respect_capacity", "team_ids", "partner_ids",
            "categ_ids", "min_order_value", "max_order_value", "sequence",
        ]  # fmt: skip

    def _terms(self):
        """Everything that decides, as plain JSON."""
        self.ensure_one()
        terms = {}
        for name in self._term_fields():
            value = self[name]
            terms[name] = sorted(value.ids) if isinstance(value, models.BaseModel) else value
        terms["rules"] = [rule.kind for rule in self.rule_ids.sorted()]
        return terms

    # --- choosing and handing over ------------------------------------------------------------

    @api.model
    def _candidates_for(self, company):
        """Active policies a company may use, in the order in which they are tried."""
        return self.browse(self._candidate_ids(company.id))

    @api.model
    @tools.ormcache("company_id")
    def _candidate_ids(self, company_id):
        return self.sudo().search(Domain("company_id", "in", (False, company_id)))._ids

    @tools.ormcache("self.id")
    def _kept(self):
        """:class:`Kept` of one policy."""
        policy = self.sudo()
        return Kept(
            version=policy.version,
            teams=frozenset(policy.team_ids.ids),
            partners=frozenset(policy.partner_ids.ids),
            categories=frozenset(policy.categ_ids.ids),
            value_from=policy.min_order_value,
            value_below=policy.max_order_value,
            engine=policy._as_engine(),
        )

    def _fits(self, order):
        """Whether this policy's conditions hold for one order."""
        self.ensure_one()
        kept = self._kept()
        if kept.teams and order.team_id.id not in kept.teams:
            return False
        if kept.partners:
            partners = order.partner_id | order.partner_id.commercial_partner_id
            if kept.partners.isdisjoint(partners.ids):
                return False
        if kept.categories:
            paths = order.order_line.product_id.categ_id.mapped("parent_path")
            above = {int(step) for path in paths for step in (path or "").split("/") if step}
            if kept.categories.isdisjoint(above):
                return False
        if not kept.value_from and not kept.value_below:
            return True
        value = order.currency_id._convert(
            order.amount_untaxed,
            order.company_id.currency_id,
            order.company_id,
            order.date_order or fields.Datetime.now(),
        )
        return kept.value_from <= value and (not kept.value_below or value < kept.value_below)

    @api.model
    def _for_order(self, order, code=None):
        """The policy that decides one order.

        :param code: a policy's code that overrides the choice, as an integrator may pass.
        :raise UserError: unknown code, or no policy for the company.
        """
        candidates = self._candidates_for(order.company_id)
        if code:
            policy = candidates.filtered(lambda candidate: candidate.code == code)[:1]
            if not policy:
                raise UserError(
                    self.env._(
                        "There is no sourcing policy with the code '%(code)s'. "
                        "Known codes: %(codes)s.",
                        code=code,
                        codes=", ".join(candidates.mapped("code")) or "–",
                    )
                )
            return policy
        policy = self._choose_for(order, candidates)
        if not policy:
            raise UserError(
                self.env._(
                    "No sourcing policy is active for %(company)s. Create one under "
                    "Order Management / Configuration / Sourcing Policies.",
                    company=order.company_id.name,
                )
            )
        return policy

    @api.model
    def _choose_for(self, order, candidates=None):
        """The policy that fits an order, the last one where none does, or an empty recordset."""
        if order.oms_policy_id:
            return order.oms_policy_id
        candidates = self._candidates_for(order.company_id) if candidates is None else candidates
        return next((one for one in candidates if one._fits(order)), candidates[-1:])

    def _to_engine(self):
        """This policy as the engine reads it; prices in the company's currency."""
        return self._kept().engine

    def _as_engine(self):
        self.ensure_one()
        return engine.Policy(
            code=self.code,
            mode=self.mode,
            rules=tuple(self.rule_ids.sorted().mapped("kind")) if self.mode == "rules" else (),
            extra_parcel_penalty=self.extra_parcel_penalty,
            late_day_cost=self.late_day_cost,
            unfilled_unit_cost=self.unfilled_unit_cost or None,
            backorder_preference=self.backorder_by,
            max_parcels=self.max_parcels or None,
            ship_complete=self.ship_complete,
            min_split_value=self.min_split_value,
            use_rate_curve=self.use_rate_curve,
            respect_capacity=self.respect_capacity,
        )
