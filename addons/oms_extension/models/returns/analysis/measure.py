"""Numbers of groups, out of the columns. Needs numpy."""

from dataclasses import fields
from datetime import date
from functools import cached_property
from typing import NamedTuple

from .dimensions import DIMENSIONS, GOODS
from .numeric import columns as engine
from .numeric import maturity as growth
from .numeric import np, rate

EPOCH = date(1970, 1, 1).toordinal()
WIDE = 8_000_000
FEW = 10
"""Returns in all below which no rate is told: nothing is known of how long they take."""
COSTS = ("freight", "handling", "write_down", "lost_margin", "fee")


def number(day):
    """Days since 1970."""
    return day.toordinal() - EPOCH


def dense(values):
    """(number per row, values by number) of whole numbers from 0 on, in ascending order."""
    if not values.size:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    width = int(values.max()) + 1
    if width > max(WIDE, 4 * values.size):
        keys, at = np.unique(values, return_inverse=True)
        return at.reshape(-1), keys
    present = np.zeros(width, dtype=np.bool_)
    present[values] = True
    keys = np.flatnonzero(present)
    place = np.cumsum(present) - 1
    return place[values], keys


def joined(parts):
    """The same of rows of several columns: keys are rows."""
    at, keys = dense(parts[0])
    keys = keys[:, None]
    for part in parts[1:]:
        other, values = dense(part)
        at, pairs = dense(at * max(values.size, 1) + other)
        size = max(values.size, 1)
        keys = np.concatenate([keys[pairs // size], values[pairs % size][:, None]], axis=1)
    return at, keys


def periods(days, kind):
    """Months (12 × year + month) or weeks (their Monday, days since 1970) of days."""
    if kind == "week":
        return days - (days + 3) % 7
    stamps = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return stamps + 1970 * 12 + 1


class Grown(NamedTuple):
    """What is known of how long returns take.

    :ivar known: units that came back.
    """

    maturity: object
    known: int

    def of(self, category, age):
        """Share of the returns to come that has come at this age."""
        return self.maturity.of(category, age)


class Figures:
    """Columns of a period with what holds for all questions about them.

    :ivar day: and ``units``, of delivered lines; :ivar line: of returns; others by name.
    :param held: dict name → array of :func:`packed.read`
    """

    def __init__(self, held, size, today):
        self.held = held
        self.size = size
        self.today = today
        self.day = held["day"].astype(np.int64)
        self.line = held["line"]
        self.safe = np.maximum(self.line, 0)
        # What came back before it was delivered came back the same day.
        r_day = held["r_day"].astype(np.int64)
        known = self.line >= 0
        r_day[known] = np.maximum(r_day[known], self.day[self.safe[known]])
        self.r_day = r_day

    def column(self, name):
        """Numbers of a dimension, of delivered lines or of returns."""
        dimension = DIMENSIONS[name]
        values = self.day if dimension.column == "day" else self.held[dimension.column]
        if dimension.time and dimension.column == "day":
            return periods(values, dimension.time)
        return values

    def exposed(self, grown):
        """Units × G(age) of delivered lines."""
        age = self.today - self.day
        return self.held["units"] * grown.of(self.kinds, age)

    @cached_property
    def known(self):
        """Units that came back, of all that are read."""
        return int(self.held["r_units"][self.line >= 0].sum())

    @cached_property
    def kinds(self):
        """Numbers of the categories as maturity counts them; −1 unknown."""
        category = self.held["category"].astype(np.int64)
        return np.where(category > 0, category, -1)

    def grown(self):
        """:class:`Grown` of these deliveries."""
        units = engine.Units(
            self.day, self.held["units"].astype(np.int64), {"category": self.kinds}
        )
        returns = self.returns()
        return Grown(growth.maturity(units, returns, self.today), self.known)

    def returns(self):
        """Returns with a delivery, as the engine reads them."""
        return engine.Returns(
            self.line,
            self.r_day,
            np.where(self.held["reason"] > 0, self.held["reason"].astype(np.int64), -1),
            self.held["r_units"].astype(np.int64),
            self.held["cost"].astype(np.float64),
        )

    def chosen(self, question):
        """(delivered lines, returns) that are asked about, as masks."""
        inside = np.ones(self.size, dtype=np.bool_)
        if question.first:
            inside &= self.day >= number(question.first)
        if question.last:
            inside &= self.day <= number(question.last)
        back = np.ones(self.line.size, dtype=np.bool_)
        for one in question.conditions:
            dimension = DIMENSIONS[one.name]
            if dimension.time:
                hit = self._moments(one, dimension)
            else:
                hit = np.isin(self.column(one.name), one.values)
            hit = hit if one.inside else ~hit
            if dimension.returned:
                back &= hit
            else:
                inside &= hit
        there = self.day <= self.today
        back &= (self.line >= 0) & (self.r_day <= self.today)
        if self.size:
            back &= (inside & there)[self.safe]
        return inside & there, back

    def _moments(self, condition, dimension):
        hit = np.zeros(self.size, dtype=np.bool_)
        for span in condition.values:
            first, last = span or (None, None)
            if not span:
                hit |= self.column(condition.name) == 0
            elif dimension.column == "day":
                hit |= (self.day >= number(first)) & (self.day <= number(last))
            else:
                hit |= self.held["cohort"] == first.year * 12 + first.month
        return hit


class Groups:
    """Sums of the groups of one question.

    :ivar keys: (groups, dimensions); counts and sums are arrays of one value per group
    """

    def __init__(self, figures, question, grown):
        inside, back = figures.chosen(question)
        rows, came = np.flatnonzero(inside), np.flatnonzero(back)
        owner = figures.line[came]
        names = question.groups
        if not names:
            at, self.keys = np.zeros(rows.size, dtype=np.int64), np.zeros((1, 0), dtype=np.int64)
            r_at, pair = np.zeros(came.size, dtype=np.int64), np.zeros(1, dtype=np.int64)
        else:
            at, r_at, pair = self._group(figures, names, rows, came, owner)
        self.size = len(self.keys)
        held, base = figures.held, max(int(at.max(initial=-1)) + 1, 1)

        def of_lines(weights):
            return np.bincount(at, weights=weights, minlength=base)[pair]

        def of_returns(weights):
            return np.bincount(r_at, weights=weights, minlength=self.size)

        units = held["units"][rows].astype(np.float64)
        age = figures.today - figures.day[rows]
        self.sold = of_lines(units)
        self.exposure = of_lines(units * grown.of(figures.kinds[rows], age))
        self.lines = of_lines(np.ones(rows.size))
        self.revenue = of_lines(held["revenue"][rows].astype(np.float64))
        self.margin = of_lines(held["margin"][rows].astype(np.float64))
        amount = held["r_units"][came].astype(np.float64)
        self.returned = of_returns(amount)
        self.rows = of_returns(np.ones(came.size))
        self.cost = of_returns(held["cost"][came].astype(np.float64))
        self.costs = {
            name: of_returns(held[name][came].astype(np.float64)) for name in COSTS if name in held
        }
        reason, self.reasons = dense(held["reason"][came])
        wide = max(self.reasons.size, 1)
        self.by_reason = np.bincount(
            r_at * wide + reason, weights=amount, minlength=self.size * wide
        ).reshape(self.size, wide)
        self.reason_cost = np.bincount(
            r_at * wide + reason, weights=held["cost"][came].astype(np.float64),
            minlength=self.size * wide,
        ).reshape(self.size, wide)  # fmt: skip
        self._rates(names, figures, rows, at, grown.known)

    def _group(self, figures, names, rows, came, owner):
        """Group per delivered line, per return, and of each group its delivered group."""
        of_lines = [name for name in names if not DIMENSIONS[name].returned]
        if of_lines:
            at, keys = joined([figures.column(name)[rows] for name in of_lines])
        else:
            at, keys = np.zeros(rows.size, dtype=np.int64), np.zeros((1, 0), dtype=np.int64)
        place = np.full(figures.size + 1, -1, dtype=np.int64)
        place[rows] = at
        line_at = place[owner]
        of_returns = [name for name in names if DIMENSIONS[name].returned]
        if not of_returns:
            self.keys = keys
            return at, line_at, np.arange(len(keys))
        r_at, both = joined([line_at, *(figures.column(name)[came] for name in of_returns)])
        pair = both[:, 0]
        columns = {
            **{name: keys[pair, spot] for spot, name in enumerate(of_lines)},
            **{name: both[:, 1 + spot] for spot, name in enumerate(of_returns)},
        }
        self.keys = np.stack([columns[name] for name in names], axis=1)
        return at, r_at, pair

    def _rates(self, names, figures, rows, at, known):
        """Rates with their interval; shrunk where the groups are goods."""
        with np.errstate(invalid="ignore", divide="ignore"):
            self.raw = self.returned / self.sold
            self.maturity = self.exposure / self.sold
            self.corrected = np.minimum(self.returned / self.exposure, 1.0)
        self.category = np.full(self.size, -1, dtype=np.int64)
        self.low, self.high = np.full(self.size, np.nan), np.full(self.size, np.nan)
        self.shrunk = None
        if len(names) == 1 and names[0] in GOODS and self.size > 0:
            self.category[at] = figures.kinds[rows]
            kind, _values = dense(np.where(self.category < 0, 0, self.category))
            self.shrunk = rate.shrink(self.returned, self.exposure, kind)
            self.rate, self.prior = self.shrunk.mean, self.shrunk.prior
        else:
            self.rate, self.prior = self.corrected, np.full(self.size, np.nan)
        self.young = ~(self.maturity >= growth.LOWEST)
        if known < FEW:
            self.young[:] = True
        self.rate = np.where(self.young, np.nan, self.rate)
        self.corrected = np.where(self.young, np.nan, self.corrected)

    def bound(self, spots):
        """Work out the intervals of these groups: of all that takes longer than the rest."""
        spots = np.asarray(spots, dtype=np.int64)
        if not spots.size:
            return
        if self.shrunk:
            part = rate.Shrunk(
                *(getattr(self.shrunk, one.name)[spots] for one in fields(self.shrunk))
            )
            low, high = part.interval()
        else:
            exposure = self.exposure[spots]
            low, high = rate.wilson(np.minimum(self.returned[spots], exposure), exposure)
        young = self.young[spots]
        self.low[spots] = np.where(young, np.nan, low)
        self.high[spots] = np.where(young, np.nan, high)
