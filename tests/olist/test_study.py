from datetime import timedelta

import pytest
from olist import freight, stocking, study
from olist.network import place_warehouses
from olist.reading import Olist

WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def results(small: Olist):
    """Outcomes of every way of sourcing the small files' orders."""
    sites = place_warehouses(small, count=4)
    fine = freight.smooth(freight.learn(small))
    levels = stocking.stock_levels(small.orders, sites, cover_days=3)
    orders = [order for order in small.orders if order.lines]
    return {
        way.key: study.World(small, sites, levels, fine, way).run(orders, WEEK)
        for way in study.ways(study.curve_of(fine))
    }


def test_every_way_ships_every_order(results):
    for outcomes in results.values():
        assert len(outcomes) == 52
        assert all(one.parcels and one.arrives and one.cost > 0 for one in outcomes)
        assert all(one.days > 0 for one in outcomes)


def test_at_the_start_least_cost_is_the_cheapest(results):
    """Later each way finds other shelves; the first order finds them equal."""
    goodwill = {
        key: outcomes[0].cost + study.EXTRA_PARCEL * (outcomes[0].parcels - 1)
        for key, outcomes in results.items()
        if not outcomes[0].waited
    }
    assert goodwill["cost"] == pytest.approx(min(goodwill.values()))


def test_one_warehouse_sends_what_it_has_in_one_parcel(results):
    assert all(one.parcels == 1 for one in results["one"] if not one.waited)


def test_some_orders_wait_and_so_arrive_later(results):
    waited = [one.days for one in results["one"] if one.waited]
    direct = [one.days for one in results["one"] if not one.waited]
    assert waited
    assert sum(waited) / len(waited) > sum(direct) / len(direct)


def test_figures_are_means(results):
    figures = study.figures(results["cost"])
    assert figures.orders == 52
    assert figures.cost == pytest.approx(sum(one.cost for one in results["cost"]) / 52)
    assert study.figures([]).orders == 0


def test_subsets_hold_what_their_names_say(results):
    subsets = dict(study.subsets(results))
    assert subsets["all"]["cost"].orders == 52
    assert 0 < subsets["products"]["cost"].orders < subsets["pieces"]["cost"].orders < 52


def test_the_same_orders_give_the_same_outcome(small: Olist, results):
    sites = place_warehouses(small, count=4)
    fine = freight.smooth(freight.learn(small))
    levels = stocking.stock_levels(small.orders, sites, cover_days=3)
    orders = [order for order in small.orders if order.lines]
    way = study.ways(study.curve_of(fine))[0]
    again = study.World(small, sites, levels, fine, way).run(orders, WEEK)
    assert [one.cost for one in again] == [one.cost for one in results[way.key]]
