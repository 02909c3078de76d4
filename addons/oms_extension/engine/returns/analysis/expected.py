"""How many returns every delivered line should have given by today.

Expected = units × its product's shrunk rate before the window × G(age), and of one reason times
that reason's share among the product's returns, shrunk towards its category's (Dirichlet).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .columns import Bools, Floats, Ints, Returns, Units, counts, size_of
from .maturity import Maturity
from .rate import Shrunk, shrink
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Doubt:
    """Relative variances of what is expected; column 0 is of all returns, 1 + r of reason r.

    What is wrong with a product is its own; what is wrong with a category's mean is wrong with all
    its products at once, as far as they lean on it.

    :ivar home: category of every product, the last number where unknown.
    :ivar own: (products, columns); ``common``: (categories, columns).
    :ivar lean: weight of the category in the product's estimate, (products, columns).
    """

    home: Ints
    own: Floats
    common: Floats
    lean: Floats

    def variance(self, owner: Ints, product: Ints, mean: Floats, column: int, size: int) -> Floats:
        """Of groups 0 … ``size`` − 1, from the expected ``mean`` of their parts by product."""
        own = counts(owner, mean * mean * self.own[product, column], size)
        kinds = self.common.shape[0]
        place = owner * kinds + self.home[product]
        leaning = counts(place, mean * self.lean[product, column], size * kinds)
        leaning = leaning.reshape(size, kinds)
        return np.asarray(own + leaning**2 @ self.common[:, column])


@dataclass(frozen=True, slots=True)
class Window:
    """The lines delivered in the last ``days``.

    Products are numbered by their code; the last number is that of an unknown product.

    :ivar rows: positions of the lines in :class:`Units`.
    :ivar product: number of the product, per row.
    :ivar exposure: units × G(age), per row.
    :ivar expected: returns expected by today, per row.
    :ivar shares: share of every reason among returns, (products, reasons).
    :ivar doubt: what is not known of a product's rate and its shares.
    :ivar came: positions of the returns of these lines in :class:`Returns`.
    :ivar at: for each of ``came``, the position of its line in ``rows``.
    """

    days: int
    rows: Ints
    product: Ints
    exposure: Floats
    expected: Floats
    shares: Floats
    doubt: Doubt
    came: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Ground:
    """What every window shares: columns prepared once per look.

    :ivar product: number of the product, per line; ``home``: category of every product.
    :ivar exposure: units × G(age today), per line.
    :ivar clumping: Σ q² ÷ Σ q over returned quantities q: 1 where units come back singly.
    """

    units: Units
    returns: Returns
    today: int
    settings: Settings
    product: Ints
    home: Ints
    exposure: Floats
    reasons: int
    clumping: float


def ground(
    units: Units, returns: Returns, today: int, grown: Maturity, settings: Settings
) -> Ground:
    """Prepare a look at ``today``. ``returns`` are known ones (:meth:`Returns.known`)."""
    code = units.code("product")
    products = size_of(code)
    product = np.where(code < 0, products, code)
    category = units.code("category")
    home = np.full(products + 1, -1, dtype=np.int64)
    home[product] = category
    home[products] = -1
    age = today - units.delivered
    exposure = units.quantity * grown.of(category, age)
    amount = returns.quantity.astype(np.float64)
    clumping = float((amount**2).sum() / amount.sum()) if amount.sum() > 0 else 1.0
    reasons = size_of(returns.reason)
    return Ground(
        units, returns, today, settings, product, home, exposure, reasons, max(clumping, 1.0)
    )


def window(base: Ground, days: int) -> Window | None:
    """The last ``days``; None where nothing was delivered, or too little before to learn from."""
    delivered, settings = base.units.delivered, base.settings
    start = base.today - days
    inside = (delivered > start) & (delivered <= base.today)
    before = (delivered > start - settings.baseline) & (delivered <= start)
    products = base.home.size
    came_before = before[base.returns.line]
    amount = base.returns.quantity
    if not inside.any() or amount[came_before].sum() < settings.least_baseline:
        return None
    learned = base.product[base.returns.line][came_before]
    shrunk = shrink(
        counts(learned, amount[came_before], products),
        counts(base.product[before], base.exposure[before], products),
        base.home,
    )
    mix = reason_shares(
        learned, base.returns.reason[came_before], amount[came_before], base.home, base.reasons,
        settings.share_strength,
    )  # fmt: skip
    rows = np.flatnonzero(inside)
    position = np.full(len(base.units), -1, dtype=np.int64)
    position[rows] = np.arange(rows.size)
    at = position[base.returns.line]
    came = np.flatnonzero(at >= 0)
    product, exposure = base.product[rows], base.exposure[rows]
    expected = exposure * shrunk.mean[product]
    worth = 1 / settings.season**2 if settings.season else np.inf
    if np.isfinite(worth):
        expected *= (float(amount[came].sum()) + worth) / (float(expected.sum()) + worth)
    return Window(
        days, rows, product, exposure, expected, mix.shares,
        _doubt(base.home, shrunk, mix), came, at[came],
    )  # fmt: skip


def _doubt(home: Ints, shrunk: Shrunk, mix: Mix) -> Doubt:
    """Of rates, and of rates times shares."""
    kind, kinds = _kinds(home)
    rate = shrunk.relative_variance[:, None]
    own = np.hstack([rate, rate + mix.own])
    of_rate = np.zeros((kinds, 1))
    of_rate[kind, 0] = shrunk.prior_doubt
    common = np.hstack([of_rate, mix.common])
    exposure = shrunk.a + shrunk.b
    lean = np.repeat(mix.lean[:, None], common.shape[1], axis=1)
    lean[:, 0] = shrunk.strength / exposure
    return Doubt(kind, own, common, lean)


def _kinds(home: Ints) -> tuple[Ints, int]:
    """Category of every product with a number for the unknown one, and how many there are."""
    kinds = size_of(home) + 1
    return np.where(home < 0, kinds - 1, home), kinds


class Mix(NamedTuple):
    """:ivar shares: of every reason by product, (products, reasons); ``own``: their relative
        variances.
    :ivar common: relative variances of the categories' shares; ``lean``: weight of the category,
        per product.
    """

    shares: Floats
    own: Floats
    common: Floats
    lean: Floats


def reason_shares(
    product: Ints, reason: Ints, amount: Ints, home: Ints, reasons: int, strength: float
) -> Mix:
    """Share of every reason by product.

    Categories are shrunk towards all by ``strength`` returns; products towards their category by a
    strength estimated by moments (Dirichlet-multinomial), so that products with reasons of their
    own keep them. What has no reason counts in the whole: shares may sum to less than 1.
    """
    products = home.size
    known = reason >= 0
    table = counts(
        product[known] * max(reasons, 1) + reason[known], amount[known], products * max(reasons, 1)
    ).reshape(products, max(reasons, 1))[:, :reasons]
    total = counts(product, amount, products)
    overall = (table.sum(axis=0) + 1e-3) / max(float(total.sum()) + 1e-3 * reasons, 1e-9)
    kind, kinds = _kinds(home)
    by_kind = np.zeros((kinds, reasons))
    np.add.at(by_kind, kind, table)
    kind_total = counts(kind, total, kinds)
    by_kind = (by_kind + strength * overall) / (kind_total + strength)[:, None]
    middle = by_kind[kind]
    pull = _concentration(table, total, middle, strength)
    shares = (table + pull * middle) / (total + pull)[:, None]
    own = (1 - shares) / shares / (total + pull + 1)[:, None]
    common = (1 - by_kind) / by_kind / (kind_total + strength + 1)[:, None]
    return Mix(shares, np.maximum(own, 0.0), np.maximum(common, 0.0), pull / (total + pull))


def _concentration(table: Floats, total: Floats, middle: Floats, least: float) -> float:
    """How many returns of its category a product's mix of reasons is worth."""
    scatter = float(((table - total[:, None] * middle) ** 2).sum())
    chance = middle * (1 - middle)
    single = float((total[:, None] * chance).sum())
    double = float(((total * np.maximum(total - 1, 0.0))[:, None] * chance).sum())
    correlation = (scatter - single) / double if double > 0 else 0.0
    return float(min(max(1 / max(correlation, 1e-9) - 1, least), 1000.0))


