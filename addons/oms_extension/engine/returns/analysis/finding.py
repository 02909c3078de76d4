"""What the detector says: everything that a sentence about one cause needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Group(NamedTuple):
    """A value of a dimension, or of a pair: ``(("carrier", "region"), (3, 1))``."""

    dimensions: tuple[str, ...]
    values: tuple[int, ...]

    @property
    def family(self) -> frozenset[tuple[str, int]]:
        """What it is about; groups with something in common are one matter."""
        return frozenset(zip(self.dimensions, self.values, strict=True))


class Alternative(NamedTuple):
    """Another group that may hold the cause.

    :ivar weight: chance that the cause lies there, all groups counted (0 … 1).
    """

    group: Group
    weight: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A group whose returns are above what they should be.

    :ivar level: ``flag`` for someone to act on, ``watch`` for the list without notice.
    :ivar group: where the cause most likely lies; ``weight``: with what chance; ``alternatives``:
        where else, most likely first.
    :ivar product: of a product, variant or lot: the product's code; −1: another kind of group.
    :ivar window: days of deliveries, up to the day of the look.
    :ivar reason: that stands out; −1: none by itself. ``reason_observed`` and ``reason_expected``:
        its returns.
    :ivar late: the excess comes with parcels that were late, not with the goods.
    :ivar delivered: units; ``exposure``: those whose return would have shown by now (Σ G).
    :ivar observed: units that came back; ``expected``: that should have.
    :ivar ratio: observed ÷ expected, with its ``ratio_low`` and ``ratio_high`` (95 %).
    :ivar rate: observed ÷ exposure, NaN below 30 % maturity; ``usual``: expected ÷ exposure.
    :ivar p: chance to see the strongest evidence without a cause; ``q``: false discovery rate.
    :ivar evidence: group, window and reason of that strongest evidence.
    :ivar cost: of one return; ``money``: of the excess until today; ``money_ahead``: per 30 days
        if deliveries and rate go on; company currency.
    :ivar units_ahead: units per 30 days if deliveries go on.
    :ivar since: first delivery day in the window of a unit that came back, days since 1970-01-01.
    :ivar known: position among the groups handed over as known with which it has to do; −1: new.
    """

    level: Literal["flag", "watch"]
    group: Group
    weight: float
    alternatives: tuple[Alternative, ...]
    product: int
    window: int
    reason: int
    reason_observed: float
    reason_expected: float
    late: bool
    delivered: float
    exposure: float
    observed: float
    expected: float
    ratio: float
    ratio_low: float
    ratio_high: float
    rate: float
    usual: float
    p: float
    q: float
    evidence: tuple[Group, int, int]
    cost: float
    money: float
    money_ahead: float
    units_ahead: float
    since: int
    known: int

    @property
    def maturity(self) -> float:
        """Share of the returns to come that has come."""
        return self.exposure / self.delivered if self.delivered else 0.0
