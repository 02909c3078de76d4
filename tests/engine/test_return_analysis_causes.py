"""The detector of causes: planted ones are found, named and followed, and nothing else is."""

from dataclasses import replace

import numpy as np
import pytest
from engine.returns.analysis import discovery, follow, scan, topics, words
from engine.returns.analysis.columns import Returns, Units
from engine.returns.analysis.detect import detect
from engine.returns.analysis.expected import ground, window
from engine.returns.analysis.finding import Group
from engine.returns.analysis.maturity import maturity
from engine.returns.analysis.settings import Settings
from hypothesis import given, settings
from hypothesis import strategies as st

TODAY = 330
START = 260
FIT, LOOKS, BROKEN, DAMAGED, LATE = range(5)


def shop(seed=1, n=30_000, plant=None, until=10_000):
    """A year of 60 products in 4 categories, 12 % of which come back.

    :param plant: ``(codes, reason, points)`` of more returns from START to ``until``; reason LATE
        delays half of the parcels instead.
    """
    draw = np.random.default_rng(seed)
    day = np.sort(draw.integers(0, 360, n))
    product = draw.integers(0, 60, n)
    codes = {
        "product": product,
        "variant": product * 4 + draw.integers(0, 4, n),
        "lot": product * 6 + day // 60,
        "supplier": product % 9,
        "category": product // 15,
        "carrier": draw.integers(0, 3, n),
        "warehouse": draw.integers(0, 3, n),
        "region": draw.integers(0, 6, n),
    }
    rate = draw.beta(0.12 * 60, 0.88 * 60, 60)[product]
    added = np.zeros(n)
    late_share = np.full(n, 0.05)
    reason = 0
    if plant:
        where, reason, points = plant
        inside = (day >= START) & (day < until)
        for name, value in where.items():
            inside &= codes[name] == value
        if reason == LATE:
            late_share[inside] = 0.5
        else:
            added[inside] = points
    late = draw.uniform(size=n) < late_share
    by_late = np.where(late, 0.25, 0.0)
    back = np.flatnonzero(draw.uniform(size=n) < rate + added + by_late)
    said = draw.choice(4, back.size, p=(0.4, 0.3, 0.15, 0.15))
    whole = (rate + added + by_late)[back]
    pick = draw.uniform(size=back.size) * whole
    said = np.where(pick < added[back], reason, said)
    said = np.where((pick >= added[back]) & (pick < added[back] + by_late[back]), LATE, said)
    said = np.where(draw.uniform(size=back.size) < 0.2, draw.integers(0, 5, back.size), said)
    units = Units(day, np.ones(n, dtype=np.int64), codes, late)
    took = 1 + draw.poisson(8, back.size)
    returns = Returns(
        back, day[back] + took, said, np.ones(back.size, dtype=np.int64), np.full(back.size, 10.0)
    )
    return units, returns


PLANTED = {
    "a bad lot": ({"lot": 7 * 6 + 4}, BROKEN, 0.5),
    "a size that runs small": ({"variant": 30}, FIT, 0.7),
    "a description": ({"product": 21}, LOOKS, 0.3),
    "a carrier at a warehouse": ({"carrier": 1, "warehouse": 2}, DAMAGED, 0.12),
    "a supplier": ({"supplier": 4}, BROKEN, 0.15),
}


@pytest.fixture(scope="module", params=PLANTED)
def planted(request):
    return PLANTED[request.param], *shop(plant=PLANTED[request.param])


def test_each_cause_is_found_and_named(planted):
    (where, reason, _points), units, returns = planted
    found = [one for one in detect(units, returns, TODAY) if one.level == "flag"]
    assert [one.group.family for one in found] == [frozenset(where.items())]
    first = found[0]
    assert first.reason == reason
    assert not first.late
    assert first.q <= 0.01
    assert first.ratio_low < first.ratio < first.ratio_high
    assert first.reason_observed > 2 * first.reason_expected
    assert first.money == pytest.approx((first.observed - first.expected) * 10)
    assert first.rate > first.usual
    assert START - 60 <= first.since <= TODAY


def test_a_known_cause_is_no_news(planted):
    (where, _reason, _points), units, returns = planted
    known = [Group(("region",), (99,)), Group(tuple(where), tuple(where.values()))]
    found = detect(units, returns, TODAY, known=known)
    assert [one.known for one in found if one.level == "flag"] == [1]


