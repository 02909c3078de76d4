"""When a parcel will arrive: the model against direct formulas, and what must always hold."""

import json
from dataclasses import replace

import numpy as np
import pytest
from engine.network import geo
from engine.tracking.eta import backtest, level, location, model, pace, plain, score, spread, stages
from engine.tracking.eta.distance import great_circles_km
from engine.tracking.eta.explain import explain
from engine.tracking.eta.parcels import Feature, Parcels, weekday_of
from engine.tracking.eta.week import Week
from hypothesis import given, settings
from hypothesis import strategies as st

TODAY = 20_000.0  # 2024-10-04, a Friday
STATES = ("north", "middle", "south")
SLOWER = {"north": 0.0, "middle": 0.2, "south": 0.5}


def shop(n=600, seed=1, noise=0.3, sundays=False, days=400.0):
    """``n`` parcels of a year, whose times are known: exp(1 + 0.2 log(1 + km) + state + noise)."""
    draw = np.random.default_rng(seed)
    start = np.floor(TODAY - draw.uniform(0, days, n)) + draw.uniform(0, 1, n)
    km = draw.uniform(5, 1500, n)
    states = draw.choice(STATES, n)
    logs = 0.6 + 0.2 * np.log1p(km) + np.array([SLOWER[one] for one in states])
    took = np.rint(np.expm1(logs + draw.normal(0, noise, n)))
    end = np.floor(start) + took + 0.6
    if not sundays:
        end += weekday_of(end) == 6
    zips = [f"IT-{one[:1]}{number % 7}" for number, one in enumerate(states)]
    features = {
        "state": Feature.of(states),
        "zip2": Feature.of(zips),
        "service": Feature.of(draw.choice(("fast", "cheap"), n)),
    }
    return Parcels(start, end, km, features, np.floor(start) + 12)


@pytest.fixture(scope="module")
def parcels():
    return shop()


@pytest.fixture(scope="module")
def learned(parcels):
    return model.fit(parcels, TODAY)


def table(estimates):
    return np.stack([getattr(estimates, name) for name in estimates.__slots__], axis=1)


# Against direct formulas


def test_an_effect_is_the_shrunken_mean_of_what_the_line_leaves():
    parcels = shop(200)
    parcels = replace(parcels, features={"state": parcels.features["state"]})
    logs = np.log1p(np.floor(parcels.end) - np.floor(parcels.start))
    weights = np.random.default_rng(2).uniform(0.1, 1, 200)
    found = location.fit_location(parcels, logs, weights, shrink=30, passes=1)
    x = np.log1p(parcels.km)
    slope, intercept = np.polyfit(x, logs, 1, w=np.sqrt(weights))
    left = logs - intercept - slope * x
    for code, label in enumerate(parcels.features["state"].labels):
        at = parcels.features["state"].codes == code
        expected = (weights * left)[at].sum() / (weights[at].sum() + 30)
        value = dict(zip(found.effects["state"].labels, found.effects["state"].values, strict=True))
        assert value[label] == pytest.approx(expected, abs=1e-9)


def test_effects_come_near_the_truth_with_many_parcels():
    many = shop(20_000, noise=0.2, sundays=True)
    found = model.fit(many, TODAY + 100, model.Settings(half_life=10_000))
    effect = found.location.effects["state"]
    values = dict(zip(effect.labels, effect.values, strict=True))
    assert values["south"] - values["north"] == pytest.approx(0.5, abs=0.05)
    assert values["middle"] - values["north"] == pytest.approx(0.2, abs=0.05)
    assert found.location.slope == pytest.approx(0.2, abs=0.03)


def test_quantiles_of_equal_weights_are_those_of_hazen():
    values = np.random.default_rng(3).normal(size=101)
    levels = np.linspace(0.01, 0.99, 50)
    ours = spread.weighted_quantiles(values, np.full(101, 0.7), levels)
    assert ours == pytest.approx(np.quantile(values, levels, method="hazen"))


def test_distances_are_those_of_one_pair_at_a_time():
    draw = np.random.default_rng(8)
    places = draw.uniform((-90, -180, -90, -180), (90, 180, 90, 180), (200, 4))
    each = [geo.great_circle_km(*place) for place in places]
    assert great_circles_km(*places.T) == pytest.approx(each)


def test_the_pinball_loss_is_lowest_at_the_quantile():
    days = np.random.default_rng(4).integers(1, 40, 500)
    best = min(range(60), key=lambda day: score.pinball(np.full(500, day), days))
    assert best == np.quantile(days, 0.935, method="inverted_cdf")


