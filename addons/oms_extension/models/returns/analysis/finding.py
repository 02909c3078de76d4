from odoo import api, fields, models
from odoo.exceptions import UserError

from ..reason import FAULTS
from .dimensions import DIMENSIONS

OWNERS = {
    "product": "planning",
    "content": "sales",
    "warehouse": "warehouse",
    "carrier": "planning",
    "customer": "service",
}
"""Who is to act, by whose fault it is."""


class OmsReturnFinding(models.Model):
    """Something comes back more often than it should: where, since when, why, and for how much.

    Found by the weekly look (``look.py``). One matter has one open finding.
    """

    _name = "oms.return.finding"
    _description = "Cause of Returns"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, level, money desc, id desc"

    name = fields.Char("What Was Found", compute="_compute_texts")
    evidence = fields.Char(compute="_compute_texts")
    money_text = fields.Char(compute="_compute_texts")
    cause_text = fields.Char("Likely Cause", compute="_compute_texts")
    action = fields.Char("Suggested Action", compute="_compute_texts")
    effect_text = fields.Char("What It Did", compute="_compute_texts")
    elsewhere = fields.Char("May Also Be", compute="_compute_texts")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("open", "Open"), ("over", "Over"), ("dismissed", "Dismissed")],
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    level = fields.Selection(
        [("flag", "To Act On"), ("watch", "To Watch")], required=True, readonly=True, tracking=True
    )

    # --- where --------------------------------------------------------------------------------
    place = fields.Json(readonly=True, help="List of [dimension, id].")
    weight = fields.Float("Chance That It Lies There", readonly=True, aggregator=None)
    alternatives = fields.Json(readonly=True)
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", "Variant", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    lot_id = fields.Many2one("stock.lot", readonly=True, index="btree_not_null",
                             ondelete="cascade")  # fmt: skip
    category_id = fields.Many2one("product.category", readonly=True, ondelete="cascade")
    vendor_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    oms_carrier_id = fields.Many2one("oms.carrier", "Carrier", readonly=True, ondelete="cascade")

    # --- how much -----------------------------------------------------------------------------
    reason_id = fields.Many2one("oms.return.reason", readonly=True, ondelete="set null")
    late = fields.Boolean("Because It Came Late", readonly=True)
    fault = fields.Selection(FAULTS, "Whose Fault", compute="_compute_fault", store=True)
    window = fields.Integer("Days Looked at", readonly=True, aggregator=None)
    delivered = fields.Float("Delivered Units", readonly=True)
    observed = fields.Float("Came Back", readonly=True)
    expected = fields.Float("Usual", readonly=True)
    reason_observed = fields.Float(readonly=True)
    reason_expected = fields.Float(readonly=True)
    ratio = fields.Float("Times the Usual", readonly=True, aggregator=None)
    ratio_low = fields.Float(readonly=True, aggregator=None)
    ratio_high = fields.Float(readonly=True, aggregator=None)
    rate = fields.Float(readonly=True, aggregator=None)
    usual = fields.Float("Usual Rate", readonly=True, aggregator=None)
    maturity = fields.Float(readonly=True, aggregator=None)
    chance = fields.Float(
        "False Discovery Rate",
        readonly=True,
        aggregator=None,
        help="Share of false ones among findings that are as strong as this one.",
    )
    cost = fields.Monetary("Cost per Returned Unit", readonly=True, aggregator=None)
    money = fields.Monetary("Lost so Far", readonly=True)
    money_ahead = fields.Monetary("Per 30 Days to Come", readonly=True)
    since = fields.Date(readonly=True, help="Delivery day of the first unit that came back.")
    found_on = fields.Date(readonly=True)
    seen_on = fields.Date("Last Seen", readonly=True)
    closed_on = fields.Date(readonly=True)
    history = fields.Json(readonly=True)

    # --- what people do -----------------------------------------------------------------------
    exception_id = fields.Many2one("oms.exception", readonly=True, ondelete="set null")
    user_id = fields.Many2one(related="exception_id.user_id", string="Assigned to")
    done_on = fields.Date("Acted on", tracking=True, help="From this day on it should be better.")
    done_text = fields.Char("What Was Done", tracking=True)
    effect = fields.Json(readonly=True)
    note = fields.Char("Why It Is No Cause", tracking=True)

    @api.depends("reason_id.fault", "late", "place")
    def _compute_fault(self):
        for one in self:
            names = {name for name, _key in one.place or []}
            if one.late or "carrier" in names:
                one.fault = "carrier"
            elif one.reason_id:
                one.fault = one.reason_id.fault
            elif "warehouse" in names:
                one.fault = "warehouse"
            else:
                one.fault = "product"

    @api.depends_context("lang")
    @api.depends("place", "ratio", "observed", "reason_id", "late", "effect", "money", "delivered")
    def _compute_texts(self):
        words = self._words()
        for one in self:
            one.name = words.title(one)
            one.evidence = words.evidence(one)
            one.money_text = words.money(one)
            one.cause_text = words.cause(one)
            one.action = words.action(one)
            one.effect_text = words.effect(one)
            one.elsewhere = words.elsewhere(one)

    def _cause(self):
        """The exception that tells of it."""
        self.ensure_one()
        return {
            "cause_key": f"return_cause:{self.id}",
            "kind": "return_cause",
            "name": self.name,
            "action": self.action,
            "owner": OWNERS[self.fault or "product"],
            "severity": "1" if self.money > 20 * self.cost else "0",
            "company_id": self.company_id.id,
            "finding_id": self.id,
        }

    # --- people -------------------------------------------------------------------------------

    def action_dismiss(self, note=False):
        """No cause. It is not found again until somebody reopens it.

        :raise UserError: nobody said why
        """
        self.check_access("write")
        for one in self:
            reason = note or one.note
            if not reason:
                raise UserError(
                    self.env._("Say first why this is no cause: others will find the same.")
                )
            one.write({"state": "dismissed", "note": reason, "closed_on": fields.Date.today()})
        self._raise_or_close()

    def action_reopen(self):
        self.check_access("write")
        self.write({"state": "open", "closed_on": False, "note": False})
        self._raise_or_close()

    def action_done(self, text=False, day=False):
        """Note what was done; the next looks say whether it helped.

        :raise UserError: nobody said what
        """
        self.check_access("write")
        for one in self:
            said = text or one.done_text
            if not said:
                raise UserError(self.env._("Say what was done."))
            one.write({"done_text": said, "done_on": day or one.done_on or fields.Date.today()})

    def _where(self):
        """Conditions on the fact models."""
        self.ensure_one()
        return [(DIMENSIONS[name].fact, "=", key) for name, key in self.place or []]

    def action_returned(self):
        """The units that came back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "oms.return.fact",
            "view_mode": "list,pivot,graph",
            "views": [[False, "list"], [False, "pivot"], [False, "graph"]],
            "domain": [*self._where(), ("delivered_on", ">", self._start())],
            "context": {"search_default_by_reason": 1},
        }

    def action_delivered(self):
        """The units that were delivered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "oms.delivery.fact",
            "view_mode": "list,pivot,graph",
            "views": [[False, "list"], [False, "pivot"], [False, "graph"]],
            "domain": [*self._where(), ("delivered_on", ">", self._start())],
        }

    def _start(self):
        return fields.Date.to_string(
            fields.Date.subtract(self.seen_on or fields.Date.today(), days=self.window)
        )

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [[False, "form"]],
            "name": self.name,
        }

    @api.model
    def _for_page(self):
        """Open findings as the analysis page shows them."""
        found = self.search([("state", "=", "open"), ("company_id", "in", self.env.companies.ids)])
        return [
            {
                "id": one.id,
                "level": one.level,
                "name": one.name,
                "evidence": one.evidence,
                "money_text": one.money_text,
                "cause": one.cause_text,
                "action": one.action,
                "effect": one.effect_text,
                "elsewhere": one.elsewhere,
                "done_on": one.done_on.isoformat() if one.done_on else False,
                "done_text": one.done_text,
                "owner": one.exception_id.owner or False,
                "user": one.exception_id.user_id.name or False,
                "exception_id": one.exception_id.id,
                "ratio": [one.ratio, one.ratio_low, one.ratio_high],
                "place": one.place,
            }
            for one in found.sorted(lambda one: (one.level != "flag", -one.money))
        ]


