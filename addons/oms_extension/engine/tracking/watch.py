"""What about a parcel a person must look at, and from when on.

:func:`causes` is a pure function of a parcel's standing, of how long its lane is usually silent,
and of the time. It says nothing of what was told before: who asks opens an exception for a cause
that is new, and closes those whose cause is gone.

How long is usual is learned (:func:`shrunk`): the hours that 95 of 100 parcels of a lane stay
below, from hand-over to the first scan, and in the *longest* gap between two scans. The quantile of
all gaps would not do: of eight scans one lies before a weekend, so that each weekend would look
like an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from .vocabulary import STATES

Kind = Literal[
    "no_scan",
    "silent",
    "number",
    "attempt",
    "address",
    "held",
    "customs",
    "problem",
    "uncollected",
    "damaged",
    "lost",
    "returning",
    "late",
]
Owner = Literal["sales", "planning", "warehouse", "service"]
Severity = Literal[0, 1, 2]

USUAL_SHARE: Final = 0.95
"""What is longer than for this share of the parcels is unusual."""
FIRST_SCAN_HOURS: Final = 48.0
"""From hand-over to the first scan where no history says what is usual: two nights."""
GAP_HOURS: Final = 72.0
"""Between two scans where no history says what is usual: a weekend."""
GAP_HOURS_ABROAD: Final = 120.0
"""The same for a parcel that leaves the country."""
CUSTOMS_HOURS: Final = 72.0
"""In customs without a question being asked."""
PICKUP_HOURS: Final = 96.0
"""At a pick-up point: lockers give parcels back after two to seven days, shops after ten."""
LOWEST_HOURS: Final = 12.0
"""No lane is so quick that half a day of silence is worth an alarm."""
WEIGHT: Final = 50.0
"""Parcels that a lane needs until its own quantile counts as much as that of the level above
(as for the ranges of arrival times: ``eta/spread.py``)."""
MIN_SAMPLE: Final = 5
"""A lane with fewer parcels is not told apart."""
HORIZON: Final = timedelta(days=60)
"""A cause that is older than this is history: it opens nothing any more."""
CROWD: Final = 5
"""So many parcels of one carrier without any news from it are one cause, not many."""

ADDRESS: Final = frozenset(
    {
        "consignee_incorrect_address",
        "carrier_address_not_found",
        "shipper_incomplete_address",
        "consignee_moved",
    }
)
CUSTOMS_QUESTIONS: Final = frozenset(
    {"customs_documentation", "customs_duties_unpaid", "customs_prohibited"}
)
"""Somebody must answer before customs goes on; an inspection only takes its time."""
MOVING: Final = frozenset({"picked_up", "in_transit", "delayed", "out_for_delivery"})
"""States in which the next scan is to be expected."""
_WAITS_FOR_SCAN: Final = frozenset({"pending", "label_created"})
_PROBLEM_KINDS: Final[dict[str, Kind]] = {
    "attempt_failed": "attempt",
    "on_hold": "held",
    "exception": "problem",
}

OWNERS: Final[dict[Kind, Owner]] = {
    "no_scan": "warehouse",
    "number": "warehouse",
    "silent": "service",
    "attempt": "service",
    "address": "service",
    "held": "service",
    "customs": "service",
    "problem": "service",
    "uncollected": "service",
    "damaged": "service",
    "lost": "service",
    "returning": "service",
    "late": "service",
}
HOURS: Final[dict[Kind, int]] = {
    "no_scan": 8,
    "number": 24,
    "silent": 24,
    "attempt": 8,
    "address": 4,
    "held": 8,
    "customs": 8,
    "problem": 8,
    "uncollected": 24,
    "damaged": 24,
    "lost": 24,
    "returning": 24,
    "late": 24,
}
"""How long a cause may wait, where the team's own time is longer: an address is wanted before the
next attempt, which is on the next working day."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many hours on a parcel's silence is unusual."""

    first_scan: float = FIRST_SCAN_HOURS
    gap: float = GAP_HOURS
    customs: float = CUSTOMS_HOURS
    pickup: float = PICKUP_HOURS


