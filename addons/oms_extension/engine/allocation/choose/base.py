"""What every strategy takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from ..price import Problem
from ..stock import Claims

TOLERANCE = 1e-6
"""Money: plans that differ by less count as equally cheap."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one choice, beside those of the policy.

    :ivar max_places: warehouses that may ship.
    :ivar max_parcels: parcels that may ship, as in the policy.
    :ivar banned: indices of places that may not ship.
    :ivar time_limit: seconds after which the best plan so far is taken, with its proven gap.
    """

    max_places: int | None = None
    max_parcels: int | None = None
    banned: frozenset[int] = frozenset()
    time_limit: float = 0.25


@dataclass(slots=True)
class Chosen:
    """Units by (need, place), locked ones included, and the option of each place that ships.

    :ivar value: money of the plan, units that do not ship counted at ``Problem.open_cost``.
    :ivar lower: no plan has a smaller value.
    """

    units: dict[tuple[int, int], int]
    options: dict[int, int]
    value: float
    lower: float
    method: str


@dataclass(slots=True)
class Clock:
    """Stops a search after ``seconds``."""

    seconds: float
    start: float = field(default_factory=perf_counter)

    def is_up(self) -> bool:
        """Whether the time is over."""
        return perf_counter() - self.start >= self.seconds

    def left(self) -> float:
        """Seconds that remain."""
        return max(0.0, self.seconds - (perf_counter() - self.start))


Strategy = Callable[[Problem, Claims, Limits], Chosen]
