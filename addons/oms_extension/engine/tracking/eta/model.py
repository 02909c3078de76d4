"""The model of one stage: fitted as of a day, asked about any number of parcels at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from .level import Levels
from .location import Fitting, Location
from .pace import Pace, learn_pace
from .parcels import Floats, Ints, Parcels
from .spread import Spread, learn_spread
from .week import Week


@dataclass(frozen=True, slots=True)
class Settings:
    """What the method leaves open; the defaults are those measured in ``docs/eta.md``.

    :ivar shrink: parcels that weigh an effect down to zero; ``passes`` over the effects.
    :ivar half_life: days after which a delivery counts half; by its delivery, not its order:
        the orders of last week that are delivered already are the fast ones.
    :ivar bands: bands of distance, and what shrinks their quantiles to those of all.
    :ivar minimum: deliveries below which there is no model.
    :ivar pace_days: days that the pace is taken from; ``pace_shrink`` deliveries weigh it down.
    :ivar step: part of a gap in coverage that is made up for at each refit; ``memory`` is the part
        of it that is kept, week by week, to widen the ranges for good.
    :ivar window: finished predictions that are judged, and days whose predictions are at least.
    """

    shrink: float = 30.0
    passes: int = 2
    half_life: float = 90.0
    folds: int = 5
    bands: int = 5
    band_shrink: float = 100.0
    minimum: int = 50
    pace_days: int = 14
    pace_shrink: float = 30.0
    step: float = 0.25
    memory: float = 0.03
    window: int = 300
    window_days: int = 56


FORGOTTEN = 0.5**10
"""Deliveries with less weight than this are left out: the result is the same, only sooner."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Whole calendar days from each start's day, each column (n,): low <= median <= high.

    ``low`` and ``high`` are the ends of the 90 % range, ``low_80`` and ``high_80`` of the 80 % one;
    ``promise`` is the day by which all but 6.5 % arrive.
    """

    median: Ints
    low_80: Ints
    high_80: Ints
    low: Ints
    high: Ints
    promise: Ints

    def take(self, rows: Ints) -> Estimates:
        """The estimates at these positions."""
        return Estimates(
            self.median[rows],
            self.low_80[rows],
            self.high_80[rows],
            self.low[rows],
            self.high[rows],
            self.promise[rows],
        )


@dataclass(frozen=True, slots=True)
class Model:
    """What one stage's deliveries say. See the steps in the package's docstring.

    :ivar as_of: day (since 1970-01-01) before whose deliveries it was learned.
    :ivar sample: deliveries that it was learned from.
    """

    as_of: float
    sample: int
    week: Week
    location: Location
    spread: Spread
    pace: Pace = field(default_factory=Pace)
    levels: Levels = field(default_factory=Levels)

    def middle(self, parcels: Parcels) -> Floats:
        """Location and pace of each parcel: log(days of delivery + 1) before the residual."""
        result: Floats = self.location.at(parcels) + self.pace.at(parcels)
        return result

    def predict(self, parcels: Parcels, age: Floats | None = None) -> Estimates:
        """Median, ranges and promise of parcels that are still under way.

        :param age: (n,) whole days since each start's day, of parcels not delivered before today.
            The distribution is cut there: what has not arrived arrives from today on.
        """
        parcels = parcels.with_weekday()
        days = self.quantiles(parcels, np.array(self.levels.points), age)
        return Estimates(*(days[:, column] for column in range(days.shape[1])))

    def quantiles(self, parcels: Parcels, levels: Floats, age: Floats | None = None) -> Ints:
        """(n, m) whole calendar days by which each parcel arrives with each probability."""
        parcels = parcels.with_weekday()
        start = np.floor(parcels.start)
        middle, band = self.middle(parcels), self.spread.band(parcels.km)
        least = self._least(start, age)
        entered = self._log_survival(band, least, middle)
        logs = self.spread.residual(band, entered[:, None] + np.log1p(-levels)[None, :])
        count = np.rint(np.expm1(middle[:, None] + logs)).astype(np.int64)
        count = np.maximum(count, least[:, None])
        result: Ints = self.week.calendar(np.broadcast_to(start[:, None], count.shape), count)
        return result

    def late(self, parcels: Parcels, age: Floats | None = None) -> Floats:
        """P(delivered after its ``due`` day) of each parcel; NaN where none is set.

        Offer it only where a back-test shows skill: see :func:`backtest.walk`.
        """
        parcels = parcels.with_weekday()
        start = np.floor(parcels.start)
        middle, band = self.middle(parcels), self.spread.band(parcels.km)
        least = self._least(start, age)
        until = np.where(np.isnan(parcels.due), 0.0, np.floor(parcels.due) - start)
        due = self.week.count(start, until)
        beyond = self._log_survival(band, due + 1, middle)
        chance = np.exp(np.minimum(beyond - self._log_survival(band, least, middle), 0.0))
        today = 0.0 if age is None else age
        chance = np.where(until < today, 1.0, chance)
        result: Floats = np.where(np.isnan(parcels.due), np.nan, chance)
        return result

    def similar(self, parcels: Parcels) -> Ints:
        """How many deliveries each parcel's range was learned from: those of its distance."""
        result: Ints = self.spread.rows[self.spread.band(parcels.km)]
        return result

    def _least(self, start: Floats, age: Floats | None) -> Ints:
        """Days of delivery until the first that is not over, at this age."""
        if age is None:
            return np.zeros(start.size, dtype=np.int64)
        whole = np.floor(age)
        result: Ints = np.where(whole >= 1, self.week.count(start, whole - 1) + 1, 0)
        return result

    def _log_survival(self, band: Ints, least: Ints, middle: Floats) -> Floats:
        """log P(at least so many days of delivery), before any is over."""
        from_here = np.where(least > 0, np.log1p(np.maximum(least, 1) - 0.5) - middle, -np.inf)
        return self.spread.log_survival(band, from_here)


