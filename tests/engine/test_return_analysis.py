"""Rates of returns: against direct formulas, and what must always hold."""

from math import comb, exp, lgamma, log

import numpy as np
import pytest
from engine.returns.analysis import cohort, forecast, rate, supply, table, tails
from engine.returns.analysis.columns import Returns, Units
from engine.returns.analysis.maturity import cohort_rates, curve, maturity
from hypothesis import given, settings
from hypothesis import strategies as st


def ints(*values):
    return np.array(values, dtype=np.int64)


def lines(delivered, quantity=None, **codes):
    delivered = np.asarray(delivered, dtype=np.int64)
    quantity = np.ones_like(delivered) if quantity is None else np.asarray(quantity, dtype=np.int64)
    codes = {"product": np.zeros_like(delivered), "category": np.zeros_like(delivered)} | codes
    return Units(delivered, quantity, codes)


def came(line, day, reason=None, quantity=None, cost=None):
    line, day = np.asarray(line, dtype=np.int64), np.asarray(day, dtype=np.int64)
    reason = np.zeros_like(line) if reason is None else np.asarray(reason, dtype=np.int64)
    quantity = np.ones_like(line) if quantity is None else np.asarray(quantity, dtype=np.int64)
    cost = np.ones(line.size) if cost is None else np.asarray(cost, dtype=np.float64)
    return Returns(line, day, reason, quantity, cost)