def row_expected(seen: Window, column: int) -> Floats:
    """Expected returns per row, of all reasons (0) or of reason ``column`` − 1."""
    if column == 0:
        return seen.expected
    return np.asarray(seen.expected * seen.shares[seen.product, column - 1])


class Sums(NamedTuple):
    """Of some rows: units that came back, return rows that say so, and what was expected."""

    observed: float
    events: int
    expected: float
    variance: float


def sums(base: Ground, seen: Window, rows: Bools, column: int) -> Sums:
    """Observed and expected returns of these rows of the window, see :func:`row_expected`."""
    mean = row_expected(seen, column)[rows]
    expected = float(mean.sum())
    product = seen.product[rows]
    by_product = counts(product, mean, base.home.size)
    present = np.flatnonzero(by_product)
    doubt = seen.doubt.variance(
        np.zeros(present.size, dtype=np.int64), present, by_product[present], column, 1
    )
    drift = base.settings.reason_drift if column else base.settings.drift
    inside = rows[seen.at]
    if column:
        inside = inside & (base.returns.reason[seen.came] == column - 1)
    amount = base.returns.quantity[seen.came][inside]
    variance = base.clumping * expected + float(doubt[0]) + (drift * expected) ** 2
    return Sums(float(amount.sum()), int(amount.size), expected, variance)


def mask_of(
    units: Units, rows: Ints, dimensions: tuple[str, ...], values: tuple[int, ...]
) -> Bools:
    """Which of these rows belong to the group."""
    inside = np.ones(rows.size, dtype=np.bool_)
    for name, value in zip(dimensions, values, strict=True):
        inside &= units.code(name)[rows] == value
    return inside
