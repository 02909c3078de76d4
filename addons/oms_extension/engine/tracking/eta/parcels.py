"""Parcels as columns: what the model learns from, and what it is asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WEEKDAY = "weekday"
FEATURES = (
    "country",
    "state",
    "lane",
    "carrier",
    "service",
    "zip2",
    "zip3",
    WEEKDAY,
    "origin_zip",
    "origin",
)
"""What is known of a parcel, in the order in which effects are fitted: the coarse before the fine.

``lane`` is origin → destination state or country; ``zip2`` and ``zip3`` are the first characters of
the destination's postcode, with its country. The weekday of the start is added by itself.
"""

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of many parcels: ``labels[codes[i]]`` is that of parcel i; code -1 is unknown."""

    codes: Ints
    labels: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str | None]) -> Feature:
        """From one text per parcel; empty or None is unknown."""
        texts = np.array([value or "" for value in values], dtype=np.str_)
        labels, codes = np.unique(texts, return_inverse=True)
        codes = codes.astype(np.int64).reshape(-1)
        if labels.size and not labels[0]:
            return cls(codes - 1, tuple(map(str, labels[1:])))
        return cls(codes, tuple(map(str, labels)))


@dataclass(frozen=True, slots=True)
class Parcels:
    """Columns of equal length n; times are days since 1970-01-01 in local time, with fractions.

    :ivar start: when the stage began (the order, the hand-over to the carrier …).
    :ivar end: when the parcel was delivered; NaN where it was not, or is not known.
    :ivar km: as the crow flies; NaN where unknown.
    :ivar features: by name, see :data:`FEATURES`; missing ones are left out of the model.
    :ivar due: the day that was promised; NaN where none was.
    """

    start: Floats
    end: Floats
    km: Floats
    features: Mapping[str, Feature] = field(default_factory=dict)
    due: Floats = field(default_factory=lambda: np.empty(0))

    def __len__(self) -> int:
        return int(self.start.size)

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for columns of different lengths or an unknown feature."""
        if not self.due.size:
            object.__setattr__(self, "due", np.full(self.start.size, np.nan))
        if unknown := set(self.features) - set(FEATURES):
            raise ValueError(f"There is no feature {', '.join(sorted(unknown))}")
        columns = [self.end, self.km, self.due, *(one.codes for one in self.features.values())]
        if any(column.size != self.start.size for column in columns):
            raise ValueError("Every column needs one value per parcel")

    def take(self, rows: Ints | Bools) -> Parcels:
        """The parcels at these positions, or where ``rows`` is true."""
        return Parcels(
            self.start[rows],
            self.end[rows],
            self.km[rows],
            {name: Feature(one.codes[rows], one.labels) for name, one in self.features.items()},
            self.due[rows],
        )

    def with_weekday(self) -> Parcels:
        """The same with the weekday of the start as a feature."""
        if WEEKDAY in self.features:
            return self
        weekday = Feature(weekday_of(self.start), DAY_NAMES)
        return replace(self, features={**self.features, WEEKDAY: weekday})

    def delivered_before(self, day: float) -> Bools:
        """Whether each was delivered before ``day``, and not before its stage began."""
        with np.errstate(invalid="ignore"):
            return (self.end < day) & (np.floor(self.end) >= np.floor(self.start))

    def order(self) -> Ints:
        """Positions sorted by all values: results must not depend on the order of the rows."""
        keys: Sequence[npt.NDArray[np.generic]] = [
            *(self.features[name].codes for name in reversed(FEATURES) if name in self.features),
            self.km,
            self.start,
            self.end,
        ]
        return np.lexsort(keys).astype(np.int64)


def weekday_of(days: Floats) -> Ints:
    """Weekday, 0 = Monday, of days since 1970-01-01, which was a Thursday."""
    return ((np.floor(days) + 3) % 7).astype(np.int64)