class OmsException(models.Model):
    _inherit = "oms.exception"

    kind = fields.Selection(
        selection_add=[("return_cause", "Comes Back Too Often")],
        ondelete={"return_cause": "cascade"},
    )
    finding_id = fields.Many2one(
        "oms.return.finding", ondelete="cascade", index="btree_not_null", readonly=True
    )

    def _still_true(self):
        gone = self.filtered(
            lambda one: (
                one.kind == "return_cause"
                and not (one.finding_id.state == "open" and one.finding_id.level == "flag")
            )
        )
        return super()._still_true() - gone

    def action_open_finding(self):
        self.ensure_one()
        return self.finding_id.action_open()


class OmsReturnFact(models.Model):
    _inherit = "oms.return.fact"

    @api.model
    def _flags_of(self, names, keys):
        """Open findings about each of these groups, a list for each key."""
        found = self.env["oms.return.finding"].search(
            [("state", "=", "open"), ("company_id", "in", self.env.companies.ids)]
        )
        flags = []
        for key in keys:
            of = {name: int(value) for name, value in zip(names, key, strict=True)}
            flags.append(
                [
                    {"id": one.id, "level": one.level, "text": one.name}
                    for one in found
                    if (one.place and all(of.get(name) == value for name, value in one.place))
                    or (
                        len(of) == 1
                        and of.get("product")
                        and of["product"] == one.product_tmpl_id.id
                    )
                ]
            )
        return flags
