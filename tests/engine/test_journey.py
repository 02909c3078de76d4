"""A parcel's steps: nothing reached that was not, nothing wrong left unsaid."""

from datetime import datetime, timedelta

import pytest
from engine.tracking.journey import COLLECTED, OUTWARD, RETURN, SENT_BACK, Way, steps
from engine.tracking.vocabulary import STATES

START = datetime(2026, 3, 2, 9)


def at(hours):
    return START + timedelta(hours=hours)


def statuses(way):
    return {step.key: step.status for step in steps(way)}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("returning", [False, True])
def test_every_state_is_one_place_on_the_way(state, returning):
    found = steps(Way(state, returning=returning, shipped_at=at(0)))
    order = [step.status for step in found]
    here = [status for status in order if status in ("current", "trouble")]
    assert len(here) <= 1
    rest = [status for status in order if status not in ("current", "trouble")]
    assert rest == sorted(rest, key=("done", "ahead").index), "done comes before what is ahead"
    if not here:
        assert set(order) == {"done"}
    if STATES[state].trouble or state == "cancelled":
        assert here == ["trouble"]


def test_a_parcel_that_was_handed_over_waits_for_its_first_scan_there():
    found = statuses(Way("pending", ordered_at=at(0), shipped_at=at(5)))
    assert found["ordered"] == "done"
    assert found["handed_over"] == "current"
    assert found["on_its_way"] == "ahead"


def test_trouble_is_shown_where_it_happened():
    held = Way("on_hold", shipped_at=at(0), first_scan_at=at(3))
    assert statuses(held)["on_its_way"] == "trouble"
    at_the_door = Way("exception", shipped_at=at(0), first_scan_at=at(3), out_at=at(9))
    assert statuses(at_the_door)["out_for_delivery"] == "trouble"
    after = Way("damaged", first_scan_at=at(3), out_at=at(9), delivered_at=at(11))
    assert statuses(after)["delivered"] == "trouble"


def test_the_steps_are_those_of_the_way_it_took():
    def keys(*args, **values):
        return tuple(step.key for step in steps(Way(*args, **values)))

    assert keys("in_transit") == OUTWARD
    assert keys("ready_for_pickup") == COLLECTED
    assert keys("delivered", ready_at=at(8), delivered_at=at(30)) == COLLECTED
    assert keys("returned") == SENT_BACK
    assert keys("in_transit", returning=True) == RETURN


def test_times_stand_only_at_what_was_reached():
    found = steps(Way("in_transit", ordered_at=at(0), shipped_at=at(5), first_scan_at=at(7)))
    assert [step.at for step in found] == [at(0), at(5), at(7), None, None]


def test_a_transfer_booked_late_does_not_turn_time_back():
    found = steps(Way("in_transit", shipped_at=at(30), first_scan_at=at(7)))
    assert found[1].at == at(7)
