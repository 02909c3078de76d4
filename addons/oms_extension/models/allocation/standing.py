"""What stands of a confirmed order, at today's prices, and why a given plan is as it is."""

from ...engine import allocation as engine
from ...engine.allocation.choose import Limits
from ...engine.allocation.decide import explain_plan, take_stock
from ...engine.allocation.price import price


def standing_units(order, keys):
    """Units of a confirmed order that are promised and not begun.

    What the allocation ships counts as promised even while the warehouse's reservation is late;
    what it back-ordered counts as soon as it is reserved.

    :param keys: dict order line → engine line id
    :return: dict (engine line id, warehouse id) → units
    """
    shipped = {}
    for allocated in order.oms_allocation_id.line_ids:
        if allocated.kind == "ship":
            place = (allocated.order_line_id, allocated.warehouse_id.id)
            shipped[place] = shipped.get(place, 0) + allocated.quantity
    units = {}
    for line, key in keys.items():
        _begun, reserved, waiting = line._oms_held()
        for warehouse_id in {*reserved, *waiting}:
            ready = reserved.get(warehouse_id, 0)
            held = ready + waiting.get(warehouse_id, 0)
            promised = max(ready, min(shipped.get((line, warehouse_id), 0), held))
            if promised:
                units[key, warehouse_id] = promised
    return units


def standing_plan(order, snapshot, units):
    """The allocation in force at today's prices, by the services it chose."""
    known = {line.id: line.quantity for line in snapshot.lines}
    fitting = {}
    for (key, warehouse_id), quantity in units.items():
        quantity = min(quantity, known.get(key, 0))
        if quantity > 0:
            known[key] -= quantity
            fitting[key, warehouse_id] = quantity
    offered = {(lane.warehouse, lane.service) for lane in snapshot.lanes}
    services = {
        parcel.warehouse_id.id: parcel.carrier_id.id or None
        for parcel in order.oms_allocation_id.parcel_ids
        if (parcel.warehouse_id.id, parcel.carrier_id.id or None) in offered
    }
    return engine.evaluate(snapshot, fitting, services)


def explained(snapshot, plan):
    """A decision for ``plan``, with its cards and what it would have cost otherwise."""
    problem = price(snapshot)
    limits = Limits(max_parcels=snapshot.policy.max_parcels)
    return explain_plan(problem, take_stock(problem), plan, limits)
