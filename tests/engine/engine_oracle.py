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
    parts = []
    for up_to, price in lane.steps:
        parts.append((up_to, lane.base_cost + price, 0.0))
    if not lane.steps:
        return [(float("inf"), lane.base_cost, lane.cost_per_kg)]
    up_to, price = lane.steps[-1]
    beyond = lane.base_cost + price - lane.cost_per_kg * up_to
    # Below the last step this part would be cheaper than the tariff: it starts there.
    parts.append((float("inf"), beyond, lane.cost_per_kg, up_to))
    return parts


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
        h, policy = self.solver, self.policy
        weight_bound = sum(line.quantity * line.unit_weight for line in self.snapshot.lines) + 1.0
        self.x = {}
        for line in self.snapshot.lines:
            refused = sum(line.locked.values()) - sum(
                self.granted.get((line.id, place), 0) for place in line.locked
            )
            whole = line.quantity > 1 and line.quantity * line.unit_price < policy.min_split_value
            own = {place for (name, place) in self.granted if name == line.id}
            sources = []
            for one in self.snapshot.warehouses:
                low = self.granted.get((line.id, one.id), 0)
                high = line.quantity - refused
                if one.id in line.excluded or (whole and own and one.id not in own):
                    high = low
                x = h.addIntegral(lb=low, ub=high)
                self.x[line.id, one.id] = x
                if whole:
                    more = h.addBinary()
                    h.addConstr(x <= low + high * more)
                    sources.append(more)
                if one.handling_per_line:
                    picked = h.addBinary()
                    h.addConstr(x <= line.quantity * picked)
                    self.money.append((picked, one.handling_per_line))
                self.money.append((x, one.bid_prices.get(line.product, 0.0)))
            if sources:
                h.addConstr(sum(sources) <= 1)
            h.addConstr(
                sum(self.x[line.id, one.id] for one in self.snapshot.warehouses)
                <= line.quantity - refused
            )
        used, ways = [], []
        for one in self.snapshot.warehouses:
            for key, units in one.stock.items():
                rows = [
                    line.stock[key] * self.x[line.id, one.id]
                    for line in self.snapshot.lines
                    if key in line.stock
                ]
                if rows:
                    h.addConstr(sum(rows) <= units)
            opened = h.addBinary()
            used.append(opened)
            chosen = []
            weights = []
            for lane in self.snapshot.lanes:
                if lane.warehouse != one.id:
                    continue
                each = one.handling_per_parcel + policy.extra_parcel_penalty
                each += policy.late_day_cost * late_days(self.snapshot, lane)
                for part in tariff_parts(lane):
                    up_to, at_zero, rate = part[:3]
                    way = h.addBinary()
                    kg = h.addVariable(lb=0.0)
                    h.addConstr(kg <= min(up_to, weight_bound) * way)
                    if len(part) == 4:
                        h.addConstr(kg >= part[3] * way)
                    chosen.append(way)
                    weights.append(kg)
                    self.money += [(way, each + at_zero), (kg, rate)]
            ways += chosen
            h.addConstr(sum(chosen) <= opened)
            for line in self.snapshot.lines:
                h.addConstr(self.x[line.id, one.id] <= line.quantity * sum(chosen))
            h.addConstr(
                sum(weights)
                == sum(line.unit_weight * self.x[line.id, one.id] for line in self.snapshot.lines)
            )
        if policy.max_parcels is not None:
            h.addConstr(sum(used) <= policy.max_parcels)
        self.any = h.addBinary()
        for opened in used:
            h.addConstr(opened <= self.any)
        self.money.append((self.any, -policy.extra_parcel_penalty))
        h.addConstr(self.any <= sum(ways))
        self.ordered = sum(line.quantity for line in self.snapshot.lines)
        self.shipped = sum(self.x.values())

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
    places = sorted(one.id for one in snapshot.warehouses)
    warehouses = {one.id: one for one in snapshot.warehouses}
    lines = list(snapshot.lines)

    def divisions(line):
        whole = line.quantity > 1 and line.quantity * line.unit_price < policy.min_split_value
        for units in combinations(range(line.quantity + 1), repeat=len(places)):
            if sum(units) > line.quantity or (whole and sum(map(bool, units)) > 1):
                continue
            if any(n and place in line.excluded for n, place in zip(units, places, strict=True)):
                continue
            yield units

    best = None
    ordered = sum(line.quantity for line in lines)
    for plan in combinations(*(list(divisions(line)) for line in lines)):
        shipped = sum(map(sum, plan))
        if policy.ship_complete and 0 < shipped < ordered:
            continue
        choices = []
        for at, place in enumerate(places):
            taken = [
                (line, units[at]) for line, units in zip(lines, plan, strict=True) if units[at]
            ]
            need = {}
            for line, units in taken:
                for key, each in line.stock.items():
                    need[key] = need.get(key, 0) + each * units
            if any(n > warehouses[place].stock.get(key, 0) for key, n in need.items()):
                break
            if taken:
                choices.append(_ways(snapshot, warehouses[place], taken))
        else:
            for ways in combinations(*choices):
                parcels = sum(count for count, _ in ways)
                if policy.max_parcels is not None and parcels > policy.max_parcels:
                    continue
                money = sum(cost for _, cost in ways)
                if parcels:
                    money -= policy.extra_parcel_penalty
                money += (policy.unfilled_unit_cost or 0.0) * (ordered - shipped)
                fill = 0 if policy.unfilled_unit_cost is not None else -shipped
                if policy.ship_complete:
                    fill = -shipped
                if best is None or (fill, money) < best[:2]:
                    best = (fill, money, shipped)
    return best[2], best[1]


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
