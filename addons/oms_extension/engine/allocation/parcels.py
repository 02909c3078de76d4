"""Step 6: contents of a warehouse into boxes that a carrier takes.

First fit decreasing: the heaviest unit first, each into the first box that still holds it. It is
deterministic and at most 11/9 of the fewest boxes + 6/9 (Dósa, ESCAPE 2007). The price of a plan is
the price of the boxes packed this way, in the search as in the result.
"""

from __future__ import annotations

from collections.abc import Iterable

from .cost import WEIGHT_TOLERANCE


def pack(
    contents: Iterable[tuple[int, float, int]], limit: float | None
) -> list[list[tuple[int, int]]]:
    """Divide ``contents`` (id, kg of one unit, units) into boxes of (id, units).

    No box is heavier than ``limit`` kg, unless a single unit is.
    """
    wanted = sorted((one for one in contents if one[2] > 0), key=lambda one: (-one[1], one[0]))
    if not wanted:
        return []
    if limit is None or sum(weight * units for _, weight, units in wanted) <= (
        limit + WEIGHT_TOLERANCE
    ):
        return [[(name, units) for name, _, units in wanted]]
    boxes: list[list[tuple[int, int]]] = []
    room: list[float] = []
    for name, weight, units in wanted:
        left = units
        for index in range(len(boxes)):
            fit = _fitting(weight, room[index], left)
            if fit:
                boxes[index].append((name, fit))
                room[index] -= fit * weight
                left -= fit
        while left:
            fit = max(1, _fitting(weight, limit, left))
            boxes.append([(name, fit)])
            room.append(limit - fit * weight)
            left -= fit
    return boxes


def _fitting(weight: float, room: float, units: int) -> int:
    if weight <= 0:
        return units
    return min(units, max(0, int((room + WEIGHT_TOLERANCE) / weight)))


def box_weights(contents: Iterable[tuple[float, int]], limit: float | None) -> list[float]:
    """kg of each box that :func:`pack` makes of ``contents`` (kg of one unit, units)."""
    units = list(contents)
    if limit is None or sum(weight * count for weight, count in units) <= limit + WEIGHT_TOLERANCE:
        return [sum(weight * count for weight, count in units)] if units else []
    weights = [weight for weight, _ in units]
    boxes = pack(((index, *one) for index, one in enumerate(units)), limit)
    return [sum(weights[index] * count for index, count in box) for box in boxes]


def box_count(contents: Iterable[tuple[float, int]], limit: float | None) -> int:
    """How many boxes :func:`pack` makes of ``contents`` (kg of one unit, units); at least 1."""
    return max(1, len(box_weights(contents, limit)))
