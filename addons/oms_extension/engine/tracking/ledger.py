"""The lateness ledger: who made a parcel late, in minutes that add up.

A parcel that is late by ``L`` minutes is followed along its way. After each stage it is asked when
it was to be expected *then*, if everything that was still to come went by plan:

=============  ===================================================================================
stage          expected arrival after it
=============  ===================================================================================
(the plan)     as promised: planned departure plus the lane's working days
sales          leaving at the first cut-off after the order was released, if later than planned
payment        the same after it was paid
stock          the same after its goods were there
warehouse      handed over when it was handed over, plus the lane's working days
first scan     the same from the carrier's first scan on
carrier        what is left of the way, without the times below
customs        plus the time in which customs held it
recipient      plus the time in which it waited for the recipient
=============  ===================================================================================

The difference that a stage makes is what it took beyond its plan, with what follows from it: goods
that come an hour after the cut-off cost a day, a hand-over on Friday evening a weekend. The
differences add up to the lateness. Some are negative, where a stage was faster than planned; the
balance along the way says whom that helps:

- What is gained before anything was lost is spent on the next delays.
- What is gained after delays takes from all of them in proportion: a warehouse that was late is not
  charged where the carrier caught up.
- A promise with more time than the plan needed takes from all delays in proportion at the end. One
  with less is charged to sales, who made it.

Sums are exact because everything is counted in whole minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from ..network import calendar
from .rules import Fact
from .vocabulary import STATES

CAUSES: Final = (
    "sales",
    "payment",
    "stock",
    "warehouse",
    "first_scan",
    "carrier",
    "customs",
    "recipient",
)
"""Whom lateness is charged to, in the order of the way."""

_OF_SHIPPER: Final = {
    "shipper_packaging": "warehouse",
    "shipper_not_handed_over": "warehouse",
    "shipper_incomplete_address": "sales",
    "shipper_instructions": "sales",
}
"""Whose fault it is in the house where the carrier says that it is the shipper's."""
_SAY_NOTHING: Final = frozenset({"pending", "expired", "label_created"})


@dataclass(frozen=True, slots=True)
class Opening:
    """When a warehouse ships: see ``engine/network/calendar.py``."""

    tz: str = "UTC"
    cutoff: float = 14.0
    weekdays: frozenset[int] = frozenset(range(5))
    closed_dates: frozenset[date] = frozenset()

    def departure(self, ready: datetime) -> datetime:
        """The first moment at which parcels leave that is not before ``ready``."""
        days = calendar.shipping_days(ready, self.tz, self.cutoff, self.weekdays, self.closed_dates)
        first = next(days, None)
        return first.leaves_at if first else ready


@dataclass(frozen=True, slots=True)
class Plan:
    """What was planned for a parcel.

    :ivar ship_at: planned departure. :ivar arrive_at: planned arrival if it leaves then.
    :ivar transit_days: working days between the two.
    """

    ship_at: datetime
    arrive_at: datetime
    transit_days: int
    opening: Opening = Opening()

    def arrival(self, departure: datetime) -> datetime:
        """When it is to be expected if it leaves at ``departure``."""
        return self.arrive_at + (self._bare(departure) - self._bare(self.ship_at))

    def _bare(self, departure: datetime) -> datetime:
        on = calendar.delivery_date(
            calendar.local_date(departure, self.opening.tz),
            self.transit_days,
            frozenset(range(5)),
            frozenset(),
        )
        return calendar.local_moment(on, calendar.DELIVERY_HOUR, self.opening.tz)


@dataclass(frozen=True, slots=True)
class Way:
    """What happened to a parcel. All times are aware; None is unknown.

    :ivar ended_at: when it was delivered, came back, or was given up; now, while it is open.
    :ivar done: whether it was delivered.
    :ivar released_at: sales let the order go. :ivar ready_at: its goods were there.
    :ivar events: the carrier's, in any order and any number of times.
    """

    promised_at: datetime
    ended_at: datetime
    done: bool = True
    ordered_at: datetime | None = None
    released_at: datetime | None = None
    paid_at: datetime | None = None
    ready_at: datetime | None = None
    handed_at: datetime | None = None
    scanned_at: datetime | None = None
    events: Sequence[Fact] = field(default=())


def plan_for(
    way: Way,
    opening: Opening,
    ship_at: datetime | None = None,
    arrive_at: datetime | None = None,
    transit_days: int | None = None,
) -> Plan:
    """The plan behind a promise, as far as it is known.

    :param ship_at: departure that was decided, with ``arrive_at`` its arrival; without them the
        parcel was to leave at the first cut-off after the order.
    :param transit_days: of the lane; where it does not fit the promise, the promise tells.
    """
    if ship_at and arrive_at:
        days = _working_days(ship_at, arrive_at, opening.tz)
        return Plan(ship_at, arrive_at, days, opening)
    if way.ordered_at:
        leaves = opening.departure(way.ordered_at)
    else:
        leaves = way.handed_at or _scan(way) or way.promised_at
    promised_days = _working_days(leaves, way.promised_at, opening.tz)
    if transit_days is not None:
        bare = Plan(leaves, leaves, transit_days, opening)._bare(leaves)
        if bare <= way.promised_at or way.promised_at < leaves:
            return Plan(leaves, bare, transit_days, opening)
    if way.promised_at < leaves:
        bare = Plan(leaves, leaves, 0, opening)._bare(leaves)
        return Plan(leaves, bare, 0, opening)
    return Plan(leaves, way.promised_at, promised_days, opening)


def _working_days(start: datetime, end: datetime, tz: str) -> int:
    return calendar.working_days(calendar.local_date(start, tz), calendar.local_date(end, tz))


