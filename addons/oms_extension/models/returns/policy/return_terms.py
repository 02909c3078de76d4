from odoo import api, fields, models

SEALS = [("closed", "Unbroken"), ("broken", "Broken")]


class OmsReturn(models.Model):
    """The policy that judged a return, and who decided against it."""

    _inherit = "oms.return"

    policy_id = fields.Many2one(
        "oms.return.policy", readonly=True, index="btree_not_null", copy=False
    )
    verdict_text = fields.Text("Policy's Verdict", compute="_compute_verdict_text", store=False)
    rule_text = fields.Text("Rules that Decided", compute="_compute_verdict_text")
    override_reason = fields.Text("Why against the Policy", readonly=True, copy=False)
    override_user_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)

    @api.depends("verdict", "line_ids.product_id.display_name")
    @api.depends_context("lang")
    def _compute_verdict_text(self):
        rules = self.env["oms.return.policy.rule"].sudo()
        for one in self:
            verdict = one.verdict or {}
            one.verdict_text, one.rule_text = False, False
            if not verdict.get("lines") or "said" not in verdict:
                continue
            names = [line.product_id.display_name for line in one.line_ids.sorted("id")]
            one.verdict_text = one._verdict_in_words(verdict, names, one.currency_id)
            decided = {rule for line in verdict["lines"] for rule in line.get("rules", [])}
            names = rules.browse(sorted(decided)).exists().sorted().mapped("name")
            one.rule_text = "\n".join(names) or False

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        for one in made.filtered("override_reason"):
            one.message_post(
                body=self.env._("Accepted against the policy: %s", one.override_reason),
                subtype_xmlid="mail.mt_note",
            )
        return made


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    seal = fields.Selection(
        SEALS,
        readonly=True,
        help="What the customer said of the seal of hygiene goods and recordings.",
    )
