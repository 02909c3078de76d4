"""Real processes on connections of their own reserve at most what exists, whatever they do."""

import pytest
from race import programs
from race.arena import SOAK, Arena


@pytest.mark.parametrize("processes", [2, 4, 8])
def test_the_last_unit_goes_to_one_order(house: Arena, processes: int) -> None:
    situation = programs.last_unit(seed=processes, processes=processes, rounds=2 * SOAK)
    outcomes = house.play(situation)
    house.check(situation, outcomes)
    assert house.stock().reserved == 2 * SOAK


@pytest.mark.parametrize("processes", [4])
def test_many_orders_for_few_units(house: Arena, processes: int) -> None:
    situation = programs.few_units(seed=11, processes=processes, products=10, orders=40 * SOAK)
    house.check(situation, house.play(situation))


@pytest.mark.parametrize("processes", [4])
def test_lines_that_cross_do_not_deadlock(house: Arena, processes: int) -> None:
    situation = programs.crossing_lines(seed=12, processes=processes, orders=16 * SOAK)
    outcomes = house.play(situation)
    house.check(situation, outcomes)
    # Nobody was made to wait by Odoo's own retry: conflicts were settled at the door.
    assert not sum(outcome.get("retries", 0) for outcome in outcomes)


@pytest.mark.parametrize("processes", [4])
def test_an_order_confirmed_twice_at_once_is_confirmed_once(house: Arena, processes: int) -> None:
    situation = programs.twice(seed=13, processes=processes, orders=8 * SOAK)
    house.check(situation, house.play(situation))
    [(moves, lines)] = house.query(
        """
        SELECT (SELECT count(*) FROM stock_move WHERE state <> 'cancel'
                   AND sale_line_id IS NOT NULL), (SELECT count(*) FROM sale_order_line)
        """
    )
    assert moves == lines


@pytest.mark.parametrize(("processes", "seed"), [(2, 21), (4, 22)])
def test_everything_at_once(house: Arena, processes: int, seed: int) -> None:
    situation = programs.everything(seed=seed, processes=processes, orders=12 * SOAK)
    house.check(situation, house.play(situation))


def test_shipping_while_others_confirm(house: Arena) -> None:
    situation = programs.shipping(seed=14, processes=4, orders=24 * SOAK, stock=20)
    outcomes = house.play(situation)
    unwanted = [outcome for outcome in outcomes if outcome["result"] != "done"]
    assert not unwanted, unwanted[:3]
    assert not house.stock().faults
    house.worker.ask("recheck")
    assert not house.worker.ask("audit")


def test_a_caller_that_has_written_before_never_gives_up(house: Arena) -> None:
    """Two who create and confirm in one transaction cannot renew their snapshot at the door."""
    situation = programs.last_unit(seed=15, processes=4, rounds=2)
    ids = house.prepare(situation)
    steps = [
        [
            step
            for turn in range(2)
            for step in (
                {"meet": True},
                {"verb": "note_and_confirm", "order": ids[turn * 4 + number]},
            )
        ]
        for number in range(4)
    ]
    house.check(situation, house.worker.run(steps))
