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
from operator import attrgetter
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

    :ivar at: when it happened; with a zone for all facts of a parcel, or without for all.
    :ivar state: key of a state, empty where the code is unknown.
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
        state = STATES.get(self.state)
        return (self.at, state.rank if state else -1, *self[1:])


_ORDER: Final = attrgetter("order")


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
    return follow(Standing(), facts)


def follow(standing: Standing, facts: Iterable[Fact]) -> Standing:
    """The standing after more events, none of which is earlier than those before.

    :param facts: in any order and any number of times
    """
    now = standing._asdict()
    for fact in sorted(set(facts), key=_ORDER):
        _happen(now, fact)
    return Standing._make(now.values())


def advance(standing: Standing, fact: Fact) -> Standing:
    """The standing after one more event, which is not earlier than those before."""
    return follow(standing, (fact,))


def _happen(now: dict[str, Any], fact: Fact) -> None:
    """Change the fields of a standing as one more event does."""
    now["last_at"] = fact.at
    now["last_text"] = fact.text or fact.code
    now["last_place"] = fact.place
    state = STATES.get(fact.state)
    if state is None:
        return
    _pass_milestones(now, fact, state)
    key = _next(now, fact, state)
    same = key == now["state"] and now["since"] is not None
    if key is None or (same and not fact.reason):
        return
    now["state"] = key
    now["reason"] = fact.reason
    now["party"] = fact.party or STATES[key].party
    if not same:
        now["since"] = fact.at
    if key == "delivered":
        now["delivered_at"] = fact.at
        now["signed_by"] = fact.signed_by
        now["first_attempt_at"] = now["first_attempt_at"] or fact.at
    elif key == "returned":
        now["returned_at"] = fact.at


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


def _pass_milestones(now: dict[str, Any], fact: Fact, state: State) -> None:
    back = now["state"] in ("returning", "returned") or now["delivered_at"]
    key = state.key
    if state.physical and not now["first_scan_at"]:
        now["first_scan_at"] = fact.at
    if key == "out_for_delivery" and not now["out_at"] and not back:
        now["out_at"] = fact.at
    if key == "ready_for_pickup" and not now["ready_at"] and not back:
        now["ready_at"] = fact.at
        now["first_attempt_at"] = now["first_attempt_at"] or fact.at
    if key == "attempt_failed" and not back:
        now["first_attempt_at"] = now["first_attempt_at"] or fact.at
        if not now["last_attempt_at"] or fact.at - now["last_attempt_at"] > SAME_ATTEMPT:
            now["attempts"] += 1
            now["last_attempt_at"] = fact.at
    if key == "damaged":
        now["damaged"] = True


def _next(now: dict[str, Any], fact: Fact, state: State) -> str | None:
    """The state that follows, or None where the event moves nothing."""
    key, current = state.key, STATES[now["state"]]
    if key == "cancelled" and now["delivered_at"]:
        return None
    if current.key == "returning" and key == "delivered" and not fact.to_recipient:
        return "returned"
    if current.terminal:
        return key if key in AFTER_TERMINAL[current.key] else None
    if current.key in STAYS and state.rank < current.rank:
        return None
    if key in ("pending", "label_created") and current.rank > state.rank:
        return None
    return key
