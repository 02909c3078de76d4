"""What is asked: groups, conditions and period, read and checked before anything is looked up."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dimensions import DIMENSIONS

OPERATORS = ("=", "!=", "in", "not in")
MOST_GROUPS = 3
MOST_VALUES = 1000


@dataclass
class Condition:
    """``values`` as the columns hold them; ``told`` as the fact models do."""

    name: str
    inside: bool
    values: list
    told: list


@dataclass
class Question:
    """:ivar first: and ``last``: days of delivery, both included; None is open."""

    groups: list
    conditions: list = field(default_factory=list)
    first: date | None = None
    last: date | None = None

    def facts(self, returned=False):
        """The domain of the delivered or returned units that are asked about."""
        domain = [
            (DIMENSIONS[one.name].fact, "in" if one.inside else "not in", one.told)
            for one in self.conditions
            if not DIMENSIONS[one.name].time and (returned or not DIMENSIONS[one.name].returned)
        ]
        for one in self.conditions:
            if DIMENSIONS[one.name].time:
                domain += spans(one)
        if self.first:
            domain.append(("delivered_on", ">=", self.first.isoformat()))
        if self.last:
            domain.append(("delivered_on", "<=", self.last.isoformat()))
        return domain


def read(env, group_by, domain=None, period=None):
    """The :class:`Question`. Raises ``UserError`` with what to correct."""
    groups = [group_by] if isinstance(group_by, str) else group_by
    if not isinstance(groups, list | tuple) or not all(isinstance(one, str) for one in groups):
        raise UserError(env._("group_by is the name of a dimension, or a list of names."))
    if len(groups) > MOST_GROUPS:
        raise UserError(env._("Group by %s dimensions at most.", MOST_GROUPS))
    for name in groups:
        _known(env, name)
    if len(set(groups)) < len(groups):
        raise UserError(env._("Name each dimension once in group_by."))
    question = Question(list(dict.fromkeys(groups)))
    for one in _list(env, domain):
        question.conditions.append(_condition(env, one))
    question.first, question.last = _period(env, period)
    return question


def _known(env, name):
    if not isinstance(name, str) or name not in DIMENSIONS:
        raise UserError(
            env._(
                "'%(name)s' is no dimension: use %(known)s.",
                name=str(name)[:40],
                known=", ".join(DIMENSIONS),
            )
        )
    return DIMENSIONS[name]


def _list(env, domain):
    if domain is None or domain is False:
        return []
    if not isinstance(domain, list | tuple) or len(domain) > 50:
        raise UserError(env._("domain is a list of conditions [dimension, operator, value]."))
    return domain


def _condition(env, one):
    if not isinstance(one, list | tuple) or len(one) != 3:
        raise UserError(
            env._("'%s' is no condition: write [dimension, operator, value].", str(one)[:60])
        )
    name, operator, value = one
    dimension = _known(env, name)
    if operator not in OPERATORS:
        raise UserError(
            env._(
                "'%(operator)s' is no operator here: use %(known)s.",
                operator=str(operator)[:20],
                known=", ".join(OPERATORS),
            )
        )
    many = operator in ("in", "not in")
    if many and not isinstance(value, list | tuple):
        raise UserError(env._("After '%s' comes a list of values.", operator))
    values = list(value) if many else [value]
    if len(values) > MOST_VALUES:
        raise UserError(env._("Name %s values at most.", MOST_VALUES))
    read_one = _record if dimension.model else _moment if dimension.time else _choice
    pairs = [read_one(env, name, dimension, each) for each in values]
    return Condition(
        name, operator in ("=", "in"), [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    )


def _record(env, name, dimension, value):
    """(number in the column, value of the fact's field) of a record named by id or key."""
    if value is False or value is None:
        return 0, False
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise UserError(
            env._("%(name)s: '%(value)s' is neither an id nor a name.",
                  name=name, value=str(value)[:60])
        )  # fmt: skip
    if isinstance(value, int):
        if not 0 < value < 2**31:
            raise UserError(env._("%(name)s: %(value)s is no id.", name=name, value=value))
        return value, value
    records = env[dimension.model].with_context(active_test=False)
    for key in dimension.keys:
        found = records.search(Domain(key, "=", value), limit=2)
        if len(found) == 1:
            return found.id, found.id
        if found:
            break
    raise UserError(
        env._(
            "%(name)s: '%(value)s' names none, or several. Use the id.",
            name=name,
            value=value[:60],
        )
    )


def choices_of(env, dimension):
    """Keys of the selection, in the order of the column's numbers 1, 2 …"""
    model = env["oms.return.fact"]
    return dict(model._fields[dimension.choices]._description_selection(env))


def _choice(env, name, dimension, value):
    if value is False or value is None:
        return 0, False
    keys = list(choices_of(env, dimension))
    if value not in keys:
        raise UserError(
            env._(
                "%(name)s: '%(value)s' is not one of %(known)s.",
                name=name,
                value=str(value)[:40],
                known=", ".join(keys),
            )
        )
    return keys.index(value) + 1, value


def _moment(env, name, dimension, value):
    """(first day, last day) of a month ``2026-03`` or a week, named by a day in it."""
    if value is False or value is None:
        return None, None
    text = str(value)
    try:
        day = date.fromisoformat(f"{text}-01" if len(text) == 7 and "W" not in text else text)
    except ValueError:
        raise UserError(
            env._(
                "%(name)s: '%(value)s' is no date. Write 2026-03-31 or, for a month, 2026-03.",
                name=name,
                value=text[:40],
            )
        ) from None
    span = span_of(dimension.time, day)
    return span, span


def span_of(kind, day):
    """First and last day of the month or week (from Monday) that holds a day."""
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def spans(condition):
    """A condition on months or weeks, as a domain of the facts."""
    name = DIMENSIONS[condition.name].fact
    parts = [
        Domain(name, ">=", span[0].isoformat()) & Domain(name, "<=", span[1].isoformat())
        if span
        else Domain(name, "=", False)
        for span in condition.told
    ]
    whole = Domain.OR(parts)
    return list(whole if condition.inside else ~whole)


def _period(env, period):
    if not period:
        return None, None
    if not isinstance(period, dict) or set(period) - {"from", "to"}:
        raise UserError(env._("period is an object with the dates 'from' and 'to'."))
    days = []
    for name in ("from", "to"):
        value = period.get(name)
        try:
            days.append(fields.Date.from_string(str(value)[:10]) if value else None)
        except ValueError:
            raise UserError(
                env._("period: '%s' is no date. Write it as 2026-03-31.", str(value)[:40])
            ) from None
    first, last = days
    if first and last and first > last:
        raise UserError(env._("period: 'from' lies after 'to'."))
    return first, last
