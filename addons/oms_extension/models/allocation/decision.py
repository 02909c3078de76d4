from zoneinfo import ZoneInfo

from odoo import api, fields, models

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
        left = order.order_line._oms_left_to_odoo()
        hand_locks = order._oms_hand_locks()
        needs = {}
        for line in order.order_line:
            if line in left:
                continue
            begun, reserved, waiting = line._oms_held()
            ordered = round(line._oms_units())
            units = ordered - sum(begun.values())
            if units < 0:
                begun = line._oms_lower_begun(begun, -units)
                units = 0
            if units == 0 and not begun and not reserved and not waiting:
                continue
            need = Need(units=units, begun=begun)
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
    def _commit(self, order, needs, snapshot, decision, trigger, policy, reason=False):
        """Put a decision in force: it supersedes the one before.

        It makes no transfers: :meth:`sale.order._oms_carry_out` does.

        :return: the new ``oms.allocation``
        """
        before = order.oms_allocation_id
        plan = decision.plan
        now = fields.Datetime.now()
        values = self._values(order, needs, snapshot, decision)
        values.update(
            order_id=order.id,
            state="committed",
            trigger=trigger,
            decided_at=now,
            policy_id=policy.id,
            policy_version=policy.version,
            reason=reason,
            previous_id=before.id,
        )
        allocations = self.env["oms.allocation"].sudo()
        order._oms_current_allocations().sudo().write({"state": "superseded"})
        allocation = allocations.create(values)
        order.sudo().write(
            {
                "oms_allocation_id": allocation.id,
                "oms_promise_date": _naive(plan.delivery),
                "oms_parcel_count": allocation.parcel_count,
                "oms_missing": allocation.missing,
            }
        )
        self.env["oms.exception"]._oms_follow_allocation(allocation)
        return allocation

    @api.model
    def _values(self, order, needs, snapshot, decision):
        """Field values of the allocation, its parcels and lines."""
        plan = decision.plan
        by_key = {self.env["oms.snapshot"]._line_key(line): line for line in needs}
        hand_locks = order._oms_hand_locks()
        line_values = []
        parcels = []
        warehouses = {one.id: one for one in snapshot.warehouses}
        for number, parcel in enumerate(plan.parcels, start=1):
            contents = []
            for key, units in parcel.contents:
                contents.append(
                    fields.Command.create(
                        {
                            "order_line_id": by_key[key].id,
                            "warehouse_id": parcel.warehouse,
                            "carrier_id": parcel.service,
                            "quantity": units,
                            "kind": "ship",
                            "locked": parcel.warehouse in hand_locks.get(by_key[key], {}),
                        }
                    )
                )
            cost = parcel.cost
            parcels.append(
                {
                    "number": number,
                    "warehouse_id": parcel.warehouse,
                    "carrier_id": parcel.service,
                    "units": sum(units for _key, units in parcel.contents),
                    "line_count": len(parcel.contents),
                    "weight": parcel.weight,
                    "distance": parcel.distance_km or 0.0,
                    "ship_at": _naive(parcel.ship_at),
                    "ship_date": parcel.ship_at.astimezone(
                        ZoneInfo(warehouses[parcel.warehouse].tz)
                    ).date(),
                    "deliver_at": _naive(parcel.deliver_at),
                    "total": cost.total,
                    "freight": cost.freight,
                    "handling": cost.handling_parcel + cost.handling_line,
                    "delay": cost.delay,
                    "split_penalty": cost.extra_parcel,
                    "line_ids": contents,
                }
            )
        for shortage in plan.shortages:
            line = by_key[shortage.line]
            line_values.append(
                {
                    "order_line_id": line.id,
                    "warehouse_id": shortage.warehouse or order.warehouse_id.id,
                    "quantity": shortage.quantity,
                    "kind": "backorder",
                    "cause": shortage.cause,
                }
            )
        for line, need in needs.items():
            for warehouse_id, units in need.begun.items():
                if units > 0:
                    line_values.append(
                        {
                            "order_line_id": line.id,
                            "warehouse_id": warehouse_id,
                            "quantity": units,
                            "kind": "begun",
                        }
                    )
        cost = plan.cost
        distances = [one.distance_km for one in plan.parcels if one.distance_km is not None]
        return {
            "parcel_ids": [fields.Command.create(parcel) for parcel in parcels],
            "line_ids": [fields.Command.create(line) for line in line_values],
            "parcel_count": len(parcels),
            "split": len(parcels) > 1,
            "split_rate": float(len(parcels) > 1),
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
