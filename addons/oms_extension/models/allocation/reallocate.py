from odoo import api, fields, models
from odoo.exceptions import UserError

from .batch import Batch, Worth

ORDERS_PER_BATCH = 50
"""Orders that are previewed together, and so compete for the same stock, in one call."""


class OmsReallocate(models.Model):
    """Allocate many orders anew: look first, accept, then move them one after the other.

    The work is done in steps, each a call and so a transaction of its own. A run that was cut off
    goes on where it stopped.
    """

    _name = "oms.reallocate"
    _description = "Re-allocation"
    _order = "create_date desc, id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Started by", default=lambda self: self.env.user)
    min_gain = fields.Monetary(
        "Minimum Gain", help="What moves must save at least this much, for an order or for all "
        "that can only move together."
    )  # fmt: skip
    line_ids = fields.One2many("oms.reallocate.line", "reallocate_id", "Orders")
    taken = fields.Json(help="Units that previewed plans claim: list of [warehouse, key, units].")

    order_count = fields.Integer("Number of Orders", compute="_compute_figures")
    waiting_count = fields.Integer("Not Looked at Yet", compute="_compute_figures")
    better_count = fields.Integer("Can Be Better", compute="_compute_figures")
    accepted_count = fields.Integer("Accepted", compute="_compute_figures")
    accepted_gain = fields.Monetary("Expected Gain", compute="_compute_figures")
    moved_count = fields.Integer("Moved", compute="_compute_figures")
    moved_gain = fields.Monetary("Gain", compute="_compute_figures")
    failed_count = fields.Integer("Failed", compute="_compute_figures")

    @api.depends("create_date", "user_id")
    def _compute_display_name(self):
        for run in self:
            moment = fields.Datetime.context_timestamp(
                run, run.create_date or fields.Datetime.now()
            )
            run.display_name = self.env._("Re-allocation of %s", moment.strftime("%Y-%m-%d %H:%M"))

    @api.depends("line_ids.state", "line_ids.accept", "line_ids.gain")
    def _compute_figures(self):
        for run in self:
            lines = run.line_ids
            better = lines.filtered(lambda line: line.state == "better")
            accepted = better.filtered("accept")
            moved = lines.filtered(lambda line: line.state == "moved")
            run.order_count = len(lines)
            run.waiting_count = len(lines.filtered(lambda line: line.state == "waiting"))
            run.better_count = len(better)
            run.accepted_count = len(accepted)
            run.accepted_gain = sum(accepted.mapped("gain"))
            run.moved_count = len(moved)
            run.moved_gain = sum(moved.mapped("gain"))
            run.failed_count = len(lines.filtered(lambda line: line.state == "failed"))

    @api.model
    def _start(self, orders):
        """A run over these orders, nothing looked at yet.

        :raise UserError: the orders are of several companies, or there are none.
        """
        if not orders:
            raise UserError(self.env._("Select the orders to allocate again."))
        if len(orders.company_id) > 1:
            raise UserError(self.env._("Allocate the orders of one company at a time."))
        return self.create(
            {
                "company_id": orders.company_id.id,
                "min_gain": orders.company_id.oms_reallocation_gain,
                "line_ids": [fields.Command.create({"order_id": order.id}) for order in orders],
            }
        )

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Re-allocate"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # --- looking ------------------------------------------------------------------------------

    def preview_step(self):
        """Look at the next orders of the run: what would move, and what that would save.

        Orders are not touched. Call it until nothing is left.

        :return: dict ``done``, ``total`` (orders looked at, and in all)
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.state == "waiting")[:ORDERS_PER_BATCH]
        if lines:
            taken = {(warehouse, key): units for warehouse, key, units in self.taken or ()}
            batch = Batch(lines.order_id, taken)
            outcomes = batch.decide()
            better = {
                order_id: outcome.plan for order_id, outcome in outcomes.items() if outcome.changed
            }
            groups = batch.links(better)
            worth = {}
            for order_id, first in groups.items():
                worth.setdefault(first, Worth()).add(batch.worth({order_id: better[order_id]}))
            for line in lines:
                line._note_preview(batch, outcomes.get(line.order_id.id), groups, worth)
            accepted = lines.filtered(lambda line: line.state == "better")
            for place, units in batch.newly_taken(
                {line.order_id.id: better[line.order_id.id] for line in accepted}
            ).items():
                taken[place] = taken.get(place, 0) + units
            self.taken = [[warehouse, key, units] for (warehouse, key), units in taken.items()]
        left = len(self.line_ids.filtered(lambda line: line.state == "waiting"))
        return {"done": len(self.line_ids) - left, "total": len(self.line_ids)}

    # --- moving -------------------------------------------------------------------------------

    def run_step(self):
        """Move the next accepted order, with those that can only move together with it.

        Each call is a transaction of its own: what it has moved stays, whatever comes after.

        :return: dict ``left`` (accepted orders still to come), ``moved``, ``gain``
        """
        self.ensure_one()
        line = self._accepted()[:1]
        if line:
            line._linked()._move()
        return {
            "left": len(self._accepted()),
            "moved": self.moved_count,
            "gain": self.moved_gain,
        }

    def _accepted(self):
        return self.line_ids.filtered(lambda line: line.state == "better" and line.accept)

    def preview_again(self):
        """Forget what was seen of orders that have not moved, and look at them again."""
        self.line_ids.filtered(lambda line: line.state != "moved").write(
            {"state": "waiting", "message": False, "group": 0, "gain": 0.0, "moves": False}
        )
        self.taken = False

    @api.autovacuum
    def _gc_old_runs(self):
        """Runs older than three months go; what they decided stays in the orders' history."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=3)
        self.search([("create_date", "<", limit)], limit=1000).unlink()
