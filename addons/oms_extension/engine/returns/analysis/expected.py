"""How many returns every delivered line should have given by today.

Expected = units × its product's shrunk rate before the window × G(age), and of one reason times
that reason's share among the product's returns, shrunk towards its category's (Dirichlet).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import Bools, Floats, Ints, Returns, Units, counts, size_of
from .maturity import Maturity
from .rate import shrink
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Window:
    """The lines delivered in the last ``days``.

    Products are numbered by their code; the last number is that of an unknown product.

    :ivar rows: positions of the lines in :class:`Units`.
    :ivar product: number of the product, per row.
    :ivar exposure: units × G(age), per row.
    :ivar expected: returns expected by today, per row.
    :ivar doubt: relative variance of the rate, per product.
    :ivar shares: share of every reason among returns, (products, reasons), with the relative
        variance ``share_doubt``.
    :ivar came: positions of the returns of these lines in :class:`Returns`.
    :ivar at: for each of ``came``, the position of its line in ``rows``.
    """

    days: int
    rows: Ints
    product: Ints
    exposure: Floats
    expected: Floats
    doubt: Floats
    shares: Floats
    share_doubt: Floats
    came: Ints
    at: Ints

    def relative_variance(self, column: int) -> Floats:
        """Of what is expected of every product, of all reasons (0) or of ``column`` − 1."""
        if column == 0:
            return self.doubt
        return np.asarray(self.doubt + self.share_doubt[:, column - 1])


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
    shares, share_doubt = reason_shares(
        learned, base.returns.reason[came_before], amount[came_before], base.home, base.reasons,
        settings.share_strength,
    )  # fmt: skip
    rows = np.flatnonzero(inside)
    position = np.full(len(base.units), -1, dtype=np.int64)
    position[rows] = np.arange(rows.size)
    at = position[base.returns.line]
    came = np.flatnonzero(at >= 0)
    product, exposure = base.product[rows], base.exposure[rows]
    return Window(
        days, rows, product, exposure, exposure * shrunk.mean[product], shrunk.relative_variance,
        shares, share_doubt, came, at[came],
    )  # fmt: skip


def reason_shares(
    product: Ints, reason: Ints, amount: Ints, home: Ints, reasons: int, strength: float
) -> tuple[Floats, Floats]:
    """Share of every reason by product and its relative variance, (products, reasons) each.

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
    kinds = size_of(home) + 1
    kind = np.where(home < 0, kinds - 1, home)
    by_kind = np.zeros((kinds, reasons))
    np.add.at(by_kind, kind, table)
    kind_total = counts(kind, total, kinds)
    middle = ((by_kind + strength * overall) / (kind_total + strength)[:, None])[kind]
    pull = _concentration(table, total, middle, strength)
    shares = (table + pull * middle) / (total + pull)[:, None]
    doubt = (1 - shares) / shares / (total + pull + 1)[:, None]
    return np.asarray(shares), np.asarray(np.maximum(doubt, 0.0))


def _concentration(table: Floats, total: Floats, middle: Floats, least: float) -> float:
    """How many returns of its category a product's mix of reasons is worth."""
    scatter = float(((table - total[:, None] * middle) ** 2).sum())
    chance = middle * (1 - middle)
    single = float((total[:, None] * chance).sum())
    double = float(((total * np.maximum(total - 1, 0.0))[:, None] * chance).sum())
    correlation = (scatter - single) / double if double > 0 else 0.0
    return float(min(max(1 / max(correlation, 1e-9) - 1, least), 1000.0))


def mask_of(
    units: Units, rows: Ints, dimensions: tuple[str, ...], values: tuple[int, ...]
) -> Bools:
    """Which of these rows belong to the group."""
    inside = np.ones(rows.size, dtype=np.bool_)
    for name, value in zip(dimensions, values, strict=True):
        inside &= units.code(name)[rows] == value
    return inside
