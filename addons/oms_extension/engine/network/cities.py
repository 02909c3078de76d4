"""Where a city is that somebody names in words, from a table of cities: offline, and never guessed.

The table (``data/geography/cities.csv``, made by ``tools/build_cities.py``) has the cities from
20,000 inhabitants on, the larger ones with their names in other languages. Of namesakes in one
country the state tells, where it is known, else the larger one is meant.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TextIO

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""

_NOT_WORD: Final = re.compile(r"[\W_]+")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})


@lru_cache(8192)
def spelling(name: str) -> str:
    """A name without what spellings differ in.

    >>> spelling("São Paulo"), spelling("SAINT-DENIS")
    ('sao paulo', 'saint denis')
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    return _NOT_WORD.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


class CityTable:
    """Looks cities up by country and name; reads a country's rows when it is first asked for.

    >>> import io
    >>> table = CityTable(lambda: io.StringIO(
    ...     "country,state,name,latitude,longitude,also\\n"
    ...     "DE,,Köln,50.93,6.95,cologne|colonia\\n"
    ...     "US,ME,Portland,43.66,-70.26,\\n"
    ...     "US,OR,Portland,45.52,-122.68,\\n"
    ... ))
    >>> table.locate("de", "COLOGNE"), table.locate("DE", "Koeln"), table.locate("FR", "Köln")
    ((50.93, 6.95), (50.93, 6.95), None)
    >>> table.locate("US", "Portland", "OR")
    (45.52, -122.68)
    """

    def __init__(self, source: Callable[[], TextIO]) -> None:
        """:param source: opens the table anew, each time it is called"""
        self._source = source
        self._countries: dict[str, Mapping[tuple[str, str], Point]] = {}

    def locate(self, country: str, city: str, state: str = "") -> Point | None:
        """Where a city is, or None where the table does not know it.

        :param country: ISO 3166-1 alpha-2. :param state: its code, as far as known
        """
        country = country.strip().upper()
        if len(country) != 2 or not (country.isascii() and country.isalpha()) or not city:
            return None
        rows = self._countries.get(country)
        if rows is None:
            rows = self._countries[country] = self._read(country)
        name = spelling(city)
        return rows.get((name, state.strip().upper())) or rows.get((name, ""))

    def _read(self, country: str) -> dict[tuple[str, str], Point]:
        rows: dict[tuple[str, str], Point] = {}
        with self._source() as stream:
            header = next(stream)
            lines = (line for line in stream if line.startswith(f"{country},"))
            for row in csv.DictReader([header, *lines]):
                point = (float(row["latitude"]), float(row["longitude"]))
                written = row["name"].casefold().translate(_UMLAUTS)
                for name in (spelling(row["name"]), spelling(written), *row["also"].split("|")):
                    if name:
                        rows.setdefault((name, row["state"]), point)
                        rows.setdefault((name, ""), point)
        return rows
