"""No order, repetition or loss of repeated messages changes what a shipment ends as."""

from datetime import UTC, datetime, timedelta

import pytest
from engine.tracking.rules import AFTER_TERMINAL, Fact, Standing, advance, derive, worst
from engine.tracking.vocabulary import PARTIES, REASONS, STATES, party_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
START = datetime(2026, 3, 1, tzinfo=UTC)

facts = st.lists(
    st.builds(
        Fact,
        at=st.integers(0, 300).map(lambda hours: START + timedelta(hours=hours)),
        state=st.sampled_from([*STATES, ""]),
        reason=st.sampled_from(["", "weather_delay", "consignee_not_home"]),
        code=st.sampled_from(["", "A", "B"]),
        to_recipient=st.booleans(),
    ),
    max_size=12,
)


def way(*states, start=0):
    return [
        Fact(START + timedelta(hours=start + number), state) for number, state in enumerate(states)
    ]


@many
@given(facts, st.randoms(), st.integers(1, 3))
def test_neither_order_nor_repetition_matters(told, chance, times):
    shuffled = told * times
    chance.shuffle(shuffled)
    assert derive(shuffled) == derive(told)


@many
@given(facts, facts)
def test_a_message_that_comes_late_gives_what_it_would_have_given_in_time(first, late):
    assert derive([*first, *late]) == derive([*late, *first])


@many
@given(facts)
def test_taking_events_one_by_one_gives_what_all_at_once_give(told):
    standing = Standing()
    for fact in sorted(set(told), key=lambda fact: fact.order):
        standing = advance(standing, fact)
    assert standing == derive(told)


@many
@given(facts)
def test_milestones_are_moments_of_events_and_in_order(told):
    standing = derive(told)
    moments = {fact.at for fact in told}
    for name in ("since", "first_scan_at", "out_at", "first_attempt_at", "delivered_at", "last_at"):
        moment = getattr(standing, name)
        assert moment is None or moment in moments
    if standing.delivered_at:
        assert standing.first_scan_at <= standing.delivered_at
        assert standing.first_attempt_at <= standing.delivered_at
    assert (standing.last_at is None) == (not told)


@many
@given(facts)
def test_what_is_delivered_stays_so_unless_it_comes_back_or_is_damaged(told):
    standing = derive(told)
    if standing.delivered_at and standing.state != "delivered":
        # It can get lost on its way back.
        assert standing.state in {"returning", "returned", "damaged", "lost"}


@many
@given(facts, st.sampled_from(["delivered", "returned", "lost", "cancelled"]))
def test_after_the_end_only_what_contradicts_it_moves_on(told, end):
    last = START + timedelta(hours=400)
    before = derive([*told, Fact(last, end)])
    if before.state != end:
        return
    for state in STATES:
        after = derive([*told, Fact(last, end), Fact(last + timedelta(hours=1), state)])
        allowed = AFTER_TERMINAL[end] | {end}
        assert after.state in allowed


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("label_created", "picked_up", "in_transit"), "in_transit"),
        (("in_transit", "label_created"), "in_transit"),
        (("in_transit", "delayed", "in_transit"), "in_transit"),
        (("out_for_delivery", "attempt_failed", "out_for_delivery"), "out_for_delivery"),
        (("attempt_failed", "ready_for_pickup", "delivered"), "delivered"),
        (("delivered", "in_transit"), "delivered"),
        (("delivered", "returning"), "returning"),
        (("delivered", "cancelled"), "delivered"),
        (("damaged", "in_transit"), "damaged"),
        (("damaged", "delivered"), "delivered"),
        (("lost", "in_transit"), "lost"),
        (("lost", "delivered"), "delivered"),
        (("returning", "in_transit", "out_for_delivery"), "returning"),
        (("returning", "delivered"), "returned"),
        (("in_transit", "expired", "in_transit"), "in_transit"),
        (("in_transit", ""), "in_transit"),
        ((), "pending"),
    ],
)
def test_the_latest_news_decides(states, expected):
    assert derive(way(*states)).state == expected


def test_delivered_at_the_recipients_place_ends_a_return_that_was_none():
    told = [
        *way("in_transit", "returning"),
        Fact(START + timedelta(days=2), "delivered", to_recipient=True),
    ]
    assert derive(told).state == "delivered"


def test_two_reports_of_one_attempt_are_one_attempt():
    at = START + timedelta(hours=10)
    twice = [Fact(at, "attempt_failed", code="A"), Fact(at + timedelta(hours=1), "attempt_failed")]
    assert derive(twice).attempts == 1
    assert derive([*twice, Fact(at + timedelta(days=1), "attempt_failed")]).attempts == 2


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["delivered", "in_transit"], "in_transit"),
        (["delivered", "delivered"], "delivered"),
        (["in_transit", "attempt_failed", "lost"], "lost"),
        (["pending", "out_for_delivery"], "pending"),
        (["cancelled", "delivered"], "delivered"),
        (["cancelled"], "cancelled"),
        ([], "pending"),
    ],
)
def test_an_order_is_where_its_worst_parcel_is(states, expected):
    assert worst(states) == expected


def test_every_state_and_reason_knows_who_is_responsible():
    for reason, party in REASONS.items():
        assert party in (*PARTIES, ""), reason
    assert party_of("in_transit") == ""
    assert party_of("delayed", "weather_delay") == "weather"
    assert party_of("attempt_failed") == "recipient"
    ranks = [state.rank for state in STATES.values()]
    assert ranks == sorted(set(ranks))