@dataclass(frozen=True, slots=True)
class Parcel:
    """The standing of a parcel as far as it matters here; all moments in one zone.

    :ivar tracked: somebody tells what happens to it: silence means something.
    :ivar promise_over_at: the promised day is over, see :func:`end_of_day`.
    :ivar eta_at, eta_low_at: when it probably, and when it at the earliest arrives.
    """

    state: str
    reason: str = ""
    party: str = ""
    outbound: bool = True
    tracked: bool = True
    since: datetime | None = None
    shipped_at: datetime | None = None
    first_scan_at: datetime | None = None
    last_at: datetime | None = None
    ready_at: datetime | None = None
    last_attempt_at: datetime | None = None
    attempts: int = 0
    damaged: bool = False
    promise_over_at: datetime | None = None
    eta_at: datetime | None = None
    eta_low_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a person must look.

    :ivar occasion: tells two occurrences of one kind apart, so that what a person closed stays
        closed until it happens anew.
    :ivar at: when it came up. :ivar opens: a new exception is worth it: recent enough that somebody
        can still do something, and no consequence of a graver cause.
    """

    kind: Kind
    occasion: str
    severity: Severity
    owner: Owner
    hours: int
    party: str = ""
    reason: str = ""
    at: datetime | None = None
    opens: bool = True
    facts: dict[str, float] = field(default_factory=dict, compare=False)


def causes(parcel: Parcel, limits: Limits, now: datetime) -> tuple[Cause, ...]:
    """Every cause that holds now, the gravest first.

    >>> shipped = datetime(2026, 3, 2, 17, tzinfo=UTC)
    >>> parcel = Parcel("label_created", shipped_at=shipped)
    >>> [one.kind for one in causes(parcel, Limits(), shipped + timedelta(hours=49))]
    ['no_scan']
    """
    found = [*_state(parcel, limits, now)]
    # Who settles what holds a parcel up need not be told besides that it will be late.
    late = [replace(one, opens=one.opens and not found) for one in _promise(parcel, now)]
    return tuple(sorted([*found, *late], key=lambda cause: -cause.severity))


def next_look(parcel: Parcel, limits: Limits, now: datetime) -> datetime | None:
    """When time alone will next change what :func:`causes` says, if no news comes."""
    if STATES[parcel.state].terminal:
        return None
    moments = [
        moment + timedelta(hours=hours * times)
        for moment, hours, times in (
            *((_scan_due_from(parcel), limits.first_scan, times) for times in (1, 2)),
            *((parcel.last_at, limits.gap, times) for times in (1, 2, 4)),
            (parcel.since, limits.customs, 1),
            *((_ready_from(parcel), limits.pickup, times) for times in (1, 2)),
        )
        if moment
    ]
    if parcel.promise_over_at:
        moments.append(parcel.promise_over_at)
    return min((moment for moment in moments if moment > now), default=None)


def end_of_day(moment: datetime, zone: str | None) -> datetime:
    """When the local day of ``moment`` is over: a promise names a day.

    >>> end_of_day(datetime(2026, 3, 28, 12, tzinfo=UTC), "Europe/Rome").isoformat()
    '2026-03-28T23:00:00+00:00'
    """
    local = moment.astimezone(ZoneInfo(zone or "UTC"))
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo)
    return midnight.astimezone(UTC)


def shrunk(own: float, sample: int, above: float) -> float:
    """A lane's quantile (hours), drawn towards that of the level above, never below the lowest.

    >>> shrunk(10.0, 50, 30.0), shrunk(1.0, 1_000_000, 30.0)
    (20.0, 12.0)
    """
    return max((sample * own + WEIGHT * above) / (sample + WEIGHT), LOWEST_HOURS)


# --- by state ---------------------------------------------------------------------------------


def _state(parcel: Parcel, limits: Limits, now: datetime) -> Iterator[Cause]:
    """At most one cause of what the carrier said, or kept silent about; and damage besides."""
    state, reason = parcel.state, parcel.reason
    if parcel.damaged and state not in ("returned", "cancelled", "lost"):
        yield _cause("damaged", "damaged", 1, parcel, now, parcel.since)
        if state in ("damaged", "delivered"):
            return
    since = parcel.since.isoformat() if parcel.since else ""
    if state == "lost":
        yield _cause("lost", since, 2, parcel, now, parcel.since)
    elif state == "returning":
        if parcel.outbound:
            yield _cause("returning", since, 1, parcel, now, parcel.since)
    elif state == "expired":
        yield _cause("number", since, 0, parcel, now, parcel.since)
    elif state in _PROBLEM_KINDS or state == "customs":
        yield from _stopped(parcel, limits, now, f"{since} {reason}".strip())
    elif state == "ready_for_pickup":
        yield from _uncollected(parcel, limits, now)
    elif state in _WAITS_FOR_SCAN:
        yield from _unscanned(parcel, limits, now)
    elif state in MOVING:
        yield from _silent(parcel, limits, now)


def _stopped(parcel: Parcel, limits: Limits, now: datetime, occasion: str) -> Iterator[Cause]:
    state, reason = parcel.state, parcel.reason
    if reason in ADDRESS:
        yield _cause("address", occasion, 1, parcel, now, parcel.since)
    elif state == "customs" or (state == "on_hold" and reason.startswith("customs_")):
        if reason in CUSTOMS_QUESTIONS or state == "on_hold":
            yield _cause("customs", occasion, 1, parcel, now, parcel.since)
        elif parcel.since and now - parcel.since >= timedelta(hours=limits.customs):
            yield _cause("customs", occasion, 0, parcel, now, parcel.since)
    elif state == "attempt_failed":
        # Each attempt is an occurrence of its own; most carriers give up after the third.
        at = parcel.last_attempt_at or parcel.since
        number = at.isoformat() if at else ""
        yield _cause("attempt", number, 1 if parcel.attempts > 1 else 0, parcel, now, at)
    else:
        yield _cause(_PROBLEM_KINDS[state], occasion, 1, parcel, now, parcel.since)


def _ready_from(parcel: Parcel) -> datetime | None:
    """Since when a parcel waits to be fetched."""
    return (parcel.ready_at or parcel.since) if parcel.state == "ready_for_pickup" else None


def _uncollected(parcel: Parcel, limits: Limits, now: datetime) -> Iterator[Cause]:
    at = _ready_from(parcel)
    if at and now - at >= timedelta(hours=limits.pickup):
        urgent = now - at >= timedelta(hours=2 * limits.pickup)
        yield _cause("uncollected", at.isoformat(), 1 if urgent else 0, parcel, now, at)


def _scan_due_from(parcel: Parcel) -> datetime | None:
    """Hand-over, where a first scan is still to come."""
    due = parcel.outbound and parcel.tracked and not parcel.first_scan_at
    return parcel.shipped_at if due else None


def _unscanned(parcel: Parcel, limits: Limits, now: datetime) -> Iterator[Cause]:
    at = _scan_due_from(parcel)
    hours = (now - at) / timedelta(hours=1) if at else 0.0
    if at and hours >= limits.first_scan:
        yield _cause(
            "no_scan",
            at.isoformat(),
            1 if hours >= 2 * limits.first_scan else 0,
            parcel,
            now,
            at,
            {"hours": hours, "usual": limits.first_scan},
        )


def _silent(parcel: Parcel, limits: Limits, now: datetime) -> Iterator[Cause]:
    hours = (now - parcel.last_at) / timedelta(hours=1) if parcel.last_at else 0.0
    if parcel.last_at and hours >= limits.gap:
        severity: Severity = 2 if hours >= 4 * limits.gap else 1 if hours >= 2 * limits.gap else 0
        yield _cause(
            "silent",
            parcel.last_at.isoformat(),
            severity,
            parcel,
            now,
            parcel.last_at,
            {"hours": hours, "usual": limits.gap},
        )


# --- by promise -------------------------------------------------------------------------------


def _promise(parcel: Parcel, now: datetime) -> Iterator[Cause]:
    """It is later than promised, or will be: more likely than not, or almost surely."""
    over = parcel.promise_over_at
    state = STATES[parcel.state]
    if not over or state.terminal or not parcel.outbound or parcel.state == "returning":
        return
    passed = now >= over
    sure = parcel.eta_low_at is not None and parcel.eta_low_at >= over
    likely = parcel.eta_at is not None and parcel.eta_at >= over
    # What waits for its recipient, or is about to arrive, came in time.
    here = bool(parcel.ready_at and parcel.ready_at < over)
    if (passed or sure or likely) and not here:
        facts = {"passed": float(passed), "sure": float(sure)}
        yield _cause("late", over.isoformat(), 1 if passed or sure else 0, parcel, now, over, facts)


def _cause(
    kind: Kind,
    occasion: str,
    severity: Severity,
    parcel: Parcel,
    now: datetime,
    at: datetime | None,
    facts: dict[str, float] | None = None,
) -> Cause:
    owner = OWNERS[kind]
    if kind in ("held", "problem", "attempt") and parcel.party == "shipper":
        owner = "warehouse"
    return Cause(
        kind=kind,
        occasion=occasion,
        severity=severity,
        owner=owner,
        hours=HOURS[kind],
        party=parcel.party,
        reason=parcel.reason,
        at=at,
        opens=at is None or now - at <= HORIZON,
        facts=facts or {},
    )
