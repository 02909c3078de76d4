"""Several confirmed orders decided together: what would move, and who depends on whom."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from odoo.exceptions import UserError

from ...engine import allocation as engine
from .standing import standing_plan, standing_units

TIME_LIMIT = 10.0
"""Seconds for the improvement of one batch."""
GAIN_TOLERANCE = 0.005
"""Money: a smaller gain is none."""


@dataclass(slots=True)
class Entry:
    """One order of a batch: what is to be decided about it, from what, and what stands."""

    order: object
    needs: dict
    lines: dict
    policy: object
    snapshot: engine.Snapshot
    standing: engine.Plan


@dataclass(slots=True)
class Worth:
    """What new plans are worth: money saved, and units that ship instead of waiting."""

    gain: float = 0.0
    units: int = 0

    def add(self, other):
        self.gain += other.gain
        self.units += other.units

    def is_something(self, least=0.0):
        """Whether it pays: units that wait ship at any cost, else at least so much is saved."""
        return self.units > 0 or self.gain >= max(least, GAIN_TOLERANCE)


class Batch:
    """Reads the orders once. What all of them hold is free for the decision; nothing is written.

    :param taken: dict (warehouse id, stock key) → units that plans of other batches have claimed.
    :ivar entries: dict order id → :class:`Entry`
    :ivar refused: dict order id → sentence, for orders about which nothing can be decided.
    """

    def __init__(self, orders, taken=None):
        self.env = orders.env
        self.entries = {}
        self.refused = {}
        needs = {}
        for order in orders:
            reason, needed = self._open_needs(order)
            if reason:
                self.refused[order.id] = reason
            else:
                needs[order] = needed
        together = orders.browse([order.id for order in needs])
        for order, needed in needs.items():
            try:
                self.entries[order.id] = self._entry(order, needed, together, taken or {})
            except UserError as error:
                self.refused[order.id] = str(error)

    def decide(self):
        """Ask the engine about all orders.

        :return: dict order id → :class:`engine.Outcome`
        """
        outcomes = engine.decide_batch(
            [entry.snapshot for entry in self.entries.values()],
            {order_id: entry.standing for order_id, entry in self.entries.items()},
            time_limit=TIME_LIMIT,
        )
        return {outcome.order: outcome for outcome in outcomes}

    def fits(self, units):
        """Whether the stock is enough for all of: order id → (line, warehouse) → units."""
        asked = Counter()
        for order_id, assignment in units.items():
            asked.update(self._usage(order_id, assignment))
        stock = self._stock()
        return all(count <= stock.get(place, 0) for place, count in asked.items())

    def links(self, plans):
        """Orders that can only move together, because one takes what the other gives up.

        :param plans: dict order id → new plan
        :return: dict order id → id of the group, that of its first order
        """
        stock = self._stock()
        gives, takes = defaultdict(dict), defaultdict(dict)
        held = Counter()
        for order_id, entry in self.entries.items():
            before = self._usage(order_id, entry.standing.assignment())
            held.update(before)
            if order_id not in plans:
                continue
            after = self._usage(order_id, plans[order_id].assignment())
            for place in {*before, *after}:
                change = after.get(place, 0) - before.get(place, 0)
                if change > 0:
                    takes[place][order_id] = change
                elif change < 0:
                    gives[place][order_id] = -change
        group = {order_id: order_id for order_id in plans}
        for place, takers in takes.items():
            if sum(takers.values()) <= stock.get(place, 0) - held[place]:
                continue
            members = {group[one] for one in (*takers, *gives[place])}
            first = min(members)
            group = {one: first if root in members else root for one, root in group.items()}
        return group

    def worth(self, plans):
        """What order id → new plan is worth, against what stands."""
        worth = Worth()
        for order_id, plan in plans.items():
            now = self.entries[order_id].standing
            worth.add(Worth(now.total - plan.total, now.unfilled - plan.unfilled))
        return worth

    def newly_taken(self, plans):
        """Units beyond what the batch holds that new plans take: (warehouse, key) → units."""
        change = Counter()
        for order_id, plan in plans.items():
            change.update(self._usage(order_id, plan.assignment()))
            change.subtract(self._usage(order_id, self.entries[order_id].standing.assignment()))
        return {place: count for place, count in change.items() if count > 0}

    def moves(self, order_id, plan):
        """What moves, in words: "2 × Lamp: Leipzig → Milano"."""
        entry = self.entries[order_id]
        before, after = entry.standing.assignment(), plan.assignment()
        names = {warehouse.id: warehouse.name for warehouse in entry.snapshot.warehouses}
        waiting = self.env._("waiting")
        sentences = []
        for line in entry.snapshot.lines:
            gives, takes = [], []
            for warehouse_id in sorted(names):
                place = (line.id, warehouse_id)
                change = after.get(place, 0) - before.get(place, 0)
                if change:
                    (takes if change > 0 else gives).append([names[warehouse_id], abs(change)])
            given = sum(units for _name, units in gives)
            taken = sum(units for _name, units in takes)
            if given < taken:
                gives.append([waiting, taken - given])
            elif taken < given:
                takes.append([waiting, given - taken])
            product = entry.lines[line.id].product_id.display_name
            while gives and takes:
                units = min(gives[0][1], takes[0][1])
                sentences.append(f"{units} × {product}: {gives[0][0]} → {takes[0][0]}")
                for side in (gives, takes):
                    side[0][1] -= units
                    if not side[0][1]:
                        side.pop(0)
        return "\n".join(sentences)

    # --- parts --------------------------------------------------------------------------------

    def _open_needs(self, order):
        """(sentence why nothing can be decided, or None; needs)."""
        if order.state != "sale":
            return self.env._("Only confirmed orders have an allocation to replace."), None
        if order.locked:
            return self.env._("The order is locked."), None
        needs = self.env["oms.decision"]._needs(order, free=True)
        if not needs:
            return self.env._("Nothing in it has to be allocated."), None
        if not any(need.units for need in needs.values()):
            return self.env._("Everything is picked or has left."), None
        return None, needs

    def _entry(self, order, needs, together, taken):
        snapshots = self.env["oms.snapshot"]
        policy = self.env["oms.policy"]._for_order(order)
        snapshot = snapshots._take(order, policy, needs, together)
        keys = {line: snapshots._line_key(line) for line in needs}
        if taken:
            snapshot = _without(snapshot, taken)
        return Entry(
            order=order,
            needs=needs,
            lines={key: line for line, key in keys.items()},
            policy=policy,
            snapshot=snapshot,
            standing=standing_plan(order, snapshot, standing_units(order, keys)),
        )

    def _stock(self):
        """Units by (warehouse id, stock key) that the orders may use; the least that one saw."""
        stock = {}
        for entry in self.entries.values():
            keys = {key for line in entry.snapshot.lines for key in line.stock}
            for warehouse in entry.snapshot.warehouses:
                for key in keys:
                    place = (warehouse.id, key)
                    units = warehouse.stock.get(key, 0)
                    stock[place] = min(units, stock.get(place, units))
        return stock

    def _usage(self, order_id, assignment):
        """Stock that an assignment takes: (warehouse id, stock key) → units."""
        lines = {line.id: line for line in self.entries[order_id].snapshot.lines}
        usage = Counter()
        for (key, warehouse_id), units in assignment.items():
            for stock_key, each in lines[key].stock.items():
                usage[warehouse_id, stock_key] += each * units
        return usage


def _without(snapshot, taken):
    return replace(
        snapshot,
        warehouses=tuple(
            replace(
                warehouse,
                stock={
                    key: max(units - taken.get((warehouse.id, key), 0), 0)
                    for key, units in warehouse.stock.items()
                },
            )
            for warehouse in snapshot.warehouses
        ),
    )
