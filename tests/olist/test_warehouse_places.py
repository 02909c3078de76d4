from random import Random

import pytest
from olist import stocking
from olist.network import areas, choose_medians, great_circle_km, place_warehouses
from olist.reading import Olist


def mean_km(points, weights, chosen):
    near = [min(great_circle_km(*points[one], *point) for one in chosen) for point in points]
    return sum(w * km for w, km in zip(weights, near, strict=True)) / sum(weights)


def test_warehouses_stand_where_the_demand_is(small: Olist):
    sites = place_warehouses(small, count=3)
    assert sites[0].state == "SP"
    assert sum(site.share for site in sites) == pytest.approx(1.0)
    assert [site.share for site in sites] == sorted((site.share for site in sites), reverse=True)
    assert len({site.code for site in sites}) == 3


def test_the_same_files_give_the_same_network(small: Olist):
    assert place_warehouses(small, count=4) == place_warehouses(Olist(small.folder), count=4)


def test_no_other_choice_of_two_places_is_nearer():
    draw = Random(3)
    points = [(draw.uniform(-30, 0), draw.uniform(-60, -35)) for _ in range(14)]
    weights = [draw.randint(1, 9) for _ in points]
    chosen = choose_medians(points, weights, 2, len(points), Random(1))
    best = min(mean_km(points, weights, (one, other)) for one in range(14) for other in range(one))
    assert mean_km(points, weights, chosen) == pytest.approx(best, rel=0.02)


def test_more_warehouses_than_areas_are_refused(small: Olist):
    with pytest.raises(ValueError, match="cannot be placed"):
        place_warehouses(small, count=len(areas(small)) + 1)


def test_popular_goods_lie_in_more_places(small: Olist):
    sites = place_warehouses(small, count=4)
    few = stocking.places_of("rare", 1, sites)
    assert 1 <= len(few) <= 3
    assert len(stocking.places_of("usual", 5, sites)) == 3
    assert len(stocking.places_of("popular", 40, sites)) == 4
    assert stocking.places_of("rare", 1, sites) == few


def test_every_product_that_was_ordered_lies_somewhere(small: Olist):
    levels = stocking.stock_levels(small.orders, place_warehouses(small, count=4))
    ordered = {line.product for order in small.orders for line in order.lines}
    assert set(levels) == ordered
    assert all(units >= 1 for places in levels.values() for units in places.values())
    assert stocking.stock_levels([], []) == {}
