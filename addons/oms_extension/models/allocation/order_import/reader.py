"""Reads one order as an integrator sent it: plain values, or everything that is wrong with it.

No database here: what names, codes and SKUs stand for is looked up afterwards, in one go for all
orders of a call (``lookup.py``).
"""

import difflib
import math
import reprlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from unicodedata import category

MAX_LINES = 500
MAX_QUANTITY = 1_000_000
MAX_MONEY = 1_000_000_000
YEARS = range(2000, 2101)

PAYMENT_STATES = ("pending", "authorized", "paid", "refunded", "failed", "cancelled")


@dataclass(frozen=True)
class Text:
    """A line of text of at most ``size`` characters; several lines where ``lines`` is set."""

    size: int = 128
    required: bool = False
    lines: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number:
    """A finite number between ``low`` and ``high``; above ``low`` where ``above`` is set."""

    low: float = 0.0
    high: float = MAX_MONEY
    above: bool = False
    required: bool = False


@dataclass(frozen=True)
class Moment:
    """A date or a time in ISO 8601, or what XML-RPC makes of one. Read as naive UTC.

    :ivar hour: which hour of the day a bare date stands for.
    """

    hour: int = 0
    required: bool = False


@dataclass(frozen=True)
class Name:
    """A database id, or a name or code that somebody gave a record."""

    required: bool = False


@dataclass(frozen=True)
class Part:
    """An object with these fields."""

    fields: dict
    required: bool = False


@dataclass(frozen=True)
class Parts:
    """A list of objects with these fields; one object stands for a list of one."""

    fields: dict
    size: int
    required: bool = False


ADDRESS = {
    "name": Text(),
    "street": Text(256),
    "street2": Text(256),
    "city": Text(),
    "postcode": Text(24),
    "state": Text(64),
    "country": Text(64),
    "phone": Text(64),
    "email": Text(254),
}
CUSTOMER = ADDRESS | {"reference": Text(64), "vat": Text(32), "language": Text(16)}
LINE = {
    "sku": Text(64, required=True),
    "quantity": Number(above=True, high=MAX_QUANTITY, required=True),
    "unit_price": Number(),
    "discount": Number(high=100),
    "description": Text(1000, lines=True),
}
PAYMENT = {
    "method": Text(64, required=True),
    "amount": Number(required=True),
    "reference": Text(),
    "state": Text(16, choices=PAYMENT_STATES),
    "paid_at": Moment(),
}
ORDER = {
    "reference": Text(64, required=True),
    "source": Text(64),
    "company": Name(),
    "customer": Part(CUSTOMER, required=True),
    "shipping_address": Part(ADDRESS),
    "billing_address": Part(ADDRESS),
    "lines": Parts(LINE, MAX_LINES, required=True),
    "currency": Text(3),
    "pricelist": Name(),
    "payment": Parts(PAYMENT, 50),
    "carrier": Name(),
    "shipping_price": Number(),
    "requested_date": Moment(hour=12),
    "ordered_at": Moment(),
    "channel": Name(),
    "policy": Text(64),
    "note": Text(5000, lines=True),
}
ALIASES = {"external_reference": "reference", "zip": "postcode"}


WRONG = object()
"""Stands for a value that is not used because something is wrong with it."""


def is_absent(value):
    """Whether a value says nothing. XML-RPC has no null: an empty text or False stands for it."""
    return value is None or value is False or value == ""


