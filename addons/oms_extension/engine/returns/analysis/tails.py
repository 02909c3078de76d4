"""Tails and quantiles of the beta, binomial and negative binomial distributions, on arrays.

All follow from the regularised incomplete beta function by its continued fraction (Press et al.,
Numerical Recipes, 3rd ed., §6.4; Lentz's method) and Stirling's series for log Γ. Relative error
about 1e-10, also in tails of 1e-30.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

_LARGE: Final = 10.0
_TINY: Final = 1e-300
_STEPS: Final = 5000


def log_gamma(x: Numbers) -> Floats:
    """Log Γ(x) of positive ``x``."""
    value = np.asarray(x, dtype=np.float64)
    small = value < _LARGE
    near = np.where(small, value, 1.0)
    product = np.ones_like(near)
    for step in range(int(_LARGE)):
        product = product * (near + step)
    z = np.where(small, value + _LARGE, value)
    square = 1.0 / (z * z)
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / z
    result = (z - 0.5) * np.log(z) - z + 0.5 * np.log(2 * np.pi) + series
    return np.asarray(np.where(small, result - np.log(product), result))


def _together(one: Numbers, two: Numbers, three: Numbers) -> tuple[Floats, Floats, Floats]:
    """As arrays of one shape."""
    first, second, third = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (one, two, three))
    )
    return first, second, third


def beta_cdf(a: Numbers, b: Numbers, x: Numbers) -> Floats:
    """I_x(a, b), the chance that a beta(a, b) variable is at most ``x``."""
    a, b, x = _together(a, b, x)
    shape = x.shape
    left, right, where = a.ravel(), b.ravel(), np.clip(x.ravel(), 0.0, 1.0)
    swapped = where > (left + 1) / (left + right + 2)
    first, second = np.where(swapped, right, left), np.where(swapped, left, right)
    point = np.where(swapped, 1 - where, where)
    inside = point > 0
    safe = np.where(inside, point, 0.5)
    front = (
        log_gamma(left + right) - log_gamma(left) - log_gamma(right)
        + first * np.log(safe) + second * np.log1p(-safe)
    )  # fmt: skip
    part = np.exp(front) * _fraction(first, second, safe) / first
    part = np.where(inside, part, 0.0)
    return np.asarray(np.where(swapped, 1 - part, part).reshape(shape))


def _fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """The continued fraction of the incomplete beta function; rows that are done leave the loop."""
    result = np.ones_like(x)
    if not x.size:
        return result
    rows: npt.NDArray[np.int64] = np.arange(x.size, dtype=np.int64)
    c = np.ones_like(x)
    d = _inverse(1 - (a + b) * x / (a + 1))
    h = d.copy()
    for step in range(1, _STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d, c = _inverse(1 + even * d), _away(1 + even / c)
        h = h * d * c
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d, c = _inverse(1 + odd * d), _away(1 + odd / c)
        change = d * c
        h = h * change
        done = np.abs(change - 1) < 1e-13
        if done.any():
            result[rows[done]] = h[done]
            left = ~done
            rows = rows[left]
            a, b, x, c, d, h = (one[left] for one in (a, b, x, c, d, h))
            if not rows.size:
                return result
    result[rows] = h
    return result


def _away(value: Floats) -> Floats:
    return np.where(np.abs(value) < _TINY, _TINY, value)


def _inverse(value: Floats) -> Floats:
    return np.asarray(1 / _away(value))


def beta_quantile(a: Numbers, b: Numbers, level: Numbers) -> Floats:
    """The x with I_x(a, b) = ``level``: Newton's steps, kept inside a bracket that only shrinks."""
    a, b, level = _together(a, b, level)
    low, high = np.zeros(a.shape), np.ones(a.shape)
    x = np.clip(a / (a + b), 1e-12, 1 - 1e-12)
    scale = log_gamma(a + b) - log_gamma(a) - log_gamma(b)
    for _step in range(100):
        gap = beta_cdf(a, b, x) - level
        low, high = np.where(gap < 0, x, low), np.where(gap < 0, high, x)
        density = np.exp(scale + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x))
        step = x - gap / np.maximum(density, _TINY)
        inside = (step > low) & (step < high)
        after = np.clip(np.where(inside, step, (low + high) / 2), 1e-300, 1 - 1e-16)
        if float(np.max(np.abs(after - x), initial=0.0)) < 1e-12:
            return np.asarray(after)
        x = after
    return np.asarray(x)


def binomial_mid_p(hits: Numbers, count: Numbers, share: Numbers) -> Floats:
    """P(X > hits) + ½ P(X = hits) of X ~ binomial(count, share); counts may be fractional."""
    hits, count, share = _together(hits, count, share)
    above = _upper(hits + 1, count - hits, share)
    at_least = _upper(hits, count - hits + 1, share)
    return np.asarray((above + at_least) / 2)


def negative_binomial_mid_p(observed: Numbers, mean: Numbers, variance: Numbers) -> Floats:
    """P(X > observed) + ½ P(X = observed) of a count with this mean and variance.

    Where the variance is not above the mean the limit of a Poisson count is used.
    """
    observed, mean, variance = _together(observed, mean, variance)
    above = negative_binomial_above(observed, mean, variance)
    return np.asarray((above + negative_binomial_above(observed - 1, mean, variance)) / 2)


def negative_binomial_above(count: Numbers, mean: Numbers, variance: Numbers) -> Floats:
    """P(X > count)."""
    count, mean, variance = _together(count, mean, variance)
    spread = np.maximum(variance - mean, mean * mean * 1e-7)
    size = np.maximum(mean * mean / np.maximum(spread, _TINY), _TINY)
    return _upper(count + 1, size, mean / (mean + size))


def _upper(a: Floats, b: Floats, x: Floats) -> Floats:
    """I_x(a, b) where a = 0 is certain and b = 0 impossible."""
    value = beta_cdf(np.maximum(a, _TINY), np.maximum(b, _TINY), x)
    return np.asarray(np.where(a <= 0, 1.0, np.where(b <= 0, 0.0, value)))