def test_late_parcels_are_no_fault_of_the_goods():
    units, returns = shop(plant=({"carrier": 1, "region": 3}, LATE, 0))
    found = [one for one in detect(units, returns, TODAY) if one.level == "flag"]
    assert found[0].group == Group(("carrier", "region"), (1, 3))
    assert found[0].late


@pytest.mark.parametrize("seed", range(4))
def test_without_a_cause_nothing_is_flagged(seed):
    units, returns = shop(seed)
    assert [one for one in detect(units, returns, TODAY) if one.level == "flag"] == []


def test_tomorrow_is_not_looked_into(planted):
    _cause, units, returns = planted
    now = returns.take((returns.day <= TODAY) & (units.delivered[returns.line] <= TODAY))
    assert detect(units, now, TODAY) == detect(units, returns, TODAY)


def test_the_order_of_the_rows_does_not_matter(planted):
    _cause, units, returns = planted
    draw = np.random.default_rng(5)
    order = draw.permutation(len(units))
    place = np.argsort(order)
    moved = replace(returns, line=place[returns.line]).take(draw.permutation(len(returns)))
    one, other = detect(units, returns, TODAY), detect(units.take(order), moved, TODAY)
    assert [each.group for each in one] == [each.group for each in other]
    assert [each.p for each in one] == pytest.approx([each.p for each in other], rel=1e-6)


def test_an_empty_or_new_shop_has_nothing_to_say():
    units, returns = shop(n=2000)
    nothing = np.zeros(len(returns), dtype=np.bool_)
    assert detect(units, returns.take(nothing), TODAY) == []
    assert detect(units, returns, 20) == []
    empty = units.take(np.zeros(len(units), dtype=np.bool_))
    assert detect(empty, returns.take(nothing), TODAY) == []


def test_what_is_not_recorded_is_not_looked_at():
    units, returns = shop(plant=PLANTED["a description"])
    bare = Units(units.delivered, units.quantity, {"product": units.codes["product"]})
    found = detect(bare, returns, TODAY)
    assert found[0].group == Group(("product",), (21,))


def test_money_orders_the_flags():
    units, returns = shop(plant=PLANTED["a supplier"])
    costly = replace(returns, cost=returns.cost * 3)
    assert detect(units, costly, TODAY)[0].money == pytest.approx(
        3 * detect(units, returns, TODAY)[0].money
    )


# The parts


def look(units, returns, days=56):
    returns = returns.known(units, TODAY)
    grown = maturity(units, returns, TODAY)
    base = ground(units, returns, TODAY, grown, Settings())
    return base, window(base, days)


def test_every_return_of_the_window_is_in_one_group_of_each_dimension():
    units, returns = shop()
    base, seen = look(units, returns)
    for dimensions in Settings().groups:
        cells = scan.cells(base, seen, dimensions)
        assert cells.observed[:, 0].sum() == seen.came.size
        assert cells.observed[:, 1:].sum() == seen.came.size
        assert cells.units.sum() == seen.rows.size
    products = scan.cells(base, seen, ("product",))
    assert products.expected[:, 0].sum() == pytest.approx(seen.expected.sum())
    assert products.expected[:, 1:].sum() == pytest.approx(seen.expected.sum(), rel=0.01)


def test_expected_returns_come_true_without_a_cause():
    units, returns = shop(3, n=60_000)
    _base, seen = look(units, returns)
    assert seen.expected.sum() == pytest.approx(seen.came.size, rel=0.06)


def test_units_that_come_back_together_are_less_evidence():
    units, returns = shop()
    pairs = replace(returns, quantity=returns.quantity * 2)
    double = Units(units.delivered, units.quantity * 2, units.codes, units.late)
    base, _seen = look(double, pairs)
    assert base.clumping == 2
    assert [one for one in detect(double, pairs, TODAY) if one.level == "flag"] == []


@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=40), st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_the_false_discovery_rate_is_benjamini_and_hochbergs(values, more):
    p = np.array(values)
    tests = p.size + more
    q = discovery.q_values(p, tests)
    for level in (0.01, 0.1, 0.5):
        ranked = np.sort(p)
        passing = np.flatnonzero(ranked <= level * np.arange(1, p.size + 1) / tests)
        expected = passing.size and int(passing.max()) + 1
        assert (q <= level * (1 + 1e-12)).sum() >= expected
        assert (q <= level * (1 - 1e-12)).sum() <= expected
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= 0).all()


