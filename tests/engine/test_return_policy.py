"""What may be given back: examples from the law, and what holds for every policy."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from engine.returns.policy import (
    OUTCOMES,
    Delivery,
    History,
    Line,
    Policy,
    Request,
    Rule,
    What,
    Who,
    judge,
)
from engine.returns.policy_law import EU, EXCLUSIONS, guarantee_ends, withdrawal_ends
from hypothesis import given, settings
from hypothesis import strategies as st

MONDAY = date(2026, 3, 2)
BAD = Policy(
    days=0,
    guarantee_days=0,
    fee=10,
    fee_percent=30,
    freight_by="customer",
    free_exchange=False,
    outcomes=frozenset({"credit"}),
    refund_on="inspection",
)
"""As bad for the customer as a policy can be."""


def line(value=50.0, delivered=MONDAY, reported=True, **more):
    delivery = Delivery(delivered, reported) if delivered else None
    return Line(What(1, frozenset({1, 2}), **more.pop("what", {})), 1.0, value,
                delivery=delivery, **more)  # fmt: skip


def ask(*lines, after=0, country="IT", consumer=True, last=None, **more):
    lines = lines or (line(),)
    last = last or next((one.delivery for one in lines if one.delivery), None)
    who = Who(country, consumer)
    return Request(MONDAY + timedelta(days=after), who, lines, last_delivery=last, **more)


def codes(verdict):
    return [said.code for one in verdict.lines for said in one.said]


# --- the window ---------------------------------------------------------------------------------


def test_the_window_ends_so_many_days_after_delivery_and_says_when():
    policy = Policy(days=30)
    last = judge(ask(after=30, consumer=False), policy).lines[0]
    assert (last.allowed, last.until, last.ground) == (True, date(2026, 4, 1), "policy")
    over = judge(ask(after=31, consumer=False), policy)
    assert not over.allowed
    assert over.lines[0].until == date(2026, 4, 1)
    assert codes(over) == ["over", "delivered"]


def test_where_only_the_dispatch_is_known_the_way_is_added_and_it_is_said():
    asked = ask(line(reported=False), after=37, consumer=False)
    verdict = judge(asked, Policy(days=30))
    assert verdict.allowed
    assert codes(verdict) == ["by_policy", "dispatched"]
    assert not judge(replace(asked, today=asked.today + timedelta(1)), Policy(days=30)).allowed


def test_a_window_that_has_not_begun_has_no_last_day():
    one = judge(ask(line(delivered=None), after=400), Policy()).lines[0]
    assert (one.allowed, one.until) == (True, None)
    assert [said.code for said in one.said] == ["not_begun"]


def test_what_came_is_not_said_to_be_on_its_way_with_the_rest_of_the_order():
    who = Who("IT", True)
    verdict = judge(Request(MONDAY, who, (line(),), last_delivery=None), Policy())
    assert codes(verdict) == ["not_begun_order"]


def test_the_first_rule_that_fits_decides_its_subject_alone():
    rules = (
        Rule("window", 14, discounted=20),
        Rule("window", 60, categories=frozenset({2})),
        Rule("window", 5),
    )
    policy = Policy(rules=rules)
    for discount, days in ((30, 14), (10, 60)):
        asked = ask(line(what={"discount": discount}), consumer=False)
        assert judge(asked, policy).lines[0].until == MONDAY + timedelta(days)
    other = Line(What(9, frozenset({9})), 1, 5, delivery=Delivery(MONDAY))
    assert judge(ask(other, consumer=False), policy).lines[0].until == MONDAY + timedelta(5)


# --- the law ------------------------------------------------------------------------------------


def test_a_consumer_of_the_union_withdraws_within_14_days_for_free():
    verdict = judge(ask(after=14), BAD)
    assert verdict.allowed
    assert (verdict.lines[0].ground, verdict.fee, verdict.refund_on, verdict.refund_shipping) == (
        "withdrawal", 0.0, "receipt", True)  # fmt: skip
    assert verdict.freight_paid_by == "customer"
    assert not judge(ask(after=15), BAD).allowed


def test_a_business_and_a_consumer_elsewhere_have_the_policy_only():
    assert not judge(ask(after=1, consumer=False), BAD).allowed
    assert not judge(ask(after=1, country="US"), BAD).allowed
    assert judge(ask(line(outcome="refund"), after=1, country="NO"), BAD).allowed


def test_a_period_that_ends_on_a_weekend_ends_on_monday():
    # Regulation 1182/71, art. 3(4).
    assert withdrawal_ends(date(2026, 3, 7)) == date(2026, 3, 23)
    assert withdrawal_ends(date(2026, 3, 8)) == date(2026, 3, 23)


def test_withdrawal_counts_from_the_last_parcel_of_the_order():
    # 2011/83/EU, art. 9(2)(b)(i).
    last = Delivery(MONDAY + timedelta(20))
    assert judge(ask(after=34, last=last), BAD).allowed
    waiting = Request(MONDAY + timedelta(90), Who("DE"), (line(),), last_delivery=None)
    assert judge(waiting, BAD).allowed


@pytest.mark.parametrize("ground", ["custom", "perishable", "mixed", "press", "digital"])
def test_what_the_law_excludes_may_be_refused(ground):
    verdict = judge(ask(after=1), replace(Policy(), rules=(Rule("exclude", choice=ground),)))
    assert not verdict.allowed
    assert verdict.lines[0].said[0].values["article"].startswith("16(")


@pytest.mark.parametrize("ground", ["hygiene", "media"])
def test_a_seal_must_be_broken_before_the_right_is_lost(ground):
    policy = Policy(rules=(Rule("exclude", choice=ground),), automatic_below=100)
    assert not judge(ask(line(opened=True), after=1), policy).allowed
    assert judge(ask(line(opened=False), after=1), policy).needs == ()
    unknown = judge(ask(line(opened=None), after=1), policy)
    assert (unknown.allowed, unknown.needs, unknown.refund_on) == (
        True, ("inspection",), "inspection")  # fmt: skip
    assert not judge(ask(line(opened=None), after=1, country="US"), policy).allowed


@pytest.mark.parametrize("ground", ["final", "dangerous"])
def test_a_ground_of_the_shops_own_leaves_the_right_as_it_is(ground):
    policy = Policy(days=30, rules=(Rule("exclude", choice=ground),))
    assert judge(ask(after=14), policy).lines[0].ground == "withdrawal"
    assert not judge(ask(after=15), policy).allowed


def test_what_is_not_as_sold_is_guaranteed_for_two_years_in_spain_for_three():
    broken = line(guarantee=True, fault="product", outcome="repair")
    assert judge(ask(broken, after=731), BAD).allowed  # 2028 is a leap year
    assert not judge(ask(broken, after=732), BAD).allowed
    assert judge(ask(broken, after=3 * 365, country="ES"), BAD).allowed
    verdict = judge(ask(broken, after=700), BAD)
    assert (verdict.fee, verdict.freight_paid_by) == (0.0, "shop")
    assert guarantee_ends(date(2024, 2, 29), "IT") == date(2026, 2, 28)


def test_no_exclusion_ends_the_guarantee():
    policy = Policy(rules=(Rule("exclude", choice="custom"),))
    assert judge(ask(line(guarantee=True, fault="product"), after=200), policy).allowed


# --- money, and people --------------------------------------------------------------------------


def test_a_fee_is_kept_for_the_customers_reasons_and_never_exceeds_the_goods():
    policy = Policy(fee=5, fee_percent=10)
    asked = ask(line(50), line(30), after=20)
    assert judge(asked, policy).fee == 13.0
    assert judge(ask(line(50, fault="content"), after=20), policy).fee == 0.0
    assert judge(ask(line(3), after=20), policy).fee == 3.0
    assert judge(ask(line(50), after=20, rate=1.2), policy).fee == 12.0


def test_one_parcel_is_paid_by_the_shop_where_any_of_it_is_its_fault():
    policy = Policy()
    assert judge(ask(line(), after=20), policy).freight_paid_by == "customer"
    assert judge(ask(line(fault="carrier"), after=20), policy).freight_paid_by == "shop"
    both = ask(line(), line(fault="carrier"), after=20)
    assert judge(both, policy).freight_paid_by == "shop"
    assert judge(ask(line(outcome="exchange"), after=20), policy).freight_paid_by == "shop"


def test_only_a_small_value_is_approved_by_itself_and_not_without_a_photo_that_is_needed():
    policy = Policy(automatic_below=100)
    assert judge(ask(line(60), line(40)), policy).automatic
    assert not judge(ask(line(60), line(41)), policy).automatic
    photo = ask(line(60, photo_asked=True))
    assert not judge(photo, policy).automatic
    assert judge(ask(line(60, photo_asked=True, photos=1)), policy).automatic
    assert not judge(ask(line(0)), Policy(automatic_below=0)).automatic


def test_goods_stay_where_their_way_back_costs_more_than_they_bring():
    policy = Policy(returnless_below=20, freight_cost=5, handling_cost=2, freight_by="shop")
    stays = judge(ask(line(15, recovered=6.9)), policy)
    assert (stays.returnless, stays.fee, stays.lines[0].returnless) == (True, 0.0, True)
    assert not judge(ask(line(15, recovered=7)), policy).returnless
    assert not judge(ask(line(21, recovered=0)), policy).returnless
    paying = replace(policy, freight_by="customer")
    assert not judge(ask(line(15, recovered=6.9)), paying).returnless


def test_who_surely_returns_most_is_looked_at_and_gets_the_same_terms():
    policy = Policy(review_share=0.5, review_returns=5, automatic_below=100)
    often = ask(history=History(delivered=40, returned=30, returns=12))
    verdict = judge(often, policy)
    assert (verdict.allowed, verdict.automatic, verdict.needs) == (True, False, ("review",))
    assert verdict.review[0].code == "repeated"
    # 4 of 5 are more than a half, and prove nothing.
    few = ask(history=History(delivered=5, returned=4, returns=5))
    assert judge(few, policy).automatic


def test_what_never_came_needs_nothing_back_and_a_person_where_the_carrier_says_it_did():
    policy = Policy(automatic_below=100)
    lost = line(delivered=None, nothing_back=True, fault="carrier")
    assert judge(ask(lost, after=20), policy).returnless
    assert judge(ask(lost, after=20), policy).automatic
    denied = judge(ask(replace(lost, delivery=Delivery(MONDAY)), after=20), policy)
    assert (denied.allowed, denied.needs, denied.review[0].code) == (
        True, ("review",), "carrier_says")  # fmt: skip


# --- what holds for every policy ----------------------------------------------------------------

money = st.floats(0, 500).map(lambda one: round(one, 2))
outcomes = st.frozensets(st.sampled_from(OUTCOMES))
few_ids = st.frozensets(st.integers(1, 3), max_size=2)
rules = st.builds(
    Rule,
    effect=st.sampled_from(
        [
            "window",
            "fee",
            "fee_percent",
            "photo",
            "inspection",
            "automatic",
            "outcomes",
            "freight",
            "exclude",
            "include",
        ]
    ),
    number=st.integers(0, 90).map(float),
    choice=st.sampled_from(["final", "dangerous", *EXCLUSIONS]),
    outcomes=outcomes,
    products=few_ids,
    categories=few_ids,
    discounted=st.sampled_from([0.0, 20.0]),
)
policies = st.builds(
    Policy,
    days=st.integers(0, 90), guarantee_days=st.integers(0, 1000),
    freight_by=st.sampled_from(["shop", "customer", "fault"]), free_exchange=st.booleans(),
    fee=money, fee_percent=st.floats(0, 100),
    fee_faults=st.frozensets(st.sampled_from(["customer", "content", "product"])),
    automatic_below=money, photo_above=money, returnless_below=money, freight_cost=money,
    handling_cost=money, review_share=st.floats(0, 1), review_returns=st.integers(0, 9),
    outcomes=outcomes, refund_on=st.sampled_from(["approval", "receipt", "inspection"]),
    rules=st.lists(rules, max_size=4).map(tuple),
)  # fmt: skip
deliveries = st.none() | st.builds(
    Delivery, st.integers(0, 60).map(lambda days: MONDAY + timedelta(days)), st.booleans()
)
lines = st.builds(
    Line,
    what=st.builds(What, st.integers(1, 3), few_ids, discount=st.sampled_from([0.0, 30.0])),
    units=st.integers(1, 5).map(float), value=money, outcome=st.sampled_from(OUTCOMES),
    fault=st.sampled_from(["customer", "content", "product", "warehouse", "carrier"]),
    guarantee=st.booleans(), nothing_back=st.booleans(), photo_asked=st.booleans(),
    photos=st.integers(0, 1), opened=st.sampled_from([None, True, False]), delivery=deliveries,
    recovered=money,
)  # fmt: skip
histories = st.integers(0, 60).flatmap(
    lambda count: st.builds(History, st.just(count), st.integers(0, count), st.integers(0, 20))
)
requests = st.builds(
    Request,
    today=st.integers(0, 900).map(lambda days: MONDAY + timedelta(days)),
    who=st.builds(Who, st.sampled_from(["IT", "DE", "US", "ES"]), st.booleans()),
    lines=st.lists(lines, min_size=1, max_size=4).map(tuple), last_delivery=deliveries,
    history=histories,
)  # fmt: skip


@given(requests, policies)
def test_no_policy_lowers_what_the_law_gives(request, policy):
    verdict = judge(request, policy)
    if not (request.who.consumer and request.who.country in EU):
        return
    last = request.last_delivery
    own = {rule.choice for rule in policy.rules if rule.effect == "exclude"}
    for asked, told in zip(request.lines, verdict.lines, strict=True):
        withdraws = last is None or request.today <= withdrawal_ends(last.begins)
        if withdraws and asked.outcome == "refund" and own <= {"final", "dangerous"}:
            assert told.allowed
            assert not told.charged
        if (asked.guarantee and asked.outcome in ("repair", "exchange")) and (
            asked.delivery is None
            or request.today <= guarantee_ends(asked.delivery.begins, request.who.country)
        ):
            assert told.allowed
            assert (told.charged, told.freight) == (False, "shop")


@given(requests, policies, st.integers(0, 60))
def test_a_wider_window_never_refuses_more(request, policy, more):
    wider = replace(
        policy,
        days=policy.days + more,
        guarantee_days=policy.guarantee_days + more,
        rules=tuple(
            replace(rule, number=rule.number + more) if rule.effect == "window" else rule
            for rule in policy.rules
        ),
    )
    for narrow, wide in zip(judge(request, policy).lines, judge(request, wider).lines, strict=True):
        assert wide.allowed >= narrow.allowed


@given(requests, policies, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(request, policy, random):
    order = list(range(len(request.lines)))
    random.shuffle(order)
    mixed = replace(request, lines=tuple(request.lines[index] for index in order))
    first, second = judge(request, policy), judge(mixed, policy)
    assert second.lines == tuple(first.lines[index] for index in order)
    assert replace(first, lines=(), review=()) == replace(second, lines=(), review=())
    assert len(first.review) == len(second.review)


@given(requests, policies, histories)
def test_how_often_a_customer_returns_never_refuses_anything(request, policy, history):
    first, second = judge(request, policy), judge(replace(request, history=history), policy)
    assert [one.allowed for one in first.lines] == [one.allowed for one in second.lines]
    assert first.allowed == second.allowed


@settings(max_examples=300)
@given(requests, policies)
def test_a_fee_is_never_more_than_the_goods_and_a_refusal_says_why(request, policy):
    verdict = judge(request, policy)
    assert 0 <= verdict.fee <= sum(one.value for one in request.lines) + 0.01
    assert all(one.said for one in verdict.lines)
    assert not (verdict.automatic and set(verdict.needs) & {"photo", "review"})
