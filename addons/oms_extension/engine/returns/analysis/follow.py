"""What becomes of a finding: is it over, and did the action help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from .columns import Returns, Units
from .expected import Ground, Window, ground, mask_of, sums, window
from .finding import Group
from .maturity import LOWEST, maturity
from .settings import Settings
from .tails import beta_quantile, negative_binomial_mid_p

NORMAL: Final = 0.05
"""The p above which a window shows nothing."""
PERIOD: Final = 28
"""Days of each of the two windows that must be normal."""


@dataclass(frozen=True, slots=True)
class Period:
    """Deliveries of a group in a stretch of time.

    :ivar state: ``normal``; ``raised``; ``unclear``: too few returns are expected to tell;
        ``none``: nothing was delivered.
    """

    start: int
    end: int
    delivered: float
    exposure: float
    observed: float
    expected: float
    p: float
    state: Literal["normal", "raised", "unclear", "none"]


@dataclass(frozen=True, slots=True)
class Course:
    """Of an open flag: the last two periods, the older first, and whether it may be closed."""

    periods: tuple[Period, Period]
    over: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """A group before and after a day on which something was done.

    :ivar rate_before: and ``rate_after``: corrected for maturity; NaN below 30 %.
    :ivar ratio: rate after ÷ before, for the same mix of products, with 95 % limits; NaN where
        nothing can be said.
    :ivar verdict: ``helped``: the upper limit is below 1; ``worse``: the lower one is above 1;
        else ``unclear``.
    """

    delivered_before: float
    delivered_after: float
    returned_before: float
    returned_after: float
    rate_before: float
    rate_after: float
    ratio: float
    ratio_low: float
    ratio_high: float
    verdict: Literal["helped", "worse", "unclear"]


def course(
    units: Units,
    returns: Returns,
    today: int,
    group: Group,
    reason: int = -1,
    since: int | None = None,
    raised: float = 3.0,
    settings: Settings | None = None,
) -> Course:
    """Whether the group is normal again: in both of the last two periods of deliveries that are
    mature enough to tell, or because nothing of it was delivered in them.

    :param since: first delivery day of the trouble (:attr:`Finding.since`), which must not be
        among what the usual rates are learned from.
    :param raised: ratio of the finding: where even that would give fewer than three returns, the
        period cannot tell.
    """
    settings = settings or Settings()
    came = returns.known(units, today)
    grown = maturity(units, came, today, settings.horizon)
    base = ground(units, came, today, grown, settings)
    # The youngest period ends where a unit shows half of what it will.
    all_kinds = grown.curves[-1]
    ripe = int(np.argmax(all_kinds >= 0.5))
    trouble = today - since + 1 if since is not None else 0
    seen = window(base, max(2 * PERIOD + ripe, trouble))
    found = []
    for late in (2, 1):
        end = today - ripe - (late - 1) * PERIOD
        found.append(_period(base, seen, group, reason, end - PERIOD, end, raised))
    first, second = found
    over = all(one.state in ("normal", "none") for one in found)
    return Course((first, second), over)


def _period(
    base: Ground,
    seen: Window | None,
    group: Group,
    reason: int,
    start: int,
    end: int,
    raised: float,
) -> Period:
    """Deliveries after ``start`` up to ``end``."""
    if seen is None:
        return Period(start, end, 0.0, 0.0, 0.0, 0.0, 1.0, "unclear")
    day = base.units.delivered[seen.rows]
    rows = mask_of(base.units, seen.rows, *group) & (day > start) & (day <= end)
    delivered = float(base.units.quantity[seen.rows[rows]].sum())
    exposure = float(seen.exposure[rows].sum())
    observed, _events, expected, variance = sums(base, seen, rows, reason + 1)
    if not delivered:
        return Period(start, end, 0.0, 0.0, observed, 0.0, 1.0, "none")
    p = float(negative_binomial_mid_p(observed, max(expected, 1e-9), max(variance, 1e-9)))
    state: Literal["normal", "raised", "unclear"] = "normal"
    if p <= NORMAL and observed >= base.settings.ratio * expected:
        state = "raised"
    elif expected * raised < base.settings.fewest:
        state = "unclear"
    return Period(start, end, delivered, exposure, observed, expected, p, state)


def effect(
    units: Units,
    returns: Returns,
    today: int,
    group: Group,
    action: int,
    reason: int = -1,
    days: int = 91,
    settings: Settings | None = None,
) -> Effect:
    """The group's deliveries of up to ``days`` before the day ``action`` against those since.

    Both are compared with what the same products should have given by today, so that another mix
    or age of the deliveries is no effect. The limits are those of the share of all returns that
    came after (a binomial, given their sum; Jeffreys' interval).
    """
    settings = settings or Settings()
    came = returns.known(units, today)
    grown = maturity(units, came, today, settings.horizon)
    base = ground(units, came, today, grown, settings)
    seen = window(base, max(today - action, 0) + days + 1)
    if seen is None:
        nan = float("nan")
        return Effect(0.0, 0.0, 0.0, 0.0, nan, nan, nan, nan, nan, "unclear")
    day = base.units.delivered[seen.rows]
    inside = mask_of(base.units, seen.rows, *group)
    figures = []
    for rows in (inside & (day < action), inside & (day >= action)):
        observed, _events, expected, _variance = sums(base, seen, rows, reason + 1)
        delivered = float(base.units.quantity[seen.rows[rows]].sum())
        exposure = float(seen.exposure[rows].sum())
        mature = exposure > 0 and exposure >= LOWEST * delivered
        figures.append(
            (delivered, observed, expected, observed / exposure if mature else float("nan"))
        )
    before, after = figures
    ratio, low, high = _ratio(before[1], before[2], after[1], after[2], base.clumping)
    verdict: Literal["helped", "worse", "unclear"] = "unclear"
    if high < 1:
        verdict = "helped"
    elif low > 1:
        verdict = "worse"
    return Effect(
        before[0], after[0], before[1], after[1], before[3], after[3], ratio, low, high, verdict
    )


def _ratio(
    before: float, expected_before: float, after: float, expected_after: float, clumping: float
) -> tuple[float, float, float]:
    """(after ÷ expected) ÷ (before ÷ expected), with 95 % limits."""
    if expected_before <= 0 or expected_after <= 0 or before + after <= 0:
        return float("nan"), float("nan"), float("nan")
    odds = expected_before / expected_after
    # Units that come back several at a time are worth fewer observations.
    one, two = after / clumping, before / clumping
    share = [float(beta_quantile(one + 0.5, two + 0.5, level)) for level in (0.025, 0.975)]
    ratio = after / before * odds if before > 0 else float("inf")
    low, high = (value / max(1 - value, 1e-12) * odds for value in share)
    return ratio, low, high
