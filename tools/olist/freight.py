"""What a parcel costs and how long it takes in Brazil, learned from the data.

The customer of an Olist order paid a freight for each piece, and the carrier took some days from
the seller to the customer. Both are taken by band of distance: the price as the line through the
pieces of the band that misses them least in the absolute (price = base + per kg x weight, fitted by
iteratively reweighted least squares, so that odd pieces do not bend it), the time as the median of
working days from the carrier's pick-up to the door. Prices and times never fall with distance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from .network import great_circle_km
from .reading import Olist

BANDS_KM = (50.0, 150.0, 350.0, 600.0, 1000.0, 1500.0, 2200.0, 4500.0)
HEAVIEST_KG = 30.0
FEWEST = 25
"""A band with fewer pieces takes over the one before it."""
ROUNDS = 12
STEP_KM = 50.0


@dataclass(frozen=True, slots=True)
class Band:
    """Up to ``up_to_km``: ``base`` + ``per_kg`` × weight in BRL, ``days`` working days.

    ``pieces`` is how many the price was learned from.
    """

    up_to_km: float
    base: float
    per_kg: float
    days: int
    pieces: int


def learn(olist: Olist) -> list[Band]:
    """The bands, ascending."""
    prices: dict[float, list[tuple[float, float]]] = defaultdict(list)
    times: dict[float, list[int]] = defaultdict(list)
    for order in olist.orders:
        target = olist.locate(order.customer.prefix)
        for line in order.lines:
            source = olist.locate(olist.sellers.get(line.seller, ""))
            product = olist.products.get(line.product)
            if not target or not source or not product:
                continue
            band = band_of(great_circle_km(*source, *target))
            if line.freight > 0 and product.weight <= HEAVIEST_KG:
                prices[band].append((product.weight, line.freight / line.quantity))
            if order.shipped and order.delivered and order.delivered >= order.shipped:
                times[band].append(working_days(order.shipped.date(), order.delivered.date()))
    bands: list[Band] = []
    for limit in BANDS_KM:
        before = bands[-1] if bands else Band(0.0, 8.0, 0.5, 2, 0)
        if len(prices[limit]) >= FEWEST:
            base, per_kg = fit_line(prices[limit])
            base, per_kg = max(base, before.base), max(per_kg, before.per_kg)
        else:
            base, per_kg = before.base, before.per_kg
        days = round(median(times[limit])) if len(times[limit]) >= FEWEST else before.days
        bands.append(
            Band(
                limit,
                round(base, 1),
                round(per_kg, 2),
                max(days, before.days if bands else 1),
                len(prices[limit]),
            )
        )
    return bands


def band_of(km: float) -> float:
    """Upper limit of the band that holds a distance."""
    return next((limit for limit in BANDS_KM if km <= limit), BANDS_KM[-1])


def fit_line(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Intercept and slope (not negative) of the line with about the least absolute error."""
    given = list(points)
    weights = [1.0] * len(given)
    base, slope = 0.0, 0.0
    for _round in range(ROUNDS):
        total = sum(weights)
        mean_x = sum(w * x for w, (x, _y) in zip(weights, given, strict=True)) / total
        mean_y = sum(w * y for w, (_x, y) in zip(weights, given, strict=True)) / total
        spread = sum(w * (x - mean_x) ** 2 for w, (x, _y) in zip(weights, given, strict=True))
        product = sum(
            w * (x - mean_x) * (y - mean_y) for w, (x, y) in zip(weights, given, strict=True)
        )
        slope = max(product / spread, 0.0) if spread > 1e-9 else 0.0
        base = mean_y - slope * mean_x
        weights = [1 / max(abs(y - base - slope * x), 0.05) for x, y in given]
    return base, slope


def working_days(start: date, end: date) -> int:
    """Days from Monday to Friday after ``start`` until ``end``."""
    days = (end - start).days
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum(
        (start + timedelta(days=offset)).weekday() < 5 for offset in range(1, rest + 1)
    )


def smooth(bands: list[Band], step_km: float = STEP_KM) -> list[Band]:
    """The same prices in steps of ``step_km``, straight between the middles of the bands.

    Otherwise two warehouses in one band would cost the same, however far apart they are.
    """
    middles: list[tuple[float, Band]] = []
    start = 0.0
    for band in bands:
        middles.append(((start + band.up_to_km) / 2, band))
        start = band.up_to_km
    fine = []
    for step in range(1, round(bands[-1].up_to_km / step_km) + 1):
        km = (step - 0.5) * step_km
        after = next((n for n, (middle, _b) in enumerate(middles) if middle >= km), len(middles))
        near = middles[max(after - 1, 0)]
        far = middles[min(after, len(middles) - 1)]
        share = (km - near[0]) / (far[0] - near[0]) if far[0] > near[0] else 0.0
        fine.append(
            Band(
                step * step_km,
                round(near[1].base + share * (far[1].base - near[1].base), 2),
                round(near[1].per_kg + share * (far[1].per_kg - near[1].per_kg), 3),
                rate(bands, km).days,
                0,
            )
        )
    return fine


def rate(bands: list[Band], km: float) -> Band:
    """The band of a distance; beyond the last one, the last."""
    return next((band for band in bands if km <= band.up_to_km), bands[-1])
