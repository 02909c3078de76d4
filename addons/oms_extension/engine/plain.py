"""Dataclasses to plain JSON values and back, so that a decision can be stored and replayed.

Mappings become lists of ``[key, value]`` pairs, because a JSON object would turn the product id
``12`` into the text ``"12"``; sets and mappings are sorted, so that equal values give equal text.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def sort_key(value: Any) -> tuple[str, Any]:
    """Order ids and codes of mixed types: numbers among themselves, texts among themselves."""
    if isinstance(value, (int, float)):
        return ("", value)
    if isinstance(value, date):
        return ("d", value.isoformat())
    return ("s", str(value))


def to_plain(value: Any) -> Any:
    """Turn ``value`` into dicts, lists, strings, numbers, booleans and None.

    Dates and times become ISO 8601 text. Raises ``TypeError`` for a type it does not know.
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    kind: type = type(value)
    if names := _names(kind):
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return [[to_plain(key), to_plain(value[key])] for key in sorted(value, key=sort_key)]
    if isinstance(value, (set, frozenset)):
        return [to_plain(item) for item in sorted(value, key=sort_key)]
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def from_plain(kind: type[T], data: Any) -> T:
    """Build a ``kind`` from what :func:`to_plain` made of one.

    Fields that are missing take their default, unknown ones are ignored: a decision stored by an
    older or a newer release stays readable. Raises ``TypeError`` or ``ValueError`` otherwise.
    """
    result: T = _decode(kind, data)
    return result


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(kind), data)
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_decode(inner[0], item) for item in data)
        return tuple(_decode(one, item) for one, item in zip(inner, data, strict=True))
    if origin is frozenset:
        (item_kind,) = get_args(kind)
        return frozenset(_decode(item_kind, item) for item in data)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        key_kind, value_kind = get_args(kind)
        return {_decode(key_kind, key): _decode(value_kind, item) for key, item in data}
    if isinstance(kind, type):
        if is_dataclass(kind):
            hints = _hints(kind)
            known = {field.name for field in fields(kind)}
            values = {name: _decode(hints[name], data[name]) for name in data if name in known}
            return kind(**values)
        if issubclass(kind, datetime):
            return datetime.fromisoformat(data)
        if issubclass(kind, date):
            return date.fromisoformat(data)
        if kind is float and data is not None:
            return float(data)
    return data


def _decode_union(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    inner = [kind for kind in kinds if kind is not type(None)]
    return _decode(inner[0], data) if len(inner) == 1 else data
