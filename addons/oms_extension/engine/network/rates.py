"""What a parcel costs where no lane is defined: a rate curve over the distance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateBand:
    """Up to ``up_to_km``: ``base_cost`` + ``cost_per_kg`` a parcel, ``transit_days`` of work."""

    up_to_km: float
    base_cost: float
    cost_per_kg: float
    transit_days: int


EUROPEAN_BANDS = (
    RateBand(100.0, 4.9, 0.25, 1),
    RateBand(400.0, 5.9, 0.35, 1),
    RateBand(800.0, 7.9, 0.50, 2),
    RateBand(1500.0, 10.9, 0.75, 3),
    RateBand(3000.0, 15.9, 1.20, 4),
)


@dataclass(frozen=True, slots=True)
class RateCurve:
    """Distance bands, ascending; beyond the last one its prices grow in proportion to distance.

    The default is an assumption: the order of magnitude of public list prices, in euro, of European
    parcel carriers for goods of up to some 30 kg. It keeps an allocation sensible until lanes with
    the company's own contract are entered; nobody's bill agrees with it to the cent.

    :ivar border_cost: money for each parcel that crosses a border; ``border_days`` in working days.
    :ivar unknown_km: distance assumed where coordinates are missing; None leaves such a warehouse
        without a rate.
    """

    bands: tuple[RateBand, ...] = EUROPEAN_BANDS
    border_cost: float = 4.0
    border_days: int = 1
    max_parcel_weight: float | None = 31.5
    unknown_km: float | None = 1000.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Price and time of one parcel."""

    base_cost: float
    cost_per_kg: float
    transit_days: int
    max_parcel_weight: float | None


def rate_for(curve: RateCurve, distance_km: float | None, crosses_border: bool) -> Rate | None:
    """The rate of ``curve`` over ``distance_km``; None where the distance is needed but unknown."""
    distance = curve.unknown_km if distance_km is None else distance_km
    if distance is None or not curve.bands:
        return None
    band = next((one for one in curve.bands if distance <= one.up_to_km), None)
    factor = 1.0
    if band is None:
        band = curve.bands[-1]
        factor = distance / band.up_to_km
    return Rate(
        base_cost=band.base_cost * factor + (curve.border_cost if crosses_border else 0.0),
        cost_per_kg=band.cost_per_kg * factor,
        transit_days=round(band.transit_days * factor)
        + (curve.border_days if crosses_border else 0),
        max_parcel_weight=curve.max_parcel_weight,
    )
