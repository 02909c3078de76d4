"""Our own: ``{"events": [...]}``, a list of events, or a single one.

What is in them is judged one by one when they are stored, so that the good ones are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import Event, Format, load


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body)
    if message.is_object and "tracking_number" not in message.raw:
        message = message["events"]
        message.must_be(list)
    elif not message.is_object:
        message.must_be(list)
    return [_cut(one.raw, 3) for one in message]


def _cut(value: Any, depth: int) -> Any:
    """A value without what lies deeper than any event goes, and without half surrogate pairs."""
    if isinstance(value, dict):
        return {name: _cut(part, depth - 1) for name, part in value.items()} if depth else "{…}"
    if isinstance(value, list):
        return [_cut(part, depth - 1) for part in value] if depth else "[…]"
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else value


FORMAT = Format("standard", "Our own (JSON)", read)
