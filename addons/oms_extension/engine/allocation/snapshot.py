"""What a decision about one order is made from: everything, and nothing else.

Ids are integers (of the database) or text codes. Money is in the company's currency, weights in
kilograms, distances in kilometres, quantities in whole product units, times aware and in UTC.
A snapshot is complete: two equal snapshots give the same decision, today or in a year.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from ..network.rates import RateCurve
from ..plain import from_plain, sort_key, to_plain

Key = int | str
"""Identifies a product, or what is kept in stock for one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the order: ``quantity`` whole units of ``product``.

    :ivar unit_weight: kg of one unit.
    :ivar unit_price: money the customer pays for one unit, read by ``Policy.min_split_value`` only.
    :ivar stock: units of each stock key that one unit takes; empty means one of the product
        itself. A kit takes its components.
    :ivar locked: quantity that a person fixed at a warehouse; at least that much ships from there,
        whatever rules the warehouse out, if it has the stock and a lane.
    :ivar excluded: warehouses that may not ship this line, with the code of the reason.
    """

    id: int
    product: Key
    quantity: int
    unit_weight: float = 0.0
    unit_price: float = 0.0
    stock: Mapping[Key, int] = field(default_factory=dict)
    locked: Mapping[int, int] = field(default_factory=dict)
    excluded: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.quantity < 0 or self.unit_weight < 0:
            raise ValueError(f"line {self.id}: quantity and weight must not be negative")
        if not self.stock:
            object.__setattr__(self, "stock", {self.product: 1})
        if any(units <= 0 for units in self.stock.values()):
            raise ValueError(f"line {self.id}: one unit must take a positive number of its stock")
        if any(units < 0 for units in self.locked.values()) or (
            sum(self.locked.values()) > self.quantity
        ):
            raise ValueError(f"line {self.id}: more is locked than ordered")


@dataclass(frozen=True, slots=True)
class Supply:
    """``quantity`` of a stock key that arrives at a warehouse on ``on``."""

    on: date
    key: Key
    quantity: int


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place that can ship.

    :ivar priority: lower is preferred.
    :ivar countries_served: ISO codes; empty serves all. The same for ``channels_served``.
    :ivar cutoff: hour of the local day (13.5 is half past one) at which parcels leave.
    :ivar weekdays: days on which it ships, Monday is 0.
    :ivar closed_dates: local dates on which it does not.
    :ivar capacity_parcels_left: parcels that still fit, by local date; a date that is absent has
        ``daily_parcels`` left. The same for lines. None is without limit.
    :ivar stock: available to promise by stock key, after the safety buffer.
    :ivar on_hand: by stock key, for the decision card only. The same for ``safety``.
    :ivar incoming: dated supply, for the place and date of back-orders.
    :ivar stock_age: days since the oldest unit came in, by stock key.
    :ivar bid_prices: money that taking one unit of a product now is expected to cost later orders.
    """

    id: int
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    country: str = ""
    priority: int = 10
    accepts_online: bool = True
    countries_served: frozenset[str] = frozenset()
    channels_served: frozenset[Key] = frozenset()
    handling_per_parcel: float = 0.0
    handling_per_line: float = 0.0
    tz: str = "UTC"
    cutoff: float = 15.0
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    closed_dates: frozenset[date] = frozenset()
    daily_parcels: int | None = None
    daily_lines: int | None = None
    capacity_parcels_left: Mapping[date, int] = field(default_factory=dict)
    capacity_lines_left: Mapping[date, int] = field(default_factory=dict)
    stock: Mapping[Key, int] = field(default_factory=dict)
    on_hand: Mapping[Key, int] = field(default_factory=dict)
    safety: Mapping[Key, int] = field(default_factory=dict)
    incoming: tuple[Supply, ...] = ()
    stock_age: Mapping[Key, float] = field(default_factory=dict)
    bid_prices: Mapping[Key, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lane:
    """What a carrier service from one warehouse to this order's destination costs and takes.

    A parcel of ``w`` kg costs ``base_cost + cost_per_kg * w``; with ``steps`` ((up to kg, price),
    ascending) it costs ``base_cost`` + the price of the first step that holds it, and above the
    last step ``cost_per_kg`` for each kg more.

    :ivar service: id of the carrier service; None is "whatever service is asked for".
    :ivar max_parcel_weight: heavier contents travel as several parcels.
    :ivar transit_days: working days from leaving the warehouse to the recipient.
    :ivar learned_from: parcels that these days were learned from; 0 where a person wrote them.
    :ivar origin: ``lane`` when a lane was defined, ``distance`` when the rate curve stands in.
    """

    warehouse: int
    service: Key | None = None
    service_name: str = ""
    base_cost: float = 0.0
    cost_per_kg: float = 0.0
    steps: tuple[tuple[float, float], ...] = ()
    max_parcel_weight: float | None = None
    transit_days: int = 1
    learned_from: int = 0
    origin: Literal["lane", "distance"] = "lane"

    def __post_init__(self) -> None:
        if any(
            right[0] <= left[0] for left, right in zip(self.steps, self.steps[1:], strict=False)
        ):
            raise ValueError(f"lane of warehouse {self.warehouse}: steps must ascend by weight")
        if self.max_parcel_weight is not None and self.max_parcel_weight <= 0:
            raise ValueError(f"lane of warehouse {self.warehouse}: a parcel must hold some weight")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the order goes.

    :ivar tz: time zone of the recipient; None takes the warehouse's.
    :ivar weekdays: days on which carriers move and deliver, Monday is 0.
    :ivar holidays: dates on which they do not.
    """

    country: str = ""
    state: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    tz: str | None = None
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """How a company wants its orders sourced.

    :ivar mode: ``cost`` finds the cheapest plan in money, ``rules`` follows ``rules``, an ordered
        list of codes (see ``choose/rules.py``) of which the first that does not tie decides.
    :ivar extra_parcel_penalty: money for each parcel after the first.
    :ivar late_day_cost: money for each parcel and started day after the promise.
    :ivar unfilled_unit_cost: money for each unit that does not ship now; a unit stays open if
        shipping it would cost more. None uses stock wherever there is any: money decides where,
        never whether.
    :ivar backorder_preference: what is missing waits where it will be ``cheapest`` or come
        ``earliest``.
    :ivar max_parcels: parcels that may ship now; what is ordered later travels apart.
    :ivar ship_complete: ship everything now or nothing.
    :ivar min_split_value: a line worth less ships from one warehouse only.
    :ivar use_rate_curve: the rate curve stands in where a warehouse has no lane.
    :ivar respect_capacity: a day whose capacity is used up is not shipped on.
    """

    code: str = "default"
    mode: Literal["cost", "rules"] = "cost"
    rules: tuple[str, ...] = ()
    extra_parcel_penalty: float = 0.0
    late_day_cost: float = 0.0
    unfilled_unit_cost: float | None = None
    backorder_preference: Literal["cheapest", "earliest"] = "cheapest"
    max_parcels: int | None = None
    ship_complete: bool = False
    min_split_value: float = 0.0
    use_rate_curve: bool = True
    rate_curve: RateCurve = field(default_factory=RateCurve)
    respect_capacity: bool = True

    def __post_init__(self) -> None:
        if self.max_parcels is not None and self.max_parcels < 1:
            raise ValueError("max_parcels must be at least 1, or None for no limit")
        if min(self.extra_parcel_penalty, self.late_day_cost, self.unfilled_unit_cost or 0) < 0:
            raise ValueError("the prices of a policy must not be negative")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One order and the network as it stands at ``now``.

    :ivar lanes: of all warehouses, already resolved for ``destination``.
    :ivar promise_date: date told to the customer, at the destination.
    :ivar service: the carrier service that the customer asked for, or None for any.
    :ivar channel: sales channel; None is not checked against ``channels_served``.
    :ivar online: whether the order needs a warehouse that accepts online orders.
    """

    now: datetime
    order: Key
    lines: tuple[Line, ...]
    warehouses: tuple[Warehouse, ...]
    lanes: tuple[Lane, ...] = ()
    destination: Destination = field(default_factory=Destination)
    policy: Policy = field(default_factory=Policy)
    promise_date: date | None = None
    service: Key | None = None
    channel: Key | None = None
    online: bool = True
    currency_decimals: int = 2

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("now must be an aware time")
        for kind, ids in (
            ("line", [line.id for line in self.lines]),
            ("warehouse", [warehouse.id for warehouse in self.warehouses]),
        ):
            if len(set(ids)) != len(ids):
                raise ValueError(f"the same {kind} is given twice")

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, the same whatever the order of lines, warehouses and lanes."""
        data: dict[str, Any] = to_plain(self)
        data["lines"].sort(key=lambda line: sort_key(line["id"]))
        data["warehouses"].sort(key=lambda warehouse: sort_key(warehouse["id"]))
        data["lanes"].sort(key=lambda lane: json.dumps(lane, sort_keys=True))
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Snapshot:
        """Rebuild a snapshot from :meth:`as_dict`."""
        return from_plain(cls, data)

    def fingerprint(self) -> str:
        """SHA-256 of the content: equal fingerprints, equal decisions."""
        text = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
