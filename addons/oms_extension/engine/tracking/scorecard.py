"""What a carrier's numbers are worth: intervals, and what may be said of small samples.

Every number of the scorecard is an estimate from so many parcels. The intervals here say how far it
can be trusted (95 % unless said otherwise):

- shares: Wilson's score interval (E. B. Wilson, JASA 22, 1927), good down to small samples and
  shares near 0 or 1 (Brown, Cai & DasGupta, Statistical Science 16, 2001)
- quantiles: from order statistics, whose ranks are binomial; no distribution is assumed (David &
  Nagaraja, Order Statistics, 3rd ed., §7.1)
- means: Student's t

A database gives a quantile of each of :data:`FRACTIONS` in one pass over a sorted group; among them
are the ends of the interval for any size of sample, rounded outwards. :func:`picks` says which.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, floor, isfinite, lgamma, log, pi, sqrt, tan
from statistics import NormalDist
from typing import Final, Literal, NamedTuple

FEW: Final = 30
"""A sample with fewer parcels is shown as small, and judged by nobody."""
CONFIDENCE: Final = 0.95
TOO_EARLY: Final = 0.1
"""Where a larger share of the parcels is still on its way, times are those of the fast ones."""
QUANTILES: Final = (0.5, 0.9)
_EXACT: Final = 200
"""Up to so many parcels ranks are counted, above they are computed."""

Judgement = Literal["better", "worse", "same", "few"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its interval; None where there is nothing to tell it from.

    :ivar count: parcels behind it.
    """

    value: float | None
    low: float | None
    high: float | None
    count: int


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """How many standard errors to either side hold the true value with this confidence."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(hits: int, count: int, confidence: float = CONFIDENCE) -> Estimate:
    """The share of ``hits`` in ``count``.

    >>> one = wilson(45, 50)
    >>> one.value, round(one.low, 3), round(one.high, 3)
    (0.9, 0.786, 0.957)
    """
    if count <= 0:
        return Estimate(None, None, None, 0)
    z = normal_quantile(confidence)
    share = hits / count
    middle = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    # At the ends rounding would leave a crumb beyond the possible.
    low = 0.0 if hits == 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if hits == count else min(1.0, (middle + spread) / scale)
    return Estimate(share, low, high, count)


def mean(total: float, squares: float, count: int, confidence: float = CONFIDENCE) -> Estimate:
    """The mean of ``count`` values with this sum and sum of squares."""
    if count <= 0:
        return Estimate(None, None, None, 0)
    middle = total / count
    if count == 1:
        return Estimate(middle, None, None, 1)
    variance = max(0.0, (squares - count * middle * middle) / (count - 1))
    spread = student(count - 1, confidence) * sqrt(variance / count)
    return Estimate(middle, middle - spread, middle + spread, count)


@lru_cache(maxsize=4096)
def student(freedom: int, confidence: float = CONFIDENCE) -> float:
    """Quantile of Student's t, by Hill's expansion (G. W. Hill, CACM 13, algorithm 396, 1970).

    Within 1 % of the truth.
    """
    z = normal_quantile(confidence)
    if freedom == 1:
        return tan(pi * confidence / 2)
    if freedom == 2:
        share = 1 - confidence
        return sqrt(2 / (share * (2 - share)) - 2)
    parts: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    result = z
    scale = 1.0
    for part in parts:
        scale *= freedom
        result += part / scale
    return result


@lru_cache(maxsize=8192)
def ranks(count: int, quantile: float, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Ranks (1 is the least) of the values between which the true quantile lies.

    The interval from the lower to the upper one holds it with at least this confidence. Rank 0 or
    ``count`` + 1: so few values leave that end open.

    >>> ranks(30, 0.5)
    (10, 21)
    >>> ranks(10, 0.9)
    (7, 11)
    """
    tail = (1 - confidence) / 2
    if count > _EXACT:
        spread = normal_quantile(confidence) * sqrt(count * quantile * (1 - quantile))
        middle = count * quantile
        return max(0, floor(middle - spread)), min(count + 1, ceil(middle + spread) + 1)
    lower = 0
    below = 0.0
    # The quantile lies below the value of rank r with the chance that fewer than r values do.
    for rank in range(1, count + 1):
        below += _binomial(rank - 1, count, quantile)
        if below > tail:
            break
        lower = rank
    upper = count + 1
    above = 0.0
    for rank in range(count, 0, -1):
        above += _binomial(rank, count, quantile)
        if above > tail:
            break
        upper = rank
    return lower, upper