def fit(
    parcels: Parcels,
    as_of: float,
    settings: Settings | None = None,
    levels: Levels | None = None,
) -> Model | None:
    """The model that was to be had on the morning of day ``as_of``; None below the minimum.

    Parcels that were not delivered by then serve the pace alone. Those delivered before their stage
    began are left out. The order of the rows does not matter.
    """
    with np.errstate(invalid="ignore"):
        known = np.where(parcels.end < as_of, parcels.end, np.nan)
    parcels = replace(parcels, end=known).with_weekday()
    return fit_in_order(parcels.take(parcels.order()), as_of, settings, levels)


def fit_in_order(
    parcels: Parcels,
    as_of: float,
    settings: Settings | None = None,
    levels: Levels | None = None,
) -> Model | None:
    """:func:`fit` for parcels that have their weekday and are in order already."""
    settings = settings or Settings()
    done = np.flatnonzero(parcels.delivered_before(as_of))
    if done.size < settings.minimum:
        return None
    weights = 0.5 ** ((as_of - parcels.end[done]) / settings.half_life)
    if (weights > FORGOTTEN).sum() >= settings.minimum:
        done, weights = done[weights > FORGOTTEN], weights[weights > FORGOTTEN]
    rows = parcels.take(done)
    start, end = np.floor(rows.start), np.floor(rows.end)
    week = Week.learn(end, weights)
    logs = np.log1p(week.count(start, end - start))
    fitting = Fitting(rows, logs)
    location = fitting.fit(weights, settings.shrink, settings.passes)
    residuals = _out_of_fold(fitting, weights, settings)
    spread = learn_spread(residuals, rows.km, weights, settings.bands, settings.band_shrink)
    pace = learn_pace(
        *(parcels, as_of, location, spread, week),
        days=settings.pace_days,
        shrink=settings.pace_shrink,
        half_life=settings.half_life,
    )
    model = Model(float(as_of), int(done.size), week, location, spread, pace)
    return replace(model, levels=levels) if levels else model


def _out_of_fold(fitting: Fitting, weights: Floats, settings: Settings) -> Floats:
    """What each row leaves of a location that was fitted without it."""
    fold = np.arange(weights.size) % settings.folds
    residuals = np.zeros(weights.size)
    for one in range(settings.folds):
        out = fold == one
        location = fitting.fit(np.where(out, 0.0, weights), settings.shrink, settings.passes)
        residuals[out] = fitting.residuals(location)[out]
    return residuals
