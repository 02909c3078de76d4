"""Where a postcode is, from a table of postcode prefixes: offline, approximate, and saying how far.

The table (``data/geography/postcode_prefixes.csv``, made by ``tools/build_geography.py``) holds a
point for each country and for as many leading characters of its postcodes as are needed to come
near the people who live there. A lookup takes the longest prefix that the table knows and falls
back to the country. Measured accuracy is in ``docs/geography.md``.
"""

from __future__ import annotations

import csv
from typing import NamedTuple, Self, TextIO


class Location(NamedTuple):
    """A point on Earth in degrees (WGS 84).

    ``precision`` is the typical error in kilometres: half of the people of the area that was
    recognised live closer to the point than this, half further away. 0 means an exact point.
    """

    latitude: float
    longitude: float
    precision: float


class _Country:
    """The rows of one country."""

    def __init__(self) -> None:
        self.rows: dict[str, Location] = {}
        self.code_length = 0
        self.longest = 0
        self.has_letters = False
        self.has_double_zero = False

    def add(self, prefix: str, location: Location) -> None:
        self.rows[prefix] = location
        self.longest = max(self.longest, len(prefix))
        self.has_letters = self.has_letters or prefix[:1].isalpha()
        self.has_double_zero = self.has_double_zero or prefix.startswith("00")

    def normalise(self, postcode: str) -> str:
        """``I-187`` and ``00187`` are the same Italian code, ``sw1a 2aa`` a British one."""
        code = "".join(char for char in postcode.upper() if char.isalnum())
        if not self.has_letters:
            code = code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        # Spreadsheets drop leading zeros: Boston is 02134, Rome 00187.
        lost = self.code_length - len(code) if code.isdecimal() else 0
        if lost == 1 or (lost == 2 and self.has_double_zero):
            code = "0" * lost + code
        return code


class PostcodeTable:
    """Longest-prefix lookup of coordinates by country and postcode.

    >>> import io
    >>> table = PostcodeTable.load(io.StringIO(
    ...     "country,prefix,latitude,longitude,radius_km,code_length\\n"
    ...     "IT,,42.9,12.1,260,5\\n"
    ...     "IT,20,45.47,9.19,12,\\n"
    ... ))
    >>> table.locate("it", "20121")
    Location(latitude=45.47, longitude=9.19, precision=12.0)
    >>> table.locate("IT", "")
    Location(latitude=42.9, longitude=12.1, precision=260.0)
    >>> table.locate("XX", "20121") is None
    True
    """

    def __init__(self) -> None:
        self._countries: dict[str, _Country] = {}

    @classmethod
    def load(cls, stream: TextIO) -> Self:
        """Read a CSV with the columns ``country, prefix, latitude, longitude, radius_km`` and
        ``code_length`` (on a country's own row: the length of its codes, where they may begin
        with zero). Raises ``KeyError`` for a missing column, ``ValueError`` for a bad number.
        """
        table = cls()
        for row in csv.DictReader(stream):
            country = table._countries.setdefault(row["country"], _Country())
            location = Location(
                float(row["latitude"]), float(row["longitude"]), float(row["radius_km"])
            )
            country.add(row["prefix"], location)
            if row["code_length"]:
                country.code_length = int(row["code_length"])
        return table

    def __len__(self) -> int:
        """Number of rows."""
        return sum(len(country.rows) for country in self._countries.values())

    @property
    def countries(self) -> frozenset[str]:
        """ISO 3166-1 alpha-2 codes of the countries that can be located."""
        return frozenset(self._countries)

    def locate(self, country: str, postcode: str) -> Location | None:
        """The point of the longest known prefix of ``postcode``, else that of the country.

        ``country`` is an ISO 3166-1 alpha-2 code in any case. ``postcode`` is as people write it:
        with or without spaces, hyphens, the country's letters in front, leading zeros; it may be
        a part or empty. None if the country is unknown.
        """
        known = self._countries.get(country.upper())
        if known is None:
            return None
        code = known.normalise(postcode)
        for length in range(min(len(code), known.longest), -1, -1):
            if location := known.rows.get(code[:length]):
                return location
        return None
