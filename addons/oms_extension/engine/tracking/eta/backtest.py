"""What would have been said, week by week, with what was known then.

A random split over time flatters every learner, because it lends it the future. Here a model is
fitted at the start of each week on what was delivered before it, and asked about what starts in
that week; its levels come from predictions that were finished by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .level import Adaptation, Levels
from .model import Estimates, Model, Settings, fit_in_order
from .parcels import Floats, Ints, Parcels

EVERY = 7
"""Days from one fit to the next."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The predictions of a back-test, one row per parcel that was predicted and delivered.

    :ivar parcels: in the order of the rows. ``days``: calendar days that each really took.
    :ivar estimates: what was said on the day it started; ``sample``: from how many deliveries.
    :ivar late: probability that it would miss its due day; NaN where it had none.
    :ivar model: fitted on everything before the last day, for the parcels to come.
    :ivar as_of: morning on which the model was fitted that said it.
    :ivar rows: position of each parcel in what :func:`walk` was given.
    :ivar quantiles: (n, m) days at the m levels that :func:`walk` was asked for besides.
    """

    parcels: Parcels
    days: Ints
    estimates: Estimates
    late: Floats
    sample: Ints
    as_of: Floats
    rows: Ints
    quantiles: Ints
    model: Model | None


def walk(
    parcels: Parcels,
    until: float,
    settings: Settings | None = None,
    since: float | None = None,
    every: int = EVERY,
    levels: Sequence[float] = (),
) -> Trail:
    """Predict every parcel that started from ``since`` on, weekly refitted, up to day ``until``.

    :param parcels: delivered or not; see :mod:`pace` on those that never are.
    :param levels: quantiles to keep besides, to see how reliable the whole distribution is.
    """
    settings = settings or Settings()
    origin = np.arange(len(parcels))
    parcels = parcels.with_weekday()
    order = parcels.order()
    parcels, origin = parcels.take(order), origin[order]
    start = np.floor(parcels.start)
    done = parcels.delivered_before(until)
    days = np.where(done, np.floor(parcels.end) - start, 0).astype(np.int64)
    columns = np.zeros((len(parcels), 6 + len(levels)), dtype=np.int64)
    late = np.full(len(parcels), np.nan)
    sample = np.zeros(len(parcels), dtype=np.int64)
    as_of = np.zeros(len(parcels))
    adaptation = Adaptation(settings.step, settings.memory)
    finished = np.flatnonzero(done)
    finished = finished[np.argsort(parcels.end[finished], kind="stable")]
    ends = parcels.end[finished]
    first = float(start[finished].min()) if finished.size else until
    day = np.floor(until) - every * np.ceil((np.floor(until) - first) / every)
    begin = first if since is None else since
    while day < until:
        now = np.flatnonzero((start >= max(day, begin)) & (start < day + every))
        if now.size:
            known = finished[: np.searchsorted(ends, day)]
            adapted = _levels(known, ends, day, columns, days, sample, settings, adaptation)
            if model := fit_in_order(parcels, day, settings, adapted):
                asked = parcels.take(now)
                points = np.array([*adapted.points, *levels])
                columns[now] = model.quantiles(asked, points)
                late[now] = model.late(asked)
                sample[now], as_of[now] = model.sample, day
        day += every
    adapted = _levels(finished, ends, until, columns, days, sample, settings, adaptation)
    told = np.flatnonzero(done & (sample > 0))
    return Trail(
        parcels.take(told),
        days[told],
        Estimates(*(columns[told, one] for one in range(6))),
        late[told],
        sample[told],
        as_of[told],
        origin[told],
        columns[told, 6:],
        fit_in_order(parcels, until, settings, adapted),
    )


def _levels(
    known: Ints,
    ends: Floats,
    day: float,
    columns: Ints,
    days: Ints,
    sample: Ints,
    settings: Settings,
    adaptation: Adaptation,
) -> Levels:
    """From the last finished predictions: those of the window's days, or at least so many."""
    told = known[sample[known] > 0]
    recent = int((ends[: known.size][sample[known] > 0] >= day - settings.window_days).sum())
    told = told[-max(recent, settings.window) :]
    _median, low_80, high_80, low, high, promise = columns[told, :6].T
    took = days[told]
    return adaptation.look(
        (low_80 <= took) & (took <= high_80), (low <= took) & (took <= high), took <= promise
    )
