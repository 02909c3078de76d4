"""Five ways of sourcing the same orders from the same network, with the addon's own engine.

The orders come in the order of their purchase. Each is decided at that moment from what is on the
shelves then; what it takes is gone. Every Monday morning each warehouse gets what it ordered a week
before, and orders what it lacks of its level (``stocking``) and of what is awaited; then every open
remainder is decided again, the oldest first, by the same way of sourcing. So all ways ship every
unit in the end, and none is spared the cost or the time of a second parcel.

What is missing is awaited by the warehouse nearest to the customer of those that keep the product.
Where an order is one warehouse's business, it is awaited there, and what that warehouse does not
keep comes by a transfer from the nearest one that does, at the price of a parcel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.allocation import Destination, Line, Plan, Policy, Snapshot, Warehouse, decide
from engine.network.rates import RateBand, RateCurve

from .freight import Band, rate
from .network import Site, great_circle_km
from .reading import Olist, Order
from .stocking import Levels

ZONE = ZoneInfo("America/Sao_Paulo")
HANDLING_PARCEL, HANDLING_LINE, EXTRA_PARCEL = 4.0, 1.0, 5.0
"""BRL, assumed, as in the load into Odoo: packing, picking, what a second parcel costs in goodwill.
The last one steers the exact way, and is in no figure of the tables."""
UNDIVIDED = 300.0
"""BRL: a line worth less is not divided over warehouses, in the way of that name."""
CUTOFF = 14.0
DELIVERY_HOUR = 6
ROUNDS = 60
"""Weeks after the last order in which remainders may still ship."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of sourcing. ``one_place``: an order, whole, is one warehouse's business."""

    key: str
    title: str
    policy: Policy
    one_place: bool = False


def ways(curve: RateCurve) -> list[Way]:
    """The exact least cost, and what shops use instead."""

    def by_rules(*rules: str) -> Policy:
        return Policy(mode="rules", rules=rules, rate_curve=curve)

    cost = Policy(extra_parcel_penalty=EXTRA_PARCEL, rate_curve=curve)
    return [
        Way("cost", "Least cost, exact", cost),
        Way(
            "undivided",
            f"Least cost, lines below R$ {UNDIVIDED:.0f} undivided",
            replace(cost, min_split_value=UNDIVIDED),
        ),
        Way("fewest", "Fewest parcels, then nearest", by_rules("fewest_parcels", "nearest")),
        Way("nearest", "Nearest first", by_rules("nearest")),
        Way("one", "One warehouse per order", cost, one_place=True),
        Way("priority", "Priority list", by_rules("priority")),
    ]


def curve_of(bands: Iterable[Band]) -> RateCurve:
    """Learned freight as the engine reads rates where no lane is defined."""
    return RateCurve(
        bands=tuple(RateBand(b.up_to_km, b.base, b.per_kg, b.days) for b in bands),
        border_cost=0.0,
        border_days=0,
        max_parcel_weight=None,
    )


@dataclass(slots=True)
class Outcome:
    """What became of one order: BRL, km added over its parcels, days from purchase to the door."""

    order: Order
    cost: float = 0.0
    parcels: int = 0
    km: float = 0.0
    arrives: datetime | None = None
    waited: bool = False

    @property
    def days(self) -> float:
        """Days from the purchase until all of it is there."""
        bought = self.order.purchased.replace(tzinfo=ZONE)
        return (self.arrives - bought).total_seconds() / 86400 if self.arrives else 0.0

    @property
    def late(self) -> bool:
        """Whether it comes after the day that Olist had told the customer."""
        told = self.order.estimated
        return bool(told and self.arrives and self.arrives.astimezone(ZONE).date() > told.date())


@dataclass(slots=True)
class Remainder:
    """Units by product that still have to ship; at ``place`` only, where that is fixed."""

    outcome: Outcome
    units: dict[str, int]
    place: int | None = None