def test_the_area_under_the_curve_counts_pairs():
    draw = np.random.default_rng(5)
    said, late = draw.integers(0, 20, 80) / 20, draw.random(80) < 0.3
    pairs = [(a > b) + (a == b) / 2 for a in said[late] for b in said[~late]]
    assert score._auc(said, late) == pytest.approx(np.mean(pairs))


def test_ranges_hold_what_they_promise_on_new_parcels(learned):
    new = shop(4000, seed=77)
    days = np.floor(new.end) - np.floor(new.start)
    said = learned.predict(new)
    assert ((said.low <= days) & (days <= said.high)).mean() == pytest.approx(0.9, abs=0.04)
    # With few days, a range of whole days holds more than its level: what adaptation takes back.
    assert 0.77 <= ((said.low_80 <= days) & (days <= said.high_80)).mean() <= 0.9
    assert (days <= said.promise).mean() == pytest.approx(0.935, abs=0.04)
    assert (days <= said.median).mean() == pytest.approx(0.55, abs=0.08)


def test_the_chance_of_being_late_is_that_of_the_range(learned):
    new = shop(50, seed=9)
    due = learned.quantiles(new, np.array([0.8]))[:, 0]
    new = replace(new, due=np.floor(new.start) + due)
    assert learned.late(new) == pytest.approx(np.full(50, 0.2), abs=0.13)  # whole days
    past = learned.late(new, age=due + 1.0)
    assert (past == 1).all()


# What must always hold


def test_the_order_of_the_rows_does_not_matter(parcels):
    mixed = np.random.default_rng(6).permutation(len(parcels))
    one, other = (plain.to_plain(model.fit(p, TODAY)) for p in (parcels, parcels.take(mixed)))
    assert one == other


def test_numbering_labels_otherwise_changes_nothing(parcels):
    feature = parcels.features["state"]
    labels = (*reversed(feature.labels), "never seen")
    turned = Feature(len(feature.labels) - 1 - feature.codes, labels)
    other = replace(parcels, features={**parcels.features, "state": turned})
    said = [table(model.fit(p, TODAY).predict(p)) for p in (parcels, other)]
    assert (np.abs(said[0] - said[1]) <= 1).all()  # folds differ, and so do last digits


def test_what_is_unknown_counts_zero(learned):
    known = shop(20)
    bare = Parcels(known.start, known.end, np.full(20, np.nan))
    foreign = {
        name: Feature.of(["never seen"] * 20) for name in ("state", "zip2", "service", "lane")
    }
    strange = replace(bare, features=foreign)
    assert (table(learned.predict(bare)) == table(learned.predict(strange))).all()
    terms = explain(learned, strange).terms
    assert not any(terms[name].any() for name in ("lane", "service", "area", "origin"))


def test_deliveries_of_later_are_not_known_now(parcels):
    later = parcels.end >= TODAY - 100
    hidden = replace(parcels, end=np.where(later, np.nan, parcels.end))
    one, other = (plain.to_plain(model.fit(p, TODAY - 100)) for p in (parcels, hidden))
    assert one == other


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(60, 200),
    noise=st.sampled_from((0.0, 0.1, 0.6, 1.5)),
    lost=st.sampled_from((0.0, 0.1, 0.6)),
)
def test_ranges_are_in_order_and_never_earlier_than_now(seed, n, noise, lost):
    parcels = shop(n, seed, noise)
    draw = np.random.default_rng(seed)
    parcels = replace(parcels, end=np.where(draw.random(n) < lost, np.nan, parcels.end))
    found = model.fit(parcels, TODAY, model.Settings(minimum=10))
    if found is None:
        return
    before = np.zeros((n, 6))
    for age in (0.0, 1.0, 3.0, 6.0, 7.0, 20.0, 90.0, 2000.0):
        said = found.predict(parcels, np.full(n, age))
        assert (said.low <= said.low_80).all()
        assert (said.low_80 <= said.median).all()
        assert (said.median <= said.high_80).all()
        assert (said.high_80 <= said.high).all()
        now = table(said)
        assert (now >= age).all()
        assert (now >= before).all(), "waiting brings no parcel nearer to its start"
        assert (now < age * 40 + 4000).all()
        before = now


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), age=st.integers(0, 40))
def test_the_sum_is_the_median(seed, age):
    parcels = shop(150, seed)
    found = model.fit(parcels, TODAY)
    ages = np.full(150, float(age))
    terms = explain(found, parcels, ages).terms
    median = found.predict(parcels, ages).median
    assert sum(terms.values()) == pytest.approx(median)
    for row in range(0, 150, 10):
        assert sum(explain(found, parcels, ages).of(row).values()) == pytest.approx(median[row])
    assert (explain(found, parcels).similar >= 1).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_model_survives_json(seed):
    parcels = shop(120, seed)
    found = model.fit(parcels, TODAY, levels=level.Levels(0.77, 0.91, 0.95))
    again = plain.from_plain(json.loads(json.dumps(plain.to_plain(found))))
    ages = np.arange(120.0)
    assert (table(again.predict(parcels, ages)) == table(found.predict(parcels, ages))).all()
    assert again.late(parcels, ages) == pytest.approx(found.late(parcels, ages))
    with pytest.raises(ValueError, match="version"):
        plain.from_plain({"version": 0})


