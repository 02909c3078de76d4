"""Whether goods may be given back, on which terms, and why: a pure function.

The law is a floor (``policy_law``): what a consumer may by law is allowed, without a fee, whatever
the policy says. Above it the policy's terms hold (``policy_terms``). A verdict explains itself in
sentences (``policy_why``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import fsum
from typing import Final

from ..tracking.scorecard import wilson
from .policy_case import Delivery, History, Line, LineVerdict, Request, Said, Verdict
from .policy_law import COVERED, EXCLUSIONS, guarantee_ends, withdrawal_ends
from .policy_terms import OUTCOMES, Policy, Rule, Terms, What, Who, terms_of
from .policy_why import on_line, on_review, on_whole

__all__ = [
    "COVERED", "EXCLUSIONS", "OUTCOMES", "Delivery", "History", "Line", "LineVerdict", "Policy",
    "Request", "Rule", "Said", "Verdict", "What", "Who", "judge",
]  # fmt: skip

GROUNDS: Final = ("guarantee", "withdrawal", "policy")
"""What allows a return, the strongest right first."""


def judge(request: Request, policy: Policy) -> Verdict:
    """What a policy, and the law above it, say of a request.

    The order of lines changes nothing but the order of the verdict's lines.
    """
    covered = request.who.consumer and request.who.country in COVERED
    terms = [terms_of(policy, request.who, line.what) for line in request.lines]
    lines = [
        _judge_line(line, one, request, policy, covered)
        for line, one in zip(request.lines, terms, strict=True)
    ]
    allowed = bool(lines) and all(one.allowed for one in lines)
    value = fsum(line.value for line, one in zip(request.lines, lines, strict=True) if one.allowed)
    flagged = _is_repeated(request, policy)
    freight = _freight(request, lines, policy)
    if not flagged and value <= policy.returnless_below:
        lines = _stay(request, lines, policy, freight)
    back = [one for one in lines if one.allowed and not one.returnless]
    freight = freight if back else "shop"
    needs = {need for one in lines if one.allowed for need in one.needs}
    if flagged:
        needs.add("review")
    fee = _fee(request, lines, terms)
    limit = min((one.automatic_below for one in terms), default=0.0)
    automatic = allowed and 0 < limit >= value and not needs & {"photo", "review"}
    granted = [one.ground for one in lines if one.allowed]
    return Verdict(
        allowed=allowed,
        automatic=automatic,
        needs=tuple(sorted({"inspection" if need == "seal" else need for need in needs})),
        fee=fee,
        freight_paid_by=freight,
        returnless=allowed and not back,
        refund_on=_refund_on(policy, needs, granted),
        exchange_ships=policy.exchange_ships,
        refund_shipping=policy.refund_shipping
        or "withdrawal" in granted
        or (covered and "guarantee" in granted),
        value=value,
        lines=tuple(lines),
        said=on_whole(fee, freight, bool(back), needs) if allowed else (),
        review=on_review(request, lines, flagged, automatic, value, limit),
    )


def _judge_line(
    line: Line, terms: Terms, request: Request, policy: Policy, covered: bool
) -> LineVerdict:
    ends = _ends(line, terms, request, policy, covered)
    live = [
        ground
        for ground in GROUNDS
        if ground in ends and ((end := ends[ground]) is None or end >= request.today)
    ]
    outcomes = set(terms.outcomes)
    if "withdrawal" in live:
        outcomes |= {"refund"}
    if "guarantee" in live:
        # 2019/771, art. 13: repair or replacement first.
        outcomes |= {"exchange", "repair"}
    allowed = bool(live) and line.outcome in outcomes
    days = [ends[ground] for ground in (live or ends)]
    # A right that has not begun has no last day.
    until = max((day for day in days if day), default=None) if None not in days else None
    ground = live[0] if allowed else ""
    free = covered and bool({"withdrawal", "guarantee"} & set(live))
    ours = terms.freight == "shop" or (terms.freight == "fault" and line.fault != "customer")
    needs = _needs(line, terms, policy, ground) if allowed else frozenset()
    return LineVerdict(
        allowed=allowed,
        ground=ground,
        until=until,
        charged=allowed and not free and line.fault in policy.fee_faults,
        freight="shop" if ours or (covered and "guarantee" in live) else "customer",
        returnless=allowed and (line.nothing_back or line.outcome == "discount"),
        needs=needs,
        said=on_line(
            line, terms, bool(live), ground, until, ends.get("withdrawal"), outcomes, needs
        ),
        rules=terms.rules,
    )


def _ends(
    line: Line, terms: Terms, request: Request, policy: Policy, covered: bool
) -> dict[str, date | None]:
    """The last day of each right that there is; None where it has not begun."""
    begins = line.delivery.begins if line.delivery else None
    ends: dict[str, date | None] = {}
    excluded = EXCLUSIONS.get(terms.exclusion)
    if excluded is None or (excluded.unsealed and line.opened is False):
        ends["policy"] = begins + timedelta(days=terms.days) if begins else None
    # Where nobody has said whether the seal is broken, the right is presumed, and looked at.
    by_law = excluded is None or not excluded.article
    if covered and (by_law or (excluded is not None and excluded.unsealed and not line.opened)):
        last = request.last_delivery
        ends["withdrawal"] = withdrawal_ends(last.begins) if last else None
    if line.guarantee or line.nothing_back:
        ends["guarantee"] = begins + timedelta(days=policy.guarantee_days) if begins else None
        if begins and covered:
            by_statute = guarantee_ends(begins, request.who.country)
            ends["guarantee"] = max(begins + timedelta(days=policy.guarantee_days), by_statute)
    return ends


def _needs(line: Line, terms: Terms, policy: Policy, ground: str) -> frozenset[str]:
    needs = set()
    asked = line.photo_asked or terms.photo or 0 < policy.photo_above <= line.value
    if asked and not line.photos:
        needs.add("photo")
    if terms.inspection or 0 < policy.inspection_above <= line.value:
        needs.add("inspection")
    if terms.exclusion and ground != "guarantee" and line.opened is None:
        needs.add("seal" if EXCLUSIONS[terms.exclusion].unsealed else "inspection")
    if line.nothing_back and line.delivery and line.delivery.reported:
        needs.add("review")
    return frozenset(needs)


def _is_repeated(request: Request, policy: Policy) -> bool:
    """Whether the customer's share of returns is surely above the limit: its 95 % interval is."""
    history = request.history
    if not policy.review_share or history.returns < max(policy.review_returns, 1):
        return False
    low = wilson(min(history.returned, history.delivered), history.delivered).low
    return low is not None and low > policy.review_share


