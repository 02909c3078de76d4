"""Allocation: which warehouse ships which quantity of which line, by which service, and when."""

from .batch import Outcome, Progress, decide_batch
from .decide import decide, evaluate
from .plan import (
    Alternative,
    Candidate,
    Card,
    CostBreakdown,
    Decision,
    Parcel,
    Plan,
    Reason,
    Shortage,
    Verdict,
)
from .snapshot import Destination, Lane, Line, Policy, Snapshot, Supply, Warehouse

__all__ = [
    "Alternative",
    "Candidate",
    "Card",
    "CostBreakdown",
    "Decision",
    "Destination",
    "Lane",
    "Line",
    "Outcome",
    "Parcel",
    "Plan",
    "Policy",
    "Progress",
    "Reason",
    "Shortage",
    "Snapshot",
    "Supply",
    "Verdict",
    "Warehouse",
    "decide",
    "decide_batch",
    "evaluate",
]