@settings(max_examples=60, deadline=None)
@given(
    rest=st.lists(st.booleans(), min_size=7, max_size=7).filter(lambda one: not all(one)),
    start=st.integers(19_000, 19_020),
    days=st.integers(0, 60),
)
def test_counting_days_of_delivery_can_be_undone(rest, start, days):
    week = Week(tuple(rest))
    at = np.array([float(start)])
    count = week.count(at, np.array([float(days)]))
    assert count[0] == sum(not rest[(start + n + 3) % 7] for n in range(1, days + 1))
    back = week.calendar(at, count)
    assert back[0] <= days
    assert week.count(at, back.astype(float))[0] == count[0]
    assert count[0] == 0 or not rest[(start + back[0] + 3) % 7]


# The rest of the method


def test_below_fifty_deliveries_there_is_no_model(parcels):
    few = parcels.take(np.arange(49))
    assert model.fit(few, TODAY + 100) is None
    assert model.fit(parcels.take(np.arange(50)), TODAY + 100).sample == 50


def test_sundays_without_deliveries_are_learned(learned):
    assert list(learned.week.names()) == [6]
    said = learned.predict(shop(300, seed=8))
    arrives = np.floor(shop(300, seed=8).start)[:, None] + table(said)
    assert not (weekday_of(arrives) == 6).any()


def test_a_delivery_before_the_hand_over_is_left_out(parcels):
    wrong = replace(parcels, end=np.where(np.arange(600) < 30, parcels.start - 2, parcels.end))
    assert model.fit(wrong, TODAY + 100).sample == model.fit(parcels, TODAY + 100).sample - 30


def test_a_slow_season_shows_before_its_parcels_arrive():
    parcels = shop(6000, noise=0.25)
    slow = parcels.start > TODAY - 21
    days = np.floor(parcels.end) - np.floor(parcels.start)
    end = np.where(slow, np.floor(parcels.start) + np.rint(1.6 * days) + 0.5, parcels.end)
    learned = model.fit(replace(parcels, end=end), TODAY)
    assert learned.pace.overall > 0.15
    assert learned.pace.observed < learned.pace.expected
    assert explain(learned, parcels).of(0)["pace"] > 0
    assert abs(model.fit(parcels, TODAY).pace.overall) < 0.06


def test_a_strike_of_one_service_slows_that_one():
    parcels = shop(6000, noise=0.25)
    cheap = parcels.features["service"].codes == parcels.features["service"].labels.index("cheap")
    struck = cheap & (parcels.end > TODAY - 10)
    learned = model.fit(replace(parcels, end=np.where(struck, np.nan, parcels.end)), TODAY)
    shift = dict(zip(*_pair(learned.pace.groups["service"]), strict=True))
    assert shift["cheap"] <= 0 or shift["cheap"] > shift["fast"] + 0.05


def _pair(effect):
    return effect.labels, effect.values


def test_forgotten_parcels_do_not_look_like_a_slow_season():
    parcels = shop(6000, noise=0.25)
    never = np.random.default_rng(1).random(6000) < 0.3
    learned = model.fit(replace(parcels, end=np.where(never, np.nan, parcels.end)), TODAY)
    assert abs(learned.pace.overall) < 0.1


def test_levels_move_by_a_part_of_the_gap():
    held = np.arange(200) < 170
    moved = level.Adaptation(step=0.5, memory=0.0).look(held, held, held)
    assert moved.wide == pytest.approx(0.9 + 0.5 * (0.9 - 0.85))
    assert moved.middle == pytest.approx(0.8 + 0.5 * (0.8 - 0.85))
    few = level.Adaptation(step=0.5, memory=0.5).look(held[:20], held[:20], held[:20])
    assert few == level.Levels()
    nothing = np.zeros(100, dtype=bool)
    lost = level.Adaptation(step=1.0, memory=0.0).look(nothing, nothing, nothing)
    assert lost.wide == level.HIGHEST


