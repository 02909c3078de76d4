"""Whose fault lateness is: what is charged adds up, and is what people would say."""

from datetime import UTC, datetime, timedelta

import pytest
from engine.tracking.gaps import longest_gap
from engine.tracking.ledger import (
    CAUSES,
    Opening,
    Plan,
    Way,
    divide,
    late_minutes,
    plan_for,
    settle,
)
from engine.tracking.rules import Fact
from engine.tracking.vocabulary import PARTIES, REASONS, STATES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = 24 * 60
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(day, hour=0, minute=0):
    """``day`` 0 is Monday 2 March 2026; hours of UTC."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def scan(state, moment, party="", reason=""):
    return Fact(moment, state, reason, party)


def charged(way, **plan):
    """Who is charged how many minutes; those who are not are left out."""
    plan = plan_for(way, Opening(), **plan)
    return {cause: minutes for cause, minutes in divide(way, plan).items() if minutes}


# Ordered on Monday at 10, to leave at 14, to arrive on Wednesday at 18 (two working days).
ORDERED = {"ordered_at": at(0, 10), "promised_at": at(2, 18)}
SENT = ORDERED | {"handed_at": at(0, 13), "scanned_at": at(0, 20)}


def test_what_is_in_time_is_charged_to_nobody():
    assert charged(Way(ended_at=at(2, 18), **SENT)) == {}


def test_a_carrier_that_is_late_is_charged_all_of_it():
    assert charged(Way(ended_at=at(3, 12), **SENT)) == {"carrier": 18 * 60}


def test_a_warehouse_that_hands_over_a_day_late_is_charged_the_day():
    late = SENT | {"handed_at": at(1, 13), "scanned_at": at(1, 20)}
    assert charged(Way(ended_at=at(3, 18), **late)) == {"warehouse": DAY}


def test_handing_over_after_the_cutoff_of_the_day_costs_nothing_if_the_carrier_takes_it():
    late = SENT | {"handed_at": at(0, 17), "scanned_at": at(0, 20)}
    assert charged(Way(ended_at=at(2, 19), **late)) == {"carrier": 60}


def test_a_weekend_is_charged_to_whom_it_was_lost_by():
    # Ordered on Thursday for Monday (one working day after Friday … leaves Thursday, two days).
    thursday = {"ordered_at": at(3, 10), "promised_at": at(4, 18)}
    way = Way(ended_at=at(7, 18), handed_at=at(4, 10), scanned_at=at(4, 20), **thursday)
    assert charged(way) == {"warehouse": 3 * DAY}


def test_payment_that_misses_the_cutoff_is_charged_the_day_it_costs():
    way = Way(
        ended_at=at(3, 18),
        paid_at=at(0, 14, 30),
        handed_at=at(1, 13),
        scanned_at=at(1, 20),
        **ORDERED,
    )
    assert charged(way) == {"payment": DAY}


def test_payment_before_the_cutoff_costs_nothing():
    way = Way(
        ended_at=at(3, 18), paid_at=at(0, 13), handed_at=at(1, 13), scanned_at=at(1, 20), **ORDERED
    )
    assert charged(way) == {"warehouse": DAY}


def test_a_hold_then_a_wait_for_goods_are_told_apart():
    way = Way(
        ended_at=at(7, 18),
        released_at=at(1, 10),
        ready_at=at(3, 9),
        handed_at=at(3, 13),
        scanned_at=at(3, 20),
        **ORDERED,
    )
    assert charged(way) == {"sales": DAY, "stock": 4 * DAY}  # the weekend is the stock's


def test_a_first_scan_days_after_the_handover_is_charged_apart_from_the_carriers_way():
    way = Way(ended_at=at(4, 10), **(SENT | {"scanned_at": at(1, 9)}))
    assert charged(way) == {"first_scan": DAY, "carrier": 16 * 60}


def test_customs_are_charged_the_time_in_which_they_held_it():
    way = Way(
        ended_at=at(4, 18),
        events=[scan("customs", at(1, 8)), scan("in_transit", at(3, 8))],
        **SENT,
    )
    assert charged(way) == {"customs": 2 * DAY}


def test_what_the_carrier_gains_takes_from_customs():
    way = Way(
        ended_at=at(3, 18),
        events=[scan("customs", at(1, 8)), scan("in_transit", at(3, 8))],
        **SENT,
    )
    assert charged(way) == {"customs": DAY}


def test_a_recipient_who_is_not_home_is_charged_until_the_carrier_comes_again():
    events = [
        scan("out_for_delivery", at(2, 8)),
        scan("attempt_failed", at(2, 12), "recipient", "consignee_not_home"),
        scan("out_for_delivery", at(3, 8)),
    ]
    way = Way(ended_at=at(3, 12), events=events, **SENT)
    assert charged(way) == {"recipient": 18 * 60}


def test_an_attempt_that_the_carrier_could_not_make_is_the_carriers():
    events = [scan("attempt_failed", at(2, 12), "carrier", "carrier_not_enough_time")]
    assert charged(Way(ended_at=at(3, 12), events=events, **SENT)) == {"carrier": 18 * 60}


def test_a_parcel_that_waits_at_the_counter_waits_for_the_recipient():
    events = [scan("ready_for_pickup", at(2, 12))]
    assert charged(Way(ended_at=at(5, 12), events=events, **SENT)) == {"recipient": 66 * 60}


def test_a_carrier_that_catches_up_frees_the_warehouse():
    late = SENT | {"handed_at": at(1, 13), "scanned_at": at(1, 20)}
    assert charged(Way(ended_at=at(2, 20), **late)) == {"warehouse": 120}


def test_who_makes_it_late_after_it_was_back_on_plan_is_charged_alone():
    steps = [("payment", DAY), ("warehouse", -DAY), ("carrier", DAY)]
    assert settle(steps, DAY)["carrier"] == DAY


def test_a_gain_in_time_is_spent_on_the_next_delay():
    steps = [("warehouse", -DAY), ("first_scan", DAY), ("carrier", 60)]
    assert settle(steps, 60)["carrier"] == 60


def test_what_a_generous_promise_has_left_takes_from_all_in_proportion():
    steps = [("warehouse", 2 * DAY), ("carrier", DAY), (None, -DAY)]
    assert settle(steps, 2 * DAY) == dict.fromkeys(CAUSES, 0) | {
        "warehouse": 1920,
        "carrier": 960,
    }


def test_a_promise_that_could_not_be_kept_is_charged_to_sales():
    way = Way(ended_at=at(2, 18), **(SENT | {"promised_at": at(1, 18)}))
    assert charged(way, ship_at=at(0, 14), arrive_at=at(2, 18)) == {"sales": DAY}


def test_a_parcel_that_never_left_is_the_warehouses_until_now():
    way = Way(ended_at=at(5, 18), done=False, **ORDERED)
    assert charged(way) == {"warehouse": 3 * DAY}


def test_a_parcel_that_nobody_scanned_is_charged_to_the_first_scan():
    way = Way(ended_at=at(5, 18), done=False, handed_at=at(0, 13), **ORDERED)
    assert charged(way) == {"first_scan": 3 * DAY}


def test_a_parcel_that_is_scanned_at_the_door_only_is_the_carriers():
    way = Way(ended_at=at(3, 18), **(SENT | {"scanned_at": at(3, 18)}))
    assert charged(way) == {"carrier": DAY}
    bare = Way(ended_at=at(3, 18), promised_at=at(2, 18), scanned_at=at(3, 18))
    assert charged(bare) == {"carrier": DAY}


@pytest.mark.parametrize(
    ("reason", "cause"),
    [("shipper_packaging", "warehouse"), ("shipper_incomplete_address", "sales")],
)
def test_what_the_carrier_calls_the_shippers_fault_is_charged_in_the_house(reason, cause):
    events = [scan("on_hold", at(1, 8), "shipper", reason), scan("in_transit", at(2, 8))]
    assert charged(Way(ended_at=at(3, 18), events=events, **SENT)) == {cause: DAY}


def test_a_lane_that_needs_less_than_was_promised_leaves_something_for_all():
    late = SENT | {"handed_at": at(1, 13), "scanned_at": at(1, 20)}
    way = Way(ended_at=at(3, 18), **late)
    # One day was needed and two promised; warehouse and carrier each took one too many.
    assert charged(way, transit_days=1) == {"warehouse": DAY // 2, "carrier": DAY // 2}


def test_an_invoice_that_is_paid_after_the_parcel_left_delays_nothing():
    way = Way(ended_at=at(3, 18), paid_at=at(20), **SENT)
    assert charged(way) == {"carrier": DAY}


def test_a_silence_is_the_carriers_only_while_it_holds_the_parcel():
    way = [
        scan("label_created", at(0)),
        scan("picked_up", at(1)),
        scan("in_transit", at(1, 20)),
        scan("customs", at(2)),
        scan("in_transit", at(6)),
        scan("attempt_failed", at(6, 12), "recipient"),
        scan("delivered", at(9)),
        scan("returning", at(20)),
    ]
    assert longest_gap(way) == 20
    assert longest_gap(reversed(way * 2)) == 20
    assert longest_gap(way[:2]) is None


moments = st.integers(-5 * DAY, 40 * DAY).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
unknown = st.none() | moments
ways = st.builds(
    Way,
    promised_at=moments,
    ended_at=moments,
    done=st.booleans(),
    ordered_at=unknown,
    released_at=unknown,
    paid_at=unknown,
    ready_at=unknown,
    handed_at=unknown,
    scanned_at=unknown,
    events=st.lists(
        st.builds(
            Fact,
            at=moments,
            state=st.sampled_from([*STATES, ""]),
            reason=st.sampled_from(["", *REASONS]),
            party=st.sampled_from(["", *PARTIES]),
        ),
        max_size=8,
    ),
)
openings = st.builds(
    Opening,
    tz=st.sampled_from(["UTC", "Europe/Rome", "America/Los_Angeles", "Australia/Lord_Howe"]),
    cutoff=st.floats(0, 24),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
plans = st.tuples(unknown, unknown, st.none() | st.integers(0, 9))


def the_plan(way, opening, known):
    ship_at, arrive_at, days = known
    if ship_at and arrive_at and arrive_at < ship_at:
        ship_at = None
    return plan_for(way, opening, ship_at, arrive_at, days)


@many
@given(ways, openings, plans)
def test_charges_add_up_and_none_is_negative(way, opening, known):
    charges = divide(way, the_plan(way, opening, known))
    assert sum(charges.values()) == late_minutes(way)
    assert min(charges.values()) >= 0
    assert tuple(charges) == CAUSES


@many
@given(ways, openings, plans)
def test_in_time_nobody_is_charged(way, opening, known):
    if way.ended_at <= way.promised_at:
        assert not any(divide(way, the_plan(way, opening, known)).values())


@many
@given(ways, openings, plans, st.randoms())
def test_neither_order_nor_repetition_of_events_matters(way, opening, known, chance):
    told = [*way.events, *way.events]
    chance.shuffle(told)
    names = Way.__dataclass_fields__.keys() - {"events"}
    other = Way(**{name: getattr(way, name) for name in names}, events=told)
    plan = the_plan(way, opening, known)
    assert divide(other, plan) == divide(way, plan)


@many
@given(
    st.lists(st.tuples(st.sampled_from(CAUSES), st.integers(-9999, 9999)), max_size=12),
    st.integers(0, 9999),
)
def test_nobody_is_charged_more_than_what_they_took(steps, slack):
    steps = [*steps, (None, -slack)]
    late = sum(minutes for _cause, minutes in steps)
    if late <= 0:
        return
    charges = settle(steps, late)
    for cause in CAUSES:
        took = sum(minutes for one, minutes in steps if one == cause and minutes > 0)
        assert 0 <= charges[cause] <= took


def test_a_plan_knows_when_the_goods_may_leave():
    opening = Opening("Europe/Rome", 14.0)
    assert opening.departure(at(0, 13)) == at(0, 13)  # 14:00 in Rome is 13:00 UTC
    assert opening.departure(at(0, 13, 1)) == at(1, 13)
    plan = Plan(at(0, 13), at(2, 17), 2, opening)
    assert plan.arrival(at(1, 13)) == at(3, 17)
