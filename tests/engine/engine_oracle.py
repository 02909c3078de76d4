"""Independent answers: the whole order as one mixed-integer program, and by trying everything.

Neither uses anything of the engine's search, bounds or formulas; they read the snapshot alone.
"""

from datetime import timedelta
from itertools import product as combinations

import highspy
from engine.allocation.parcels import pack


def late_days(snapshot, lane):
    """All builders' warehouses and carriers work every day, and MONDAY is before the cut-off."""
    if snapshot.promise_date is None:
        return 0
    arrival = snapshot.now.date() + timedelta(days=lane.transit_days)
    return max(0, (arrival - snapshot.promise_date).days)


def tariff_parts(lane):
    """(up to kg, money at 0 kg, money per kg, from kg): the cheapest that fits is the price."""
    if not lane.steps:
        return [(float("inf"), lane.base_cost, lane.cost_per_kg, 0.0)]
    parts = [(up_to, lane.base_cost + price, 0.0, 0.0) for up_to, price in lane.steps]
    up_to, price = lane.steps[-1]
    # Below the last step this part would be cheaper than the tariff: it starts there.
    beyond = lane.base_cost + price - lane.cost_per_kg * up_to
    return [*parts, (float("inf"), beyond, lane.cost_per_kg, up_to)]


def granted_locks(snapshot):
    """Locked units that the stock covers, by (line, warehouse), first line first."""
    left = {one.id: dict(one.stock) for one in snapshot.warehouses}
    granted = {}
    for line in sorted(snapshot.lines, key=lambda one: one.id):
        for place, units in sorted(line.locked.items()):
            have = min(left[place].get(key, 0) // each for key, each in line.stock.items())
            granted[line.id, place] = min(units, have)
            for key, each in line.stock.items():
                left[place][key] -= each * granted[line.id, place]
    return {at: units for at, units in granted.items() if units}


class Oracle:
    """One parcel for each warehouse that ships: no weight limits here."""

    def __init__(self, snapshot):
        self.snapshot = snapshot
        self.policy = snapshot.policy
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", 1e-9)
        self.solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
        self.solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        self.granted = granted_locks(snapshot)
        self.money = []  # (variable, coefficient)
        self.constant = 0.0
        self._build()

    def _build(self):
        self.x = {}
        self.used, self.ways = [], []
        for line in self.snapshot.lines:
            self._add_line(line)
        for place in self.snapshot.warehouses:
            self._add_stock(place)
            self._add_shipping(place)
        h, policy = self.solver, self.policy
        if policy.max_parcels is not None:
            h.addConstr(sum(self.used) <= policy.max_parcels)
        # The first parcel does not pay the penalty.
        some = h.addBinary()
        h.addConstr(some <= sum(self.ways))
        self.money.append((some, -policy.extra_parcel_penalty))
        self.ordered = sum(line.quantity for line in self.snapshot.lines)
        self.shipped = sum(self.x.values())

    def _add_line(self, line):
        """Units by warehouse, from the locked ones up to what was ordered, and their picking."""
        h = self.solver
        granted = {place: self.granted.get((line.id, place), 0) for place in line.locked}
        refused = sum(line.locked.values()) - sum(granted.values())
        whole = line.quantity > 1 and line.quantity * line.unit_price < self.policy.min_split_value
        own = {place for place, units in granted.items() if units}
        sources = []
        for one in self.snapshot.warehouses:
            low = granted.get(one.id, 0)
            high = line.quantity - refused
            if one.id in line.excluded or (whole and own and one.id not in own):
                high = low
            x = h.addIntegral(lb=low, ub=high)
            self.x[line.id, one.id] = x
            self.money.append((x, one.bid_prices.get(line.product, 0.0)))
            if whole:
                sources.append(h.addBinary())
                h.addConstr(x <= low + high * sources[-1])
            if one.handling_per_line:
                picked = h.addBinary()
                h.addConstr(x <= line.quantity * picked)
                self.money.append((picked, one.handling_per_line))
        if sources:
            h.addConstr(sum(sources) <= 1)
        units = sum(self.x[line.id, one.id] for one in self.snapshot.warehouses)
        h.addConstr(units <= line.quantity - refused)

    def _add_stock(self, one):
        for key, units in one.stock.items():
            taken = [
                line.stock[key] * self.x[line.id, one.id]
                for line in self.snapshot.lines
                if key in line.stock
            ]
            if taken:
                self.solver.addConstr(sum(taken) <= units)

    def _add_shipping(self, one):
        """At most one service, in one part of its tariff, holds all that the warehouse ships."""
        h, policy, lines = self.solver, self.policy, self.snapshot.lines
        heaviest = sum(line.quantity * line.unit_weight for line in lines) + 1.0
        chosen, weights = [], []
        for lane in self.snapshot.lanes:
            if lane.warehouse != one.id:
                continue
            each = one.handling_per_parcel + policy.extra_parcel_penalty
            each += policy.late_day_cost * late_days(self.snapshot, lane)
            for up_to, at_zero, rate, start in tariff_parts(lane):
                way = h.addBinary()
                kg = h.addVariable(lb=0.0)
                h.addConstr(kg <= min(up_to, heaviest) * way)
                h.addConstr(kg >= start * way)
                chosen.append(way)
                weights.append(kg)
                self.money += [(way, each + at_zero), (kg, rate)]
        opened = h.addBinary()
        self.used.append(opened)
        self.ways += chosen
        h.addConstr(sum(chosen) <= opened)
        for line in lines:
            h.addConstr(self.x[line.id, one.id] <= line.quantity * sum(chosen))
        kg = sum(line.unit_weight * self.x[line.id, one.id] for line in lines)
        h.addConstr(sum(weights) == kg)

    def answer(self):
        """(units that ship, money) of the best plan, or None if the locks break the limits."""
        h, policy = self.solver, self.policy
        money = sum(coefficient * variable for variable, coefficient in self.money)
        price = policy.unfilled_unit_cost
        if price is not None and not policy.ship_complete:
            h.minimize(money - price * self.shipped)
            if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            units = round(sum(h.variableValue(x) for x in self.x.values()))
            return units, h.getInfo().objective_function_value + price * self.ordered
        h.maximize(self.shipped + 0.0)
        if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        most = round(h.getInfo().objective_function_value)
        open_money = (price or 0.0) * self.ordered
        if policy.ship_complete and most < self.ordered:
            return 0, open_money
        h.addConstr(self.shipped >= most)
        h.minimize(money + 0.0)
        assert h.getModelStatus() == highspy.HighsModelStatus.kOptimal
        unfilled = (price or 0.0) * (self.ordered - most)
        return most, h.getInfo().objective_function_value + unfilled


def freight(lane, weight):
    """The tariff, read once more from its definition."""
    if not lane.steps:
        return lane.base_cost + lane.cost_per_kg * weight
    for up_to, price in lane.steps:
        if weight <= up_to + 1e-9:
            return lane.base_cost + price
    up_to, price = lane.steps[-1]
    return lane.base_cost + price + lane.cost_per_kg * (weight - up_to)


def try_everything(snapshot):
    """(units that ship, money) of the best plan, over every assignment and every service.

    For tiny orders with any tariff and parcels of limited weight; no locks.
    """
    policy = snapshot.policy
    ordered = sum(line.quantity for line in snapshot.lines)
    fills = policy.unfilled_unit_cost is None or policy.ship_complete
    best = None
    for plan in combinations(*(list(_divisions(snapshot, line)) for line in snapshot.lines)):
        shipped = sum(map(sum, plan))
        if policy.ship_complete and 0 < shipped < ordered:
            continue
        choices = _choices(snapshot, plan)
        for ways in combinations(*choices) if choices is not None else ():
            parcels = sum(count for count, _ in ways)
            if policy.max_parcels is not None and parcels > policy.max_parcels:
                continue
            money = sum(cost for _, cost in ways)
            money -= policy.extra_parcel_penalty if parcels else 0.0
            money += (policy.unfilled_unit_cost or 0.0) * (ordered - shipped)
            key = (-shipped if fills else 0, money, shipped)
            best = key if best is None else min(best, key)
    return best[2], best[1]


def _divisions(snapshot, line):
    """Units by warehouse, in the order of the warehouses."""
    minimum = snapshot.policy.min_split_value
    whole = line.quantity > 1 and line.quantity * line.unit_price < minimum
    for units in combinations(range(line.quantity + 1), repeat=len(snapshot.warehouses)):
        if sum(units) > line.quantity or (whole and sum(map(bool, units)) > 1):
            continue
        pairs = zip(units, snapshot.warehouses, strict=True)
        if not any(count and place.id in line.excluded for count, place in pairs):
            yield units


def _choices(snapshot, plan):
    """Ways to ship for each warehouse that does; None if one has not the stock."""
    choices = []
    for at, place in enumerate(snapshot.warehouses):
        pairs = zip(snapshot.lines, plan, strict=True)
        taken = [(line, units[at]) for line, units in pairs if units[at]]
        need = {}
        for line, units in taken:
            for key, each in line.stock.items():
                need[key] = need.get(key, 0) + each * units
        if any(count > place.stock.get(key, 0) for key, count in need.items()):
            return None
        if taken:
            choices.append(_ways(snapshot, place, taken))
    return choices


def _ways(snapshot, warehouse, taken):
    policy = snapshot.policy
    fixed = sum(
        warehouse.handling_per_line + warehouse.bid_prices.get(line.product, 0.0) * units
        for line, units in taken
    )
    ways = []
    for lane in snapshot.lanes:
        if lane.warehouse != warehouse.id:
            continue
        if lane.max_parcel_weight is not None and any(
            line.unit_weight > lane.max_parcel_weight for line, _ in taken
        ):
            continue
        weights = {line.id: line.unit_weight for line, _ in taken}
        boxes = pack(
            [(line.id, line.unit_weight, units) for line, units in taken], lane.max_parcel_weight
        )
        each = warehouse.handling_per_parcel + policy.extra_parcel_penalty
        each += policy.late_day_cost * late_days(snapshot, lane)
        money = sum(
            freight(lane, sum(weights[line] * units for line, units in box)) + each for box in boxes
        )
        ways.append((len(boxes), money + fixed))
    return ways