def test_a_gap_that_stays_widens_for_good_and_none_narrows():
    adaptation = level.Adaptation(step=0.25, memory=0.1)
    held, all_held = np.arange(200) < 160, np.ones(200, dtype=bool)
    first, second = (adaptation.look(held, held, held) for _week in range(2))
    assert first.wide == pytest.approx(0.9 + 0.25 * 0.1 + 0.1 * 0.1)
    assert second.wide == pytest.approx(0.9 + 0.25 * 0.1 + 2 * 0.1 * 0.1)
    for _week in range(50):
        calm = adaptation.look(all_held, all_held, all_held)
    assert calm.wide == pytest.approx(0.9 - 0.25 * 0.1)


def test_the_back_test_knows_only_what_was_known():
    """Cutting the future off changes nothing of what was said before."""
    parcels = shop(1500)
    whole = backtest.walk(parcels, TODAY)
    kept = np.floor(parcels.start) < TODAY - 70
    cut = backtest.walk(parcels.take(kept), TODAY)
    position = np.flatnonzero(kept)
    one = dict(zip(position[cut.rows], table(cut.estimates).tolist(), strict=True))
    other = dict(zip(whole.rows, table(whole.estimates).tolist(), strict=True))
    assert len(one) > 300
    assert all(other[row] == said for row, said in one.items())


def test_the_back_test_scores_what_was_said():
    trail = backtest.walk(shop(1500), TODAY)
    found = score.score(trail)
    assert found.parcels == len(trail.days) > 1000
    assert found.mae < 3.5
    assert 0.85 <= found.coverage_90 <= 0.95
    assert not found.missed
    assert trail.model.sample >= 50
    error = trail.estimates.median - trail.days
    assert found.median_error == np.median(np.abs(error))
    north = score.score(trail, trail.parcels.features["state"].codes == 0)
    assert 0 < north.parcels < found.parcels
    assert score.score(trail, np.zeros(len(trail.days), dtype=bool)) is None


def test_a_season_that_nobody_foresaw_is_named():
    parcels = shop(1500)
    slow = (parcels.start > TODAY - 60) & (parcels.start < TODAY - 30)
    end = np.where(slow, parcels.end + 30, parcels.end)
    trail = backtest.walk(replace(parcels, end=end), TODAY + 90)
    start = trail.parcels.start
    assert score.score(trail, (start > TODAY - 60) & (start < TODAY - 45)).missed
    assert not score.score(trail, start < TODAY - 100).missed


def test_a_probability_is_worth_telling_only_with_skill():
    parcels = shop(3000, noise=0.15)
    days = np.floor(parcels.end) - np.floor(parcels.start)
    draw = np.random.default_rng(3)
    told = replace(parcels, due=np.floor(parcels.start) + np.quantile(days, 0.7))
    trail = backtest.walk(told, TODAY)
    assert score.skill(trail).worth_telling
    assert score.skill(trail).auc > 0.8
    guessed = replace(trail, late=draw.permutation(trail.late))
    assert not score.skill(guessed).worth_telling
    assert not score.skill(trail, np.arange(20)).worth_telling, "too few to know"
    never = replace(parcels, due=np.full(3000, np.nan))
    assert score.skill(backtest.walk(never, TODAY)) is None


def test_each_state_has_stages_and_those_over_have_none():
    assert stages.stages_for("label_created", False) == ("order",)
    assert stages.stages_for("label_created", True) == ("handover",)
    assert stages.stages_for("in_transit", False) == ("handover",)
    assert stages.stages_for("out_for_delivery", True) == ("out_for_delivery", "handover")
    assert stages.stages_for("delivered", True) == ()
    assert stages.stages_for("lost", True) == ()
    assert stages.stages_for("returning", True) == ()


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one value per parcel"):
        Parcels(np.zeros(3), np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="no feature colour"):
        Parcels(np.zeros(1), np.zeros(1), np.zeros(1), {"colour": Feature.of(["red"])})


def test_no_parcels_are_no_problem(learned):
    nothing = Parcels(np.empty(0), np.empty(0), np.empty(0))
    assert model.fit(nothing, TODAY) is None
    assert table(learned.predict(nothing)).shape == (0, 6)
    assert not len(backtest.walk(nothing, TODAY).days)
    assert pace.Pace().at(nothing).size == 0