def _freight(request: Request, lines: list[LineVerdict], policy: Policy) -> str:
    """One parcel is paid by one: the shop, where any of its contents come back at its cost."""
    back = [
        (line, one)
        for line, one in zip(request.lines, lines, strict=True)
        if one.allowed and not one.returnless
    ]
    if not back or any(one.freight == "shop" for _line, one in back):
        return "shop"
    if policy.free_exchange and all(line.outcome in ("exchange", "credit") for line, _ in back):
        return "shop"
    return "customer"


def _stay(
    request: Request, lines: list[LineVerdict], policy: Policy, freight: str
) -> list[LineVerdict]:
    """Let the goods stay with the customer where their way back costs more than they bring."""
    pairs = [
        (line, one)
        for line, one in zip(request.lines, lines, strict=True)
        if one.allowed and not one.returnless
    ]
    if not pairs or any(line.outcome == "repair" or "seal" in one.needs for line, one in pairs):
        return lines
    cost = policy.handling_cost * fsum(line.units for line, _one in pairs)
    cost += policy.freight_cost if freight == "shop" else 0.0
    share = policy.recovery_percent / 100
    brings = fsum(
        line.cost * share if line.recovered is None else line.recovered for line, _one in pairs
    )
    if cost <= brings:
        return lines
    return [replace(one, returnless=True) if one.allowed else one for one in lines]


def _fee(request: Request, lines: list[LineVerdict], terms: list[Terms]) -> float:
    """The fee in the order's currency: never more than what it is taken from."""
    charged = [
        (line.value, one)
        for line, verdict, one in zip(request.lines, lines, terms, strict=True)
        if verdict.charged and not verdict.returnless
    ]
    if not charged:
        return 0.0
    flat = max(one.fee for _value, one in charged)
    percent = fsum(value * one.fee_percent / 100 for value, one in charged)
    fee = min(flat + percent, fsum(value for value, _one in charged)) * request.rate
    return round(round(fee / request.rounding) * request.rounding, 6)


def _refund_on(policy: Policy, needs: set[str], granted: list[str]) -> str:
    """When the money is due.

    2011/83/EU, art. 13(3): it may be withheld until the goods are back, not until they are looked
    at, unless the right itself hangs on what is to be seen.
    """
    if "seal" in needs:
        return "inspection"
    if "withdrawal" in granted:
        return "receipt" if policy.refund_on == "inspection" else policy.refund_on
    return "inspection" if "inspection" in needs else policy.refund_on
