"""Step 3: every way in which every warehouse could ship, with its dates.

An *option* is one warehouse shipping by one lane on one day. A warehouse ships all of one order by
one option.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ..network import calendar
from ..network.geo import distance_between
from ..network.rates import rate_for
from ..plain import sort_key
from . import reasons
from .eligible import ruled_out
from .parcels import box_count
from .plan import Reason
from .snapshot import Lane, Snapshot, Warehouse


@dataclass(frozen=True, slots=True)
class Option:
    """One way to ship from ``place`` (an index into the list of places).

    :ivar max_parcels: parcels that still fit on that day, None where the limit cannot bind.
        The same for ``max_lines``.
    """

    place: int
    lane: Lane
    ship_on: date
    ship_at: datetime
    deliver_at: datetime
    late_days: int
    max_parcels: int | None = None
    max_lines: int | None = None

    @property
    def limited(self) -> bool:
        """Whether the capacity left on that day could bind for this order."""
        return self.max_parcels is not None or self.max_lines is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse as this order sees it.

    :ivar reason: why it may ship nothing but what a person locked there, or None.
    :ivar options: ways to ship from it; empty when ``reason`` leaves none even for locked lines.
    :ivar later: ways in which it could ship one day, for back-orders: capacity is not looked at.
    """

    index: int
    warehouse: Warehouse
    distance_km: float | None
    reason: Reason | None
    options: tuple[Option, ...]
    later: tuple[Option, ...]


def find_places(snapshot: Snapshot) -> list[Place]:
    """Every warehouse of the snapshot, the preferred first (priority, then id)."""
    lanes: dict[int, list[Lane]] = {}
    for lane in snapshot.lanes:
        lanes.setdefault(lane.warehouse, []).append(lane)
    need = _Need(
        lines=sum(1 for line in snapshot.lines if line.quantity),
        units=[(line.unit_weight, line.quantity) for line in snapshot.lines],
    )
    locked = {key for line in snapshot.lines for key, units in line.locked.items() if units}
    ordered = sorted(snapshot.warehouses, key=lambda one: (one.priority, one.id))
    return [
        _place(snapshot, index, one, lanes.get(one.id, []), need, one.id in locked)
        for index, one in enumerate(ordered)
    ]


@dataclass(frozen=True, slots=True)
class _Need:
    """The most that one warehouse could have to ship: lines, and (unit weight, quantity)."""

    lines: int
    units: list[tuple[float, int]]


def _place(
    snapshot: Snapshot,
    index: int,
    warehouse: Warehouse,
    lanes: list[Lane],
    need: _Need,
    locked: bool,
) -> Place:
    destination = snapshot.destination
    distance = distance_between(
        (warehouse.latitude, warehouse.longitude), (destination.latitude, destination.longitude)
    )
    reason = ruled_out(snapshot, warehouse)
    if reason is not None and not locked:
        return Place(index, warehouse, distance, reason, (), ())
    usable = _usable_lanes(snapshot, warehouse, lanes, distance)
    if isinstance(usable, Reason):
        return Place(index, warehouse, distance, reason or usable, (), ())
    options: list[Option] = []
    later: list[Option] = []
    found = False
    for lane in usable:
        days = calendar.shipping_days(
            snapshot.now,
            warehouse.tz,
            warehouse.cutoff,
            warehouse.weekdays,
            warehouse.closed_dates,
        )
        first = next(days, None)
        if first is None:
            break
        found = True
        later.append(_option(snapshot, index, warehouse, lane, first))
        if not snapshot.policy.respect_capacity or not _has_capacity(warehouse):
            options.append(later[-1])
        else:
            options += _by_capacity(snapshot, index, warehouse, lane, need, first, days)
    horizon: dict[str, str | int | float | None] = {"days": calendar.HORIZON_DAYS}
    if not found:
        reason = reason or Reason(reasons.CLOSED, horizon)
    elif not options:
        reason = reason or Reason(reasons.CAPACITY, horizon)
    if locked and not options:
        options = later
    return Place(index, warehouse, distance, reason, tuple(options), tuple(later))


