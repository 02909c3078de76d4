"""Situations: what is on the shelves, what is ordered, and who calls what, from a seed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Any

Step = dict[str, Any]
Programs = list[list[Step]]

CONFIRM_REFUSED = "not in a state requiring confirmation"


@dataclass(frozen=True)
class Situation:
    """Goods by name with their units per warehouse, orders, and the programs of the processes.

    ``programs`` gets the orders' ids; ``refusals`` are parts of the sentences with which Odoo may
    rightly decline a step, such as delivering what somebody else has cancelled.
    """

    goods: dict[str, list[int]]
    orders: list[dict[str, Any]]
    programs: Callable[[list[int]], Programs]
    refusals: tuple[str, ...] = ()
    stays_confirmed: bool = True
    """Whether every order must be confirmed in the end."""

    @property
    def demand(self) -> int:
        return sum(self._wanted().values())

    @property
    def fits(self) -> int:
        """Units of the demand that exist somewhere."""
        return sum(min(units, sum(self.goods[name])) for name, units in self._wanted().items())

    def _wanted(self) -> Counter[str]:
        wanted: Counter[str] = Counter()
        for one in self.orders:
            for name, quantity in one["lines"]:
                wanted[name] += quantity
        return wanted


def order(random: Random, *lines: tuple[str, int], warehouse: int | None = None) -> dict[str, Any]:
    return {
        "lines": list(lines),
        "customer": random.randrange(5),
        "warehouse": random.randrange(3) if warehouse is None else warehouse,
    }


def deal(steps: list[Step], processes: int) -> Programs:
    """Deal steps out like cards."""
    return [steps[number::processes] for number in range(processes)]


def confirmations(ids: list[int]) -> list[Step]:
    return [{"verb": "confirm", "order": one} for one in ids]


def last_unit(seed: int, processes: int, rounds: int) -> Situation:
    """In each round all processes, at the same moment, confirm an order for the last unit."""
    random = Random(seed)
    goods = {f"last {number}": [1] for number in range(rounds)}
    orders = [order(random, (name, 1), warehouse=0) for name in goods for _ in range(processes)]

    def programs(ids: list[int]) -> Programs:
        return [
            [
                step
                for turn in range(rounds)
                for step in (
                    {"meet": True},
                    {"verb": "confirm", "order": ids[turn * processes + number]},
                )
            ]
            for number in range(processes)
        ]

    return Situation(goods, orders, programs)


def few_units(seed: int, processes: int, products: int = 20, orders: int = 200) -> Situation:
    """Many orders of one unit over products of which one unit exists."""
    random = Random(seed)
    goods = {f"rare {number}": [1] for number in range(products)}
    wanted = [f"rare {number % products}" for number in range(orders)]
    random.shuffle(wanted)
    return Situation(
        goods,
        [order(random, (name, 1), warehouse=0) for name in wanted],
        lambda ids: deal(confirmations(ids), processes),
    )


def crossing_lines(seed: int, processes: int, orders: int = 40) -> Situation:
    """Three lines in every possible order, over three warehouses: bait for deadlocks."""
    random = Random(seed)
    names = ["first", "second", "third"]
    each = max(orders // 4, 1)
    goods = {name: [each, each, each] for name in names}
    made = []
    for _number in range(orders):
        random.shuffle(names)
        made.append(order(random, *((name, random.randint(1, 2)) for name in names)))
    return Situation(goods, made, lambda ids: deal(confirmations(ids), processes))


def twice(seed: int, processes: int, orders: int = 12) -> Situation:
    """Every order confirmed by two processes at once."""
    random = Random(seed)
    goods = {f"pair {number}": [2] for number in range(max(orders // 4, 1))}
    names = list(goods)
    made = [order(random, (random.choice(names), 1), warehouse=0) for _ in range(orders)]

    def programs(ids: list[int]) -> Programs:
        pairs = max(processes // 2, 1)
        rounds = [ids[start : start + pairs] for start in range(0, len(ids), pairs)]
        return [
            [
                step
                for together in rounds
                for step in ({"meet": True}, *confirmations(together[number // 2 :][:1]))
            ]
            for number in range(2 * pairs)
        ]

    return Situation(goods, made, programs, refusals=(CONFIRM_REFUSED,))


def comings_and_goings(seed: int, clients: int, rounds: int) -> Situation:
    """In each round every client, at the same moment, confirms, cancels or re-allocates an order.

    An order is confirmed once, cancelled at most once, and re-allocated only while it is
    confirmed, so that nobody is rightly refused anything.
    """
    random = Random(seed)
    plan: list[list[tuple[str, int]]] = []
    confirmed: list[int] = []
    for _round in range(rounds):
        known = random.sample(confirmed, len(confirmed))
        steps: list[tuple[str, int]] = []
        for _client in range(clients):
            verb = random.choices(["confirm", "cancel", "allocate"], [3, 2, 2])[0]
            if verb == "confirm" or not known:
                verb, one = "confirm", sum(step[0] == "confirm" for step in chain(*plan, steps))
                confirmed.append(one)
            else:
                one = known.pop()
            if verb == "cancel":
                confirmed.remove(one)
            steps.append((verb, one))
        plan.append(steps)
    goods = {f"wanted {number}": [random.randint(0, 2) for _ in range(3)] for number in range(4)}
    taken = sum(verb == "confirm" for verb, _one in chain(*plan))
    orders = [
        order(random, *((name, random.randint(1, 2)) for name in random.sample(list(goods), 2)))
        for _number in range(taken)
    ]

    def programs(ids: list[int]) -> Programs:
        return [
            [
                step
                for steps in plan
                for step in (
                    {"meet": True},
                    {"verb": steps[number][0], "order": ids[steps[number][1]]},
                )
            ]
            for number in range(clients)
        ]

    return Situation(goods, orders, programs, stays_confirmed=False)


def everything(
    seed: int, processes: int, orders: int = 24, steps: int = 3, allocate: bool = True
) -> Situation:
    """Confirm, change, re-allocate, ship, ship a part, return, cancel, reserve again, by chance.

    A third of the steps are done to somebody else's order.
    """
    random = Random(seed)
    goods = {f"mixed {number}": [random.randint(2, 6) for _ in range(3)] for number in range(6)}
    names = list(goods)
    made = [
        order(
            random,
            *((name, random.randint(1, 4)) for name in random.sample(names, random.randint(1, 3))),
        )
        for _ in range(orders)
    ]

    def one_step(ids: list[int], mine: int) -> Step:
        one = random.choice(ids) if random.random() < 0.34 else mine
        verbs = ["change", "change_line", "deliver", "give_back", "reserve", "unreserve", "cancel"]
        weights = [3, 2, 4, 2, 2, 1, 1]
        if allocate:
            verbs, weights = [*verbs, "allocate"], [*weights, 4]
        verb = random.choices(verbs, weights)[0]
        step: Step = {"verb": verb, "order": one}
        if verb.startswith("change"):
            step |= {"quantity": random.randint(0, 6), "line": random.randrange(3)}
        elif verb == "deliver":
            step["share"] = random.choice([1.0, 1.0, 0.5])
        return step

    def programs(ids: list[int]) -> Programs:
        dealt = deal(ids, processes)
        return [
            [
                step
                for mine in own
                for step in (
                    {"verb": "confirm", "order": mine},
                    *(one_step(ids, mine) for _ in range(steps)),
                )
            ]
            for own in dealt
        ]

    return Situation(goods, made, programs, stays_confirmed=False, refusals=REFUSALS)


REFUSALS = (
    CONFIRM_REFUSED,
    # Less than delivered is ordered.
    "ordered quantity of a sale order line cannot be decreased below the amount already delivered",
    "cannot decrease the ordered quantity",
    # Somebody else cancelled, shipped or unreserved it a moment ago.
    "cannot be allocated: only confirmed orders",
    "You cannot validate a transfer",
    "Set some quantities and let's get moving",
    "You may only return Done pickings",
    "already picked in",
)
