"""Which of many looks are no chance.

The false discovery rate (Benjamini & Hochberg, JRSS B 57, 1995) bounds the share of false ones
among what is flagged in one look. Weekly looks add up: q = .01 per look holds about .2 over half a
year, where a nominal .05 becomes .35 to .6.
"""

from __future__ import annotations

import numpy as np

from .columns import Floats


def q_values(p: Floats, tests: int | None = None) -> Floats:
    """The least false discovery rate at which each is found.

    :param tests: looks taken; those beyond ``p.size`` have p = 1.
    """
    tests = p.size if tests is None else max(tests, p.size)
    order = np.argsort(p, kind="stable")
    ranked = p[order] * tests / np.arange(1, p.size + 1)
    result = np.empty_like(p)
    result[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return result


def limit(p: Floats, q: float, tests: int | None = None) -> float:
    """The greatest p that is found at ``q``; 0 where none is."""
    found = p[q_values(p, tests) <= q]
    return float(found.max()) if found.size else 0.0
