"""Intervals hold what they say they hold, and nothing is learned or suggested from chance."""

import random
from bisect import bisect_right
from statistics import median

import pytest
from engine.tracking import compare, scorecard, transit
from engine.tracking.compare import Sample
from engine.tracking.transit import Observed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def quantile(values, share):
    """(value, low, high) as a database finds them: percentile_cont, then the positions."""
    values = sorted(values)

    def at(fraction):
        place = fraction * (len(values) - 1)
        below = int(place)
        above = min(below + 1, len(values) - 1)
        return values[below] + (place - below) * (values[above] - values[below])

    known = [None, *(at(fraction) for fraction in scorecard.FRACTIONS)]
    counts, lows, value, highs = scorecard.picks(share)
    row = bisect_right(counts, len(values)) - 1
    return known[value], known[lows[row]], known[highs[row]]


# --- shares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (1, 1, 0.2065, 1.0)],
)
def test_a_share_has_wilsons_interval(hits, count, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (81 of 263)."""
    one = scorecard.wilson(hits, count)
    assert (one.low, one.high) == pytest.approx((low, high), abs=1e-4)


@many
@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval_and_that_in_what_is_possible(sample):
    one = scorecard.wilson(*sample)
    assert 0 <= one.low <= one.value <= one.high <= 1


def test_nothing_is_said_of_nothing():
    assert scorecard.wilson(0, 0).value is None
    assert scorecard.mean(0, 0, 0).value is None
    assert scorecard.plain(scorecard.wilson(0, 0)) == {
        "value": False, "low": False, "high": False, "count": 0, "few": True,
    }  # fmt: skip


# --- means ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("freedom", "table"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (30, 2.042), (999, 1.962)],
)
def test_students_t_is_that_of_the_tables(freedom, table):
    assert scorecard.student(freedom) == pytest.approx(table, rel=0.01)


def test_a_mean_has_students_interval():
    values = [4.0, 5.0, 6.0, 9.0]
    one = scorecard.mean(sum(values), sum(value**2 for value in values), 4)
    assert one.value == 6.0
    assert one.high - one.value == pytest.approx(3.182 * 2.1602 / 2, rel=0.01)
    assert scorecard.mean(4.0, 16.0, 1).low is None


# --- quantiles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "quantile", "expected"), [(30, 0.5, (10, 21)), (10, 0.9, (7, 11)), (4, 0.5, (0, 5))]
)
def test_ranks_are_those_of_the_binomial(count, quantile, expected):
    assert scorecard.ranks(count, quantile) == expected


@many
@given(st.integers(1, 10**6), st.sampled_from(scorecard.QUANTILES))
def test_ranks_enclose_the_quantile(count, quantile):
    lower, upper = scorecard.ranks(count, quantile)
    assert 0 <= lower <= count * quantile + 1
    assert count * quantile <= upper <= count + 1


@many
@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=300))
def test_a_quantile_lies_in_its_interval(values):
    value, low, high = quantile(values, 0.5)
    assert value == pytest.approx(median(values))
    assert low is None or low <= value
    assert high is None or high >= value


@pytest.mark.parametrize("count", [12, 40, 300, 5000])
@pytest.mark.parametrize("share", scorecard.QUANTILES)
def test_intervals_of_quantiles_hold_the_truth_as_often_as_they_say(count, share):
    chance = random.Random(count)
    runs = 60 if count == 5000 else 300
    held = 0
    for _ in range(runs):
        _value, low, high = quantile([chance.random() for _ in range(count)], share)
        held += (low or 0.0) <= share <= (1.0 if high is None else high)
    assert held / runs > 0.92


@many
@given(st.integers(1, 10**7), st.sampled_from(scorecard.QUANTILES))
def test_positions_lie_outside_the_ranks_of_any_size_of_sample(count, share):
    lower, upper = scorecard.ranks(count, share)
    counts, lows, _value, highs = scorecard.picks(share)
    row = bisect_right(counts, count) - 1
    if lows[row]:
        assert scorecard.FRACTIONS[lows[row] - 1] * max(1, count - 1) <= lower - 1 + 1e-6
    if highs[row]:
        assert scorecard.FRACTIONS[highs[row] - 1] * max(1, count - 1) >= upper - 1 - 1e-6


def test_intervals_of_quantiles_are_hardly_wider_than_they_must_be():
    for count in (50, 1000, 30_000, 1_000_000):
        lower, upper = scorecard.ranks(count, 0.5)
        counts, lows, _value, highs = scorecard.picks(0.5)
        row = bisect_right(counts, count) - 1
        wide = scorecard.FRACTIONS[highs[row] - 1] - scorecard.FRACTIONS[lows[row] - 1]
        assert wide < 1.3 * (upper - lower) / count + 0.0002


# --- judging --------------------------------------------------------------------------------------


def test_a_small_sample_is_judged_by_nobody():
    assert scorecard.judge(0, scorecard.FEW - 1, 900, 1000, True) == "few"
    assert scorecard.judge(900, 1000, 0, 5, True) == "same"


def test_only_what_chance_does_not_explain_is_judged():
    assert scorecard.judge(70, 100, 900, 1000, True) == "worse"
    assert scorecard.judge(99, 100, 900, 1000, True) == "better"
    assert scorecard.judge(88, 100, 900, 1000, True) == "same"
    assert scorecard.judge(20, 100, 10, 1000, False) == "worse"


# --- learning transit times -----------------------------------------------------------------------


def test_days_are_those_in_which_the_share_arrives():
    counts = [Observed(1, True, 50), Observed(2, True, 40), Observed(5, True, 10)]
    assert transit.days_needed(counts, 0.5) == 1
    assert transit.days_needed(counts, 0.9) == 2
    assert transit.days_needed(counts, 0.95) == 5


def test_what_is_still_on_its_way_counts_as_long_as_it_has_been():
    counts = [Observed(1, True, 60), Observed(3, True, 20)]
    # Twenty are on the way for four days: leaving them out would promise three days.
    assert transit.days_needed(counts, 0.9) == 3
    assert transit.days_needed([*counts, Observed(4, False, 20)], 0.9) is None
    # Twenty that left yesterday say nothing yet.
    assert transit.days_needed([*counts, Observed(0, False, 20)], 0.9) == 3


@many
@given(
    st.lists(st.builds(Observed, st.integers(0, 30), st.just(True), st.integers(1, 50)), min_size=1)
)
def test_where_all_have_arrived_it_is_the_quantile(observed):
    days = sorted(one.days for one in observed for _ in range(one.parcels))
    needed = transit.days_needed(observed, 0.9)
    within = sum(1 for one in days if one <= needed)
    before = sum(1 for one in days if one < needed)
    assert within / len(days) >= 0.9 - 1e-6
    assert before / len(days) < 0.9 + 1e-6


def test_few_parcels_move_little_what_a_person_wrote():
    assert transit.learn([Observed(6, True, transit.LEAST - 1)], 0.9, 2) is None
    assert transit.learn([Observed(6, True, 10)], 0.9, 2) == (3, 10)
    assert transit.learn([Observed(6, True, 1000)], 0.9, 2) == (6, 1000)


# --- comparing services ---------------------------------------------------------------------------


def parcels(number, days, money, spread=0.5, chance=None):
    """A sample of ``number`` parcels around these means."""
    chance = chance or random.Random(f"{number} {days} {money}")
    took = [chance.gauss(days, spread) for _ in range(number)]
    paid = [chance.gauss(money, spread) for _ in range(number)]
    return Sample(
        number, sum(took), sum(one**2 for one in took),
        number, sum(paid), sum(one**2 for one in paid),
    )  # fmt: skip


def test_a_faster_service_is_told_with_days_and_money():
    found = compare.compare({"03": parcels(200, 3.0, 6.0)}, {"03": parcels(80, 2.2, 6.12)})
    assert found.kind() == "faster"
    assert found.days.value == pytest.approx(-0.8, abs=0.2)
    assert found.money.value == pytest.approx(0.12, abs=0.2)


def test_a_faster_service_that_costs_far_more_is_not_suggested():
    found = compare.compare({"03": parcels(200, 3.0, 6.0)}, {"03": parcels(80, 2.2, 9.0)})
    assert found.kind() is None


def test_a_cheaper_service_is_told_unless_it_is_slower():
    used = {"03": parcels(200, 3.0, 6.0)}
    assert compare.compare(used, {"03": parcels(80, 3.0, 5.0)}).kind() == "cheaper"
    assert compare.compare(used, {"03": parcels(80, 4.0, 5.0)}).kind() is None


def test_the_mix_of_near_and_far_explains_no_difference():
    # Both take one day near and four days far; the other service does the near ones.
    used = {"near": parcels(50, 1.0, 5.0), "far": parcels(400, 4.0, 8.0)}
    other = {"near": parcels(400, 1.0, 5.0), "far": parcels(50, 4.0, 8.0)}
    found = compare.compare(used, other)
    assert abs(found.days.value) < 0.25
    assert found.kind() is None


def test_too_few_in_common_is_no_comparison():
    used = {"a": parcels(500, 3.0, 6.0), "b": parcels(100, 3.0, 6.0)}
    assert compare.compare(used, {"b": parcels(100, 2.0, 5.0)}) is None
    assert compare.compare(used, {"a": parcels(20, 2.0, 5.0)}) is None


def test_chance_suggests_nothing_however_much_is_compared():
    chance = random.Random(7)
    comparisons = 300
    suggested = 0
    for _ in range(comparisons):
        used = {"x": parcels(60, 3.0, 6.0, 1.5, chance)}
        found = compare.compare(used, {"x": parcels(40, 3.0, 6.0, 1.5, chance)}, comparisons)
        suggested += found.kind() is not None
    assert suggested <= 1
