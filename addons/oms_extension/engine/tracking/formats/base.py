"""What the readers of message bodies share: hostile JSON, typed access, and one kind of error."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Event = dict[str, Any]
"""One event as ``oms.shipment.ingest_events`` takes it; see ``docs/api.md``."""

RECEIVED_AT: Final = ":received-at"
"""Header under which a door says when the body came (seconds since 1970); no sender can set it."""

SENTENCES: Final = {
    "empty": "There is nothing in it.",
    "not_utf8": "It is not text in UTF-8.",
    "not_json": "It is not JSON: %(detail)s.",
    "too_deep": "It is nested too deeply.",
    "not_finite": "It holds a number that is none (%(detail)s).",
    "not_an_object": "%(path)s must be an object, not %(detail)s.",
    "not_a_list": "%(path)s must be a list, not %(detail)s.",
    "not_text": "%(path)s must be a text, not %(detail)s.",
    "not_a_number": "%(path)s must be a number, not %(detail)s.",
    "missing": "%(path)s is missing.",
    "not_edi": "It is no EDI message: %(detail)s.",
    "not_csv": "It is no CSV file: %(detail)s.",
    "column_missing": "The column %(detail)s is missing.",
    "library_missing": "The Python library %(detail)s is needed to read it: install it.",
    "broken": "It could not be read (%(detail)s).",
}


class Unreadable(ValueError):
    """A body that is not what its format says.

    :ivar problem: key of ``SENTENCES``. :ivar path: where, such as ``data.events[3].occurred_at``.
    :ivar detail: what was found there, shortened.
    """

    def __init__(self, problem: str, path: str = "", detail: object = "") -> None:
        self.problem = problem
        self.path = path[:120]
        # PostgreSQL stores neither NUL nor half a surrogate pair.
        self.detail = str(detail)[:120].encode("utf-8", "replace").decode().replace("\x00", "")
        super().__init__(SENTENCES[problem] % {"path": self.path, "detail": self.detail})


@dataclass(frozen=True)
class Format:
    """A kind of body.

    :ivar content: ``json``, ``edi`` or ``csv``. :ivar vocabulary: whose codes it reports; empty
        where each message says so. :ivar carrier: the one carrier that sends it, if it is one.
    """

    key: str
    title: str
    read: Callable[[bytes, Mapping[str, str]], list[Event]]
    vocabulary: str = ""
    carrier: str = ""
    content: str = "json"

    def __call__(self, body: bytes, headers: Mapping[str, str] | None = None) -> list[Event]:
        """The events of a body, in its order; none where it says nothing about a parcel.

        :param headers: of the request, and ``RECEIVED_AT``
        :raise Unreadable: it is not of this format. Whatever else its reader, or a library that it
            uses, may trip over comes out as this, too.
        """
        try:
            return self.read(body, headers or {})
        except Unreadable:
            raise
        except RecursionError:
            raise Unreadable("too_deep") from None
        except Exception as error:
            raise Unreadable("broken", detail=f"{type(error).__name__}: {error}") from error


# --- JSON -----------------------------------------------------------------------------------------

KINDS: Final = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}


def _no_number(text: str) -> Any:
    raise Unreadable("not_finite", detail=text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable("not_finite", detail=text[:20])
    return number


def load(body: bytes) -> Node:
    """The JSON value of a body.

    :raise Unreadable: it is none; NaN, infinity and endless nesting are none either
    """
    if not body.strip():
        raise Unreadable("empty")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("not_utf8") from None
    try:
        return Node(json.loads(text, parse_constant=_no_number, parse_float=_finite))
    except RecursionError:
        raise Unreadable("too_deep") from None
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable("not_json", detail=error) from None


class Node:
    """A JSON value, asked for what is expected there.

    What is absent or null is empty; what is of another kind is an error that says where.
    """

    __slots__ = ("_value", "path")

    def __init__(self, value: Any, path: str = "") -> None:
        self._value = value
        self.path = path

    def __bool__(self) -> bool:
        """Whether anything is there."""
        return self._value is not None and self._value not in ({}, [], "")

    def __getitem__(self, name: str) -> Node:
        """A member of this object; nothing, where this is nothing."""
        path = f"{self.path}.{name}" if self.path else name
        if self._value is None:
            return Node(None, path)
        if not isinstance(self._value, dict):
            raise self._wrong("not_an_object")
        return Node(self._value.get(name), path)

    def at(self, path: str) -> Node:
        """A member some objects deeper: ``data.status.code``."""
        node = self
        for name in path.split("."):
            node = node[name]
        return node

    def __iter__(self) -> Iterator[Node]:
        """The items of this list; one object stands for a list of one."""
        if self._value is None:
            return
        if isinstance(self._value, dict):
            yield self
            return
        if not isinstance(self._value, list):
            raise self._wrong("not_a_list")
        for number, item in enumerate(self._value):
            yield Node(item, f"{self.path}[{number}]")

    @property
    def is_list(self) -> bool:
        return isinstance(self._value, list)

    @property
    def is_object(self) -> bool:
        return isinstance(self._value, dict)

    @property
    def is_text(self) -> bool:
        return isinstance(self._value, str)

    @property
    def raw(self) -> Any:
        """The value as it is."""
        return self._value

    def text(self) -> str:
        """This text in one line; a number is written out."""
        value = self._value
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong("not_text")
        return clean(value if isinstance(value, str) else _digits(value))

    def number(self) -> float | None:
        """This number, also where it is written as text; None where there is none."""
        value = self._value
        if value is None or value == "":
            return None
        try:
            if isinstance(value, bool):
                raise ValueError
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise self._wrong("not_a_number") from None
        if not math.isfinite(number):
            raise self._wrong("not_a_number")
        return number

    def required(self) -> str:
        """This text, which must not be empty."""
        text = self.text()
        if not text:
            raise Unreadable("missing", self.path or "The body")
        return text

    def must_be(self, kind: type) -> Node:
        """This value, which must be an object (``dict``) or a list (``list``)."""
        if not isinstance(self._value, kind):
            raise self._wrong("not_an_object" if kind is dict else "not_a_list")
        return self

    def _wrong(self, problem: str) -> Unreadable:
        value = self._value
        found = KINDS.get(type(value), type(value).__name__)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            try:
                found = f"{found} ({str(value)[:40]})"
            except ValueError:  # thousands of digits
                found = "a huge number"
        return Unreadable(problem, self.path or "The body", found)


def _digits(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python cares to write
        return ""


def clean(text: str) -> str:
    """In one line, without what PostgreSQL cannot store or nobody can see.

    >>> clean(" Out for\\n delivery\\x00 ")
    'Out for delivery'
    """
    if text.isprintable():  # nearly always
        return " ".join(text.split()) if "  " in text else text.strip()
    text = text.encode("utf-8", "ignore").decode()
    return " ".join("".join(one for one in text if one >= " " or one.isspace()).split())


# --- events ---------------------------------------------------------------------------------------


def event(**values: Any) -> Event:
    """An event dict without what is empty; of a location that is one part remains that part."""
    place = values.get("location")
    if isinstance(place, dict):
        values["location"] = {name: part for name, part in place.items() if part not in ("", None)}
    return {name: value for name, value in values.items() if value or value == 0}


def pair(status: str, detail: str) -> str:
    """A status and its detail as the tables of ``meaning`` name them: ``failure/damaged``."""
    return f"{status}/{detail}" if status and detail else status or detail