def divide(way: Way, plan: Plan) -> dict[str, int]:
    """Minutes of lateness by cause: all of :data:`CAUSES`, none negative.

    They add up to the whole minutes from promise to end, and to nothing where it was in time.
    """
    late = late_minutes(way)
    if not late:
        return dict.fromkeys(CAUSES, 0)
    return settle(_steps(way, plan), late)


def late_minutes(way: Way) -> int:
    """Whole minutes by which the promise was missed until now, 0 where it is not."""
    return max(0, _minute(way.ended_at) - _minute(way.promised_at))


def settle(steps: Iterable[tuple[str | None, int]], late: int) -> dict[str, int]:
    """Charge delays after what was gained on the way, as the module says.

    :param steps: (cause, minutes later or earlier) in the order of the way. They add up to
        ``late``. A step without cause only takes from the delays before it.
    """
    charged = dict.fromkeys(CAUSES, 0)
    gained = 0
    for cause, minutes in steps:
        if minutes > 0 and cause:
            spent = min(gained, minutes)
            gained -= spent
            charged[cause] += minutes - spent
        elif minutes < 0:
            owed = sum(charged.values())
            taken = min(owed, -minutes)
            charged = _lowered(charged, owed - taken)
            gained += -minutes - taken
    if sum(charged.values()) != late:
        raise AssertionError(f"{charged} does not add up to {late}")
    return charged


def _lowered(charged: dict[str, int], total: int) -> dict[str, int]:
    """The same charges in proportion, ``total`` in all, by largest remainder."""
    owed = sum(charged.values())
    if owed == total:
        return charged
    shares = {cause: divmod(minutes * total, owed) for cause, minutes in charged.items()}
    left = total - sum(whole for whole, _rest in shares.values())
    by_rest = sorted(CAUSES, key=lambda cause: (-shares[cause][1], CAUSES.index(cause)))
    return {cause: shares[cause][0] + (cause in by_rest[:left]) for cause in CAUSES}


def _steps(way: Way, plan: Plan) -> list[tuple[str | None, int]]:
    """What each stage added to the expected arrival, in minutes."""
    promised, planned = _minute(way.promised_at), _minute(plan.arrive_at)
    steps: list[tuple[str | None, int]] = []
    if planned > promised:
        steps.append(("sales", planned - promised))
    expected = planned
    end = _minute(way.ended_at)
    handed = _handed(way, plan)
    limit = handed or way.ended_at
    ready = min(way.ordered_at or plan.ship_at, limit)
    for cause, at in (
        ("sales", way.released_at),
        ("payment", way.paid_at),
        ("stock", way.ready_at),
    ):
        # What came after the hand-over did not delay it: an invoice is paid later.
        if at and ready < at <= limit:
            ready = at
        departure = max(plan.ship_at, plan.opening.departure(ready))
        arrival = max(expected, _minute(plan.arrival(departure)))
        steps.append((cause, arrival - expected))
        expected = arrival
    if handed is None:
        steps.append(("warehouse", end - expected))
    else:
        arrival = _minute(plan.arrival(handed))
        steps.append(("warehouse", arrival - expected))
        steps += _on_the_way(way, plan, handed, arrival, end)
    if planned < promised:
        steps.append((None, planned - promised))
    return steps


def _scan(way: Way) -> datetime | None:
    """The first scan. Of a parcel that is scanned at the door only, nobody knows when it began."""
    at = way.scanned_at
    return None if at is None or (way.done and at >= way.ended_at) else at


def _handed(way: Way, plan: Plan) -> datetime | None:
    """When the carrier got it: a scan before the hand-over was noted says it better."""
    known = [at for at in (way.handed_at, _scan(way)) if at]
    if known:
        return min(*known, way.ended_at)
    # It was delivered, and nobody told how: by plan until the carrier had it.
    return min(plan.ship_at, way.ended_at) if way.done else None


def _on_the_way(
    way: Way, plan: Plan, handed: datetime, expected: int, end: int
) -> list[tuple[str | None, int]]:
    scanned = _scan(way)
    if scanned is None and not way.done:
        return [("first_scan", end - expected)]
    scanned = max(scanned or handed, handed)
    arrival = _minute(plan.arrival(scanned))
    held = _held(way, scanned)
    steps: list[tuple[str | None, int]] = [("first_scan", arrival - expected)]
    steps += [(cause, held[cause]) for cause in ("sales", "warehouse") if cause in held]
    steps.append(("carrier", end - arrival - sum(held.values())))
    steps += [(cause, held[cause]) for cause in ("customs", "recipient") if cause in held]
    return steps


def _held(way: Way, start: datetime) -> dict[str, int]:
    """Minutes between ``start`` and the end in which others than the carrier held the parcel.

    What an event says holds until the next one says something else.
    """
    held: dict[str, int] = {}
    since, owner = _minute(start), "carrier"
    end = _minute(way.ended_at)
    known = (one for one in set(way.events) if one.state in STATES)
    for fact in sorted(known, key=lambda one: one.order):
        if fact.state in _SAY_NOTHING:
            continue
        at = min(max(_minute(fact.at), since), end)
        if owner != "carrier" and at > since:
            held[owner] = held.get(owner, 0) + at - since
        since, owner = at, holder(fact)
    if owner != "carrier" and end > since:
        held[owner] = held.get(owner, 0) + end - since
    return held


def holder(fact: Fact) -> str:
    """Whom the time after an event is charged to."""
    party = fact.party or STATES[fact.state].party
    if fact.state == "ready_for_pickup" or party == "recipient":
        return "recipient"
    if party == "shipper":
        return _OF_SHIPPER.get(fact.reason, "warehouse")
    return "customs" if party == "customs" else "carrier"


def _minute(at: datetime) -> int:
    return (at.astimezone(UTC) - _EPOCH) // timedelta(minutes=1)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
