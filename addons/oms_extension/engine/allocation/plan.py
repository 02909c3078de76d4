"""What a decision consists of. Reasons are codes with parameters, never prose: Odoo translates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from ..plain import from_plain, to_plain
from .snapshot import Key


@dataclass(frozen=True, slots=True)
class CostBreakdown:
    """Money of a parcel or a plan, by what it is for. The parts add up to :attr:`total`.

    :ivar freight: the carrier's price.
    :ivar handling_parcel: packing, by parcel.
    :ivar handling_line: picking, by line and warehouse.
    :ivar delay: started days after the promise.
    :ivar extra_parcel: the policy's penalty for each parcel after the first.
    :ivar bid_price: expected loss of later orders by taking these units.
    :ivar unfilled: the policy's price of units that do not ship now.
    """

    freight: float = 0.0
    handling_parcel: float = 0.0
    handling_line: float = 0.0
    delay: float = 0.0
    extra_parcel: float = 0.0
    bid_price: float = 0.0
    unfilled: float = 0.0

    @property
    def total(self) -> float:
        """Sum of all parts."""
        return (
            self.freight
            + self.handling_parcel
            + self.handling_line
            + self.delay
            + self.extra_parcel
            + self.bid_price
            + self.unfilled
        )

    def __add__(self, other: CostBreakdown) -> CostBreakdown:
        return CostBreakdown(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(self))
        )

    def as_dict(self) -> dict[str, Any]:
        """Parts and ``total`` as plain numbers."""
        return {**to_plain(self), "total": self.total}


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what it speaks of, for example ``country_not_served`` {country: "IT"}.

    Codes are listed in ``reasons.py``.
    """

    code: str
    params: Mapping[str, str | int | float | None] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """``{"code": …, "params": {…}}``."""
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One box: contents are (line id, whole units).

    :ivar learned_from: parcels that its transit days were learned from; 0 is none.
    """

    warehouse: int
    service: Key | None
    contents: tuple[tuple[int, int], ...]
    weight: float
    distance_km: float | None
    ship_at: datetime
    deliver_at: datetime
    cost: CostBreakdown
    service_name: str = ""
    origin: str = "lane"
    learned_from: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**to_plain(self), "cost": self.cost.as_dict()}


@dataclass(frozen=True, slots=True)
class Shortage:
    """``quantity`` of a line that does not ship now and waits at ``warehouse`` (None: nowhere).

    :ivar cause: why, see ``reasons.py``.
    :ivar expected: date on which it can leave there, None when no supply is known.
    :ivar expected_cost: what its later parcel is expected to cost; not part of the plan's cost.
    """

    line: int
    quantity: int
    cause: str
    warehouse: int | None = None
    expected: date | None = None
    expected_cost: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        data: dict[str, Any] = to_plain(self)
        return data


@dataclass(frozen=True, slots=True)
class Plan:
    """How one order is fulfilled.

    :ivar proven_gap: the plan costs at most this share more than the best possible one; 0 is proven
        optimal. Rules make no claim about money: their gap is 0 by definition.
    :ivar method: which strategy, and which of its stages, had the last word.
    :ivar delivery: when the last parcel arrives; None when nothing ships.
    """

    parcels: tuple[Parcel, ...]
    shortages: tuple[Shortage, ...]
    cost: CostBreakdown
    proven_gap: float = 0.0
    method: str = ""
    delivery: datetime | None = None

    @property
    def total(self) -> float:
        """Money of the whole plan."""
        return self.cost.total

    @property
    def unfilled(self) -> int:
        """Units that do not ship now."""
        return sum(shortage.quantity for shortage in self.shortages)

    def assignment(self) -> dict[tuple[int, int], int]:
        """Shipped units by (line, warehouse)."""
        units: dict[tuple[int, int], int] = {}
        for parcel in self.parcels:
            for line, quantity in parcel.contents:
                units[line, parcel.warehouse] = units.get((line, parcel.warehouse), 0) + quantity
        return units

    def services(self) -> dict[int, Key | None]:
        """Carrier service by warehouse."""
        return {parcel.warehouse: parcel.service for parcel in self.parcels}

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, with ``total`` and ``unfilled``."""
        return {
            "parcels": [parcel.as_dict() for parcel in self.parcels],
            "shortages": [shortage.as_dict() for shortage in self.shortages],
            "cost": self.cost.as_dict(),
            "total": self.total,
            "unfilled": self.unfilled,
            "proven_gap": self.proven_gap,
            "method": self.method,
            "delivery": to_plain(self.delivery),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Plan:
        """Rebuild a plan from :meth:`as_dict`."""
        return from_plain(cls, data)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one warehouse: its value and its place (1 is best, equal is a tie)."""

    rule: str
    value: float | None
    place: int | None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        data: dict[str, Any] = to_plain(self)
        return data


@dataclass(frozen=True, slots=True)
class Candidate:
    """One warehouse on the decision card of one line.

    :ivar available: units it can promise of this line. The same for ``on_hand`` and ``safety``.
    :ivar chosen: units that the plan takes from here.
    :ivar unit_cost: money of one unit if the whole line came from here in a parcel of its own.
    :ivar line_cost: the same for all units of the line that it has (at least one).
    :ivar learned_from: parcels that its transit days were learned from; 0 is none.
    :ivar capacity: parcels that still fit on the day it would ship; None is without limit.
    :ivar rank: 1 is the best place for this line alone; None when ruled out.
    :ivar ruled_out: why it could not ship this line at all.
    """

    warehouse: int
    available: int
    chosen: int
    on_hand: int | None = None
    safety: int | None = None
    service: Key | None = None
    unit_cost: float | None = None
    line_cost: float | None = None
    distance_km: float | None = None
    ship_at: datetime | None = None
    deliver_at: datetime | None = None
    learned_from: int = 0
    capacity: int | None = None
    rank: int | None = None
    verdicts: tuple[Verdict, ...] = ()
    ruled_out: Reason | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        data: dict[str, Any] = to_plain(self)
        data["ruled_out"] = self.ruled_out.as_dict() if self.ruled_out else None
        return data


@dataclass(frozen=True, slots=True)
class Card:
    """Decision card of one line: every warehouse of the snapshot, best first."""

    line: int
    candidates: tuple[Candidate, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"line": self.line, "candidates": [one.as_dict() for one in self.candidates]}


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan that fills as much, and what it would have cost more (or less, under rules).

    Labels: ``single_warehouse``, ``without_warehouse`` {warehouse}, ``fewer_parcels`` {parcels},
    ``cheapest``.
    """

    plan: Plan
    difference: float
    label: Reason

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "plan": self.plan.as_dict(),
            "difference": self.difference,
            "label": self.label.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """The plan, what else there was, and why. ``fingerprint`` names the snapshot behind it."""

    order: Key
    plan: Plan
    alternatives: tuple[Alternative, ...] = ()
    cards: tuple[Card, ...] = ()
    fingerprint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "order": self.order,
            "plan": self.plan.as_dict(),
            "alternatives": [one.as_dict() for one in self.alternatives],
            "cards": [card.as_dict() for card in self.cards],
            "fingerprint": self.fingerprint,
        }
