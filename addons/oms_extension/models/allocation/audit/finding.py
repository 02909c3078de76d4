from odoo import api, fields, models
from odoo.exceptions import UserError


class OmsAuditFinding(models.Model):
    """A breach that the conservation audit found: kept until it is gone, and then as the trace."""

    _name = "oms.audit.finding"
    _description = "Conservation Finding"
    _order = "state desc, first_seen desc, id desc"
    _rec_name = "message"

    rule = fields.Selection(
        [
            ("oversold", "Oversold: more reserved than exists"),
            ("over_reserved", "More reserved of a lot, package or owner than exists"),
            ("split_quant", "Reservation without stock"),
            ("negative_reservation", "Reservation below zero"),
            ("reservation_drift", "Shelf and transfers disagree"),
            ("allocation_state", "Allocation of the wrong order or state"),
            ("allocation_sum", "Allocated is not ordered"),
            ("procured_less", "Less on its way than allocated"),
            ("procured_more", "More on its way than allocated"),
            ("parcel_contents", "Parcel and its lines disagree"),
            ("allocation_totals", "Totals are not the sum of the parcels"),
            ("shortage_untold", "Missing without an exception"),
            ("exception_unfounded", "Exception without a cause"),
        ],
        required=True,
        readonly=True,
    )
    message = fields.Char("What Is Wrong", required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    record = fields.Many2oneReference(model_field="model", required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("gone", "Gone"), ("repaired", "Repaired")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    remedy = fields.Char("Offered Repair", compute="_compute_remedy")
    first_seen = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    last_seen = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    closed_at = fields.Datetime(readonly=True)
    repaired_by = fields.Many2one("res.users", readonly=True)

    _one_open = models.UniqueIndex(
        "(rule, model, record) WHERE state = 'open'", "This breach is known already."
    )

    @api.depends("rule")
    def _compute_remedy(self):
        remedies = self.env["oms.audit.repair"]._remedies()
        for finding in self:
            finding.remedy = remedies.get(finding.rule)

    @api.model
    def action_run(self):
        """Audit now, and show what was found."""
        found = self._follow(self.env["oms.audit"]._breaches())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if found else "success",
                "message": self.env._("%s breaches of conservation.", len(found))
                if found
                else self.env._("Nothing is lost, doubled or promised twice."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_run(self):
        """Audit all companies, and tell planners where something was found."""
        found = self.sudo()._follow(self.env["oms.audit"].sudo()._breaches())
        exceptions = self.env["oms.exception"].sudo()
        raised = exceptions._raise_all(
            [
                {
                    "cause_key": f"audit:{company.id}",
                    "name": company._oms_speaking()._("The conservation audit found breaches"),
                    "action": company._oms_speaking()._(
                        "Look at Cockpit ▸ Conservation Audit, and repair them."
                    ),
                    "kind": "other",
                    "owner": "planning",
                    "company_id": company.id,
                }
                for company in found.company_id
            ]
        )
        (
            exceptions.search([("cause_key", "=like", "audit:%"), ("state", "!=", "closed")])
            - raised
        )._close_solved()

    @api.model
    def _follow(self, breaches):
        """Keep new breaches, touch known ones, close those that are gone.

        :param breaches: as :meth:`oms.audit._breaches` returns them
        :return: the open findings
        """
        now = fields.Datetime.now()
        findings = self.sudo()
        domain = [("state", "=", "open")]
        if not self.env.su:
            domain.append(("company_id", "in", [False, *self.env.companies.ids]))
        known = {(one.rule, one.model, one.record): one for one in findings.search(domain)}
        seen = findings.browse()
        for breach in breaches:
            key = breach["check"], breach["model"], breach["record"]
            values = {"message": breach["message"], "last_seen": now}
            if key in known:
                known[key].write(values)
            else:
                known[key] = findings.create(
                    values
                    | dict(zip(("rule", "model", "record"), key, strict=True))
                    | {"company_id": breach["company"]}
                )
            seen |= known[key]
        gone = findings.concat(*known.values()) - seen
        gone.write({"state": "gone", "closed_at": now})
        return seen.sudo(False)

    # --- what people do with it ---------------------------------------------------------------

    def action_open_record(self):
        """Go to the very record that breaks the rule."""
        self.ensure_one()
        if not self.record or not self.env[self.model].browse(self.record).exists():
            raise UserError(self.env._("This record does not exist any more. Run the audit again."))
        action = {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.record,
            "view_mode": "form",
        }
        if self.model == "sale.order.line":
            order = self.env["sale.order.line"].browse(self.record).order_id
            return action | {"res_model": "sale.order", "res_id": order.id}
        if self.model == "stock.quant":
            quant = self.env["stock.quant"].browse(self.record)
            return action | {
                "name": quant.product_id.display_name,
                "res_id": False,
                "view_mode": "list",
                "views": [(False, "list")],
                "domain": [
                    ("product_id", "=", quant.product_id.id),
                    ("location_id", "=", quant.location_id.id),
                ],
            }
        return action

    def action_repair(self):
        """Put right what can safely be put right, and keep who did it.

        :raise UserError: there is no repair for this rule, or it did not help.
        """
        if not self.env.user.has_group("oms_extension.group_manager"):
            raise UserError(self.env._("Ask an Order Management manager to repair this."))
        for finding in self.filtered(lambda one: one.state == "open"):
            finding._repair()

    def _repair(self):
        self.ensure_one()
        breaches = self.env["oms.audit"].sudo()._breaches()
        mine = self._among(breaches)
        if mine:
            self.env["oms.audit.repair"].sudo()._repair(mine)
            if self._among(self.env["oms.audit"].sudo()._breaches()):
                raise UserError(
                    self.env._("The repair did not help, so it was undone: %s", self.message)
                )
        self.sudo().write(
            {
                "state": "repaired" if mine else "gone",
                "closed_at": fields.Datetime.now(),
                "repaired_by": self.env.uid if mine else False,
            }
        )

    def _among(self, breaches):
        key = self.rule, self.model, self.record
        return next(
            (one for one in breaches if (one["check"], one["model"], one["record"]) == key), None
        )
