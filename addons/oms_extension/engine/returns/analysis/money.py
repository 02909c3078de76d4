"""What a cause costs, in company currency."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .columns import Bools, Floats, Returns

MONTH = 30.0
"""Days."""


class Stake(NamedTuple):
    """:ivar cost: of one unit that comes back; ``now``: of the excess until today; ``ahead``: per
    30 days; ``units_ahead``: units per 30 days.
    """

    cost: float
    now: float
    ahead: float
    units_ahead: float


def stake(
    returns: Returns, rows: Bools, delivered: float, exposure: float, excess: float, days: int
) -> Stake:
    """Money at stake in a group.

    :param rows: which returns are the group's; where fewer than ten, the cost is that of all.
    :param excess: returns above the expected ones among ``delivered`` units (Σ G = ``exposure``)
        of the last ``days``.
    """
    cost = mean_cost(returns, rows)
    per_unit = excess / exposure if exposure > 0 else 0.0
    units_ahead = delivered / days * MONTH
    return Stake(cost, excess * cost, units_ahead * per_unit * cost, units_ahead)


def mean_cost(returns: Returns, rows: Bools, few: int = 10) -> float:
    """Mean cost per unit of these returns, as if ``few`` average units were among them."""
    amounts, costs = returns.quantity, returns.cost
    total = float(amounts.sum())
    overall = float(costs.sum()) / total if total else 0.0
    return (float(costs[rows].sum()) + few * overall) / (float(amounts[rows].sum()) + few)


def margin_after_returns(margin: Floats, cost: Floats) -> Floats:
    """Margin of what was sold less the full cost of what came back (refunds are in ``cost``)."""
    return np.asarray(margin - cost)
