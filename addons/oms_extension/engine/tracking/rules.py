"""How the state of a shipment follows from its events.

The state is a function of the *set* of events: they are looked at in the order in which they
happened, whatever the order in which they were told, so that late and repeated messages change
nothing that they should not.

- The latest event decides. What only says that nothing is known (``pending``, ``label_created``)
  never takes back what the carrier has seen.
- After a terminal state only what contradicts it moves on: a delivered parcel may come back or turn
  out damaged, a lost one may be found.
- ``damaged`` and ``returning`` stay until something further happens. ``delivered`` on the way back
  is ``returned``.
- An event whose code nobody knows moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from .vocabulary import STATES, State

AFTER_TERMINAL: Final[dict[str, frozenset[str]]] = {
    "delivered": frozenset({"returning", "returned", "damaged"}),
    "lost": frozenset({"delivered", "returning", "returned"}),
    "returned": frozenset(),
    "cancelled": frozenset(),
}
"""What may follow a terminal state."""
STAYS: Final = frozenset({"damaged", "returning"})
"""States that a scan of lower rank does not take back."""
SAME_ATTEMPT: Final = timedelta(hours=4)
"""Two reports of a failed delivery within this time are one attempt."""


class Fact(NamedTuple):
    """An event as the rules see it.

    :ivar at: when it happened. :ivar state: key of a state, empty where the code is unknown.
    :ivar to_recipient: the event names the recipient's own place.
    """

    at: datetime
    state: str = ""
    reason: str = ""
    party: str = ""
    code: str = ""
    text: str = ""
    place: str = ""
    signed_by: str = ""
    to_recipient: bool = False

    @property
    def order(self) -> tuple[Any, ...]:
        """Sorts facts as they happened, and equal times in one way only."""
        rank = STATES[self.state].rank if self.state in STATES else -1
        return (self.at, rank, *self[1:])


class Standing(NamedTuple):
    """What is known of a shipment after all its events.

    :ivar since: when it came into this state. :ivar first_scan_at: the carrier first held it.
    :ivar first_attempt_at: the carrier first stood at the door, or delivered.
    :ivar last_at: time of the latest event, understood or not.
    """

    state: str = "pending"
    reason: str = ""
    party: str = ""
    since: datetime | None = None
    first_scan_at: datetime | None = None
    out_at: datetime | None = None
    first_attempt_at: datetime | None = None
    last_attempt_at: datetime | None = None
    attempts: int = 0
    ready_at: datetime | None = None
    delivered_at: datetime | None = None
    returned_at: datetime | None = None
    damaged: bool = False
    signed_by: str = ""
    last_at: datetime | None = None
    last_text: str = ""
    last_place: str = ""


def derive(facts: Iterable[Fact]) -> Standing:
    """What follows from these events, given in any order and any number of times."""
    standing = Standing()
    for fact in sorted(set(facts), key=lambda fact: fact.order):
        standing = advance(standing, fact)
    return standing


def advance(standing: Standing, fact: Fact) -> Standing:
    """The standing after one more event, which is not earlier than those before."""
    changes: dict[str, Any] = {
        "last_at": fact.at,
        "last_text": fact.text or fact.code,
        "last_place": fact.place,
    }
    state = STATES.get(fact.state)
    if state is not None:
        changes |= _milestones(standing, fact, state)
        key = _next(standing, fact, state)
        same = key == standing.state and standing.since is not None
        if key is not None and not (same and not fact.reason):
            changes |= {
                "state": key,
                "reason": fact.reason,
                "party": fact.party or STATES[key].party,
                "since": standing.since if same else fact.at,
            }
            if key == "delivered":
                changes |= {"delivered_at": fact.at, "signed_by": fact.signed_by}
                changes["first_attempt_at"] = standing.first_attempt_at or fact.at
            elif key == "returned":
                changes["returned_at"] = fact.at
    return standing._replace(**changes)


def worst(states: Iterable[str]) -> str:
    """The state of an order with these parcels: its worst open one; terminal when all are.

    Trouble comes first, the gravest of it; else the parcel that is furthest behind.
    """
    known = sorted((STATES[key] for key in states if key in STATES), key=lambda one: one.rank)
    if not known:
        return "pending"
    if trouble := [one for one in known if one.trouble and one.key != "expired"]:
        return trouble[-1].key
    still_open = [one for one in known if not one.terminal]
    return (still_open or [one for one in known if one.key == "delivered"] or known)[0].key


def _milestones(standing: Standing, fact: Fact, state: State) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    back = standing.state in ("returning", "returned") or standing.delivered_at
    if state.physical and state.key != "cancelled" and not standing.first_scan_at:
        changes["first_scan_at"] = fact.at
    if state.key == "out_for_delivery" and not standing.out_at and not back:
        changes["out_at"] = fact.at
    if state.key == "ready_for_pickup" and not standing.ready_at and not back:
        changes["ready_at"] = fact.at
        changes["first_attempt_at"] = standing.first_attempt_at or fact.at
    if state.key == "attempt_failed" and not back:
        changes["first_attempt_at"] = standing.first_attempt_at or fact.at
        if not standing.last_attempt_at or fact.at - standing.last_attempt_at > SAME_ATTEMPT:
            changes |= {"attempts": standing.attempts + 1, "last_attempt_at": fact.at}
    if state.key == "damaged":
        changes["damaged"] = True
    return changes


def _next(standing: Standing, fact: Fact, state: State) -> str | None:
    """The state that follows, or None where the event moves nothing."""
    key, current = state.key, standing.state
    now = STATES[current]
    if key == "cancelled" and standing.delivered_at:
        return None
    if current == "returning" and key == "delivered" and not fact.to_recipient:
        return "returned"
    if now.terminal:
        return key if key in AFTER_TERMINAL[current] else None
    if current in STAYS and state.rank < now.rank:
        return None
    if key in ("pending", "label_created") and now.rank > state.rank:
        return None
    return key
