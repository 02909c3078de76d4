"""Many open orders at once, over one stock.

1. The orders are decided one by one, each exactly, from what those before it have left. Where plans
   stand already they are the start, unless deciding everything anew is better for all together.
2. Release one, decide it again on what is then free, as long as that gains.
3. Release two: an order that pays more than it would alone, and one that holds what it wants; the
   first is decided before the second (the exchange of Xu, Allgor & Graves, "Benefits of
   reevaluating real-time order fulfillment decisions", M&SOM 11(2), 2009).

A step is taken only if the orders in it cost less together and none ships fewer units than it did,
so the result is never worse than what stands, and every state on the way is a valid plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..network.calendar import local_date
from .choose import TOLERANCE, Limits
from .choose.base import Clock
from .decide import TIME_LIMIT, evaluate, explain_plan, make_plan, take_stock
from .plan import Decision, Plan
from .price import Problem, price
from .snapshot import Key, Snapshot, Warehouse

MAX_ROUNDS = 6
MAX_PARTNERS = 8
"""Orders that an order is exchanged with, at most, in one round."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: ``stage`` is ``decide``, ``again`` or ``exchange``."""

    stage: str
    done: int
    total: int
    gain: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order.

    :ivar before: money of the plan that stood, at today's prices; None where none did.
    :ivar gain: money saved against it; negative where others gained more by it.
    :ivar changed: whether units, warehouses or services differ from what stood.
    :ivar alone: money of this order if it had all the stock to itself: no batch can do better.
    """

    order: Key
    decision: Decision
    before: float | None
    gain: float
    changed: bool
    alone: float

    @property
    def plan(self) -> Plan:
        """The plan of the order."""
        return self.decision.plan


def decide_batch(
    snapshots: Sequence[Snapshot],
    standing: Mapping[Key, Plan] | None = None,
    progress: Callable[[Progress], bool | None] | None = None,
    time_limit: float = 60.0,
    *,
    explain: bool = False,
) -> list[Outcome]:
    """Decide ``snapshots`` together, the first one first where they want the same units.

    :param snapshots: each with the stock and capacity that the batch as a whole may use, so with
        what the standing plans of its orders hold. Where two differ, the smaller number counts.
    :param standing: plans by order that stand now.
    :param progress: called after every order; stops the improvement when it returns False.
    :param time_limit: seconds for the improvement. Every order is decided once in any case.
    :param explain: also give cards and alternatives, as of the end of the batch.

    Returns an outcome for each snapshot, in their order. Raises ``ValueError`` if two snapshots are
    of one order.
    """
    batch = _Batch(list(snapshots), dict(standing or {}), progress, Clock(time_limit))
    batch.start()
    batch.improve()
    return [batch.outcome(index, explain) for index in range(len(batch.snapshots))]


class _Pool:
    """Stock and capacity that no plan of the batch holds."""

    def __init__(self, snapshots: list[Snapshot]) -> None:
        self.left: dict[tuple[int, Key], int] = {}
        self.parcels: dict[tuple[int, date], int] = {}
        self.lines: dict[tuple[int, date], int] = {}
        for snapshot in snapshots:
            keys = {key for line in snapshot.lines for key in line.stock}
            for warehouse in snapshot.warehouses:
                for key in keys:
                    units = warehouse.stock.get(key, 0)
                    at = (warehouse.id, key)
                    self.left[at] = min(units, self.left.get(at, units))

    def stock(self, problem: Problem) -> list[dict[Key, int]]:
        """What each place of ``problem`` can give it."""
        keys = {key for need in problem.needs for key, _ in need.usage}
        return [{key: self.left[warehouse, key] for key in keys} for warehouse in problem.ids]

    def move(self, snapshot: Snapshot, plan: Plan, sign: int) -> None:
        """Take what ``plan`` holds (``sign`` -1), or give it back (1)."""
        lines = {line.id: line for line in snapshot.lines}
        zones = {warehouse.id: warehouse.tz for warehouse in snapshot.warehouses}
        picked: set[tuple[int, date, int]] = set()
        for parcel in plan.parcels:
            on = local_date(parcel.ship_at, zones[parcel.warehouse])
            day = (parcel.warehouse, on)
            self.parcels[day] = self.parcels.get(day, 0) - sign
            for line, units in parcel.contents:
                picked.add((parcel.warehouse, on, line))
                for key, each in lines[line].stock.items():
                    self.left[parcel.warehouse, key] += sign * each * units
        for warehouse, on, _ in picked:
            self.lines[warehouse, on] = self.lines.get((warehouse, on), 0) - sign

    def narrowed(self, warehouse: Warehouse) -> Warehouse:
        """``warehouse`` with the capacity that is left."""
        parcels = dict(warehouse.capacity_parcels_left)
        lines = dict(warehouse.capacity_lines_left)
        for used, left, daily in (
            (self.parcels, parcels, warehouse.daily_parcels),
            (self.lines, lines, warehouse.daily_lines),
        ):
            for (name, on), count in used.items():
                limit = left.get(on, daily)
                if name == warehouse.id and count and limit is not None:
                    left[on] = limit - count
        return replace(warehouse, capacity_parcels_left=parcels, capacity_lines_left=lines)


class _Batch:
    """The plans of all orders, and the pool they share."""

    def __init__(
        self,
        snapshots: list[Snapshot],
        standing: dict[Key, Plan],
        progress: Callable[[Progress], bool | None] | None,
        clock: Clock,
    ) -> None:
        orders = [snapshot.order for snapshot in snapshots]
        if len(set(orders)) != len(orders):
            raise ValueError("an order is in the batch twice")
        self.snapshots = snapshots
        self.standing = standing
        self.progress = progress
        self.clock = clock
        self.stopped = False
        self.pool = _Pool(snapshots)
        self.problems = [price(snapshot) for snapshot in snapshots]
        self.bounded = [_has_capacity(snapshot) for snapshot in snapshots]
        # One measure for all: a unit left open without a price counts more than any plan costs.
        self.open_cost = max((one.open_cost for one in self.problems), default=0.0)
        self.plans: list[Plan] = []
        self.before: list[Plan | None] = [None] * len(snapshots)
        self.alone: list[Plan] = []
        self.gain = 0.0

    # The start

    def start(self) -> None:
        """Standing plans with the new orders after them, or everything anew: the better one."""
        self.alone = [self._plan(index) for index in range(len(self.snapshots))]
        anew = self._decide_all({})
        if not self.standing:
            self.plans = anew
            return
        self._release(anew)
        held = self._decide_all(self.standing)
        self.before = [
            plan if snapshot.order in self.standing else None
            for snapshot, plan in zip(self.snapshots, held, strict=True)
        ]
        self.plans = held
        everyone = list(range(len(held)))
        if self._is_better(everyone, anew):
            self._release(held)
            self.gain = self._value_of(everyone, held) - self._value_of(everyone, anew)
            for snapshot, plan in zip(self.snapshots, anew, strict=True):
                self.pool.move(snapshot, plan, -1)
            self.plans = anew

    def _decide_all(self, standing: dict[Key, Plan]) -> list[Plan]:
        """Plans of all orders, taken from the pool: ``standing`` ones first, then one by one."""
        plans: list[Plan | None] = [None] * len(self.snapshots)
        for index, snapshot in enumerate(self.snapshots):
            if snapshot.order in standing:
                plan = self._reprice(index, standing[snapshot.order])
                self.pool.move(snapshot, plan, -1)
                plans[index] = plan
        for index, snapshot in enumerate(self.snapshots):
            if plans[index] is None:
                plan = self._plan(index)
                self.pool.move(snapshot, plan, -1)
                plans[index] = plan
            self._report("decide", index + 1)
        return [plan for plan in plans if plan is not None]

    def _reprice(self, index: int, plan: Plan) -> Plan:
        """What stands, at today's prices, as far as the lines and the stock are still there."""
        snapshot = self._snapshot(index)
        ordered = {line.id: line.quantity for line in snapshot.lines}
        known = {warehouse.id for warehouse in snapshot.warehouses}
        kept: dict[tuple[int, int], int] = {}
        for (line, warehouse), units in sorted(plan.assignment().items()):
            take = min(units, ordered.get(line, 0))
            if take and warehouse in known:
                kept[line, warehouse] = take
                ordered[line] -= take
        stock = self.pool.stock(self.problems[index])
        ids = self.problems[index].ids
        snapshot = replace(
            snapshot,
            warehouses=tuple(
                replace(one, stock=stock[ids.index(one.id)]) for one in snapshot.warehouses
            ),
        )
        offered = {(lane.warehouse, lane.service) for lane in snapshot.lanes}
        services = {
            warehouse: service
            for warehouse, service in plan.services().items()
            if (warehouse, service) in offered
        }
        return evaluate(snapshot, kept, services)

    # The improvement

    def improve(self) -> None:
        """Steps 2 and 3, until nothing gains, time is up, or someone stops it."""
        for _ in range(MAX_ROUNDS):
            changed = self._again()
            changed |= self._exchange()
            if not changed or self._is_over():
                return

    def _again(self) -> bool:
        changed = False
        for done, index in enumerate(self._by_regret(), 1):
            if self._is_over():
                break
            changed |= self._try([index])
            self._report("again", done)
        return changed

    def _exchange(self) -> bool:
        changed = False
        holders = self._holders()
        for done, index in enumerate(self._by_regret(), 1):
            if self._is_over():
                break
            for other in self._partners(index, holders):
                if self._try([index, other]):
                    changed = True
                    break
            self._report("exchange", done)
        return changed

    def _by_regret(self) -> list[int]:
        """Orders that pay more than they would alone, the most first."""
        regret = {
            index: self._value(index, plan) - self._value(index, self.alone[index])
            for index, plan in enumerate(self.plans)
        }
        return sorted(
            (index for index, extra in regret.items() if extra > TOLERANCE),
            key=lambda index: (-regret[index], index),
        )

    def _holders(self) -> dict[tuple[int, Key], list[int]]:
        """Orders by the warehouse and stock key that they hold units of."""
        holders: dict[tuple[int, Key], list[int]] = {}
        for index, plan in enumerate(self.plans):
            for at in self._positions(index, plan):
                holders.setdefault(at, []).append(index)
        return holders

    def _positions(self, index: int, plan: Plan) -> Iterator[tuple[int, Key]]:
        lines = {line.id: line for line in self.snapshots[index].lines}
        for line, warehouse in plan.assignment():
            for key in lines[line].stock:
                yield warehouse, key

    def _partners(self, index: int, holders: dict[tuple[int, Key], list[int]]) -> list[int]:
        """Other orders that hold what the order would take if it were alone."""
        held = set(self._positions(index, self.plans[index]))
        wanted = dict.fromkeys(self._positions(index, self.alone[index]))
        scarce = [at for at in wanted if at not in held or self.pool.left[at] <= 0]
        found = dict.fromkeys(
            other for at in scarce for other in holders.get(at, ()) if other != index
        )
        return list(found)[:MAX_PARTNERS]

    def _try(self, indices: list[int]) -> bool:
        """Release the orders, decide them again in this order, keep that if it is better."""
        old = [self.plans[index] for index in indices]
        for index, plan in zip(indices, old, strict=True):
            self.pool.move(self.snapshots[index], plan, 1)
        new: list[Plan] = []
        for index in indices:
            plan = self._plan(index)
            self.pool.move(self.snapshots[index], plan, -1)
            new.append(plan)
        if self._is_better(indices, new):
            for index, plan in zip(indices, new, strict=True):
                self.plans[index] = plan
            self.gain += self._value_of(indices, old) - self._value_of(indices, new)
            return True
        for index, plan in zip(indices, new, strict=True):
            self.pool.move(self.snapshots[index], plan, 1)
        for index, plan in zip(indices, old, strict=True):
            self.pool.move(self.snapshots[index], plan, -1)
        return False

    def _is_better(self, indices: list[int], new: list[Plan]) -> bool:
        old = [self.plans[index] for index in indices]
        if any(after.unfilled > now.unfilled for after, now in zip(new, old, strict=True)):
            return False
        return self._value_of(indices, new) < self._value_of(indices, old) - TOLERANCE

    # Parts

    def _plan(self, index: int) -> Plan:
        """The best plan of an order on what the pool has."""
        problem = self.problems[index]
        if self.bounded[index] and (self.pool.parcels or self.pool.lines):
            problem = price(self._snapshot(index))
        claims = take_stock(problem, self.pool.stock(problem))
        limits = Limits(max_parcels=problem.snapshot.policy.max_parcels, time_limit=TIME_LIMIT)
        return make_plan(problem, claims, limits)

    def _snapshot(self, index: int) -> Snapshot:
        """The order's snapshot with the capacity that is left."""
        snapshot = self.snapshots[index]
        if not self.bounded[index]:
            return snapshot
        return replace(
            snapshot, warehouses=tuple(self.pool.narrowed(one) for one in snapshot.warehouses)
        )

    def _release(self, plans: list[Plan]) -> None:
        for snapshot, plan in zip(self.snapshots, plans, strict=True):
            self.pool.move(snapshot, plan, 1)

    def _value(self, index: int, plan: Plan) -> float:
        priced = self.snapshots[index].policy.unfilled_unit_cost is not None
        return plan.total + (0.0 if priced else self.open_cost * plan.unfilled)

    def _value_of(self, indices: list[int], plans: list[Plan]) -> float:
        return sum(self._value(*pair) for pair in zip(indices, plans, strict=True))

    def _report(self, stage: str, done: int) -> None:
        if self.progress is not None:
            told = self.progress(Progress(stage, done, len(self.snapshots), self.gain))
            self.stopped = self.stopped or told is False

    def _is_over(self) -> bool:
        return self.stopped or self.clock.is_up()

    def outcome(self, index: int, explain: bool) -> Outcome:
        """What became of one order."""
        plan = self.plans[index]
        before = self.before[index]
        decision = Decision(self.snapshots[index].order, plan)
        if explain:
            self.pool.move(self.snapshots[index], plan, 1)
            problem = price(self._snapshot(index)) if self.bounded[index] else self.problems[index]
            claims = take_stock(problem, self.pool.stock(problem))
            self.pool.move(self.snapshots[index], plan, -1)
            limits = Limits(max_parcels=problem.snapshot.policy.max_parcels)
            decision = explain_plan(problem, claims, plan, limits)
        stood = self.standing.get(self.snapshots[index].order)
        return Outcome(
            order=self.snapshots[index].order,
            decision=decision,
            before=None if before is None else before.total,
            gain=0.0 if before is None else before.total - plan.total,
            changed=stood is None
            or stood.assignment() != plan.assignment()
            or stood.services() != plan.services(),
            alone=self.alone[index].total,
        )


def _has_capacity(snapshot: Snapshot) -> bool:
    return snapshot.policy.respect_capacity and any(
        one.daily_parcels is not None
        or one.daily_lines is not None
        or one.capacity_parcels_left
        or one.capacity_lines_left
        for one in snapshot.warehouses
    )
