"""Measure how far the shipped postcode table is off, and print the table of ``docs/geography.md``.

Truth is, in turn:

* the postcode's own coordinates, for the countries whose source has them (the table is made from
  these, so this shows what is lost by keeping prefixes only);
* the same, against a table made from place names alone, as for the countries without coordinates;
* ``--olist FOLDER``: where the customers of the Olist data set live (median of the points recorded
  for their five-digit prefix), which the table has never seen.

Distances are great circles; postcodes are weighted by the people who live near them, customers by
their number.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

import build_geography as geography
import numpy as np

sys.path.insert(0, str(geography.ROOT / "addons/oms_extension"))

from engine.network.geo import great_circle_km
from engine.network.postcodes import PostcodeTable

Truth = list[tuple[str, tuple[float, float]]]
WITH_COORDINATES = ("BE", "BR", "CA", "DK", "GB", "GR", "PL", "SI", "US")
BY_NAME_TOO = ("BE", "DK", "PL", "SI")


def errors_km(table: PostcodeTable, country: str, truth: Truth) -> np.ndarray:
    found = [table.locate(country, code) for code, _point in truth]
    return np.array(
        [
            great_circle_km(place.latitude, place.longitude, *point)
            for place, (_code, point) in zip(found, truth, strict=True)
            if place
        ]
    )


def print_row(country: str, against: str, errors: np.ndarray, weights: np.ndarray) -> None:
    half, tenth = (geography.weighted_quantile(errors, weights, share) for share in (0.5, 0.9))
    print(f"| {country} | {against} | {len(errors):,} | {half:.0f} | {tenth:.0f} |")


def olist_customers(folder: Path) -> Truth:
    points = defaultdict(list)
    with (folder / "olist_geolocation_dataset.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            point = (float(row["geolocation_lat"]), float(row["geolocation_lng"]))
            points[row["geolocation_zip_code_prefix"]].append(point)
    middle = {
        code: (median(lat for lat, _ in found), median(lon for _, lon in found))
        for code, found in points.items()
    }
    with (folder / "olist_customers_dataset.csv").open(encoding="utf-8") as stream:
        codes = [row["customer_zip_code_prefix"] for row in csv.DictReader(stream)]
    return [(code, middle[code]) for code in codes if code in middle]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--table", type=Path, default=geography.TABLE)
    parser.add_argument("--olist", type=Path, help="folder of the Olist data set")
    options = parser.parse_args()
    with options.table.open(encoding="utf-8") as stream:
        table = PostcodeTable.load(stream)
    codes, rows = geography.read_codes(), geography.read_places()
    print("| country | truth | codes | half within (km) | nine tenths within (km) |")
    print("|---|---|---:|---:|---:|")
    for country in WITH_COORDINATES:
        truth = [(code.code, code.point) for code in codes[country] if code.point]
        places = geography.Places(rows[country])
        weights = geography.population_weights(
            geography.to_vectors([point for _, point in truth]), places
        )
        print_row(country, "own coordinates", errors_km(table, country, truth), weights)
        if country in BY_NAME_TOO:
            nameless = [code._replace(point=None) for code in codes[country]]
            nodes = geography.build({country: nameless}, {country: rows[country]}, {country})
            named = PostcodeTable.load(geography.to_csv(nodes))
            print_row(country, "a table from names", errors_km(named, country, truth), weights)
    if options.olist:
        truth = olist_customers(options.olist)
        print_row("BR", "Olist's customers", errors_km(table, "BR", truth), np.ones(len(truth)))


if __name__ == "__main__":
    main()
