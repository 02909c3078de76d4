from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import allocation as engine
from .batch import Batch, Worth
from .presenter import shipping_cost
from .standing import explained


class OmsReallocateLine(models.Model):
    """One order of a re-allocation: now, then, and what became of it."""

    _name = "oms.reallocate.line"
    _description = "Re-allocated Order"
    _order = "reallocate_id desc, gain desc, id"

    reallocate_id = fields.Many2one("oms.reallocate", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="reallocate_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(related="order_id.partner_id")
    state = fields.Selection(
        [
            ("waiting", "Not looked at yet"),
            ("better", "Can be better"),
            ("unchanged", "Stays"),
            ("skipped", "Cannot move"),
            ("moved", "Moved"),
            ("failed", "Failed"),
        ],
        required=True,
        default="waiting",
    )
    accept = fields.Boolean(
        compute="_compute_accept",
        store=True,
        readonly=False,
        help="Orders that can only move together are accepted together.",
    )
    group = fields.Integer(help="Orders with the same number can only move together.")
    group_gain = fields.Monetary("Gain Together")
    group_units = fields.Integer(help="Units that wait now and would ship, of the whole group.")
    parcels_now = fields.Integer()
    parcels_then = fields.Integer()
    cost_now = fields.Monetary()
    cost_then = fields.Monetary()
    missing_now = fields.Integer()
    missing_then = fields.Integer()
    gain = fields.Monetary(
        default=0.0, help="What the order costs less; units that wait count at the policy's price."
    )
    moves = fields.Text("What Moves")
    message = fields.Text("Note")
    plan = fields.Json(help="Previewed units: list of [line, warehouse, units].")

    _order_once = models.Constraint(
        "unique (reallocate_id, order_id)", "An order is in a re-allocation once."
    )

    @api.depends("state", "group_gain", "group_units", "reallocate_id.min_gain")
    def _compute_accept(self):
        for line in self:
            worth = Worth(line.group_gain, line.group_units)
            line.accept = line.state == "better" and worth.is_something(line.reallocate_id.min_gain)

    def write(self, vals):
        result = super().write(vals)
        if "accept" in vals and not self.env.context.get("oms_linked_accept"):
            others = (self._linked() - self).filtered(
                lambda line: line.accept != bool(vals["accept"])
            )
            others.with_context(oms_linked_accept=True).accept = vals["accept"]
        return result

    def _linked(self):
        """These lines and those that can only move together with them."""
        groups = {(line.reallocate_id, line.group) for line in self if line.group}
        return self | self.reallocate_id.line_ids.filtered(
            lambda line: line.state == "better" and (line.reallocate_id, line.group) in groups
        )

    # --- looking ------------------------------------------------------------------------------

    def _note_preview(self, batch, outcome, groups, worth):
        """Write down what the engine would do with this order.

        :param groups: dict order id → first order of those that can only move together
        :param worth: dict first order of a group → its :class:`Worth`
        """
        self.ensure_one()
        order_id = self.order_id.id
        if outcome is None:
            self.write({"state": "skipped", "message": batch.refused[order_id]})
            return
        now = batch.entries[order_id].standing
        values = {
            "state": "unchanged",
            "parcels_now": len(now.parcels),
            "parcels_then": len(now.parcels),
            "cost_now": shipping_cost(now.as_dict()),
            "cost_then": shipping_cost(now.as_dict()),
            "missing_now": now.unfilled,
            "missing_then": now.unfilled,
        }
        if any(line.locked for line in batch.entries[order_id].snapshot.lines):
            values["message"] = self.env._("What a person locked stays where it is.")
        group = groups.get(order_id)
        if outcome.changed and worth[group].is_something():
            plan = outcome.plan
            together = [one for one, first in groups.items() if first == group and one != order_id]
            notes = [self._together_with(together)] if together else []
            if plan.unfilled < now.unfilled:
                notes.append(
                    self.env._("%s that waited can ship now.", now.unfilled - plan.unfilled)
                )
            values.update(
                state="better",
                parcels_then=len(plan.parcels),
                cost_then=shipping_cost(plan.as_dict()),
                missing_then=plan.unfilled,
                gain=outcome.gain,
                group=group,
                group_gain=worth[group].gain,
                group_units=worth[group].units,
                moves=batch.moves(order_id, plan),
                plan=[[*place, units] for place, units in plan.assignment().items()],
                message=" ".join(notes),
            )
        self.write(values)

    def _together_with(self, order_ids):
        names = self.order_id.browse(order_ids).mapped("name")
        return self.env._("Only together with %s.", ", ".join(sorted(names)))

    # --- moving -------------------------------------------------------------------------------

    def _move(self):
        """Put the accepted plans in force, if they are still possible and still worth it."""
        orders = self.order_id
        orders.check_access("write")
        orders._oms_enter_ledger()
        try:
            with self.env.cr.savepoint():
                self._move_orders(Batch(orders))
        except UserError as error:
            self.write({"state": "failed", "accept": False, "message": str(error)})

    def _move_orders(self, batch):
        refused = [line for line in self if line.order_id.id in batch.refused]
        for line in refused:
            line.write(
                {
                    "state": "skipped",
                    "accept": False,
                    "message": batch.refused[line.order_id.id],
                }
            )
        lines = self - self.browse([line.id for line in refused])
        plans = lines._still_good(batch) if not refused else None
        if plans is None:
            plans = lines._decide_again(batch)
        for line in lines:
            line._put_in_force(batch, plans.get(line.order_id.id))
        moved = lines.filtered(lambda line: line.state == "moved").order_id
        # What one order gives up another takes: first everything is given up.
        moved.order_line._oms_cut_surplus()
        moved._oms_carry_out()

    def _is_worth_it(self, batch, plans):
        return bool(plans) and batch.worth(plans).is_something(self.reallocate_id.min_gain)

    def _still_good(self, batch):
        """The previewed plans at today's stock and prices, or None where they do not hold."""
        wanted = {
            line.order_id.id: {(key, place): units for key, place, units in line.plan}
            for line in self
        }
        known = {
            order_id: {line.id: line.quantity for line in entry.snapshot.lines}
            for order_id, entry in batch.entries.items()
        }
        plans = {}
        for order_id, assignment in wanted.items():
            placed = {}
            for (key, _place), units in assignment.items():
                placed[key] = placed.get(key, 0) + units
            if any(units > known[order_id].get(key, 0) for key, units in placed.items()):
                return None
            plan = engine.evaluate(batch.entries[order_id].snapshot, assignment)
            if plan.assignment() != assignment or not _keeps_locks(
                batch.entries[order_id].snapshot, assignment
            ):
                return None
            plans[order_id] = plan
        if not batch.fits(wanted) or not self._is_worth_it(batch, plans):
            return None
        return plans

    def _decide_again(self, batch):
        """What is best now; nothing where it is not worth it."""
        plans = {
            order_id: outcome.plan
            for order_id, outcome in batch.decide().items()
            if outcome.changed
        }
        return plans if self._is_worth_it(batch, plans) else {}

    def _put_in_force(self, batch, plan):
        self.ensure_one()
        if plan is None:
            self.write(
                {
                    "state": "unchanged",
                    "accept": False,
                    "gain": 0.0,
                    "message": self.env._("Nothing better any more."),
                }
            )
            return
        entry = batch.entries[self.order_id.id]
        gain = entry.standing.total - plan.total
        self.env["oms.decision"]._commit(
            self.order_id,
            entry.needs,
            entry.snapshot,
            explained(entry.snapshot, plan),
            "reallocate",
            entry.policy,
            gain=gain,
        )
        self.write(
            {
                "state": "moved",
                "accept": False,
                "gain": gain,
                "parcels_then": len(plan.parcels),
                "cost_then": shipping_cost(plan.as_dict()),
                "missing_then": plan.unfilled,
                "moves": batch.moves(self.order_id.id, plan),
            }
        )


def _keeps_locks(snapshot, assignment):
    """Whether units that a person has locked since the preview stay."""
    return all(
        assignment.get((line.id, warehouse_id), 0) >= units
        for line in snapshot.lines
        for warehouse_id, units in line.locked.items()
    )
