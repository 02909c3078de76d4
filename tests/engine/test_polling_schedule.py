"""When carriers are asked: soon where something can happen, rarely where nothing does."""

from datetime import UTC, datetime, timedelta

import pytest
from engine.tracking.polling import (
    GIVE_UP,
    INTERVALS,
    LONGEST_REST,
    LONGEST_WISH,
    NEAR,
    SLOWEST,
    Parcel,
    health,
    interval,
    lot,
    next_poll,
    rest,
    rest_of_number,
    spread_of,
    wish,
)
from engine.tracking.vocabulary import STATES
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

states = st.sampled_from(sorted(STATES))
spans = st.timedeltas(timedelta(), timedelta(days=90))
fractions = st.floats(0, 1)


def parcel(state, silent=HOUR, **values):
    return Parcel(state, NOON - silent - DAY, NOON - silent, **values)


@pytest.mark.parametrize(
    ("state", "hours"),
    [("label_created", 6), ("in_transit", 4), ("out_for_delivery", 0.5), ("customs", 6)],
)
def test_the_sooner_something_can_happen_the_sooner_it_is_asked(state, hours):
    assert interval(parcel(state), NOON) == HOUR * hours


@pytest.mark.parametrize("state", [key for key, state in STATES.items() if state.terminal])
def test_nothing_is_asked_about_a_parcel_whose_way_has_ended(state):
    assert interval(parcel(state), NOON) is None
    assert next_poll(parcel(state), NOON) is None


def test_every_state_that_can_change_has_an_interval():
    assert set(INTERVALS) == {key for key, state in STATES.items() if not state.terminal}


def test_a_silent_parcel_is_asked_about_less_and_less():
    waits = [interval(parcel("in_transit", DAY * days), NOON) for days in (1, 2, 4, 8, 30)]
    assert waits == sorted(waits)
    assert waits[0] == 4 * HOUR
    assert waits[-1] == SLOWEST


def test_after_sixty_days_of_silence_nobody_asks_any_more():
    assert interval(parcel("in_transit", GIVE_UP - HOUR), NOON) == SLOWEST
    assert interval(parcel("in_transit", GIVE_UP), NOON) is None


def test_news_of_an_old_parcel_count_from_the_news():
    old = Parcel("in_transit", NOON - 100 * DAY, NOON - DAY)
    assert interval(old, NOON) == 4 * HOUR


def test_a_parcel_without_news_counts_from_its_hand_over():
    assert interval(Parcel("pending", NOON - HOUR), NOON) == 4 * HOUR
    assert interval(Parcel("pending", NOON - 3 * DAY), NOON) == 8 * HOUR


def test_on_the_day_it_is_expected_it_is_asked_about_more_often():
    expected = (NOON - HOUR, NOON + 5 * HOUR)
    assert interval(parcel("in_transit", expected=expected), NOON) == NEAR
    assert interval(parcel("in_transit", 10 * DAY, expected=expected), NOON) == NEAR
    assert interval(parcel("out_for_delivery", expected=expected), NOON) < NEAR


def test_a_long_pause_ends_when_the_expected_day_begins():
    expected = (NOON + 9 * HOUR, NOON + 20 * HOUR)
    assert interval(parcel("in_transit", 10 * DAY, expected=expected), NOON) == 3 * HOUR


def test_a_day_after_the_expected_one_the_usual_pace_is_back():
    expected = (NOON - 4 * DAY, NOON - 2 * DAY)
    assert interval(parcel("in_transit", expected=expected), NOON) == 4 * HOUR


@given(states, spans, fractions, st.one_of(st.none(), st.tuples(spans, spans)))
def test_the_next_question_is_never_at_once_and_never_later_than_a_day(
    state, silent, spread, ahead
):
    expected = (NOON + ahead[0], NOON + ahead[0] + ahead[1]) if ahead else None
    due = next_poll(Parcel(state, NOON - silent, expected=expected), NOON, spread)
    if due is not None:
        assert timedelta(minutes=25) < due - NOON <= SLOWEST * 1.1


@given(st.integers(0, 10**9), st.integers(1, 500))
def test_parcels_of_one_day_do_not_all_come_due_at_once(first, count):
    parts = [0] * 10
    for identifier in range(first, first + count):
        parts[int(spread_of(identifier) * 10)] += 1
    assert max(parts) <= count / 10 + 4


# --- a carrier that fails -------------------------------------------------------------------------


@given(st.integers(1, 10**6), fractions)
def test_each_failure_doubles_the_rest_up_to_a_limit(failures, spread):
    now, then = rest(failures, spread), rest(failures + 1, spread)
    assert now <= then <= 2 * now
    assert timedelta(seconds=30) <= now <= LONGEST_REST


def test_two_who_wait_for_one_carrier_do_not_come_back_together():
    assert rest(5, 0.1) != rest(5, 0.9)


@given(st.integers(0, 50), fractions, st.integers(0, 10**9))
def test_a_carriers_wish_is_respected_unless_it_is_absurd(failures, spread, seconds):
    asked = timedelta(seconds=seconds)
    waited = rest(failures, spread, asked)
    assert waited >= min(asked, LONGEST_WISH)
    assert waited <= 1.1 * LONGEST_WISH


def test_refused_credentials_are_not_repeated_every_minute():
    assert rest(1, 0, refused=True) >= timedelta(minutes=30)


@given(st.integers(1, 10**6), fractions)
def test_a_number_that_makes_no_sense_waits_longer_each_time(failures, spread):
    waited = rest_of_number(failures, spread)
    assert timedelta(minutes=15) <= waited <= SLOWEST
    assert waited <= rest_of_number(failures + 1, spread)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("Wed, 05 Mar 2025 12:10:00 GMT", 600),
        ("Wed, 05 Mar 2025 12:10:00", 600),
        ("Wed, 05 Mar 2025 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Wed, 99 Mar 2025 99:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert wish(header, NOON) == expected


@given(st.text())
def test_no_header_is_too_strange(header):
    asked = wish(header, NOON)
    assert asked is None or asked >= timedelta()


def test_a_carrier_is_down_after_three_failures_and_well_after_one_answer():
    assert [health(True, failures) for failures in range(4)] == ["ok", "shaky", "shaky", "down"]
    assert health(False, 0) == "new"


def test_a_carrier_that_failed_is_probed_with_one_number():
    assert lot(0, 30) == 30
    assert lot(1, 30) == 1
    assert lot(0, 0) == 1