class Reader:
    """Collects sentences about what is wrong, each with the place it speaks of.

    :ivar errors: the sentences, in the language of ``env``.
    """

    def __init__(self, env):
        self._ = env._
        self.errors = []

    def order(self, data):
        """The values of one order, by the names of :data:`ORDER`; absent ones are left out."""
        return self.part(data, ORDER, "")

    def part(self, data, fields, path):
        if not isinstance(data, dict):
            self._wrong(path, self._("an object with named fields is expected"), data)
            return {} if not path else WRONG
        values = {}
        for key, value in data.items():
            name = ALIASES.get(key, key)
            if name not in fields:
                self._unknown(path, key, fields)
            elif name in values:
                self._error(path, self._("'%(name)s' is given twice.", name=name))
            elif not is_absent(value):
                values[name] = value
        for name, field in fields.items():
            where = f"{path}.{name}" if path else name
            if name in values:
                value = self._value(values.pop(name), field, where)
                if value is not WRONG:
                    values[name] = value
            elif field.required:
                self._error(where, self._("is missing."))
        return values

    def _value(self, value, field, path):
        match field:
            case Part(fields=fields):
                return self.part(value, fields, path)
            case Parts():
                return self._parts(value, field, path)
            case Text():
                return self._text(value, field, path)
            case Number():
                return self._number(value, field, path)
            case Moment():
                return self._moment(value, field, path)
            case Name():
                return self._name(value, path)
        raise TypeError(field)

    def _parts(self, value, field, path):
        if isinstance(value, dict):
            value = [value]
        if not isinstance(value, list | tuple):
            self._wrong(path, self._("a list is expected"), value)
            return WRONG
        if len(value) > field.size:
            self._error(
                path,
                self._(
                    "has %(count)s entries, at most %(limit)s are possible.",
                    count=len(value),
                    limit=field.size,
                ),
            )
            return WRONG
        if field.required and not value:
            self._error(path, self._("needs at least one entry."))
        parts = [self.part(one, field.fields, f"{path}[{at}]") for at, one in enumerate(value)]
        return [{} if part is WRONG else part for part in parts]

    def _text(self, value, field, path):
        if not isinstance(value, str):
            self._wrong(path, self._("a text is expected"), value)
            return WRONG
        value = value.replace("\r\n", "\n").strip() if field.lines else " ".join(value.split())
        # PostgreSQL stores neither NUL nor half a surrogate pair; no text needs the others.
        if any(category(one) in ("Cc", "Cs") and one not in "\n\t" for one in value):
            self._wrong(path, self._("a text without control characters is expected"), value)
            return WRONG
        if len(value) > field.size:
            self._error(
                path,
                self._(
                    "has %(count)s characters, at most %(limit)s are possible.",
                    count=len(value),
                    limit=field.size,
                ),
            )
            return WRONG
        if field.required and not value:
            self._error(path, self._("is missing."))
            return WRONG
        if field.choices and value not in field.choices:
            choices = ", ".join(field.choices)
            self._wrong(path, self._("one of %(choices)s is expected", choices=choices), value)
            return WRONG
        return value

    def _number(self, value, field, path):
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(path, self._("a number is expected"), value)
            return WRONG
        low_enough = value > field.low if field.above else value >= field.low
        # NaN compares false with everything; a huge whole number would not fit into a float.
        if not (low_enough and value <= field.high and math.isfinite(value)):
            bounds = {"low": f"{field.low:g}", "high": f"{field.high:.0f}"}
            self._wrong(
                path,
                self._("a number above %(low)s and up to %(high)s is expected", **bounds)
                if field.above
                else self._("a number from %(low)s to %(high)s is expected", **bounds),
                value,
            )
            return WRONG
        return float(value)

    def _moment(self, value, field, path):
        moment = None
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime.combine(value, time(field.hour))
        elif isinstance(value, str) and len(value) <= 40:
            try:
                moment = datetime.fromisoformat(value.strip())
            except ValueError:
                moment = None
            else:
                if len(value.strip()) <= 10:
                    moment = moment.replace(hour=field.hour)
        if moment is None or moment.year not in YEARS:
            self._wrong(
                path,
                self._(
                    "a date such as 2026-01-31 or a time such as 2026-01-31T14:00:00Z is expected"
                ),
                value,
            )
            return WRONG
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return moment.replace(microsecond=0)

    def _name(self, value, path):
        if isinstance(value, str):
            return self._text(value, Text(), path)
        # PostgreSQL's ids are 32 bits wide.
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31:
            return value
        self._wrong(path, self._("an id, a name or a code is expected"), value)
        return WRONG

    # --- sentences ------------------------------------------------------------------------------

    def _error(self, path, sentence):
        self.errors.append(f"{path}: {sentence}" if path else sentence)

    def _wrong(self, path, expectation, value):
        self._error(
            path,
            self._("%(expectation)s, not %(value)s.", expectation=expectation, value=shown(value)),
        )

    def _unknown(self, path, key, fields):
        close = difflib.get_close_matches(str(key)[:64], fields, 1)
        if close:
            self._error(
                path,
                self._(
                    "unknown field %(field)s. Did you mean '%(name)s'?",
                    field=shown(key),
                    name=close[0],
                ),
            )
        else:
            self._error(
                path,
                self._(
                    "unknown field %(field)s. Known are: %(known)s.",
                    field=shown(key),
                    known=", ".join(fields),
                ),
            )


_shortened = reprlib.Repr()
_shortened.maxstring = _shortened.maxother = 60
_shortened.maxlist = _shortened.maxtuple = _shortened.maxdict = 3
_shortened.maxlevel = 2


def shown(value):
    """A value as an error may quote it: short, and without anything that cannot be printed."""
    return _shortened.repr(value)
