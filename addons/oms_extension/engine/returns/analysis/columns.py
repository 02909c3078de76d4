"""What was delivered and what came back, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DIMENSIONS: Final = (
    "product", "variant", "lot", "supplier", "category", "carrier", "warehouse", "region",
)  # fmt: skip
"""What a group of the detector can be a value of. Tables take any other column as well."""


@dataclass(frozen=True, slots=True)
class Units:
    """What was delivered: one row per delivered line, columns of equal length n.

    A line whose units belong to several lots is one row per lot.

    :ivar delivered: day of the delivery, whole days since 1970-01-01.
    :ivar quantity: units, whole and above zero.
    :ivar codes: by name: ``codes["carrier"][i]`` is the number of line i's carrier, 0 … k−1; −1
        where unknown. ``product`` and ``category`` are needed by most functions.
    :ivar late: whether the parcel missed its promised day; empty: not known of any.
    """

    delivered: Ints
    quantity: Ints
    codes: Mapping[str, Ints]
    late: Bools = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for columns of different lengths."""
        if not self.late.size:
            object.__setattr__(self, "late", np.zeros(self.delivered.size, dtype=np.bool_))
        columns = [self.quantity, self.late, *self.codes.values()]
        if any(column.size != self.delivered.size for column in columns):
            raise ValueError("Every column needs one value per delivered line")

    def __len__(self) -> int:
        return int(self.delivered.size)

    def code(self, name: str) -> Ints:
        """The column ``name``; −1 everywhere where there is none."""
        column = self.codes.get(name)
        return np.full(len(self), -1, dtype=np.int64) if column is None else column

    def take(self, rows: Ints | Bools) -> Units:
        """The lines at these positions, or where ``rows`` is true."""
        codes = {name: column[rows] for name, column in self.codes.items()}
        return Units(self.delivered[rows], self.quantity[rows], codes, self.late[rows])


@dataclass(frozen=True, slots=True)
class Returns:
    """What came back or was claimed: one row per return line, columns of equal length m.

    An exchange counts once. A return without a sale in the data has ``line`` −1: it is in tables of
    reasons and money, and in no rate.

    :ivar line: position of the delivered line in :class:`Units`.
    :ivar day: day on which the return was asked for or came in, days since 1970-01-01.
    :ivar reason: number of the reason, 0 … r−1; −1 where unknown.
    :ivar quantity: units.
    :ivar cost: what the row cost the shop, in company currency; empty: all zero.
    """

    line: Ints
    day: Ints
    reason: Ints
    quantity: Ints
    cost: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for columns of different lengths."""
        if not self.cost.size:
            object.__setattr__(self, "cost", np.zeros(self.line.size))
        if any(one.size != self.line.size for one in (self.day, self.reason, self.quantity)):
            raise ValueError("Every column needs one value per return line")
        if self.cost.size != self.line.size:
            raise ValueError("Every column needs one value per return line")

    def __len__(self) -> int:
        return int(self.line.size)

    def take(self, rows: Ints | Bools) -> Returns:
        """The rows at these positions, or where ``rows`` is true."""
        return Returns(
            self.line[rows], self.day[rows], self.reason[rows], self.quantity[rows], self.cost[rows]
        )

    def known(self, units: Units, today: int) -> Returns:
        """Those that are known by the end of ``today``, of lines delivered before them."""
        safe = np.maximum(self.line, 0)
        if not len(units):
            return self.take(np.zeros(len(self), dtype=np.bool_))
        keep = (self.line >= 0) & (self.day <= today) & (self.day >= units.delivered[safe])
        return self.take(keep)


def counts(codes: Ints, weights: npt.NDArray[np.generic], size: int) -> Floats:
    """Sums of ``weights`` by code, 0 … ``size`` − 1; a code of −1 is left out."""
    if codes.size and int(codes.min()) < 0:
        known = codes >= 0
        codes, weights = codes[known], weights[known]
    sums = np.bincount(codes, weights=weights.astype(np.float64), minlength=size)
    return sums[:size].astype(np.float64)


def size_of(codes: Ints) -> int:
    """One more than the greatest code."""
    return int(codes.max()) + 1 if codes.size else 0