@dataclass(slots=True)
class World:
    """The shelves while the orders pass by."""

    olist: Olist
    sites: list[Site]
    levels: Levels
    bands: list[Band]
    way: Way
    shelf: dict[int, dict[str, int]] = field(default_factory=dict)
    awaited: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    ordered: dict[tuple[int, str], int] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    open: list[Remainder] = field(default_factory=list)

    def run(self, orders: Iterable[Order], deliver_every: timedelta) -> list[Outcome]:
        """The outcome of every order, in the order given."""
        index = {site.code: number for number, site in enumerate(self.sites)}
        self.shelf = {number: {} for number in index.values()}
        for product, places in self.levels.items():
            for code, units in places.items():
                self.shelf[index[code]][product] = units
        outcomes = []
        delivery: datetime | None = None
        for order in orders:
            if delivery is None:
                delivery = _monday_after(order.purchased)
            while order.purchased >= delivery:
                self._delivery(delivery)
                delivery += deliver_every
            outcome = Outcome(order)
            outcomes.append(outcome)
            wanted: dict[str, int] = defaultdict(int)
            for line in order.lines:
                wanted[line.product] += line.quantity
            self._decide(Remainder(outcome, dict(wanted)), order.purchased)
        for _round in range(ROUNDS):
            if not self.open or delivery is None:
                break
            self._delivery(delivery)
            delivery += deliver_every
        if self.open:
            raise RuntimeError(f"{self.way.title}: {len(self.open)} orders never shipped")
        return outcomes

    def _delivery(self, moment: datetime) -> None:
        for (number, product), units in self.ordered.items():
            self.shelf[number][product] = self.shelf[number].get(product, 0) + units
        self.ordered.clear()
        for product in self.touched:
            levels = self.levels.get(product, {})
            for number, site in enumerate(self.sites):
                wanted = levels.get(site.code, 0) + self.awaited.get((number, product), 0)
                lacking = wanted - self.shelf[number].get(product, 0)
                if lacking > 0:
                    self.ordered[number, product] = lacking
        waiting, self.open = self.open, []
        for remainder in waiting:
            self._decide(remainder, moment)

    def _decide(self, remainder: Remainder, moment: datetime) -> None:
        snapshot = self._snapshot(remainder, moment)
        if self.way.one_place:
            if remainder.place is None:
                remainder.place = _only_place(snapshot)
            (place,) = (one for one in snapshot.warehouses if one.id == remainder.place)
            snapshot = Snapshot(
                now=snapshot.now,
                order=snapshot.order,
                lines=snapshot.lines,
                warehouses=(place,),
                destination=snapshot.destination,
                policy=snapshot.policy,
            )
        self._take(remainder, snapshot, decide(snapshot, explain=False).plan)

    def _snapshot(self, remainder: Remainder, moment: datetime) -> Snapshot:
        order = remainder.outcome.order
        point = self.olist.locate(order.customer.prefix)
        prices = {line.product: line.price for line in order.lines}
        return Snapshot(
            now=moment.replace(tzinfo=ZONE),
            order=order.id,
            lines=tuple(
                Line(
                    id=number,
                    product=product,
                    quantity=units,
                    unit_weight=self.olist.products[product].weight,
                    unit_price=prices[product],
                )
                for number, (product, units) in enumerate(remainder.units.items(), start=1)
            ),
            warehouses=tuple(
                Warehouse(
                    id=number,
                    latitude=site.point[0],
                    longitude=site.point[1],
                    priority=number + 1,
                    handling_per_parcel=HANDLING_PARCEL,
                    handling_per_line=HANDLING_LINE,
                    tz=ZONE.key,
                    cutoff=CUTOFF,
                    stock={
                        product: self.shelf[number].get(product, 0) for product in remainder.units
                    },
                )
                for number, site in enumerate(self.sites)
            ),
            destination=Destination(
                latitude=point[0] if point else None, longitude=point[1] if point else None
            ),
            policy=self.way.policy,
        )

    def _take(self, remainder: Remainder, snapshot: Snapshot, plan: Plan) -> None:
        outcome = remainder.outcome
        product_of = {line.id: str(line.product) for line in snapshot.lines}
        for parcel in plan.parcels:
            cost = parcel.cost
            outcome.cost += cost.freight + cost.handling_parcel + cost.handling_line
            outcome.parcels += 1
            outcome.km += parcel.distance_km or 0.0
            if outcome.arrives is None or parcel.deliver_at > outcome.arrives:
                outcome.arrives = parcel.deliver_at
            for line, units in parcel.contents:
                self.shelf[parcel.warehouse][product_of[line]] -= units
                self.touched.add(product_of[line])
        left: dict[str, int] = defaultdict(int)
        for shortage in plan.shortages:
            product = product_of[shortage.line]
            left[product] += shortage.quantity
            self._await(outcome, product, shortage.quantity, remainder.place)
        if left:
            outcome.waited = True
            self.open.append(Remainder(outcome, dict(left), remainder.place))

    def _await(self, outcome: Outcome, product: str, units: int, place: int | None) -> None:
        keepers = [
            number
            for number, site in enumerate(self.sites)
            if site.code in self.levels.get(product, {})
        ]
        target = (
            self.olist.locate(outcome.order.customer.prefix)
            if place is None
            else self.sites[place].point
        )
        nearest = min(
            keepers,
            key=lambda one: (
                great_circle_km(*self.sites[one].point, *target) if target else 0.0,
                one,
            ),
        )
        if place is not None and nearest != place and not outcome.waited:
            km = great_circle_km(*self.sites[nearest].point, *self.sites[place].point)
            band = rate(self.bands, km)
            outcome.cost += band.base + band.per_kg * units * self.olist.products[product].weight
        self.awaited[nearest if place is None else place, product] += units
        self.touched.add(product)


