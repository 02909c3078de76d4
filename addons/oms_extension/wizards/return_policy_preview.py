from odoo import api, fields, models

SHOWN = 300
FIGURES = ("allowed", "automatic", "refused", "flagged", "stays", "fee", "freight", "refund")


class OmsReturnPolicyPreview(models.TransientModel):
    """What an edited policy would have said of past requests, beside what is in force."""

    _name = "oms.return.policy.preview"
    _description = "Preview of a Return Policy"

    policy_name = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    months = fields.Integer(readonly=True)
    count = fields.Integer("Requests", readonly=True)
    changed_count = fields.Integer("Changed", readonly=True)
    shown_count = fields.Integer(compute="_compute_shown_count")
    line_ids = fields.One2many("oms.return.policy.preview.line", "preview_id", "Changed Verdicts")

    now_allowed = fields.Integer(readonly=True)
    then_allowed = fields.Integer(readonly=True)
    now_automatic = fields.Integer(readonly=True)
    then_automatic = fields.Integer(readonly=True)
    now_refused = fields.Integer(readonly=True)
    then_refused = fields.Integer(readonly=True)
    now_flagged = fields.Integer(readonly=True)
    then_flagged = fields.Integer(readonly=True)
    now_stays = fields.Integer(readonly=True)
    then_stays = fields.Integer(readonly=True)
    now_fee = fields.Monetary(readonly=True)
    then_fee = fields.Monetary(readonly=True)
    now_freight = fields.Monetary(readonly=True)
    then_freight = fields.Monetary(readonly=True)
    now_refund = fields.Monetary(readonly=True)
    then_refund = fields.Monetary(readonly=True)

    @api.depends("line_ids")
    def _compute_shown_count(self):
        for preview in self:
            preview.shown_count = len(preview.line_ids)

    @api.model
    def _show(self, draft, months):
        """Try a policy that may be a draft; the action that shows what came of it."""
        months = min(max(int(months), 1), 60)
        trial = draft._try(months)
        company = draft.company_id or self.env.company
        values = {
            "policy_name": draft.name or self.env._("New"),
            "company_id": company.id,
            "months": months,
            "count": trial.count,
            "changed_count": len(trial.changed),
            "line_ids": [
                (0, 0, self._line(company, *changed)) for changed in trial.changed[:SHOWN]
            ],
        }
        for name in FIGURES:
            values |= {
                f"now_{name}": getattr(trial.now, name),
                f"then_{name}": getattr(trial.then, name),
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tried on Past Requests"),
            "res_model": self._name,
            "res_id": self.create(values).id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _line(self, company, return_id, now, then):
        return {
            "return_id": return_id,
            "value": max(now.value, then.value),
            "now": self._short(company, now),
            "then": self._short(company, then),
            "kind": (
                "refused"
                if now.allowed > then.allowed
                else "allowed"
                if now.allowed < then.allowed
                else "terms"
            ),
        }

    def _short(self, company, verdict):
        """A verdict in one line."""
        returns = self.env["oms.return"]
        currency = company.currency_id
        if not verdict.allowed:
            said = [
                (one.code, one.values)
                for line in verdict.lines
                if not line.allowed
                for one in line.said
                if one.code in ("over", "excluded", "outcome")
            ]
            return " ".join([self.env._("Refused."), *dict.fromkeys(returns._say(said, currency))])
        terms = [
            self.env._("Approved by itself")
            if verdict.automatic
            else self.env._("Approved by a person")
        ]
        if verdict.fee:
            terms.append(self.env._("fee %s", currency.format(verdict.fee)))
        if verdict.returnless:
            terms.append(self.env._("goods stay"))
        elif verdict.freight_paid_by == "customer":
            terms.append(self.env._("customer pays the way back"))
        else:
            terms.append(self.env._("shop pays the way back"))
        for need, label in (
            ("photo", self.env._("photo")),
            ("inspection", self.env._("inspection")),
            ("review", self.env._("to look at")),
        ):
            if need in verdict.needs:
                terms.append(label)
        return ", ".join(terms)


class OmsReturnPolicyPreviewLine(models.TransientModel):
    _name = "oms.return.policy.preview.line"
    _description = "Changed Verdict"

    preview_id = fields.Many2one("oms.return.policy.preview", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="preview_id.currency_id")
    return_id = fields.Many2one("oms.return", readonly=True, ondelete="cascade")
    requested_at = fields.Datetime(related="return_id.requested_at")
    partner_id = fields.Many2one(related="return_id.partner_id")
    product_text = fields.Char(related="return_id.product_text")
    value = fields.Monetary(readonly=True)
    kind = fields.Selection(
        [("refused", "Refused Now"), ("allowed", "Allowed Now"), ("terms", "Other Terms")],
        "Change",
        readonly=True,
    )
    now = fields.Char("In Force", readonly=True)
    then = fields.Char("As Edited", readonly=True)

    def action_open(self):
        """The return."""
        return self.return_id._open(self.return_id.name)
