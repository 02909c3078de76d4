"""Which clock a place keeps: carriers report local times without saying so.

A table (``zones.csv``) gives the IANA zone of every country with one time, and of every state
(ISO 3166-2) of the countries with several; where a state has two, postcode prefixes tell them
apart. Sources: tz database (``zone1970.tab``, public domain), ISO 3166-2 as in Odoo's own
``res.country.state``, the postal codes' allocation to states. What the table does not know has no
zone here: it is never guessed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

TABLE: Final = Path(__file__).parent / "zones.csv"

_NOT_WORD: Final = re.compile(r"[\W_]+")
_USPS_PLACE: Final = re.compile(r"\b([A-Z]{2}) (?:[A-Z]+ )*(?:DISTRIBUTION|PROCESSING|SORT)\b")
"""Facilities of USPS carry their state in their name: ``JACKSONVILLE FL DISTRIBUTION CENTER``."""


@dataclass(slots=True)
class _Country:
    """The rows of one country.

    :ivar default: zone of all its places that no other row names, empty if there is none.
    :ivar states: zone by code and by plain name. :ivar codes: code by plain name.
    :ivar postcodes: state (may be empty) and zone by prefix.
    """

    default: str = ""
    states: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    postcodes: dict[str, tuple[str, str]] = field(default_factory=dict)
    longest: int = 0


def zone_of(country: str, state: str = "", postcode: str = "", city: str = "") -> str | None:
    """The IANA zone of a place, or None where it is unknown or one of several.

    :param country: ISO 3166-1 alpha-2. :param state: ISO 3166-2 code (with or without country) or
        name. :param city: looked at only where the carrier puts the state into it.

    >>> zone_of("IT"), zone_of("US"), zone_of("us", "fl"), zone_of("US", "FL", "32501")
    ('Europe/Rome', None, 'America/New_York', 'America/Chicago')
    >>> zone_of("ES", postcode="35001"), zone_of("BR", "SP"), zone_of("CA", "", "V6B 1A1")
    ('Atlantic/Canary', 'America/Sao_Paulo', 'America/Vancouver')
    """
    return _zone_of(country.strip().upper(), state, postcode, city)


@lru_cache(8192)
def _zone_of(country: str, state: str, postcode: str, city: str) -> str | None:
    rows = _table().get(country)
    if rows is None:
        return None
    code = rows.codes.get(_plain(state.upper().removeprefix(f"{country}-")), "")
    if not code and country == "US" and (match := _USPS_PLACE.search(city.upper())):
        code = rows.codes.get(match[1].casefold(), "")
    digits = "".join(char for char in postcode.upper() if char.isalnum())
    for length in range(min(rows.longest, len(digits)), 0, -1):
        found = rows.postcodes.get(digits[:length])
        if found and (not code or found[0] in ("", code)):
            return found[1]
    return rows.states.get(code) or rows.default or None


@lru_cache(4096)
def _plain(name: str) -> str:
    """Spelling apart: ``São Paulo`` is ``sao paulo``."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return _NOT_WORD.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def _prefixes(text: str) -> Iterator[str]:
    """``005 100-149`` is 005, 100, 101, … 149."""
    for part in text.split():
        first, _dash, last = part.partition("-")
        if last:
            for number in range(int(first), int(last) + 1):
                yield str(number).zfill(len(first))
        else:
            yield first


@cache
def _table() -> Mapping[str, _Country]:
    found: dict[str, _Country] = {}
    with TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            country = found.setdefault(row["country"], _Country())
            state, zone = row["state"], row["zone"]
            if not state and not row["postcodes"]:
                country.default = zone
            if row["names"]:
                country.states[state] = zone
                for name in (state, *row["names"].split("|")):
                    country.codes[_plain(name)] = state
            for prefix in _prefixes(row["postcodes"]):
                country.postcodes[prefix] = (state, zone)
                country.longest = max(country.longest, len(prefix))
    return MappingProxyType(found)
