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