def _only_place(snapshot: Snapshot) -> int:
    """The nearest warehouse that has everything, else the one that has most of it."""
    target = snapshot.destination

    def rank(place: Warehouse) -> tuple[int, float, int]:
        has = sum(min(place.stock.get(one.product, 0), one.quantity) for one in snapshot.lines)
        known = target.latitude is not None and target.longitude is not None
        km = (
            great_circle_km(
                place.latitude or 0.0,
                place.longitude or 0.0,
                target.latitude or 0.0,
                target.longitude or 0.0,
            )
            if known
            else 0.0
        )
        return (-has, km, place.id)

    return min(snapshot.warehouses, key=rank).id


def _monday_after(moment: datetime) -> datetime:
    start = moment.replace(hour=DELIVERY_HOUR, minute=0, second=0, microsecond=0)
    return start + timedelta(days=7 - moment.weekday())


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over orders: BRL, parcels, km a parcel travels, days; shares of orders."""

    orders: int
    cost: float
    parcels: float
    km: float
    days: float
    late: float
    waited: float


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """Means of the outcomes; all zero for none."""
    given = list(outcomes)
    count = len(given) or 1
    parcels = sum(one.parcels for one in given)
    return Figures(
        orders=len(given),
        cost=sum(one.cost for one in given) / count,
        parcels=parcels / count,
        km=sum(one.km for one in given) / (parcels or 1),
        days=sum(one.days for one in given) / count,
        late=sum(one.late for one in given) / count,
        waited=sum(one.waited for one in given) / count,
    )


def subsets(results: Mapping[str, list[Outcome]]) -> Iterator[tuple[str, dict[str, Figures]]]:
    """Figures by way, for all orders and for those where there was something to decide."""
    picks: dict[str, Callable[[Order], bool]] = {
        "all": lambda order: True,
        "pieces": lambda order: order.units > 1,
        "products": lambda order: len({line.product for line in order.lines}) > 1,
    }
    for key, pick in picks.items():
        yield (
            key,
            {
                way: figures(one for one in outcomes if pick(one.order))
                for way, outcomes in results.items()
            },
        )
