from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....engine.returns import policy as engine

EXCLUSIONS = [
    ("custom", "Made to order"),
    ("perishable", "Perishable"),
    ("hygiene", "Hygiene: sealed goods, once opened"),
    ("mixed", "Mixed inseparably with other goods"),
    ("media", "Sealed recordings or software, once opened"),
    ("press", "Newspapers and magazines"),
    ("digital", "Digital contents"),
    ("final", "Final sale"),
    ("dangerous", "Dangerous goods"),
]
EFFECTS = [
    ("window", "Another window"),
    ("exclude", "Cannot be returned"),
    ("include", "Can be returned"),
    ("fee", "Another fee per return"),
    ("fee_percent", "Another fee in percent"),
    ("freight", "Who pays the way back"),
    ("photo", "A photo is needed"),
    ("inspection", "Is inspected before money is due"),
    ("automatic", "Another limit of automatic approval"),
    ("outcomes", "Other outcomes"),
]


class OmsReturnPolicyRule(models.Model):
    """For some goods, customers or reasons one of a policy's terms is different.

    The first rule that fits decides its subject, and leaves the other subjects as they are.
    """

    _name = "oms.return.policy.rule"
    _description = "Return Policy Rule"
    _inherit = ["oms.return.conditions"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("oms.return.policy", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="policy_id.company_id")
    currency_id = fields.Many2one(related="policy_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char("Rule", compute="_compute_name")

    country_ids = fields.Many2many(relation="oms_return_rule_country_rel")
    tag_ids = fields.Many2many(relation="oms_return_rule_tag_rel")
    pricelist_ids = fields.Many2many(relation="oms_return_rule_pricelist_rel")
    categ_ids = fields.Many2many(relation="oms_return_rule_categ_rel")
    product_tmpl_ids = fields.Many2many(
        "product.template", "oms_return_rule_template_rel", string="Products"
    )
    reason_ids = fields.Many2many(
        "oms.return.reason",
        "oms_return_rule_reason_rel",
        string="Reasons",
        domain=[("parent_id", "=", False)],
    )
    discount_from = fields.Float(
        "Discount from (%)", help="Lines sold with at least this discount; 0: any line."
    )

    effect = fields.Selection(EFFECTS, "Then", required=True, default="window")
    days = fields.Integer(default=14)
    amount = fields.Monetary()
    percent = fields.Float()
    freight = fields.Selection(
        [("shop", "The shop"), ("customer", "The customer")], "Paid by", default="shop"
    )
    exclusion = fields.Selection(
        EXCLUSIONS,
        "Because",
        default="final",
        help="Final sale and dangerous goods are the shop's own grounds: a consumer in the "
        "European Union may still withdraw within 14 days. The others are grounds of Directive "
        "2011/83/EU, article 16.",
    )

    @api.constrains("days", "amount", "percent", "discount_from")
    def _check_figures(self):
        for rule in self:
            if min(rule.days, rule.amount, rule.percent, rule.discount_from) < 0 or (
                max(rule.percent, rule.discount_from) > 100
            ):
                raise ValidationError(
                    self.env._("Days and money are not negative, percents between 0 and 100.")
                )

    @api.constrains("effect", "allow_refund", "allow_exchange", "allow_credit", "allow_repair",
                    "allow_discount")  # fmt: skip
    def _check_outcomes(self):
        if any(rule.effect == "outcomes" and not rule._outcomes() for rule in self):
            raise ValidationError(self.env._("Allow at least one outcome."))

    # --- every change is on record with the policy ------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = self.env["oms.return.policy"].browse(
            [values["policy_id"] for values in vals_list if values.get("policy_id")]
        )
        with policies._on_record():
            return super().create(vals_list)

    def write(self, vals):
        with self.policy_id._on_record():
            return super().write(vals)

    def unlink(self):
        with self.policy_id._on_record():
            return super().unlink()

    # --- for people, and for the engine -----------------------------------------------------------

    @api.depends(
        "country_ids", "tag_ids", "pricelist_ids", "categ_ids", "product_tmpl_ids", "reason_ids",
        "discount_from", "effect", "days", "amount", "percent", "freight", "exclusion",
        "allow_refund", "allow_exchange", "allow_credit", "allow_repair", "allow_discount",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_name(self):
        for rule in self:
            rule.name = self.env._(
                "%(condition)s: %(effect)s",
                condition=rule._condition_text(),
                effect=rule._effect_text(),
            )

    def _condition_text(self):
        parts = [
            ", ".join(records.mapped("display_name"))
            for records in (
                self.product_tmpl_ids, self.categ_ids, self.country_ids, self.tag_ids,
                self.pricelist_ids, self.reason_ids,
            )
            if records
        ]  # fmt: skip
        if self.discount_from:
            parts.append(
                self.env._(
                    "Discounted by %(percent)s %% or more", percent=f"{self.discount_from:g}"
                )
            )
        return " · ".join(parts) or self.env._("Everything")

    def _effect_text(self):
        money = self.currency_id.format(self.amount) if self.currency_id else f"{self.amount:g}"
        label = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("exclusion", "freight")
        }
        match self.effect:
            case "window":
                return self.env._("%(days)s days to return it", days=self.days)
            case "exclude":
                return self.env._(
                    "cannot be returned (%(why)s)", why=label["exclusion"].get(self.exclusion, "")
                )
            case "include":
                return self.env._("can be returned")
            case "fee":
                return self.env._("a fee of %(fee)s per return", fee=money)
            case "fee_percent":
                return self.env._("a fee of %(fee)s %%", fee=f"{self.percent:g}")
            case "freight":
                if self.freight == "customer":
                    return self.env._("the customer pays the way back")
                return self.env._("the shop pays the way back")
            case "photo":
                return self.env._("a photo is needed")
            case "inspection":
                return self.env._("inspected before money is due")
            case "automatic":
                return self.env._("approved by itself up to %(value)s", value=money)
            case _:
                return self.env._("only %(outcomes)s", outcomes=self._outcome_text())

    def _as_engine(self):
        self.ensure_one()
        numbers = {"window": self.days, "fee": self.amount, "automatic": self.amount}
        choices = {"exclude": self.exclusion, "freight": self.freight}
        return engine.Rule(
            effect=self.effect,
            number=float(numbers.get(self.effect, self.percent)),
            choice=choices.get(self.effect) or "",
            outcomes=self._outcomes(),
            products=frozenset(self.product_tmpl_ids.ids),
            categories=frozenset(self.categ_ids.ids),
            countries=frozenset(self.country_ids.mapped("code")),
            tags=frozenset(self.tag_ids.ids),
            pricelists=frozenset(self.pricelist_ids.ids),
            reasons=frozenset(self.reason_ids.mapped("code")),
            discounted=self.discount_from,
            key=self._origin.id or 0,
        )
