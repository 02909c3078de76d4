from odoo import api, fields, models
from odoo.exceptions import UserError

from . import texts
from .presenter import Presenter

HISTORY_LENGTH = 20


class SaleOrder(models.Model):
    """What the *Allocation* tab of an order shows. Lists do not read it."""

    _inherit = "sale.order"

    oms_allocation_view = fields.Json(
        "Allocation Details", compute="_compute_oms_allocation_view", exportable=False
    )
    oms_map_data = fields.Json(
        "Allocation Map", compute="_compute_oms_allocation_view", exportable=False
    )
    oms_can_change = fields.Boolean(compute="_compute_oms_can_change")

    @api.depends(
        "state",
        "locked",
        "company_id",
        "partner_id",
        "partner_shipping_id",
        "carrier_id",
        "team_id",
        "commitment_date",
        "oms_policy_id",
        "oms_allocation_id",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.product_uom_id",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.route_ids",
    )
    @api.depends_context("lang", "tz")
    def _compute_oms_allocation_view(self):
        for order in self:
            view, map_data = order._oms_present()
            order.oms_allocation_view = view
            order.oms_map_data = map_data

    @api.depends("state", "locked", "order_line.product_id")
    @api.depends_context("uid")
    def _compute_oms_can_change(self):
        allowed = self.env.user.has_group("oms_extension.group_user")
        for order in self:
            order.oms_can_change = (
                allowed
                and not order.locked
                and order.state in ("draft", "sent", "sale")
                and bool(order.order_line.product_id)
            )

    def _oms_present(self):
        """The values of ``oms_allocation_view`` and ``oms_map_data``."""
        self.ensure_one()
        view = {
            "state": "empty",
            "currency_id": self.company_id.currency_id.id,
            "left": self._oms_present_left(),
            "history": self._oms_present_history(),
        }
        if self.state == "cancel":
            message = self.env._("The order is cancelled: nothing is allocated.")
            return view | {"message": message}, False
        if self.state == "sale":
            return self._oms_present_in_force(view)
        return self._oms_present_proposal(view)

    def _oms_present_proposal(self, view):
        """How the quotation would be allocated now."""
        decisions = self.env["oms.decision"]
        try:
            message = self._oms_why_no_proposal()
            if message:
                return view | {"message": message}, False
            policy = self.env["oms.policy"]._for_order(self)
            decided = decisions._decide(self, policy, free=True)
        except UserError as error:
            return view | {"state": "error", "message": str(error)}, False
        if not decided:
            message = self.env._("Nothing in this order has to be allocated.")
            return view | {"message": message}, False
        needs, snapshot, decision = decided
        keys = {line: self.env["oms.snapshot"]._line_key(line) for line in needs}
        presenter = Presenter(
            self,
            {key: line for line, key in keys.items()},
            snapshot.as_dict(),
            decision.as_dict(),
            {keys[line]: set(need.locked) for line, need in needs.items()},
        )
        view |= presenter.as_dict(confirmed=False)
        view |= {"state": "proposed", "policy": policy.name, "by": self._oms_present_hand()}
        return view, presenter.map_data()

    def _oms_why_no_proposal(self):
        """A sentence where something has to be filled in first, else False."""
        if not self.partner_id:
            return self.env._("Choose a customer to see which warehouses would ship the order.")
        if not self.order_line.filtered(lambda line: line.product_id and not line.display_type):
            return self.env._("Add a product to see which warehouses would ship it, and why.")
        if not (self.partner_shipping_id or self.partner_id).country_id:
            return self.env._(
                "The delivery address has no country: fill it in to see what shipping costs."
            )
        return False

    def _oms_present_in_force(self, view):
        """The decision in force, as it was made."""
        allocation = self.oms_allocation_id
        if not allocation or not allocation.decision:
            return view | {
                "message": self.env._("Nothing in this order had to be allocated.")
            }, False
        lines = {line._origin.id: line for line in self.order_line}
        locked = {}
        begun = []
        for allocated in allocation.line_ids:
            key = allocated.order_line_id.id
            if allocated.locked:
                locked.setdefault(key, set()).add(allocated.warehouse_id.id)
            if allocated.kind == "begun":
                begun.append((key, allocated))
        presenter = Presenter(self, lines, allocation.snapshot, allocation.decision, locked)
        view |= presenter.as_dict(confirmed=True)
        view |= {
            "state": "committed",
            "policy": allocation.policy_id.sudo().name,
            "policy_version": allocation.policy_version,
            "begun": [
                presenter.line_facts(key)
                | {"quantity": one.quantity, "warehouse": one.warehouse_id.sudo().name}
                for key, one in begun
            ],
            "by": self._oms_present_author(allocation) if allocation.trigger == "manual" else False,
        }
        return view, presenter.map_data()

    def _oms_present_left(self):
        """Lines that allocation leaves to Odoo although there is something to deliver."""
        return [
            {"product": line.product_id.display_name, "reason": texts.left_to_odoo(self.env, code)}
            for line, code in self.order_line._oms_left_to_odoo().items()
            if code != "service" and line.product_id
        ]

    def _oms_present_hand(self):
        """Who locked something on this quotation, or False."""
        proposed = self._origin._oms_current_allocations().filtered(
            lambda one: one.state == "proposed" and any(one.line_ids.mapped("locked"))
        )[:1]
        return self._oms_present_author(proposed) if proposed else False

    def _oms_present_author(self, allocation):
        return {
            "name": allocation.user_id.sudo().name,
            "reason": allocation.reason or "",
            "at": fields.Datetime.to_string(allocation.decided_at),
        }

    def _oms_present_history(self):
        """Decisions about this order, the newest first."""
        if not self._origin.id:
            return []
        names = ["decided_at", "trigger", "state", "user_id", "reason", "gain", "total"]
        names += ["parcel_count", "missing"]
        # Named fields only: the decisions themselves are large.
        allocations = self.env["oms.allocation"].search_fetch(
            [("order_id", "=", self._origin.id)], names, limit=HISTORY_LENGTH
        )
        triggers = dict(allocations._fields["trigger"]._description_selection(self.env))
        return [
            {
                "id": one.id,
                "at": fields.Datetime.to_string(one.decided_at),
                "trigger": triggers[one.trigger],
                "state": one.state,
                "user": one.user_id.sudo().name or "",
                "reason": one.reason or "",
                "gain": one.gain,
                "parcels": one.parcel_count,
                "missing": one.missing,
            }
            for one in allocations
        ]
