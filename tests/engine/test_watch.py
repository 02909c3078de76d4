"""Which parcels a person must look at, and when a parcel has to be looked at again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from engine.tracking.vocabulary import REASONS, STATES
from engine.tracking.watch import (
    HOURS,
    LOWEST_HOURS,
    OWNERS,
    Limits,
    Parcel,
    causes,
    end_of_day,
    next_look,
    shrunk,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MONDAY = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits(first_scan=24, gap=48, customs=72, pickup=96)


def hours(number):
    return MONDAY + timedelta(hours=number)


def kinds(parcel, after, limits=LIMITS):
    return [one.kind for one in causes(parcel, limits, hours(after))]


def cause(parcel, after, limits=LIMITS):
    (found,) = causes(parcel, limits, hours(after))
    return found


def test_a_parcel_without_first_scan_is_reported_after_the_lanes_hours():
    parcel = Parcel("label_created", shipped_at=MONDAY)
    assert kinds(parcel, 23) == []
    assert cause(parcel, 24).severity == 0
    assert cause(parcel, 48).severity == 1
    assert kinds(replace(parcel, state="pending", since=None), 25) == ["no_scan"]
    assert kinds(replace(parcel, state="in_transit", first_scan_at=hours(1)), 25) == []


@pytest.mark.parametrize(
    "change", [{"tracked": False}, {"outbound": False}, {"shipped_at": None}], ids=str
)
def test_what_nobody_tells_of_is_not_missed(change):
    assert kinds(replace(Parcel("pending", shipped_at=MONDAY), **change), 500) == []


def test_silence_is_reported_and_becomes_urgent():
    parcel = Parcel("in_transit", first_scan_at=MONDAY, last_at=MONDAY, since=MONDAY)
    found = [causes(parcel, LIMITS, hours(after)) for after in (47, 48, 96, 192)]
    assert [[(one.kind, one.severity) for one in each] for each in found] == [
        [],
        [("silent", 0)],
        [("silent", 1)],
        [("silent", 2)],
    ]
    # One silence is one occurrence, however long; the next one is another.
    assert found[1][0].occasion == found[3][0].occasion
    assert cause(replace(parcel, last_at=hours(50)), 120).occasion != found[1][0].occasion


@pytest.mark.parametrize(
    ("state", "reason", "kind"),
    [
        ("attempt_failed", "consignee_not_home", "attempt"),
        ("attempt_failed", "consignee_incorrect_address", "address"),
        ("on_hold", "", "held"),
        ("on_hold", "shipper_incomplete_address", "address"),
        ("on_hold", "customs_inspection", "customs"),
        ("customs", "customs_documentation", "customs"),
        ("exception", "carrier_sorting_error", "problem"),
        ("expired", "", "number"),
        ("lost", "", "lost"),
        ("returning", "consignee_unclaimed", "returning"),
    ],
)
def test_what_the_carrier_says_is_reported_at_once(state, reason, kind):
    parcel = Parcel(state, reason, since=MONDAY, last_at=MONDAY, last_attempt_at=MONDAY, attempts=1)
    assert kinds(parcel, 0) == [kind]


def test_what_goes_as_it_should_is_not_reported():
    for state in ("picked_up", "in_transit", "customs", "out_for_delivery", "ready_for_pickup"):
        parcel = Parcel(state, since=MONDAY, last_at=MONDAY, first_scan_at=MONDAY)
        assert kinds(parcel, 40) == []
    for state in ("delivered", "returned", "cancelled"):
        parcel = Parcel(state, since=MONDAY, last_at=MONDAY, promise_over_at=hours(-100))
        assert kinds(parcel, 1000) == []


def test_customs_takes_its_time_and_then_too_long():
    parcel = Parcel("customs", since=MONDAY, last_at=MONDAY)
    assert kinds(parcel, 71) == []
    assert kinds(parcel, 72) == ["customs"]


def test_who_does_not_fetch_a_parcel_is_reminded_before_it_goes_back():
    parcel = Parcel("ready_for_pickup", since=MONDAY, last_at=MONDAY, ready_at=MONDAY)
    assert kinds(parcel, 95) == []
    assert cause(parcel, 96).severity == 0
    assert cause(parcel, 192).severity == 1


def test_a_second_failed_attempt_happens_anew_and_is_graver():
    first = Parcel("attempt_failed", since=MONDAY, last_attempt_at=MONDAY, attempts=1)
    second = replace(first, last_attempt_at=hours(24), attempts=2)
    assert cause(first, 1).occasion != cause(second, 25).occasion
    assert (cause(first, 1).severity, cause(second, 25).severity) == (0, 1)


def test_a_damaged_parcel_stays_damaged_when_it_is_delivered_and_not_when_it_is_back():
    parcel = Parcel("damaged", since=MONDAY, damaged=True)
    assert kinds(parcel, 1) == ["damaged"]
    delivered = replace(parcel, state="delivered", since=hours(20))
    assert kinds(delivered, 21) == ["damaged"]
    assert cause(parcel, 1).occasion == cause(delivered, 21).occasion
    assert kinds(replace(parcel, state="returned"), 40) == []


def test_a_promise_is_missed_when_its_day_is_over_or_the_estimate_lies_behind_it():
    parcel = Parcel("in_transit", last_at=hours(40), promise_over_at=hours(48))
    assert kinds(parcel, 47) == []
    assert cause(parcel, 48).severity == 1
    likely = replace(parcel, eta_at=hours(60), eta_low_at=hours(20))
    assert [(one.kind, one.severity) for one in causes(likely, LIMITS, hours(41))] == [("late", 0)]
    sure = replace(likely, eta_low_at=hours(50))
    assert cause(sure, 41).severity == 1
    assert kinds(replace(parcel, eta_at=hours(47), eta_low_at=hours(44)), 41) == []
    # It waits for its recipient in time.
    fetched = replace(parcel, state="ready_for_pickup", ready_at=hours(40))
    assert kinds(fetched, 60) == []


def test_a_return_has_no_promise_and_is_not_coming_back():
    parcel = Parcel("returning", outbound=False, since=MONDAY, promise_over_at=MONDAY)
    assert kinds(parcel, 100) == []


def test_our_own_mistake_goes_to_the_warehouse():
    parcel = Parcel("on_hold", "shipper_packaging", "shipper", since=MONDAY)
    assert cause(parcel, 0).owner == "warehouse"
    assert cause(replace(parcel, party="carrier"), 0).owner == "service"


def test_history_opens_nothing():
    assert cause(Parcel("lost", since=MONDAY), 24 * 59).opens
    assert not cause(Parcel("lost", since=MONDAY), 24 * 61).opens


def test_each_kind_has_an_owner_and_a_deadline():
    assert OWNERS.keys() == HOURS.keys()


def test_a_promised_day_ends_with_the_recipients_day():
    noon = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert end_of_day(noon, "Europe/Rome") == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert end_of_day(noon, "America/New_York") == datetime(2026, 3, 30, 4, tzinfo=UTC)
    assert end_of_day(noon, None) == datetime(2026, 3, 30, tzinfo=UTC)
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # the 29th in Rome, on which clocks change
    assert end_of_day(late, "Europe/Rome") == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_a_lane_with_little_history_is_like_the_others():
    assert shrunk(10, 0, 40) == 40
    assert shrunk(10, 50, 40) == 25
    assert shrunk(100, 10**9, 40) == pytest.approx(100)
    assert shrunk(1, 10**9, 40) == LOWEST_HOURS


many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
moments = st.none() | st.integers(0, 400).map(hours)
parcels = st.builds(
    Parcel,
    state=st.sampled_from(list(STATES)),
    reason=st.sampled_from(["", *REASONS]),
    party=st.sampled_from(["", "carrier", "shipper"]),
    outbound=st.booleans(),
    tracked=st.booleans(),
    since=moments,
    shipped_at=moments,
    first_scan_at=moments,
    last_at=moments,
    ready_at=moments,
    last_attempt_at=moments,
    attempts=st.integers(0, 3),
    damaged=st.booleans(),
    promise_over_at=moments,
    eta_at=moments,
    eta_low_at=moments,
)


def told(parcel, now):
    return {(one.kind, one.occasion, one.severity) for one in causes(parcel, LIMITS, now)}


@many
@given(parcels, st.integers(0, 600))
def test_a_parcel_is_looked_at_again_before_time_changes_anything(parcel, after):
    """Between two looks nothing new comes up: no alarm waits for the next news."""
    now = hours(after)
    again = next_look(parcel, LIMITS, now)
    assert again is None or again > now
    before = told(parcel, now)
    until = again - timedelta(seconds=1) if again else now + timedelta(days=40)
    assert until < now or told(parcel, until) == before
    # What comes up then is there at that very second.
    assert again is None or told(parcel, again) == told(parcel, again + timedelta(seconds=1))


@many
@given(parcels, st.integers(0, 600))
def test_a_cause_is_told_once(parcel, after):
    found = causes(parcel, LIMITS, hours(after))
    assert len({one.kind for one in found}) == len(found)
    assert len(found) <= 3
