"""Where a returned unit goes: the first rule that fits, and what the unit is worth there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CONDITIONS = "abcd"
"""From as new to broken."""

FALLBACK = "quarantine"
"""Where no rule fits a person decides; until then the unit is kept apart."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is empty or None fits everything.

    :ivar categories: product categories, those below them included by the unit's own list.
    :ivar best: and ``worst``: the range of conditions, both included.
    :ivar reasons: the customer's reasons or the causes found; ``faults``: whose fault it is.
    :ivar min_value: and ``max_value``: value of one unit; the lower bound is included.
    :ivar share: part of the unit's value that is recovered there, 0 to 1.
    """

    id: int
    name: str
    disposition: str
    share: float
    categories: frozenset[int] = frozenset()
    best: str | None = None
    worst: str | None = None
    reasons: frozenset[int] = frozenset()
    faults: frozenset[str] = frozenset()
    min_value: float | None = None
    max_value: float | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One inspected unit.

    :ivar categories: its product category and those above it.
    :ivar reasons: the customer's reason and the cause found.
    :ivar fault: whose fault, by the cause if one was found, else by the reason.
    :ivar value: money that it was worth as new.
    """

    condition: str
    value: float
    categories: frozenset[int] = frozenset()
    reasons: frozenset[int] = frozenset()
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """:ivar rule: the rule that fitted, None if none did. ``value``: money recovered per unit."""

    disposition: str
    rule: Rule | None
    value: float


def dispose(unit: Unit, rules: Sequence[Rule]) -> Disposition:
    """The first of ``rules`` that fits ``unit``."""
    for rule in rules:
        if fits(rule, unit):
            return Disposition(rule.disposition, rule, unit.value * rule.share)
    return Disposition(FALLBACK, None, 0.0)


def fits(rule: Rule, unit: Unit) -> bool:
    """Whether every condition of the rule holds for the unit."""
    grade = CONDITIONS.index(unit.condition)
    return (
        (not rule.categories or bool(rule.categories & unit.categories))
        and (rule.best is None or grade >= CONDITIONS.index(rule.best))
        and (rule.worst is None or grade <= CONDITIONS.index(rule.worst))
        and (not rule.reasons or bool(rule.reasons & unit.reasons))
        and (not rule.faults or unit.fault in rule.faults)
        and (rule.min_value is None or unit.value >= rule.min_value)
        and (rule.max_value is None or unit.value < rule.max_value)
    )


def share_at(unit: Unit, disposition: str, rules: Sequence[Rule]) -> float:
    """Part of the value recovered where a person chose another disposition than the rules.

    That of the first fitting rule with this disposition, else of the first rule with it at all,
    else nothing.
    """
    same = [rule for rule in rules if rule.disposition == disposition]
    fitting = [rule for rule in same if fits(rule, unit)]
    chosen = (fitting or same)[:1]
    return chosen[0].share if chosen else 0.0