def some_shop(seed=1, n=4000, today=300):
    """Two categories of 10 % and 30 %, ten products each, one unit per line."""
    draw = np.random.default_rng(seed)
    product = draw.integers(0, 20, n)
    units = lines(draw.integers(0, today, n), product=product, category=product // 10)
    back = np.flatnonzero(draw.uniform(size=n) < np.where(product < 10, 0.1, 0.3))
    day = units.delivered[back] + 1 + draw.poisson(8, back.size)
    return units, came(
        back, day, draw.integers(0, 4, back.size), cost=draw.uniform(5, 20, back.size)
    )


# The distributions


@pytest.mark.parametrize("x", [0.1, 0.5, 1, 1.5, 3, 9.99, 10, 25.5, 400, 1e6])
def test_log_gamma_is_that_of_the_standard_library(x):
    assert float(tails.log_gamma(x)) == pytest.approx(lgamma(x), rel=1e-12, abs=1e-11)


@pytest.mark.parametrize("a,b", [(0.5, 0.5), (2, 3), (1, 1), (12.5, 80), (300, 40), (3.2, 0.7)])
@pytest.mark.parametrize("x", [0.05, 0.3, 0.9])
def test_the_beta_distribution_is_the_integral_of_its_density(a, b, x):
    # t = x·u⁴ takes the pole at 0 away; midpoints, so that no end is touched.
    u = (np.arange(400_000) + 0.5) / 400_000
    t = x * u**4
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    density = np.exp(scale + (a - 1) * np.log(t) + (b - 1) * np.log1p(-t))
    assert float(tails.beta_cdf(a, b, x)) == pytest.approx(
        float((density * 4 * x * u**3).mean()), rel=1e-6, abs=1e-12
    )


@given(
    st.floats(0.3, 500), st.floats(0.3, 500), st.floats(0.001, 0.999)
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_beta_quantile_holds_its_level(a, b, level):
    x = float(tails.beta_quantile(a, b, level))
    below, above = tails.beta_cdf(a, b, [max(x - 1e-9, 0), min(x + 1e-9, 1)])
    assert below - 1e-6 <= level <= above + 1e-6


@pytest.mark.parametrize(
    "hits,count,share", [(3, 10, 0.2), (0, 5, 0.4), (5, 5, 0.4), (20, 60, 0.1)]
)
def test_binomial_tails_are_sums(hits, count, share):
    chance = [comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(count + 1)]
    expected = sum(chance[hits + 1 :]) + chance[hits] / 2
    assert float(tails.binomial_mid_p(hits, count, share)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "observed,mean,variance",
    [(3, 0.4, 0.5), (0, 2, 3), (12, 0.5, 0.9), (40, 10, 22), (700, 500, 1800), (5, 5, 5.5)],
)
def test_negative_binomial_tails_are_sums(observed, mean, variance):
    size = mean**2 / (variance - mean)
    share = size / (size + mean)
    logs = [
        lgamma(k + size) - lgamma(size) - lgamma(k + 1) + size * log(share) + k * log(1 - share)
        for k in range(observed + 6000)
    ]
    expected = sum(exp(one) for one in logs[observed + 1 :]) + exp(logs[observed]) / 2
    found = float(tails.negative_binomial_mid_p(observed, mean, variance))
    assert found == pytest.approx(expected, rel=1e-8)


def test_without_more_variance_the_count_is_poisson():
    mean, observed = 2.5, 6
    expected = 1 - sum(exp(-mean) * mean**k / exp(lgamma(k + 1)) for k in range(observed + 1))
    expected += exp(-mean) * mean**observed / exp(lgamma(observed + 1)) / 2
    found = float(tails.negative_binomial_mid_p(observed, mean, mean))
    assert found == pytest.approx(expected, rel=1e-4)


# Maturity


def test_the_curve_is_kaplan_and_meiers_by_hand():
    # Today is 10. Ages 10, 8, 6, 4, 2; two came back, after 3 and 5 days.
    units = lines([0, 2, 4, 6, 8])
    found = curve(units, came([0, 2], [3, 9]), 10, horizon=12)
    # Age 3: four at risk (ages 10, 8, 6, 4). Age 5: two (8 and 6 old; one is back, one censored).
    assert found.at_risk[3] == 4
    assert found.at_risk[5] == 2
    assert found.share[2] == 0
    assert found.share[3] == pytest.approx(1 / 4)
    assert found.share[5] == pytest.approx(1 - 3 / 4 * 1 / 2)
    assert found.maturity[12] == 1


def test_units_of_a_line_count_one_by_one():
    single = curve(lines([0] * 5 + [4] * 3), came([0, 1, 5], [3, 3, 6]), 10)
    double = curve(lines([0, 4], quantity=[5, 3]), came([0, 1], [3, 6], quantity=[2, 1]), 10)
    assert np.allclose(single.share, double.share)


def test_returns_of_tomorrow_are_not_known_today():
    units, returns = some_shop()
    early = returns.take(returns.day <= 150)
    for kind in range(3):
        one = maturity(units, returns, 150).curves[kind]
        assert np.array_equal(one, maturity(units, early, 150).curves[kind])


def test_a_category_with_few_returns_has_the_curve_of_all():
    units = lines([0] * 300, category=ints(*([0] * 290 + [1] * 10)))
    found = maturity(units, came(range(295), [5] * 285 + [20] * 10), 100)
    assert found.own.tolist() == [1, 0]
    assert np.array_equal(found.curves[1], found.curves[2])
    assert found.curves[0][5] > found.curves[2][5]
    assert found.of(ints(0, 1, -1), ints(-1, 20, 500)).tolist() == [0, 1, 1]


def test_a_young_cohort_is_corrected_for_what_is_still_to_come():
    units, returns = some_shop(n=60_000)
    grown = maturity(units, returns, 299)
    young = np.where(units.delivered > 285, 0, -1)
    found = cohort_rates(units, returns, 299, grown, young)
    truth = float(
        np.isin(np.flatnonzero(young == 0), returns.line).mean()
    )  # with the returns of later days
    raw = found.returned[0] / found.units[0]
    assert raw < 0.75 * truth
    assert found.rate[0] == pytest.approx(truth, rel=0.15)


def test_there_is_no_rate_below_30_percent_maturity():
    units, returns = some_shop()
    grown = maturity(units, returns, 299)
    found = cohort_rates(units, returns, 299, grown, 299 - units.delivered)
    told = ~np.isnan(found.rate)
    assert told.any()
    assert not told.all()
    assert (found.maturity[told] >= 0.3).all()
    assert (found.maturity[~told & (found.units > 0)] < 0.3).all()


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_maturity_grows_with_age_and_order_does_not_matter(seed):
    units, returns = some_shop(seed, n=400)
    grown = maturity(units, returns, 250)
    assert (np.diff(grown.curves, axis=1) >= -1e-12).all()
    assert (grown.curves[:, -1] == 1).all()
    shuffled, moved = permuted(units, returns, seed)
    assert np.allclose(maturity(shuffled, moved, 250).curves, grown.curves)


def permuted(units, returns, seed):
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(units))
    place = np.argsort(order)
    moved = Returns(
        place[returns.line], returns.day, returns.reason, returns.quantity, returns.cost
    )
    return units.take(order), moved.take(draw.permutation(len(returns)))


# Rates


def test_a_rate_lies_between_its_own_and_its_categorys():
    exposure = np.array([5.0, 50.0, 500.0] * 20)
    draw = np.random.default_rng(3)
    own = draw.beta(4, 36, exposure.size)
    returned = draw.binomial(exposure.astype(int), own).astype(float)
    found = rate.shrink(returned, exposure, np.zeros(exposure.size, dtype=np.int64))
    raw, prior = returned / exposure, found.prior[0]
    assert (np.minimum(raw, prior) - 1e-9 <= found.mean).all()
    assert (found.mean <= np.maximum(raw, prior) + 1e-9).all()
    weight = (found.mean - prior) / np.where(raw == prior, 1, raw - prior)
    assert weight[:3].tolist() == sorted(weight[:3].tolist())


@pytest.mark.parametrize("strength", [15, 40, 120])
def test_the_strength_is_found_by_moments(strength):
    draw = np.random.default_rng(strength)
    found = []
    for _round in range(20):
        exposure = draw.integers(20, 400, 300).astype(float)
        own = draw.beta(0.1 * strength, 0.9 * strength, 300)
        returned = draw.binomial(exposure.astype(int), own).astype(float)
        found.append(rate.shrink(returned, exposure, np.zeros(300, dtype=np.int64)).strength[0])
    assert np.median(found) == pytest.approx(strength, rel=0.2)


def test_products_alike_are_shrunk_hard():
    draw = np.random.default_rng(1)
    returned = draw.binomial(200, 0.1, 200).astype(float)
    found = rate.shrink(returned, np.full(200, 200.0), np.zeros(200, dtype=np.int64))
    assert found.strength[0] > 500


def test_predicted_counts_are_those_of_the_beta_binomial():
    shrunk = rate.Shrunk(np.array([3.0]), np.array([20.0]), np.zeros(1), np.zeros(1), np.zeros(1))
    n, a, b = 30, 3.0, 20.0

    def beta(x, y):
        return lgamma(x) + lgamma(y) - lgamma(x + y)

    chance = [comb(n, k) * exp(beta(k + a, n - k + b) - beta(a, b)) for k in range(n + 1)]
    below = np.cumsum(chance)
    low, high = rate.predict_counts(shrunk, ints(n), 0.9)
    assert low[0] == np.argmax(below >= 0.05)
    assert high[0] == np.argmax(below >= 0.95)


def test_predicted_counts_hold_what_comes():
    draw = np.random.default_rng(8)
    own = draw.beta(5, 45, 600)
    exposure = draw.integers(10, 200, 600)
    later = draw.integers(20, 200, 600)
    returned = draw.binomial(exposure, own).astype(float)
    shrunk = rate.shrink(returned, exposure.astype(float), np.zeros(600, dtype=np.int64))
    low, high = rate.predict_counts(shrunk, later, 0.9)
    come = draw.binomial(later, own)
    assert 0.87 <= ((low <= come) & (come <= high)).mean() <= 0.96


def test_wilsons_interval_is_that_of_the_book():
    low, high = rate.wilson(np.array([45.0, 0.0]), np.array([50.0, 20.0]))
    assert low.round(3).tolist() == [0.786, 0.0]
    assert high.round(3).tolist() == [0.957, 0.161]


# Tables


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_no_unit_is_lost_between_tables(seed):
    units, returns = some_shop(seed, n=500)
    today = 200
    known = returns.known(units, today)
    grown = maturity(units, returns, today)
    by_product = table.rate_table(units, returns, today, grown, units.codes["product"])
    assert by_product.delivered.sum() == (units.delivered <= today).sum()
    assert by_product.returned.sum() == len(known)
    assert by_product.cost.sum() == pytest.approx(known.cost.sum())
    heat = table.heat_map(units, returns, today, units.codes["product"], 4)
    assert heat.observed.sum() == len(known)
    assert heat.expected.sum() == pytest.approx(len(known))
    pareto = table.reason_pareto(known)
    assert pareto.cost.sum() == pytest.approx(known.cost.sum())
    assert pareto.running[-1] == pytest.approx(1)
    month, names = cohort.months(units.delivered)
    whole = cohort.triangle(units, returns, today, month, horizon=200)
    assert len(names) == whole.delivered.size
    assert whole.returned.sum() == len(known)


def test_rates_have_their_interval_around_them():
    units, returns = some_shop()
    grown = maturity(units, returns, 299)
    found = table.rate_table(units, returns, 299, grown, units.codes["product"])
    assert ((found.low <= found.rate) & (found.rate <= found.high)).all()
    shrunk = table.shrunk_table(
        units, returns, 299, grown, units.codes["product"], np.arange(20) // 10
    )
    assert ((shrunk.low <= shrunk.rate) & (shrunk.rate <= shrunk.high)).all()
    assert shrunk.usual[0] < 0.15 < shrunk.usual[-1]


def test_a_triangle_shows_no_cell_before_its_time():
    units = lines([0, 0, 3], quantity=[2, 2, 4])
    found = cohort.triangle(units, came([0, 2], [2, 9]), 13, ints(0, 0, 1), horizon=13)
    assert found.delivered.tolist() == [4, 4]
    assert found.returned.tolist() == [[1, 0], [1, 0]]
    assert found.share[0].tolist() == [0.25, 0.25]
    assert found.share[1][0] == 0.25
    assert np.isnan(found.share[1][1])


# What will come


def test_the_forecast_is_the_rate_times_what_is_left_of_the_curve():
    units, returns = some_shop(n=40_000)
    today = 240
    found = forecast.forecast(units, returns, today, units.codes["category"], weeks=4)
    later = returns.take(returns.day > today)
    later = later.take(units.delivered[later.line] <= today)
    week = (later.day - today - 1) // 7
    for kind in (0, 1):
        for number in range(3):
            real = ((units.codes["category"][later.line] == kind) & (week == number)).sum()
            assert found.low[kind, number] - 3 <= real <= found.high[kind, number] + 3
    assert (found.low <= found.mean + 1).all()
    assert (np.floor(found.mean) <= found.high).all()


def test_count_intervals_hold_their_level():
    mean, variance = np.array([4.0, 60.0]), np.array([6.0, 150.0])
    low, high = forecast.count_interval(mean, variance, 0.9)
    for place in (0, 1):
        below = tails.negative_binomial_above(low[place] - 1, mean[place], variance[place])
        above = tails.negative_binomial_above(high[place], mean[place], variance[place])
        assert 1 - float(below) < 0.05
        assert float(above) <= 0.05
        assert float(below - above) >= 0.9


def test_announced_units_count_as_supply_by_their_reason():
    found = supply.resellable(ints(0, 1, 1), ints(100, 50, 50), ints(95, 5, 5), reasons=3)
    assert found.chance[0] > 0.8
    assert found.chance[1] < 0.25
    assert found.chance[2] == pytest.approx(found.chance[3])
    assert (found.low < found.chance).all()
    weeks = supply.probable_supply(ints(0, -1, 1), ints(2, 1, 1), ints(0, 12, 99), found, 5, 2)
    assert weeks[0] == pytest.approx(2 * found.chance[0])
    assert weeks[1] == pytest.approx(found.chance[3])
