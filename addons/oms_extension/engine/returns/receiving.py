"""Which warehouse takes returned goods in: freight back less what the goods are worth there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..allocation.cost import freight
from ..allocation.parcels import box_weights
from ..allocation.snapshot import Destination, Lane, Warehouse
from ..network.geo import distance_between
from ..network.rates import RateCurve, rate_for

WAITING_SHARE = 0.15
"""Part of a unit's price that it is worth to have it where an order waits for it: what a second
parcel, or a transfer between warehouses, costs in the order of magnitude. An assumption."""

SHORT_SHARE = 0.05
"""The same where stock lies below its reordering point and no order waits yet."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What comes back of one product. ``unit_weight`` in kg, ``unit_price`` before taxes."""

    product: int
    units: float
    unit_weight: float
    unit_price: float


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a warehouse lacks of one product, in units.

    :ivar waiting: for orders that wait; ``orders``: how many they are.
    :ivar short: below the reordering point besides.
    """

    waiting: float = 0.0
    orders: int = 0
    short: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A warehouse that takes returns.

    :ivar lanes: to the customer's place; returns are taken to cost the same in the other direction.
    :ivar sent: whether the goods had come from there: it wins a tie.
    """

    warehouse: Warehouse
    lanes: Sequence[Lane] = ()
    shortages: Mapping[int, Shortage] = field(default_factory=dict)
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What it costs to take the goods in there.

    :ivar freight: money for the parcels back, None where nothing is known of the way.
    :ivar worth: money that the goods save there; ``orders`` that wait for them.
    """

    warehouse: int
    name: str
    freight: float | None
    worth: float
    orders: int
    short: bool
    sent: bool

    @property
    def net(self) -> float:
        """Freight less worth; infinite where the freight is unknown."""
        return float("inf") if self.freight is None else self.freight - self.worth


def offers(
    candidates: Sequence[Candidate],
    goods: Sequence[Goods],
    customer: Destination,
    curve: RateCurve,
    decimals: int = 2,
) -> list[Offer]:
    """Every candidate's offer, the best first.

    Of equal ones that from which the goods had come, then that of the higher priority.
    """
    made = [
        (_offer(one, goods, customer, curve, decimals), one.warehouse.priority)
        for one in candidates
    ]
    made.sort(key=lambda pair: (pair[0].net, not pair[0].sent, pair[1], pair[0].warehouse))
    return [offer for offer, _priority in made]


def _offer(
    one: Candidate,
    goods: Sequence[Goods],
    customer: Destination,
    curve: RateCurve,
    decimals: int,
) -> Offer:
    worth, orders, short = 0.0, 0, False
    for item in goods:
        lack = one.shortages.get(item.product, Shortage())
        waited = min(item.units, lack.waiting)
        missing = min(item.units - waited, lack.short)
        worth += item.unit_price * (waited * WAITING_SHARE + missing * SHORT_SHARE)
        orders += lack.orders if waited > 0 else 0
        short = short or missing > 0
    cost = freight_back(one, goods, customer, curve)
    return Offer(
        warehouse=one.warehouse.id,
        name=one.warehouse.name,
        freight=None if cost is None else round(cost, decimals),
        worth=round(worth, decimals),
        orders=orders,
        short=short,
        sent=one.sent,
    )


def freight_back(
    one: Candidate, goods: Sequence[Goods], customer: Destination, curve: RateCurve
) -> float | None:
    """Money for the parcels from the customer's place to the warehouse, None if unknown."""
    # Of parts of a unit the parcel is as heavy as of a whole one.
    contents = [(item.unit_weight, max(1, round(item.units))) for item in goods]
    lanes = list(one.lanes)
    if not lanes:
        place = one.warehouse
        distance = distance_between(
            (place.latitude, place.longitude), (customer.latitude, customer.longitude)
        )
        abroad = bool(place.country and customer.country and place.country != customer.country)
        rate = rate_for(curve, distance, abroad)
        if rate is None:
            return None
        lanes = [
            Lane(
                warehouse=place.id,
                base_cost=rate.base_cost,
                cost_per_kg=rate.cost_per_kg,
                max_parcel_weight=rate.max_parcel_weight,
                transit_days=rate.transit_days,
                origin="distance",
            )
        ]
    return min(
        sum(freight(lane, weight) for weight in box_weights(contents, lane.max_parcel_weight))
        for lane in lanes
    )
