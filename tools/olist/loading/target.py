"""Where a load goes to, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from ..reading import Olist
from ..rpc import Odoo

T = TypeVar("T")


@dataclass
class Target:
    """One load of one folder into one database.

    :ivar shift: added to every time of the source.
    :ivar company: id of the company, as ``country`` is Brazil's, once they are known.
    :ivar states: id of each state of Brazil by its code; ``warehouses`` by theirs.
    """

    odoo: Odoo
    olist: Olist
    say: Callable[[str], None]
    shift: timedelta
    company: int = 0
    country: int = 0
    states: dict[str, int] = field(default_factory=dict)
    warehouses: dict[str, int] = field(default_factory=dict)

    def batches(self, items: list[T], size: int, what: str) -> Iterator[list[T]]:
        """Slices of ``items``, telling how far it is and how long it will take."""
        if not items:
            self.say(f"{what}: nothing to do")
            return
        started = time.monotonic()
        rest = iter(items)
        done = 0
        while batch := list(islice(rest, size)):
            yield batch
            done += len(batch)
            spent = time.monotonic() - started
            left = spent / done * (len(items) - done)
            self.say(f"{what}: {done:,} of {len(items):,}, {_clock(spent)}, {_clock(left)} left")


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02d}"
