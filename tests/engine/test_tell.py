"""What customers are told of a parcel, when, and what they are spared."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from engine.tracking.tell import DELAYS, FRESH, KINDS, Parcel, due, send_at, still_true
from engine.tracking.vocabulary import STATES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def hours(number):
    return NOON + timedelta(hours=number)


def told(parcel, before=(), now=NOON):
    return [news.kind for news in due(parcel, before, now) if not news.stale]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("pending", "shipped"),
        ("in_transit", "shipped"),
        ("out_for_delivery", "out_for_delivery"),
        ("attempt_failed", "attempt_failed"),
        ("ready_for_pickup", "ready_for_pickup"),
        ("delivered", "delivered"),
        ("returning", "returning"),
        ("lost", "lost"),
    ],
)
def test_each_state_is_told_once(state, kind):
    parcel = Parcel(state, since=NOON, shipped_at=NOON, delivered_at=NOON)
    assert told(parcel) == [kind]
    assert told(parcel, before=[kind]) == []


def test_a_parcel_that_has_not_left_is_no_news():
    assert told(Parcel("label_created", since=NOON)) == []
    assert told(Parcel("pending", shipped_at=hours(5))) == []
    assert told(Parcel("in_transit", since=NOON, first_scan_at=NOON)) == ["shipped"]


def test_what_states_mean_nothing_to_the_customer_is_not_told():
    for state in ("exception", "damaged", "expired", "returned", "cancelled"):
        assert told(Parcel(state, since=NOON, shipped_at=NOON)) == []


def test_a_return_is_not_told_as_a_delivery():
    assert told(Parcel("delivered", outbound=False, since=NOON, delivered_at=NOON)) == []


def test_old_news_is_not_told_and_history_not_even_noted():
    parcel = Parcel("delivered", since=NOON, delivered_at=NOON)
    assert told(parcel, now=hours(47)) == ["delivered"]
    (stale,) = due(parcel, (), hours(49))
    assert stale.stale
    assert due(parcel, (), hours(24 * 8)) == ()
    # Out for delivery is old the next morning.
    assert told(Parcel("out_for_delivery", since=NOON), now=hours(17)) == []


def test_a_delay_is_told_when_the_day_moves_past_what_was_told_by_more_than_a_day():
    parcel = Parcel("in_transit", estimate_at=hours(72), told_until=hours(48))
    assert told(parcel) == []
    late = replace(parcel, estimate_at=hours(73))
    assert due(late, (), NOON)[0].occasion == 1
    assert told(replace(late, told_until=None)) == []
    assert told(replace(late, state="out_for_delivery")) == []
    assert told(replace(late, estimate_at=hours(-1), told_until=hours(-90))) == []


def test_delays_are_told_rarely():
    late = Parcel("delayed", estimate_at=hours(100), told_until=NOON, delays=1, delay_at=hours(-47))
    assert told(late) == []
    late = replace(late, delay_at=hours(-48))
    assert [(news.kind, news.occasion) for news in due(late, (), NOON)] == [("delay", 2)]
    assert told(replace(late, delays=DELAYS)) == []


def test_who_hears_of_the_dispatch_hears_of_the_delay_in_the_same_mail():
    parcel = Parcel("in_transit", shipped_at=NOON, estimate_at=hours(99), told_until=NOON)
    assert told(parcel) == ["shipped"]
    assert told(parcel, before=["shipped"]) == ["delay"]


def test_news_that_better_news_has_overtaken_is_not_sent():
    parcel = Parcel("out_for_delivery", since=NOON)
    assert still_true("out_for_delivery", parcel, NOON, hours(10))
    assert not still_true("out_for_delivery", parcel, NOON, hours(41))
    delivered = replace(parcel, state="delivered", delivered_at=hours(2))
    assert not still_true("out_for_delivery", delivered, NOON, hours(3))
    assert still_true("delivered", delivered, hours(2), hours(3))
    late = Parcel("delayed", estimate_at=hours(50), told_until=hours(20))
    assert still_true("delay", late, NOON, hours(1))
    assert not still_true("delay", late, NOON, hours(51))
    assert not still_true("delay", delivered, NOON, hours(1))
    assert not still_true("delay", replace(late, estimate_at=hours(40)), NOON, hours(1))


def test_nights_are_quiet_by_the_customers_clock():
    morning = datetime(2026, 3, 3, 7, tzinfo=UTC)  # 8:00 in Rome
    for hour in (20, 23, 26, 30):
        night = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)
        assert send_at(night, "Europe/Rome", 21, 8) == morning
    evening = datetime(2026, 3, 2, 19, 59, tzinfo=UTC)
    assert send_at(evening, "Europe/Rome", 21, 8) == evening
    assert send_at(morning, "Europe/Rome", 21, 8) == morning
    assert send_at(evening, "Asia/Tokyo", 21, 8) == datetime(2026, 3, 2, 23, tzinfo=UTC)


def test_the_night_in_which_clocks_change_is_an_hour_shorter_or_longer():
    spring = datetime(2026, 3, 28, 22, tzinfo=UTC)  # 23:00; the next morning has summer time
    assert send_at(spring, "Europe/Rome", 21, 8) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 21, tzinfo=UTC)  # 23:00; the next morning has winter time
    assert send_at(autumn, "Europe/Rome", 21, 8) == datetime(2026, 10, 25, 7, tzinfo=UTC)
    # An end that does not exist that night: 2:30.
    assert send_at(spring, "Europe/Rome", 21, 2.5) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_quiet_hours_may_lie_in_a_day_or_be_none():
    siesta = datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert send_at(siesta, "UTC", 13.5, 16) == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert send_at(siesta, None, 8, 8) == siesta


many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
zones = st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
half_hours = st.sampled_from([number / 2 for number in range(48)])


@many
@given(st.integers(0, 366 * 24 * 60), zones, half_hours, half_hours)
def test_nobody_is_woken_and_nobody_waits_longer_than_a_night(minute, zone, start, end):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    at = send_at(now, zone, start, end)
    assert now <= at <= now + timedelta(hours=25)
    local = at.astimezone(ZoneInfo(zone))
    hour = local.hour + local.minute / 60
    quiet = start <= hour < end if start <= end else hour >= start or hour < end
    assert not quiet


moments = st.none() | st.integers(-300, 100).map(hours)


@many
@given(
    st.builds(
        Parcel,
        state=st.sampled_from(list(STATES)),
        outbound=st.booleans(),
        since=moments,
        shipped_at=moments,
        first_scan_at=moments,
        last_attempt_at=moments,
        ready_at=moments,
        delivered_at=moments,
        estimate_at=moments,
        told_until=moments,
        delays=st.integers(0, 4),
        delay_at=moments,
    ),
    st.sets(st.sampled_from(KINDS)),
)
def test_nothing_is_told_twice_nor_late_and_at_most_two_things_at_once(parcel, before):
    news = due(parcel, before, NOON)
    assert len(news) <= 2
    for one in news:
        assert one.kind == "delay" or one.kind not in before
        assert one.stale or NOON - one.at <= FRESH[one.kind]
        assert one.stale or still_true(one.kind, parcel, one.at, NOON)