def test_groups_are_numbered_by_their_codes():
    group, keys = scan.dense([np.array([2, 0, -1, 2]), np.array([1, 5, 1, 1])])
    assert group.tolist() == [1, 0, -1, 1]
    assert keys.tolist() == [[0, 5], [2, 1]]
    wide = [np.array([10**9, 3, 10**9]), np.array([7, 10**8, 7])]
    group, keys = scan.dense(wide)
    assert group.tolist() == [1, 0, 1]
    assert keys.tolist() == [[3, 10**8], [10**9, 7]]


# What becomes of it


def test_an_open_cause_stays_open_and_an_ended_one_closes():
    where, reason, points = PLANTED["a description"]
    group = Group(tuple(where), tuple(where.values()))
    units, returns = shop(plant=(where, reason, points))
    assert not follow.course(units, returns, 350, group, reason, since=START).over
    units, returns = shop(plant=(where, reason, points), until=275)
    ended = follow.course(units, returns, 350, group, reason, since=START, raised=6)
    assert ended.over
    assert [one.state for one in ended.periods] == ["normal", "normal"]
    gone = follow.course(units, returns, 350, Group(("lot",), (42,)))
    assert gone.over
    assert gone.periods[1].state == "none"


def test_an_action_that_helped_is_told_from_one_that_did_not():
    where, reason, points = PLANTED["a carrier at a warehouse"]
    group = Group(tuple(where), tuple(where.values()))
    units, returns = shop(plant=(where, reason, points), until=310)
    helped = follow.effect(units, returns, 350, group, 310, days=50)
    assert helped.verdict == "helped"
    assert helped.ratio_low < helped.ratio < helped.ratio_high < 1
    assert helped.rate_after < helped.rate_before
    units, returns = shop(plant=(where, reason, points))
    assert follow.effect(units, returns, 350, group, 310, days=50).verdict == "unclear"
    assert follow.effect(units, returns, 350, group, START, days=60).verdict == "worse"


# Comments

SAID = {
    "it": [
        "La taglia è troppo piccola", "Veste piccolo, la taglia è sbagliata", "taglie piccole",
        "La cucitura si è aperta dopo il lavaggio", "cuciture aperte dopo un lavaggio",
        "una cucitura è aperta, al primo lavaggio",
    ],
    "de": [
        "Die Farbe ist anders als auf dem Foto", "Farben nicht wie auf dem Foto",
        "das Foto zeigt eine andere Farbe", "Fällt zu klein aus", "ist viel zu klein",
        "leider zu klein für mich",
    ],
}  # fmt: skip


@pytest.mark.parametrize("plain", [True, False])
def test_comments_are_grouped_by_what_they_speak_of(monkeypatch, plain):
    if plain:
        monkeypatch.setattr(words, "snowballstemmer", None)
    elif words.snowballstemmer is None:
        pytest.skip("snowballstemmer is not installed")
    words._stemmer.cache_clear()
    comments = [text for group in SAID.values() for text in group] * 3
    found = topics.topics(comments, most=2)
    assert found == topics.topics(comments, most=2)
    number = topics.topic_of(found, len(comments))
    for start in (0, 3, 6, 9):
        group = set(number[start : start + 3])
        assert len(group - {-1}) == 1
    assert len({number[start] for start in (0, 3, 6, 9)}) == 4
    assert all(one.language in ("it", "de") for one in found)
    words._stemmer.cache_clear()


def test_nothing_said_has_no_topic():
    assert topics.topics([]) == []
    assert topics.topics(["", "!!", "ok"] * 5) == []


@pytest.mark.parametrize(
    "text,language",
    [
        ("Non è come nella foto", "it"), ("It does not fit me", "en"), ("Es ist nicht das", "de"),
        ("Ce n'est pas la bonne", "fr"), ("No es lo que está en la foto", "es"),
    ],
)  # fmt: skip
def test_languages_are_told_by_their_small_words(text, language):
    assert words.languages_of([text]) == [language]
