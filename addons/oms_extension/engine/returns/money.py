"""What was really paid for returned units, to the cent.

Amounts are whole numbers of the currency's smallest unit (cents), so that nothing is lost between
two roundings. Conservation: over all returns of a line, whatever their sizes and order, the worths
never exceed what was paid, and equal it once every unit came back.
"""

from __future__ import annotations

from collections.abc import Sequence


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount in proportion to weights, by the largest remainders.

    :param total: cents, of either sign
    :param weights: not negative; all zero shares equally
    :return: as many amounts as weights, adding up to ``total``

    Source: method of largest remainder (Hamilton apportionment), as tax authorities use for order
    discounts; ties go to the first.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    sign = -1 if total < 0 else 1
    exact = [abs(total) * weight for weight in weights]
    shares = [amount // whole for amount in exact]
    left = abs(total) - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(exact[i] % whole), i))
    for position in by_remainder[:left]:
        shares[position] += 1
    return [sign * share for share in shares]


def worth(
    units: float, sold: float, paid: int, other_units: float = 0.0, other_worth: int = 0
) -> int:
    """What so many units of a line are worth to who paid for all of them.

    :param units: that come back now
    :param sold: units that were paid for
    :param paid: cents for all of them, discounts and taxes included
    :param other_units: that came back, or are announced, besides
    :param other_worth: cents that these are worth
    :return: cents between 0 and what is left of ``paid``; all that is left for the last unit
    """
    left = max(paid - other_worth, 0)
    if sold <= 0 or units <= 0:
        return 0
    if units + other_units >= sold - 1e-9:
        return left
    return min(half_up(paid * units / sold), left)


def part(amount: int, units: float, accepted: float) -> int:
    """The share of a line's worth for those of its units that were accepted; all for all."""
    if accepted >= units - 1e-9:
        return amount
    return half_up(amount * accepted / units) if accepted > 0 else 0


def half_up(amount: float) -> int:
    """Commercial rounding of an amount that is not negative."""
    return int(amount + 0.5 + 1e-9)


def give_back(amount: int, payments: Sequence[tuple[int, int]]) -> list[int]:
    """Which payments an amount is given back on: the latest first, none beyond what it brought.

    :param payments: (paid, given back before) in cents, oldest first
    :return: cents for each payment; their sum is less than ``amount`` where the payments do not
        suffice
    """
    parts = [0] * len(payments)
    for position in reversed(range(len(payments))):
        paid, before = payments[position]
        parts[position] = max(min(amount, paid - before), 0)
        amount -= parts[position]
    return parts
