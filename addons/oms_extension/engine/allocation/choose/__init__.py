"""Step 5: which place gives which units. The strategies, registered by the policy's mode."""

from __future__ import annotations

from . import exact, rules
from .base import TOLERANCE, Chosen, Clock, Limits, Strategy

STRATEGIES: dict[str, Strategy] = {"cost": exact.choose, "rules": rules.choose}

__all__ = ["STRATEGIES", "TOLERANCE", "Chosen", "Clock", "Limits", "Strategy"]
