from zoneinfo import ZoneInfo

from odoo import api, models

from ...engine import allocation as engine
from .snapshot import Need


class OmsDecision(models.AbstractModel):
    """Asks the engine about an order and keeps its answer. All allocating goes through here."""

    _name = "oms.decision"
    _description = "Allocation Decision"

    # --- asking ------------------------------------------------------------------------------

    @api.model
    def _needs(self, order, free=False):
        """What is to be decided about each line of an order.

        :param free: whether units that no warehouse has begun may move; otherwise what is
            allocated stays where it is, and only a difference is decided.
        :return: dict order line → :class:`Need`, for the lines that allocation decides.
        """
        components = order.order_line._oms_components()
        left = order.order_line._oms_left_to_odoo(components)
        hand_locks = order._oms_hand_locks()
        needs = {}
        for line in order.order_line:
            if line in left:
                continue
            begun, reserved, waiting = line._oms_held()
            ordered = line._oms_wanted()
            units = ordered - sum(begun.values())
            if units < 0:
                begun = line._oms_lower_begun(begun, -units)
                units = 0
            if units == 0 and not begun and not reserved and not waiting:
                continue
            need = Need(units=units, begun=begun, takes=components[line.product_id])
            if free:
                need.locked = _fit(hand_locks.get(line, {}), units)
            elif sum(reserved.values()) + sum(waiting.values()) > units:
                need.at_most = {
                    warehouse_id: reserved.get(warehouse_id, 0) + waiting.get(warehouse_id, 0)
                    for warehouse_id in {*reserved, *waiting}
                }
                need.locked = _fit(hand_locks.get(line, {}), units, need.at_most)
            else:
                need.locked = _fit(reserved or hand_locks.get(line, {}), units)
            needs[line] = need
        return needs

    @api.model
    def _decide(self, order, policy=None, free=False, explain=True):
        """Ask the engine how to fulfil what is open of an order. Writes nothing.

        :param policy: an ``oms.policy``; by default the one that fits the order.
        :return: (needs, snapshot, decision), or ``None`` where there is nothing to decide.
        """
        needs = self._needs(order, free=free)
        if not needs:
            return None
        policy = policy or self.env["oms.policy"]._for_order(order)
        snapshot = self.env["oms.snapshot"]._take(order, policy, needs)
        return needs, snapshot, engine.decide(snapshot, explain=explain)

    # --- keeping -----------------------------------------------------------------------------

    @api.model
    def _commit(
        self,
        order,
        needs,
        snapshot,
        decision,
        trigger,
        policy,
        reason=False,
        hand_locks=None,
        gain=0.0,
    ):
        """Put a decision in force: it supersedes the one before.

        It makes no transfers: :meth:`sale.order._oms_carry_out` does.

        :param hand_locks: dict order line → dict warehouse id → units that a person locked; by
            default those that were locked before.
        :param gain: money saved against the allocation before, at today's prices.
        :return: the new ``oms.allocation``
        """
        before = order.oms_allocation_id
        if hand_locks is None:
            hand_locks = order._oms_hand_locks()
        superseded = order._oms_current_allocations()
        superseded.write({"state": "superseded"})
        # One allocation in force per order is an index of the database: inserts come before
        # pending updates unless these are flushed.
        superseded.flush_model(["state"])
        allocation = self._record(
            order,
            needs,
            snapshot,
            decision,
            hand_locks,
            state="committed",
            trigger=trigger,
            policy_id=policy.id,
            policy_version=policy._kept().version,
            reason=reason,
            previous_id=before.id,
            gain=gain,
        )
        order.sudo().write(
            {
                "oms_allocation_id": allocation.id,
                "oms_promise_date": allocation.deliver_at,
                "oms_parcel_count": allocation.parcel_count,
                "oms_missing": allocation.missing,
            }
        )
        self.env["oms.exception"]._oms_follow_allocation(allocation)
        return allocation

    @api.model
    def _record(self, order, needs, snapshot, decision, hand_locks, **values):
        """Write a decision down with its parcels and lines.

        :param hand_locks: dict order line → dict warehouse id → units that a person locked
        :param values: further field values of the ``oms.allocation``
        :return: the new ``oms.allocation``
        """
        allocation = (
            self.env["oms.allocation"]
            .sudo()
            .create(self._values(order, snapshot, decision) | values)
        )
        plan = decision.plan
        parcels = (
            self.env["oms.allocation.parcel"]
            .sudo()
            .create(
                [
                    {"currency_id": allocation.currency_id.id, "allocation_id": allocation.id}
                    | {"number": number, **self._parcel_values(snapshot, parcel)}
                    for number, parcel in enumerate(plan.parcels, start=1)
                ]
            )
        )
        lines = self._line_values(order, needs, plan, parcels, hand_locks)
        self.env["oms.allocation.line"].sudo().create(
            [line | {"allocation_id": allocation.id} for line in lines]
        )
        return allocation

    @api.model
    def _values(self, order, snapshot, decision):
        plan = decision.plan
        cost = plan.cost
        distances = [one.distance_km for one in plan.parcels if one.distance_km is not None]
        split = len(plan.parcels) > 1
        return {
            # First of all: the amounts that follow are rounded by it.
            "currency_id": order.company_id.currency_id.id,
            "order_id": order.id,
            "parcel_count": len(plan.parcels),
            "split": split,
            "split_rate": float(split),
            "missing": plan.unfilled,
            "total": cost.total,
            "freight": cost.freight,
            "handling": cost.handling_parcel + cost.handling_line,
            "delay": cost.delay,
            "split_penalty": cost.extra_parcel,
            "distance": sum(distances) / len(distances) if distances else 0.0,
            "deliver_at": _naive(plan.delivery),
            "gap": plan.proven_gap,
            "method": plan.method,
            "snapshot": snapshot.as_dict(),
            "decision": decision.as_dict(),
        }

    @api.model
    def _parcel_values(self, snapshot, parcel):
        zones = {one.id: one.tz for one in snapshot.warehouses}
        cost = parcel.cost
        return {
            "warehouse_id": parcel.warehouse,
            "carrier_id": parcel.service,
            "units": sum(units for _key, units in parcel.contents),
            "line_count": len(parcel.contents),
            "weight": parcel.weight,
            "distance": parcel.distance_km or 0.0,
            "ship_at": _naive(parcel.ship_at),
            "ship_date": parcel.ship_at.astimezone(ZoneInfo(zones[parcel.warehouse])).date(),
            "deliver_at": _naive(parcel.deliver_at),
            "total": cost.total,
            "freight": cost.freight,
            "handling": cost.handling_parcel + cost.handling_line,
            "delay": cost.delay,
            "split_penalty": cost.extra_parcel,
        }

    @api.model
    def _line_values(self, order, needs, plan, parcels, hand_locks):
        """Contents of the parcels, what waits, and what a warehouse has begun."""
        by_key = {self.env["oms.snapshot"]._line_key(line): line for line in needs}
        values = []
        for parcel, record in zip(plan.parcels, parcels, strict=True):
            for key, units in parcel.contents:
                line = by_key[key]
                values.append(
                    {
                        "parcel_id": record.id,
                        "order_line_id": line.id,
                        "warehouse_id": parcel.warehouse,
                        "carrier_id": parcel.service,
                        "quantity": units,
                        "kind": "ship",
                        "locked": parcel.warehouse in hand_locks.get(line, {}),
                    }
                )
        for shortage in plan.shortages:
            values.append(
                {
                    "order_line_id": by_key[shortage.line].id,
                    "warehouse_id": shortage.warehouse or order.warehouse_id.id,
                    "quantity": shortage.quantity,
                    "kind": "backorder",
                    "cause": shortage.cause,
                }
            )
        for line, need in needs.items():
            values += [
                {
                    "order_line_id": line.id,
                    "warehouse_id": warehouse_id,
                    "quantity": units,
                    "kind": "begun",
                }
                for warehouse_id, units in need.begun.items()
                if units > 0
            ]
        return values


def _fit(units_by_warehouse, limit, at_most=None):
    """Locks that still make sense: at most what is to be decided, at most what may be taken."""
    fitted = {}
    for warehouse_id, units in units_by_warehouse.items():
        if at_most is not None:
            units = min(units, at_most.get(warehouse_id, 0))
        units = min(units, limit)
        if units > 0:
            fitted[warehouse_id] = units
            limit -= units
    return fitted


def _naive(moment):
    """An aware UTC time as Odoo stores it."""
    return moment.replace(tzinfo=None) if moment else False
