"""What returned units are worth: nothing is lost, nothing is given twice."""

from engine.returns.money import give_back, part, spread, worth
from hypothesis import given
from hypothesis import strategies as st

cents = st.integers(0, 10**7)


@given(st.integers(-(10**7), 10**7), st.lists(cents, min_size=1, max_size=20))
def test_shares_add_up_to_the_whole_and_none_is_off_by_more_than_a_cent(total, weights):
    shares = spread(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    if whole:
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - total * weight / whole) < 1 + 1e-6


@given(st.integers(1, 60), cents, st.data())
def test_returns_of_a_line_in_any_pieces_are_worth_all_that_was_paid(sold, paid, data):
    left, others, given_before = sold, 0, 0
    while left:
        units = data.draw(st.integers(1, left))
        value = worth(units, sold, paid, others, given_before)
        assert 0 <= value <= paid - given_before
        left, others, given_before = left - units, others + units, given_before + value
    assert given_before == paid


@given(cents, st.integers(1, 50), st.data())
def test_a_partial_receipt_never_gives_more_than_the_whole(amount, units, data):
    accepted = data.draw(st.integers(0, units))
    assert 0 <= part(amount, units, accepted) <= amount
    assert part(amount, units, units) == amount


@given(cents, st.lists(st.tuples(cents, cents), max_size=6))
def test_no_payment_gives_back_more_than_it_brought(amount, payments):
    payments = [(max(paid, back), min(paid, back)) for paid, back in payments]
    parts = give_back(amount, payments)
    assert sum(parts) == min(amount, sum(paid - back for paid, back in payments))
    for share, (paid, back) in zip(parts, payments, strict=True):
        assert 0 <= share <= paid - back


def test_an_order_discount_is_divided_by_the_largest_remainders():
    assert spread(-1000, [1, 1, 1]) == [-334, -333, -333]
    assert spread(5, [0, 0]) == [3, 2]