def _usable_lanes(
    snapshot: Snapshot, warehouse: Warehouse, lanes: list[Lane], distance: float | None
) -> list[Lane] | Reason:
    if lanes:
        fitting = [
            lane for lane in lanes if snapshot.service in (None, lane.service) or not lane.service
        ]
        if fitting:
            return sorted(fitting, key=_lane_key)
        return Reason(reasons.SERVICE_NOT_OFFERED, {"service": snapshot.service})
    if not snapshot.policy.use_rate_curve:
        return Reason(reasons.NO_LANE)
    country = snapshot.destination.country
    abroad = bool(warehouse.country and country and warehouse.country != country)
    rate = rate_for(snapshot.policy.rate_curve, distance, abroad)
    if rate is None:
        return Reason(reasons.NO_LANE)
    return [
        Lane(
            warehouse=warehouse.id,
            base_cost=rate.base_cost,
            cost_per_kg=rate.cost_per_kg,
            max_parcel_weight=rate.max_parcel_weight,
            transit_days=rate.transit_days,
            origin="distance",
        )
    ]


def _lane_key(lane: Lane) -> tuple[object, ...]:
    return (
        lane.base_cost,
        lane.cost_per_kg,
        lane.transit_days,
        sort_key(lane.service or ""),
        lane.steps,
        lane.max_parcel_weight or 0.0,
    )


def _has_capacity(warehouse: Warehouse) -> bool:
    return (
        warehouse.daily_parcels is not None
        or warehouse.daily_lines is not None
        or bool(warehouse.capacity_parcels_left)
        or bool(warehouse.capacity_lines_left)
    )


def _by_capacity(
    snapshot: Snapshot,
    index: int,
    warehouse: Warehouse,
    lane: Lane,
    need: _Need,
    first: calendar.ShippingDay,
    rest: Iterator[calendar.ShippingDay],
) -> list[Option]:
    """One option for each day that has room for more of the order than every day before it."""
    parcels_needed = box_count(need.units, lane.max_parcel_weight)
    options: list[Option] = []
    best_parcels = best_lines = 0
    for day in (first, *rest):
        parcels = warehouse.capacity_parcels_left.get(day.on, warehouse.daily_parcels)
        lines = warehouse.capacity_lines_left.get(day.on, warehouse.daily_lines)
        room_parcels = parcels_needed if parcels is None else min(parcels, parcels_needed)
        room_lines = need.lines if lines is None else min(lines, need.lines)
        if min(room_parcels, room_lines) < 1:
            continue
        if room_parcels <= best_parcels and room_lines <= best_lines:
            continue
        best_parcels = max(best_parcels, room_parcels)
        best_lines = max(best_lines, room_lines)
        options.append(
            _option(
                snapshot,
                index,
                warehouse,
                lane,
                day,
                max_parcels=room_parcels if room_parcels < parcels_needed else None,
                max_lines=room_lines if room_lines < need.lines else None,
            )
        )
        if not options[-1].limited:
            break
    return options


def _option(
    snapshot: Snapshot,
    index: int,
    warehouse: Warehouse,
    lane: Lane,
    day: calendar.ShippingDay,
    max_parcels: int | None = None,
    max_lines: int | None = None,
) -> Option:
    destination = snapshot.destination
    on = calendar.delivery_date(
        day.on, lane.transit_days, destination.weekdays, destination.holidays
    )
    promise = snapshot.promise_date
    return Option(
        place=index,
        lane=lane,
        ship_on=day.on,
        ship_at=day.leaves_at,
        deliver_at=calendar.local_moment(
            on, calendar.DELIVERY_HOUR, destination.tz or warehouse.tz
        ),
        late_days=0 if promise is None else max(0, (on - promise).days),
        max_parcels=max_parcels,
        max_lines=max_lines,
    )
