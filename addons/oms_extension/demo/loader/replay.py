"""Decides the orders of the past one after the other, each from what was known at its time.

The engine decides from a snapshot, and a snapshot can be of any moment: the one that the addon
takes today is set back to the moment of the order by replacing what was different then: the clock,
the stock that had arrived and was not promised yet, the capacity that was left, and which
warehouses were closed or switched off.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ...engine.allocation import decide
from ..story.orders import CANCELLED, CONFIRMED
from ..story.story import CLOSED_WAREHOUSE, OFF_WAREHOUSE

LATE_DELIVERY = {"reallocated": "ORL"}
"""By story, the warehouse whose goods reached the shelf only after the order was decided."""


class Replay:
    """Stock and capacity as they were, from the first order to the last."""

    def __init__(self, books):
        self.books = books
        self.buffers = books.env["oms.safety.buffer"]._quantities(
            books.env["stock.warehouse"].concat(*books.warehouses.values()),
            books.env["product.product"].concat(*books.products.values()),
        )
        self.shelf = defaultdict(int)
        self.parcels = defaultdict(lambda: defaultdict(int))
        self.to_come = sorted(books.story.receipts, key=lambda one: -one.days_ago)

    def run(self):
        """Decide and put in force what was ever confirmed.

        :return: dict order reference → plan
        """
        plans = {}
        for one in self.books.story.orders:
            if one.fate not in CONFIRMED:
                continue
            self._receive(one.placed_at)
            plans[one.ref] = plan = self._decide(one)
            if one.fate != CANCELLED:
                self._take(self.books.orders[one.ref], plan)
        return plans

    def _receive(self, moment):
        today = self.books.story.today
        while self.to_come and today - timedelta(self.to_come[0].days_ago) <= moment.date():
            receipt = self.to_come.pop(0)
            warehouse = self.books.warehouses[receipt.warehouse]
            product = self.books.products[receipt.product]
            self.shelf[warehouse.id, product.id] += receipt.units

    def _decide(self, one):
        env = self.books.env
        order = self.books.orders[one.ref]
        decisions = env["oms.decision"]
        needs = decisions._needs(order)
        policy = env["oms.policy"]._for_order(order)
        snapshot = self._set_back(env["oms.snapshot"]._take(order, policy, needs), one.placed_at)
        if one.story in LATE_DELIVERY:
            empty = self.books.warehouses[LATE_DELIVERY[one.story]].id
            snapshot = replace(
                snapshot,
                warehouses=tuple(
                    replace(place, stock={}) if place.id == empty else place
                    for place in snapshot.warehouses
                ),
            )
        decision = decide(snapshot)
        decisions._commit(order, needs, snapshot, decision, "confirm", policy)
        return decision.plan

    def _set_back(self, snapshot, moment):
        return replace(
            snapshot,
            now=moment.replace(tzinfo=UTC),
            warehouses=tuple(self._warehouse_at(one, moment) for one in snapshot.warehouses),
        )

    def _warehouse_at(self, warehouse, moment):
        books, story = self.books, self.books.story
        closed = set(warehouse.closed_dates)
        if warehouse.id == books.warehouses[CLOSED_WAREHOUSE].id:
            days = (story.closed_until - story.closed_from).days
            closed |= {story.closed_from + timedelta(days=day) for day in range(days + 1)}
        off = (
            warehouse.id == books.warehouses[OFF_WAREHOUSE].id and moment.date() >= story.off_since
        )
        held = {key: self.shelf[warehouse.id, key] for key in warehouse.on_hand}
        return replace(
            warehouse,
            accepts_online=not off,
            closed_dates=frozenset(closed),
            capacity_parcels_left={
                day: max((warehouse.daily_parcels or 0) - used, 0)
                for day, used in self.parcels[warehouse.id].items()
                if day >= moment.date() and warehouse.daily_parcels
            },
            on_hand={key: max(units, 0) for key, units in held.items()},
            stock={
                key: max(units - self.buffers.get((warehouse.id, key), 0), 0)
                for key, units in held.items()
            },
            stock_age={
                key: max(age - (datetime.now() - moment).total_seconds() / 86400, 0.0)
                for key, age in warehouse.stock_age.items()
            },
        )

    def _take(self, order, plan):
        product_of = {line.id: line.product_id.id for line in order.order_line}
        for parcel in plan.parcels:
            day = parcel.ship_at.date()
            self.parcels[parcel.warehouse][day] += 1
            for line, units in parcel.contents:
                self.shelf[parcel.warehouse, product_of[line]] -= units
        for shortage in plan.shortages:
            self.shelf[shortage.warehouse, product_of[shortage.line]] -= shortage.quantity
