"""From when on a parcel's days are counted, and what is said where nothing was learned."""

from __future__ import annotations

from typing import Final

from ..vocabulary import STATES

ORDER, HANDOVER = "order", "handover"
EVENTS: Final = (
    "customs",
    "delayed",
    "on_hold",
    "out_for_delivery",
    "attempt_failed",
    "ready_for_pickup",
    "exception",
    "damaged",
)
"""States that change what is to be expected: each is a stage of its own, from the day it began."""
STAGES: Final = (ORDER, HANDOVER, *EVENTS)

USUAL: Final = {"out_for_delivery": (0, 0, 1)}
"""Days to median, low and high of the stages that say it themselves, until more is learned."""


def stages_for(state: str, handed_over: bool) -> tuple[str, ...]:
    """The stages that tell about a parcel in ``state``, the best first; none when it is over.

    The next one stands in where too few parcels passed through the former.
    """
    if STATES[state].terminal or state == "returning":
        return ()
    if state in EVENTS:
        return (state, HANDOVER) if handed_over else (state, HANDOVER, ORDER)
    return (HANDOVER,) if handed_over or STATES[state].physical else (ORDER,)
