from odoo import api, models

from ...engine.allocation import reasons

KIND_OF_CAUSE = {
    reasons.NO_STOCK: "no_stock",
    reasons.NO_LANE: "no_lane",
    reasons.NO_WAREHOUSE: "no_warehouse",
    reasons.CAPACITY: "capacity",
    reasons.BY_HAND: "other",
}
OWNER_OF_KIND = {
    "no_stock": "planning",
    "no_lane": "planning",
    "no_warehouse": "planning",
    "capacity": "warehouse",
    "limit": "sales",
    "other": "sales",
}


class OmsException(models.Model):
    """Exceptions that allocation raises: units that no warehouse can ship now."""

    _inherit = "oms.exception"

    @api.model
    def _oms_follow_allocation(self, allocation):
        """One open exception per order line with missing units; the others close."""
        order = allocation.order_id
        missing = {}
        for line in allocation.line_ids:
            if line.kind == "backorder":
                missing.setdefault(line.order_line_id, []).append(line)
        # A transfer that was begun stays where it is, and may still lack units.
        for order_line in allocation.line_ids.order_line_id:
            lacking = self._lacking(order_line, order_line._oms_waiting(begun_only=True))
            if lacking:
                missing[order_line] = missing.get(order_line, []) + lacking
        order.sudo().oms_missing = sum(
            line.quantity for lines in missing.values() for line in lines
        )
        causes = [self._shortage(order_line, lines) for order_line, lines in missing.items()]
        raised = self._raise_all(causes) if causes else self.browse()
        former = self.sudo().search(
            [
                ("order_id", "=", order.id),
                ("state", "!=", "closed"),
                ("cause_key", "=like", "allocation:%"),
            ]
        )
        (former - raised)._close_solved()

    @api.model
    def _raise_no_policy(self, order):
        """An order went its way without allocation, because no policy may decide it."""
        speaks = order.company_id._oms_speaking()
        return self._raise_all(
            [
                {
                    "cause_key": f"policy:{order.id}",
                    "name": speaks._("%(order)s was not allocated", order=order.name),
                    "action": speaks._(
                        "Create a sourcing policy for %(company)s, then re-allocate the order.",
                        company=order.company_id.name,
                    ),
                    "kind": "other",
                    "owner": "planning",
                    "company_id": order.company_id.id,
                    "order_id": order.id,
                }
            ]
        )

    @api.model
    def _raise_untold(self, order_lines):
        """Tell planners of goods that lines wait for since their allocation was decided.

        A shelf was counted down, a reservation went to another order: no decision said so.
        """
        causes = []
        for order_line in order_lines:
            lines = self._lacking(order_line, order_line._oms_waiting())
            if lines:
                causes.append(self._shortage(order_line, lines))
        order_lines.order_id._oms_recheck_missing()
        return self._raise_all(causes) if causes else self.browse()

    @api.model
    def _lacking(self, order_line, units_by_warehouse):
        """Shortages that no decision wrote down, in the shape of those that one did."""
        return [
            self.env["oms.allocation.line"].new(
                {
                    "order_line_id": order_line.id,
                    "warehouse_id": warehouse_id,
                    "quantity": units,
                    "cause": reasons.NO_STOCK,
                }
            )
            for warehouse_id, units in units_by_warehouse.items()
        ]

    @api.model
    def _cron_recheck(self):
        result = super()._cron_recheck()
        self._raise_untold(
            self.env["sale.order.line"].sudo().browse(self.env["oms.audit"].sudo()._untold())
        )
        return result

    def _still_true(self):
        raised_here = self.filtered(lambda one: one.cause_key.startswith("allocation:"))
        waiting = raised_here.order_id._oms_recheck_missing()
        solved = raised_here.filtered(lambda one: one.order_line_id not in waiting)
        # Reserved goods do not make room in a full warehouse.
        solved -= raised_here.filtered(lambda one: one.kind == "capacity" and one._is_still_full())
        solved |= self.filtered(
            lambda one: one.cause_key.startswith("policy:") and one.order_id.oms_allocation_id
        )
        return super()._still_true() - solved

    def _is_still_full(self):
        """Whether units are still to leave a warehouse that had no capacity for them."""
        line = self.order_line_id
        full = line.order_id.oms_allocation_id._lines_of(line).filtered(
            lambda one: one.cause == reasons.CAPACITY
        )
        return any(
            move._oms_is_open() and move._oms_warehouse() in full.warehouse_id
            for move in line.move_ids
        )

    @api.model
    def _close_for(self, orders):
        """Nothing is missing any more in these orders."""
        self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "!=", "closed"),
                ("cause_key", "=like", "allocation:%"),
            ]
        )._close_solved()

    @api.model
    def _shortage(self, order_line, lines):
        units = sum(line.quantity for line in lines)
        kind = KIND_OF_CAUSE.get(lines[0].cause, "limit")
        speaks = order_line.company_id._oms_speaking()
        names = {
            "product": order_line.with_env(speaks).product_id.display_name,
            "units": units,
            "warehouse": lines[0].warehouse_id.name,
        }
        texts = {
            "no_stock": (
                speaks._("%(units)s × %(product)s: no warehouse has them", **names),
                speaks._(
                    "Order or transfer %(units)s to %(warehouse)s, or agree on another "
                    "product with the customer.",
                    **names,
                ),
            ),
            "no_lane": (
                speaks._("%(units)s × %(product)s: no lane leads to the destination", **names),
                speaks._(
                    "Add a lane from %(warehouse)s to the customer's zone, then re-allocate the "
                    "order.",
                    **names,
                ),
            ),
            "no_warehouse": (
                speaks._("%(units)s × %(product)s: no warehouse may ship them", **names),
                speaks._(
                    "Check which warehouses are open, online and serve this country and channel, "
                    "then re-allocate the order."
                ),
            ),
            "capacity": (
                speaks._("%(units)s × %(product)s: every warehouse is full", **names),
                speaks._("Raise the daily capacity of %(warehouse)s or re-allocate.", **names),
            ),
            "limit": (
                speaks._("%(units)s × %(product)s: the policy's limits leave no way", **names),
                speaks._(
                    "There is stock, but not within the limits. Choose another policy or "
                    "change the allocation by hand."
                ),
            ),
            "other": (
                speaks._("%(units)s × %(product)s: a person let them wait", **names),
                speaks._("Choose a warehouse by hand, or re-allocate the order."),
            ),
        }
        name, action = texts[kind]
        return {
            "cause_key": f"allocation:{order_line.id}",
            "name": name,
            "action": action,
            "kind": kind,
            "owner": OWNER_OF_KIND[kind],
            "company_id": order_line.company_id.id,
            "order_id": order_line.order_id.id,
            "order_line_id": order_line.id,
            "user_id": False,
        }
