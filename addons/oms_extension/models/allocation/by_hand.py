"""An allocation changed by a person: what the board shows, what it costs, what is impossible.

A *cell* is one order line at one warehouse. Its quantity counts all units there, those that the
warehouse has begun included. A locked cell stays as it is; the others may be decided anew.
"""

from dataclasses import dataclass, replace

from odoo.exceptions import UserError

from ...engine import allocation as engine
from ...engine.allocation import reasons
from . import texts
from .standing import standing_plan, standing_units


@dataclass(frozen=True, slots=True)
class Cell:
    """Units of a line at a warehouse, and whether a person locked them there."""

    quantity: int
    locked: bool = False


class Board:
    """One order as it stands, ready to be changed. Reads the database once, writes nothing."""

    def __init__(self, order):
        self.env = order.env
        self.order = order
        self.is_quotation = order.state != "sale"
        self.policy = self.env["oms.policy"]._for_order(order)
        decisions = self.env["oms.decision"]
        hand_locks = order._oms_hand_locks()
        self.needs = decisions._needs(order, free=True)
        snapshots = self.env["oms.snapshot"]
        self.keys = {line: snapshots._line_key(line) for line in self.needs}
        self.lines = {key: line for line, key in self.keys.items()}
        self.locked_before = {
            (self.keys[line], warehouse_id)
            for line, by_warehouse in hand_locks.items()
            if line in self.keys
            for warehouse_id in by_warehouse
        }
        locks = {line: need.locked for line, need in self.needs.items()}
        for need in self.needs.values():
            need.locked = {}
        #: Without any lock: what the policy by itself would do.
        self.snapshot = snapshots._take(order, self.policy, self.needs)
        self.free = engine.decide(self.snapshot)
        self.names = {warehouse.id: warehouse.name for warehouse in self.snapshot.warehouses}
        self.begun = {
            (self.keys[line], warehouse_id): units
            for line, need in self.needs.items()
            for warehouse_id, units in need.begun.items()
            if units > 0
        }
        if self.is_quotation:
            self.before = engine.decide(self._with_locks(locks), explain=False).plan
            self.standing = self.before.assignment()
        else:
            self.standing = standing_units(order, self.keys)
            self.before = standing_plan(order, self.snapshot, self.standing)
        self.cards = {card.line: card for card in self.free.cards}

    # --- cells --------------------------------------------------------------------------------

    def cells(self):
        """The board as it stands: dict (line key, warehouse id) → :class:`Cell`."""
        units = dict(self.begun)
        for place, quantity in self.standing.items():
            units[place] = units.get(place, 0) + quantity
        return {
            place: Cell(quantity, place in self.locked_before)
            for place, quantity in units.items()
            if quantity
        }

    def read(self, values):  # pylint: disable=method-required-super
        """Cells from the plain JSON of the board's widget; what has begun is always part of them.

        :param values: list of dicts with ``line``, ``warehouse``, ``quantity``, ``locked``
        :raise UserError: a quantity is not a whole number.
        """
        cells = {}
        for one in values:
            if not isinstance(one["quantity"], int) or one["quantity"] < 0:
                raise UserError(self.env._("Quantities are whole numbers: 0, 1, 2 …"))
            if one["quantity"]:
                place = (one["line"], one["warehouse"])
                cells[place] = Cell(one["quantity"], bool(one["locked"]))
        return {place: Cell(0) for place in self.begun} | cells

    def units_open(self, cells):
        """What the cells ask for beside what has begun: dict (line key, warehouse id) → units."""
        asked = {}
        for place, cell in cells.items():
            quantity = cell.quantity - self.begun.get(place, 0)
            if quantity:
                asked[place] = quantity
        return asked

    def is_changed(self, cells):
        """Whether a unit moved or a lock was set or taken away."""
        kept = {place: cell for place, cell in cells.items() if cell.quantity}
        return kept != self.cells()

    def outcome(self, cells, plan):
        """The cells as ``plan`` makes them: units that the policy places included."""
        units = dict(self.begun)
        for place, quantity in plan.assignment().items():
            units[place] = units.get(place, 0) + quantity
        return {
            place: Cell(quantity, bool(cells.get(place) and cells[place].locked))
            for place, quantity in units.items()
        }

    def problems(self, cells):
        """Sentences that say why these cells cannot be; empty where they can."""
        problems = []
        placed = {}
        for place, quantity in self.units_open(cells).items():
            key, warehouse_id = place
            if key not in self.lines or warehouse_id not in self.names:
                problems.append(
                    self.env._("The order has changed in the meantime: open the change anew.")
                )
                continue
            if quantity < 0:
                problems.append(
                    self.env._(
                        "%(warehouse)s has begun or shipped %(units)s × %(product)s: "
                        "they cannot go elsewhere.",
                        warehouse=self.names[warehouse_id],
                        units=self.begun.get(place, 0),
                        product=self._product(key),
                    )
                )
            placed[key] = placed.get(key, 0) + quantity
            available = self.available(key, warehouse_id)
            if quantity > available:
                problems.append(self._too_many(key, warehouse_id, quantity, available))
        for line, need in self.needs.items():
            surplus = placed.get(self.keys[line], 0) - need.units
            if surplus > 0:
                problems.append(
                    self.env._(
                        "%(product)s: %(units)s more than ordered. Take them from a warehouse.",
                        product=self._product(self.keys[line]),
                        units=surplus,
                    )
                )
        return problems

    def warnings(self, cells):
        """Sentences about locked cells that overrule what the network says."""
        warnings = []
        for (key, warehouse_id), quantity in self.units_open(cells).items():
            out = self._candidate(key, warehouse_id).ruled_out
            if quantity > 0 and out and out.code not in (reasons.NO_STOCK, reasons.TOO_HEAVY):
                warnings.append(
                    self.env._(
                        "%(warehouse)s: %(reason)s Your decision overrules it.",
                        warehouse=self.names[warehouse_id],
                        reason=self.ruled_out(key, warehouse_id),
                    )
                )
        return list(dict.fromkeys(warnings))

    def plan(self, cells, redecide):
        """What the cells come to.

        :param redecide: whether the policy decides the units that are not locked.
        :return: (plan, problems); the plan is ``None`` where there are problems.
        """
        fixed = {place: cell for place, cell in cells.items() if cell.locked or not redecide}
        problems = self.problems(fixed)
        if problems:
            return None, problems
        asked = self.units_open(fixed)
        if redecide:
            plan = engine.decide(self._locking(asked), explain=False).plan
        else:
            plan = engine.evaluate(self.snapshot, asked, self._services(asked), by_hand=True)
        given = plan.assignment()
        for (key, warehouse_id), quantity in asked.items():
            if given.get((key, warehouse_id), 0) < quantity:
                problems.append(self._cannot_ship(plan, key, warehouse_id, quantity))
        return (None, problems) if problems else (plan, [])

    def decision(self, cells, redecide):
        """The decision to put in force, and the snapshot with its locks.

        :return: (snapshot, decision); call it with cells that have no problems.
        """
        plan, _problems = self.plan(cells, redecide)
        given = plan.assignment()
        cards = tuple(
            replace(
                card,
                candidates=tuple(
                    replace(one, chosen=given.get((card.line, one.warehouse), 0))
                    for one in card.candidates
                ),
            )
            for card in self.free.cards
        )
        alternatives = ()
        if self.free.plan.assignment() != given:
            alternatives = (
                engine.Alternative(
                    self.free.plan,
                    self.free.plan.total - plan.total,
                    engine.Reason(texts.BY_POLICY),
                ),
            )
        snapshot = self._locking(
            self.units_open({place: cell for place, cell in cells.items() if cell.locked})
        )
        return snapshot, engine.Decision(
            order=snapshot.order,
            plan=replace(plan, method="by hand"),
            alternatives=alternatives,
            cards=cards,
            fingerprint=snapshot.fingerprint(),
        )

    def hand_locks(self, cells):
        """Locks as they are kept: dict order line → dict warehouse id → units."""
        locks = {}
        for (key, warehouse_id), cell in cells.items():
            if cell.locked and cell.quantity:
                locks.setdefault(self.lines[key], {})[warehouse_id] = cell.quantity
        return locks

    # --- facts -------------------------------------------------------------------------------

    def available(self, key, warehouse_id):
        """Units of a line that a warehouse could ship beside what it has begun."""
        return self._candidate(key, warehouse_id).available

    def ruled_out(self, key, warehouse_id):
        """Why the policy would ship nothing of a line from there, or False."""
        out = self._candidate(key, warehouse_id).ruled_out
        if not out:
            return False
        return texts.ruled_out(self.env, out.code, texts.with_names(self.env, out.params))

    # --- parts --------------------------------------------------------------------------------

    def _product(self, key):
        return self.lines[key].product_id.display_name

    def _candidate(self, key, warehouse_id):
        card = self.cards.get(key)
        for candidate in card.candidates if card else ():
            if candidate.warehouse == warehouse_id:
                return candidate
        return engine.Candidate(warehouse=warehouse_id, available=0, chosen=0)

    def _too_many(self, key, warehouse_id, wanted, available):
        names = {
            "warehouse": self.names[warehouse_id],
            "product": self._product(key),
            "available": available,
            "wanted": wanted,
        }
        if available:
            return self.env._(
                "%(warehouse)s can ship %(available)s × %(product)s, not %(wanted)s.", **names
            )
        return self.env._("%(warehouse)s has no %(product)s to ship.", **names)

    def _cannot_ship(self, plan, key, warehouse_id, wanted):
        cause = next(
            (
                shortage.cause
                for shortage in plan.shortages
                if shortage.line == key and shortage.warehouse == warehouse_id
            ),
            reasons.NO_STOCK,
        )
        if cause == reasons.NO_STOCK:
            given = plan.assignment().get((key, warehouse_id), 0)
            return self._too_many(key, warehouse_id, wanted, given)
        return self.env._(
            "%(warehouse)s cannot ship %(product)s: %(reason)s",
            warehouse=self.names[warehouse_id],
            product=self._product(key),
            reason=texts.shortage_cause(self.env, cause),
        )

    def _with_locks(self, locks):
        """The snapshot with units locked: dict order line → dict warehouse id → units."""
        return self._locking(
            {
                (self.keys[line], warehouse_id): units
                for line, by_warehouse in locks.items()
                for warehouse_id, units in by_warehouse.items()
            }
        )

    def _locking(self, units):
        locked = {}
        for (key, warehouse_id), quantity in units.items():
            if quantity > 0:
                locked.setdefault(key, {})[warehouse_id] = quantity
        return replace(
            self.snapshot,
            lines=tuple(
                replace(line, locked=locked.get(line.id, {})) for line in self.snapshot.lines
            ),
        )

    def _services(self, asked):
        """Services stay where a warehouse ships already."""
        used = {warehouse_id for _key, warehouse_id in asked}
        services = self.before.services()
        return {warehouse_id: services[warehouse_id] for warehouse_id in used & set(services)}