def _binomial(hits: int, count: int, share: float) -> float:
    """The chance of exactly ``hits`` in ``count``."""
    return exp(
        lgamma(count + 1)
        - lgamma(hits + 1)
        - lgamma(count - hits + 1)
        + hits * log(share)
        + (count - hits) * log(1 - share)
    )


def _fractions() -> tuple[float, ...]:
    """0 and 1, the quantiles, and the ends of their intervals for samples 1.25 times as large each
    time, from the smallest that has them to ten million.
    """
    known = {0.0, 1.0, *QUANTILES}
    z = normal_quantile()
    for quantile in QUANTILES:
        count = 6.0
        while count < 1e7:
            spread = z * sqrt(quantile * (1 - quantile) / count) + 1 / count
            known |= {
                round(end, 6) for end in (quantile - spread, quantile + spread) if 0 < end < 1
            }
            count *= 1.25
    return tuple(sorted(known))


FRACTIONS: Final = _fractions()
"""Which quantiles to ask a database for (``percentile_cont``), ascending."""


class Picks(NamedTuple):
    """Where in :data:`FRACTIONS` the ends of a quantile's interval are, by the size of a sample.

    Positions begin with 1, as in PostgreSQL; 0 is an open end.

    :ivar counts: sizes, ascending; a row holds for those up to the next one.
    """

    counts: list[int]
    lows: list[int]
    value: int
    highs: list[int]


@lru_cache(maxsize=8)
def picks(share: float) -> Picks:
    """The positions for the quantile ``share``, one of :data:`QUANTILES`."""
    counts = list(range(1, _EXACT + 1))
    count = float(_EXACT)
    while count < 1e7:
        count *= 1.1
        counts.append(round(count))
    # Within a row the smallest size has the widest interval, but for the rounding of ranks.
    ends = [_positions(count, share, int(count >= _EXACT)) for count in counts]
    value = bisect_left(FRACTIONS, share) + 1
    return Picks(counts, [low for low, _high in ends], value, [high for _low, high in ends])


def _positions(count: int, share: float, margin: int) -> tuple[int, int]:
    lower, upper = ranks(count, share)
    scale = max(1, count - 1)
    low = high = 0
    if lower - margin >= 1:
        low = bisect_right(FRACTIONS, (lower - margin - 1) / scale + 1e-12)
    if upper + margin <= count:
        high = bisect_left(FRACTIONS, (upper + margin - 1) / scale - 1e-12) + 1
    return low, high


def judge(
    hits: int, count: int, other_hits: int, other_count: int, more_is_better: bool
) -> Judgement:
    """Whether a share differs from that of all others by more than chance.

    Only where its whole interval lies on one side of theirs.
    """
    if count < FEW or other_count < FEW:
        return "few" if count < FEW else "same"
    own, others = wilson(hits, count), wilson(other_hits, other_count)
    if own.low is None or own.high is None or others.low is None or others.high is None:
        return "few"
    if own.low > others.high:
        return "better" if more_is_better else "worse"
    if own.high < others.low:
        return "worse" if more_is_better else "better"
    return "same"


def plain(estimate: Estimate, digits: int = 4) -> dict[str, float | int | bool]:
    """As JSON: ``value``, ``low``, ``high`` (false where open: XML-RPC has no null), ``count``,
    and ``few``.
    """

    def rounded(value: float | None) -> float | bool:
        return round(value, digits) if value is not None and isfinite(value) else False

    return {
        "value": rounded(estimate.value),
        "low": rounded(estimate.low),
        "high": rounded(estimate.high),
        "count": estimate.count,
        "few": estimate.count < FEW,
    }
