"""A return policy as plain data: general terms, and rules that change them for some goods."""

from __future__ import annotations

from dataclasses import dataclass

OUTCOMES = ("refund", "exchange", "credit", "repair", "discount")


@dataclass(frozen=True, slots=True)
class Rule:
    """For what fits all conditions (empty ones fit everything), one of the terms is different.

    :ivar effect: ``window`` (``number``: days), ``exclude`` (``choice``: a key of
        ``policy_law.EXCLUSIONS``), ``include`` (no exclusion), ``fee`` (``number`` of money, once
        per return), ``fee_percent`` (``number``), ``freight`` (``choice``: ``shop``,
        ``customer``), ``photo``, ``inspection``, ``automatic`` (``number``: value up to which),
        ``outcomes`` (``outcomes``)
    :ivar key: what the caller knows it by
    :ivar discounted: percent from which a line counts as sale item; 0: any line
    """

    effect: str
    number: float = 0.0
    choice: str = ""
    outcomes: frozenset[str] = frozenset()
    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    tags: frozenset[int] = frozenset()
    pricelists: frozenset[int] = frozenset()
    reasons: frozenset[str] = frozenset()
    discounted: float = 0.0
    key: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """Money in the company's currency.

    :ivar days: window from delivery
    :ivar guarantee_days: window for what is not as it was sold, from delivery
    :ivar freight_by: who pays the way back: ``shop``, ``customer``, ``fault`` (the customer where
        it is the customer's, else the shop)
    :ivar free_exchange: the shop pays the way back where every line is exchanged or credited
    :ivar fee: kept once per return; ``fee_percent`` of what is given back besides
    :ivar fee_faults: faults for which a fee is kept
    :ivar automatic_below: value of a return up to which nobody has to approve it; 0: never
    :ivar photo_above: value of a line from which a photo is needed; 0: only by reason or rule
    :ivar returnless_below: value of a return up to which goods may stay with the customer where
        the way back costs more than they bring; 0: never
    :ivar freight_cost: expected cost of one parcel's way back
    :ivar handling_cost: of one unit at the warehouse
    :ivar recovery_percent: of its cost that a returned unit brings, where experience is missing
    :ivar review_share: share of returned order lines above which a customer's request is looked at
        by a person, with 95 % confidence; 0: never
    :ivar review_returns: returns that a customer must have made for that
    """

    name: str = ""
    days: int = 30
    guarantee_days: int = 730
    freight_by: str = "fault"
    free_exchange: bool = True
    fee: float = 0.0
    fee_percent: float = 0.0
    fee_faults: frozenset[str] = frozenset({"customer"})
    automatic_below: float = 0.0
    photo_above: float = 0.0
    inspection_above: float = 0.0
    returnless_below: float = 0.0
    freight_cost: float = 0.0
    handling_cost: float = 0.0
    recovery_percent: float = 50.0
    review_share: float = 0.0
    review_returns: int = 5
    outcomes: frozenset[str] = frozenset(OUTCOMES)
    refund_on: str = "receipt"
    exchange_ships: str = "receipt"
    refund_shipping: bool = False
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """What of a customer and an order the conditions of rules and policies ask for.

    :ivar country: ISO code of the address that the goods were sent to
    :ivar consumer: no business
    """

    country: str = ""
    consumer: bool = True
    tags: frozenset[int] = frozenset()
    pricelist: int = 0


@dataclass(frozen=True, slots=True)
class What:
    """What of a line the conditions ask for. ``categories``: its own and those above it."""

    product: int
    categories: frozenset[int] = frozenset()
    reason: str = ""
    discount: float = 0.0


@dataclass(slots=True)
class Terms:
    """The terms that hold for one line, and the keys of the rules that say so."""

    days: int
    exclusion: str
    fee: float
    fee_percent: float
    freight: str
    photo: bool
    inspection: bool
    automatic_below: float
    outcomes: frozenset[str]
    rules: tuple[int, ...] = ()


def fits(rule: Rule, who: Who, what: What) -> bool:
    """Whether all conditions of a rule hold."""
    return (
        (not rule.products or what.product in rule.products)
        and (not rule.categories or not rule.categories.isdisjoint(what.categories))
        and (not rule.countries or who.country in rule.countries)
        and (not rule.tags or not rule.tags.isdisjoint(who.tags))
        and (not rule.pricelists or who.pricelist in rule.pricelists)
        and (not rule.reasons or what.reason in rule.reasons)
        and (not rule.discounted or what.discount >= rule.discounted)
    )


def terms_of(policy: Policy, who: Who, what: What) -> Terms:
    """Of each subject the first rule that fits speaks, else the policy."""
    said: dict[str, Rule] = {}
    for rule in policy.rules:
        subject = "exclude" if rule.effect == "include" else rule.effect
        if subject not in said and fits(rule, who, what):
            said[subject] = rule

    def number(subject: str, default: float) -> float:
        return said[subject].number if subject in said else default

    exclude, freight, outcomes = said.get("exclude"), said.get("freight"), said.get("outcomes")
    return Terms(
        days=int(number("window", policy.days)),
        exclusion=exclude.choice if exclude is not None and exclude.effect == "exclude" else "",
        fee=number("fee", policy.fee),
        fee_percent=number("fee_percent", policy.fee_percent),
        freight=freight.choice if freight is not None else policy.freight_by,
        photo="photo" in said,
        inspection="inspection" in said,
        automatic_below=number("automatic", policy.automatic_below),
        outcomes=outcomes.outcomes if outcomes is not None else policy.outcomes,
        rules=tuple(rule.key for rule in said.values()),
    )
