"""What a detector says week by week, against what was planted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from engine.returns.analysis.columns import counts
from engine.returns.analysis.detect import detect
from engine.returns.analysis.finding import Group

from .world import KINDS, SIZES, World

NEVER = 10_000


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag; ``product`` is −1 where it is not about one."""

    group: Group
    product: int = -1
    reason: int = -1
    late: bool = False


Detector = Callable[[World, int], list[Flag]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one world's second half year.

    :ivar flags: opened; ``false``: of them, those about something else than the cause.
    :ivar delay: days from the first touched delivery to the first right flag.
    """

    kind: str | None
    flags: int
    false: int
    delay: int
    reason: bool
    exact: bool


def scan(world: World, today: int) -> list[Flag]:
    """The addon's detector."""
    return [
        Flag(one.group, one.product, one.reason, one.late)
        for one in detect(world.units, world.returns, today)
        if one.level == "flag"
    ]


def ratio_report(world: World, today: int, days: int = 28, times: float = 2.0) -> list[Flag]:
    """What a shop has today: returns of four weeks ÷ deliveries of four weeks, by group, where
    that is at least ``times`` the shop's own and at least five came back.
    """
    units, returns = world.units, world.returns
    new = (units.delivered > today - days) & (units.delivered <= today)
    back = returns.line[(returns.day > today - days) & (returns.day <= today)]
    usual = back.size / max(int(new.sum()), 1)
    flags = []
    for name in ("product", "variant", "lot", "supplier", "carrier", "warehouse", "region"):
        code = units.codes[name]
        size = int(code.max()) + 1
        sold = counts(code[new], units.quantity[new], size)
        came = counts(code[back], units.quantity[back], size)
        for value in np.flatnonzero((came >= 5) & (came > times * usual * sold)):
            rows = code == value
            about = name in ("product", "variant", "lot")
            product = int(units.codes["product"][rows][0]) if about else -1
            flags.append(Flag(Group((name,), (int(value),)), product))
    return flags


def live(world: World, detector: Detector) -> Outcome:
    """Look every week of the second half year; one matter is flagged once."""
    cause = world.cause
    about = -1
    truth: frozenset[tuple[str, int]] = frozenset()
    if cause:
        truth = frozenset(zip(cause.dimensions, cause.values, strict=True))
        if cause.kind in ("lot", "size", "description"):
            about = _product(world)
    open_flags: list[Flag] = []
    false, delay, reason, exact = 0, NEVER, False, False
    for today in range(world.shop.days // 2, world.shop.days + 1, 7):
        for flag in detector(world, today):
            if any(_same(flag, other) for other in open_flags):
                continue
            open_flags.append(flag)
            right = flag.product == about if about >= 0 else bool(flag.group.family & truth)
            if cause is None or not right or today < cause.first:
                false += 1
            elif delay == NEVER:
                delay = today - cause.first
                reason = flag.late if cause.late else flag.reason == cause.reason
                exact = flag.group.family == truth
    kind = cause.kind if cause else None
    return Outcome(kind, len(open_flags), false, delay, reason, exact)


def _product(world: World) -> int:
    cause = world.cause
    if cause is None:
        return -1
    if cause.kind == "size":
        return cause.values[0] // SIZES
    column = world.units.codes[cause.dimensions[0]]
    return int(world.units.codes["product"][column == cause.values[0]][0])


def _same(one: Flag, other: Flag) -> bool:
    if one.product >= 0 and one.product == other.product:
        return True
    return bool(one.group.family & other.group.family)


@dataclass(frozen=True, slots=True)
class Score:
    """Of a detector over many worlds."""

    false_alarms: float
    false_share: float
    in_42: float
    in_91: float
    delay: float
    reason: float
    exact: float
    kinds: dict[str, tuple[float, float, float]]


def score(outcomes: Iterable[Outcome]) -> Score:
    """``kinds``: found within 42 and 91 days, and median delay, by what was planted."""
    outcomes = list(outcomes)
    quiet = [one for one in outcomes if one.kind is None]
    planted = [one for one in outcomes if one.kind is not None]
    found = [one for one in planted if one.delay < NEVER]
    flags = sum(one.flags for one in planted)
    kinds = {}
    for kind in KINDS:
        delays = [one.delay for one in planted if one.kind == kind]
        if delays:
            kinds[kind] = _speed(delays)
    in_42, in_91, delay = _speed([one.delay for one in planted])
    return Score(
        sum(one.flags for one in quiet) / max(len(quiet), 1),
        sum(one.false for one in planted) / max(flags, 1),
        in_42,
        in_91,
        delay,
        sum(one.reason for one in found) / max(len(found), 1),
        sum(one.exact for one in found) / max(len(found), 1),
        kinds,
    )


def _speed(delays: list[int]) -> tuple[float, float, float]:
    days = np.array(delays)
    return float((days <= 42).mean()), float((days <= 91).mean()), float(np.median(days))
