"""Snapshots in one line, by hand and at random."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from engine.allocation import Destination, Lane, Line, Policy, Snapshot, Warehouse
from hypothesis import strategies as st

MONDAY = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))
HOME = Destination(country="IT", postcode="20100", latitude=45.46, longitude=9.19)


def warehouse(name, stock, **values):
    """A warehouse that ships every day until five o'clock UTC."""
    values = {"name": f"W{name}", "weekdays": EVERY_DAY, "cutoff": 17.0, "country": "IT"} | values
    return Warehouse(id=name, stock=stock, **values)


def lane(warehouse_id, base, per_kg=0.0, **values):
    return Lane(warehouse=warehouse_id, base_cost=base, cost_per_kg=per_kg, **values)


def snapshot(lines, warehouses, lanes=(), policy=None, **values):
    """Lines as (product, quantity), or as they are."""
    lines = [
        one if isinstance(one, Line) else Line(number, one[0], one[1], unit_weight=1.0)
        for number, one in enumerate(lines, 1)
    ]
    values = {"destination": replace(HOME, weekdays=EVERY_DAY)} | values
    return Snapshot(
        now=MONDAY,
        order=values.pop("order", 1),
        lines=tuple(lines),
        warehouses=tuple(warehouses),
        lanes=tuple(lanes),
        policy=policy or Policy(),
        **values,
    )


def shuffled(one, random):
    """The same snapshot, its parts in another order."""

    def mix(items):
        items = list(items)
        random.shuffle(items)
        return tuple(items)

    def mix_map(mapping):
        items = list(mapping.items())
        random.shuffle(items)
        return dict(items)

    return replace(
        one,
        lines=mix(replace(line, stock=mix_map(line.stock)) for line in one.lines),
        warehouses=mix(replace(item, stock=mix_map(item.stock)) for item in one.warehouses),
        lanes=mix(one.lanes),
    )


cents = st.integers(0, 1500).map(lambda units: units / 100)
small = st.integers(0, 300).map(lambda units: units / 100)
grams = st.integers(0, 4000).map(lambda units: units / 1000)


@st.composite
def orders(
    draw,
    max_lines=4,
    max_warehouses=5,
    max_quantity=4,
    steps=False,
    shared=False,
    locks=False,
    limits=True,
    same_costs=False,
    weight_limit=False,
):
    """A random order over a random network; the switches add what is hard."""
    products = [f"p{number}" for number in range(draw(st.integers(1, max_lines)))]
    places = range(1, draw(st.integers(1, max_warehouses)) + 1)
    weights = {product: draw(grams) for product in products}
    count = draw(st.integers(1, max_lines))
    lines = []
    for number in range(1, count + 1):
        product = (
            draw(st.sampled_from(products)) if shared else products[(number - 1) % len(products)]
        )
        usage = {}
        if shared and draw(st.booleans()):
            usage = {
                key: draw(st.integers(1, 2))
                for key in draw(st.lists(st.sampled_from(products), min_size=1, unique=True))
            }
        quantity = draw(st.integers(1, max_quantity))
        locked = {}
        if locks and draw(st.booleans()):
            locked = {draw(st.sampled_from(places)): draw(st.integers(1, quantity))}
        excluded = {}
        if draw(st.integers(0, 5)) == 0:
            excluded = {draw(st.sampled_from(places)): "exclusion"}
            excluded = {key: why for key, why in excluded.items() if key not in locked}
        lines.append(
            Line(
                number,
                product if not usage else f"kit{number}",
                quantity,
                unit_weight=weights[product],
                unit_price=draw(cents),
                stock=usage,
                locked=locked,
                excluded=excluded,
            )
        )
    picking = draw(st.booleans())
    base = draw(cents)
    warehouses = [
        warehouse(
            place,
            {product: draw(st.integers(0, max_quantity + 1)) for product in products},
            priority=draw(st.integers(1, 3)),
            handling_per_parcel=0.0 if same_costs else draw(small),
            handling_per_line=draw(small) if picking else 0.0,
            bid_prices={} if same_costs else {product: draw(small) for product in products},
        )
        for place in places
    ]
    lanes = []
    for place in places:
        for service in range(draw(st.integers(1, 2)) if not same_costs else 1):
            tariff = ()
            if steps and draw(st.booleans()):
                tariff, up_to, price = [], 0.0, 0.0
                for _ in range(draw(st.integers(1, 3))):
                    up_to += draw(st.integers(1, 4000)) / 1000
                    price += draw(small)
                    tariff.append((up_to, price))
                tariff = tuple(tariff)
            lanes.append(
                lane(
                    place,
                    base if same_costs else draw(cents),
                    0.5 if same_costs else draw(small),
                    service=f"s{service}",
                    steps=tariff,
                    transit_days=1 if same_costs else draw(st.integers(0, 4)),
                    max_parcel_weight=draw(st.sampled_from([None, 4.0, 6.0]))
                    if weight_limit
                    else None,
                )
            )
    policy = Policy(
        extra_parcel_penalty=draw(small),
        late_day_cost=draw(small),
        unfilled_unit_cost=draw(st.one_of(st.none(), cents)) if limits else None,
        max_parcels=draw(st.one_of(st.none(), st.integers(1, 3))) if limits else None,
        ship_complete=draw(st.integers(0, 4)) == 0 if limits else False,
        min_split_value=draw(cents) if limits and draw(st.booleans()) else 0.0,
    )
    promise = draw(st.one_of(st.none(), st.integers(0, 3)))
    return snapshot(
        lines,
        warehouses,
        lanes,
        policy,
        promise_date=None if promise is None else MONDAY.date() + timedelta(days=promise),
    )


def day(offset):
    """A date so many days after MONDAY."""
    return date(2025, 3, 3) + timedelta(days=offset)
