from datetime import timedelta

from odoo import api, fields, models


class OmsException(models.Model):
    """Something off the plan that a person must look at.

    One cause has one open exception: ``cause_key`` names the cause, and raising it again only
    brings the record up to date. It closes by itself when the cause is gone.
    """

    _name = "oms.exception"
    _description = "Exception"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "deadline, id"
    _check_company_auto = True

    name = fields.Char("What Happened", required=True)
    kind = fields.Selection(
        [
            ("no_stock", "No stock anywhere"),
            ("no_lane", "No way to the destination"),
            ("no_warehouse", "No warehouse may ship it"),
            ("capacity", "No capacity left"),
            ("limit", "Policy limits too tight"),
            ("other", "Other"),
        ],
        required=True,
        index=True,
    )
    cause_key = fields.Char(required=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("snoozed", "Snoozed"), ("closed", "Closed")],
        required=True,
        default="open",
        index=True,
        tracking=True,
    )
    severity = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Urgent")], required=True, default="0"
    )
    owner = fields.Selection(
        [
            ("sales", "Sales"),
            ("planning", "Planning"),
            ("warehouse", "Warehouse"),
            ("service", "Customer Service"),
        ],
        "Owner Team",
        required=True,
        default="planning",
        tracking=True,
    )
    user_id = fields.Many2one("res.users", "Assigned to", tracking=True)
    deadline = fields.Datetime(required=True)
    action = fields.Char("Suggested Action")
    closed_at = fields.Datetime(readonly=True)
    closed_by = fields.Selection(
        [("cause", "The cause is gone"), ("person", "A person")], readonly=True
    )
    resolution = fields.Char(help="What was done about it.")
    snoozed_until = fields.Datetime()
    company_id = fields.Many2one("res.company", required=True, index=True)
    order_id = fields.Many2one("sale.order", ondelete="cascade", index=True, check_company=True)
    partner_id = fields.Many2one(related="order_id.partner_id", store=True)
    order_line_id = fields.Many2one("sale.order.line", ondelete="cascade", index=True)
    product_id = fields.Many2one(related="order_line_id.product_id", store=True)

    _one_per_cause = models.UniqueIndex(
        "(cause_key) WHERE state <> 'closed'", "This exception is open already."
    )

    @api.model
    def _raise_all(self, causes):
        """Open an exception for each cause, or bring the open one of the same cause up to date.

        :param causes: list of dicts of field values, each with ``cause_key``
        :return: the exceptions, in the order of ``causes``
        """
        known = {
            one.cause_key: one
            for one in self.sudo().search(
                [("cause_key", "in", [c["cause_key"] for c in causes]), ("state", "!=", "closed")]
            )
        }
        new = {}
        for cause in causes:
            exception = known.get(cause["cause_key"])
            if exception:
                changes = {
                    name: cause[name]
                    for name in self._kept_up_to_date()
                    if name in cause and exception[name] != cause[name]
                }
                if changes:
                    exception.write(changes)
            else:
                company = self.env["res.company"].sudo().browse(cause["company_id"])
                deadline = company._oms_exception_deadline(cause.get("owner", "planning"))
                new[cause["cause_key"]] = {"deadline": deadline} | cause
        for exception in self.sudo().create(list(new.values())):
            known[exception.cause_key] = exception
        return self.sudo().browse(dict.fromkeys(known[cause["cause_key"]].id for cause in causes))

    @api.model
    def _kept_up_to_date(self):
        """Fields that a cause raised again brings up to date."""
        return ("name", "kind", "action", "severity")

    def _close_solved(self):
        """Close exceptions whose cause is gone."""
        still_open = self.sudo().filtered(lambda one: one.state != "closed")
        if still_open:
            still_open.write(
                {"state": "closed", "closed_at": fields.Datetime.now(), "closed_by": "cause"}
            )

    def action_close(self):
        self.write({"state": "closed", "closed_at": fields.Datetime.now(), "closed_by": "person"})

    def action_snooze(self):
        """Put it aside until tomorrow."""
        self.write({"state": "snoozed", "snoozed_until": fields.Datetime.now() + timedelta(days=1)})

    def action_reopen(self):
        self.write({"state": "open", "closed_at": False, "closed_by": False})

    def action_take(self):
        self.write({"user_id": self.env.uid})

    @api.model
    def _cron_recheck(self):
        """Bring back what was put aside until now, and close what is solved."""
        self.search(
            [("state", "=", "snoozed"), ("snoozed_until", "<=", fields.Datetime.now())]
        ).write({"state": "open", "snoozed_until": False})
        self.search([("state", "!=", "closed")])._recheck()

    def _recheck(self):
        """Close those of these exceptions whose cause is gone."""
        unsolved = self.filtered(lambda one: one.state != "closed")
        if unsolved:
            (unsolved - unsolved._still_true())._close_solved()

    def _still_true(self):
        """Those of these exceptions whose cause is still there. Each room adds its own kinds."""
        return self
